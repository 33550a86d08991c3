"""Collects which requirement rows passed: the table that ``make test`` ends with."""
