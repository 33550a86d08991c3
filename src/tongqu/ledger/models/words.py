"""Constraint that a column holds a word of an enum."""

from typing import Any

from django.db import models
from django.db.models import Q

from tongqu.kernel.words import Word


def one_of(name: str, field: str, words: type[Word]) -> Any:
    """Return the constraint that a column holds a word of the enum."""
    return models.CheckConstraint(
        name=name, condition=Q(**{f"{field}__in": [word.value for word in words]})
    )
