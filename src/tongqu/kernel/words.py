"""Closed sets of words that users read."""

from enum import StrEnum


class Word(StrEnum):
    """A word of the field: its value is stored, its ``label`` is what users read."""

    label: str

    def __new__(cls, value: str, label: str = "") -> "Word":
        word = str.__new__(cls, value)
        word._value_ = value
        word.label = label or value
        return word
