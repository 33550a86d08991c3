"""Doors of ledger."""
