"""Decisions: pure, no framework, no I/O, no clock."""
