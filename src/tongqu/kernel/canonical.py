"""One spelling of a value, so that equal facts have equal hashes."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum


def canonical(value: object) -> bytes:
    """Return the canonical JSON of a value: sorted keys, no spaces, UTF-8.

    Instants are ISO 8601 in UTC with microseconds; decimals are strings. A float raises
    ``TypeError``: evidence does not rest on binary fractions.
    """
    return json.dumps(
        _plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def _plain(value: object) -> object:  # noqa: PLR0911  (one line a type: a table in code)
    match value:
        case None | bool() | int():
            return value
        case Enum():
            return value.value
        case str():
            return value
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="microseconds")
        case date():
            return value.isoformat()
        case Decimal():
            return str(value)
        case dict():
            return {str(key): _plain(item) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
        case set() | frozenset():
            return sorted((_plain(item) for item in value), key=repr)
        case _:
            raise TypeError(f"no canonical form for {type(value).__name__}")
