"""Constraint that a column holds a word of an enum."""

from typing import Any

from django.db import models
from django.db.models import Q

from tongqu.kernel.words import Word


def one_of(name: str, field: str, words: type[Word], *, blank: bool = False) -> Any:
    """Return the constraint that a column holds a word of the enum."""
    values = [word.value for word in words] + ([""] if blank else [])
    return models.CheckConstraint(name=name, condition=Q(**{f"{field}__in": values}))
