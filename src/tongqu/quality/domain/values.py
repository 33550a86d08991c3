"""Values in rules: how they are read, and which can be carried out."""

import itertools
import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from math import isfinite

from tongqu.quality.domain.indicators import INDICATORS
from tongqu.quality.domain.kinds import LONGEST, MOST_VALUES
from tongqu.quality.vocabulary import Dimension, RuleKind

MOST_BINS = 100
OPTIONAL = frozenset({"tolerance", "dimension", "indicator", "basis", "column", "remedy"})


def pairs(on: object) -> dict[str, str]:
    """Return own column → column of the other table; a list joins columns of the same name."""
    if isinstance(on, Mapping):
        return {str(own): str(other) for own, other in on.items()}
    return {str(name): str(name) for name in on} if isinstance(on, (list, tuple)) else {}


def walks(crosswalk: object) -> dict[str, tuple[str, str]]:
    """Return own column → the two code tables whose cross-walk leads to the other's codes."""
    if not isinstance(crosswalk, Mapping):
        return {}
    return {str(own): (str(way[0]), str(way[1])) for own, way in crosswalk.items()}


def is_sound(kind: RuleKind, key: str, value: object) -> bool:
    """Say whether a value can be carried out: a rule kept wrong would stop every later scan."""
    if key in OPTIONAL and value in (None, ""):
        return True
    if key in {"min", "max"} and kind in WHOLE:
        return _is_whole(value)
    if key in {"max", "within"} and kind in POSITIVE:
        return _is_positive(value)
    if key in CHECKS:
        return CHECKS[key](value)
    return isinstance(value, str) and _is_plain(value, LONGEST.get(key, 200))


def _is_dimension(value: object) -> bool:
    return isinstance(value, str) and value in set(Dimension)


def _is_indicator(value: object) -> bool:
    return isinstance(value, str) and value in INDICATORS


def _is_limit(value: object) -> bool:
    return _is_plain(value, 100) and not isinstance(value, bool)


def _is_list(value: object) -> bool:
    if not isinstance(value, list) or not 0 < len(value) <= MOST_VALUES:
        return False
    return all(_is_plain(part, 200) for part in value)


def _is_share(value: object) -> bool:
    try:
        return Decimal(0) <= Decimal(str(value)) <= Decimal(1)
    except InvalidOperation:  # no number, or one that compares with nothing
        return False


def _is_whole(value: object) -> bool:
    return re.fullmatch("[0-9]{1,9}", str(value)) is not None


def _is_positive(value: object) -> bool:
    """Say whether a value is a number above zero, and not beyond all measure."""
    try:
        return Decimal(0) < Decimal(str(value)) < Decimal(10**9)
    except InvalidOperation:
        return False


def _is_edges(value: object) -> bool:
    """Say whether numbers rise: the edges between the bins of a distribution."""
    if not isinstance(value, list) or not 0 < len(value) <= MOST_BINS:
        return False
    if not all(isinstance(x, (int, float)) and _is_limit(x) for x in value):
        return False
    return all(a < b for a, b in itertools.pairwise(value))


def _is_join(value: object) -> bool:
    joined = pairs(value)
    return 0 < len(joined) <= 10 and all(
        _is_plain(name, 80) and name for pair in joined.items() for name in pair
    )


def _is_crosswalk(value: object) -> bool:
    """Say whether every column names the code table of its own codes, then the other's."""
    return (
        isinstance(value, Mapping)
        and 0 < len(value) <= 10
        and all(
            _is_plain(own, 80) and _is_list(way) and len(way) == 2 for own, way in value.items()
        )
    )


def _is_steps(value: object) -> bool:
    """Say whether states follow states: each with a list of those that may come next."""
    return (
        isinstance(value, Mapping)
        and 0 < len(value) <= 100
        and all(_is_plain(state, 100) for state in value)
        and all(_is_list(after) for after in value.values())
    )


def _is_plain(value: object, length: int) -> bool:
    """Say whether a value is one text or finite number that a database can hold."""
    if isinstance(value, float):
        return isfinite(value)
    if isinstance(value, int):
        return abs(value) < 1 << 63
    return isinstance(value, str) and len(value) <= length and _is_storable(value)


def _is_storable(text: str) -> bool:
    return "\0" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)


def _is_pattern(value: object) -> bool:
    """Say whether the engine reads the pattern too: it looks neither around nor back."""
    if not isinstance(value, str) or not _is_plain(value, 500):
        return False
    try:
        re.compile(value)
    except (re.error, RecursionError, OverflowError):
        return False
    return re.search(r"\(\?(?:[=!(>#]|<[=!]|P=)|\\[1-9Z]|[*+?}]\+", value) is None


CHECKS: dict[str, Callable[[object], bool]] = {
    "tolerance": _is_share,
    "dimension": _is_dimension,
    "indicator": _is_indicator,
    "hours": _is_whole,
    "days": _is_whole,
    "within": _is_share,
    "group": _is_list,
    "steps": _is_steps,
    "min": _is_limit,
    "max": _is_limit,
    "codes": _is_list,
    "columns": _is_list,
    "on": _is_join,
    "pattern": _is_pattern,
    "crosswalk": _is_crosswalk,
    "edges": _is_edges,
    "metres": _is_positive,
    "scans": _is_whole,
}
WHOLE = frozenset({RuleKind.LENGTH, RuleKind.VOLUME})
POSITIVE = frozenset({RuleKind.SPEED, RuleKind.DRIFT})
