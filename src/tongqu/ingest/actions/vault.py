"""Secrets of connections, sealed; each opens for its own connection alone."""

import json
from collections.abc import Mapping

from tongqu.security import public as security

KEY = "ingest-connections"


def seal(given: Mapping[str, str], *, of: str) -> str:
    """Return secrets as a sealed text; an empty one where there are none."""
    return security.seal(json.dumps(dict(given)), under=KEY, of=of) if given else ""


def unseal(text: str, *, of: str) -> dict[str, str]:
    """Return the secrets in clear. Raises: ``Rejected`` SECRET_UNREADABLE."""
    found: dict[str, str] = json.loads(security.unseal(text, under=KEY, of=of)) if text else {}
    return found
