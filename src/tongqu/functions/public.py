"""Doors of functions."""
