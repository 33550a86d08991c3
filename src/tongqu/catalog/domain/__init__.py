"""Decisions of the catalogue: pure."""
