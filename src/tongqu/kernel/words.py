"""Closed sets of words that users read."""

from enum import StrEnum, nonmember


class Word(StrEnum):
    """A word of the field: its value is stored, its ``label`` is what users read."""

    label: str
    do_not_call_in_templates = nonmember(True)  # a template lists the words, it makes none

    def __new__(cls, value: str, label: str = "") -> "Word":
        word = str.__new__(cls, value)
        word._value_ = value
        word.label = label or value
        return word
