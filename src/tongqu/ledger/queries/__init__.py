"""Reads of the ledger, each starting from what the asker may see."""
