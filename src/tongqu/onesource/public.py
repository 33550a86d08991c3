"""Doors of one source: authorities, look-alikes, how standards are followed.

Codes of problems raised here: SOURCE_TAKEN, AUTHORITY_INVALID, NOT_YOUR_DATUM, DATUM_UNKNOWN,
PAIR_UNKNOWN, REASON_REQUIRED.
"""

from tongqu.onesource.actions.authorities import end_authority, register_authority
from tongqu.onesource.actions.pairs import decide, detect
from tongqu.onesource.queries import (
    authorities,
    following,
    following_by_provider,
    sources_of,
    todos,
)

__all__ = [
    "authorities",
    "decide",
    "detect",
    "end_authority",
    "following",
    "following_by_provider",
    "register_authority",
    "sources_of",
    "todos",
]
