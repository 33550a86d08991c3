"""An expired session in the middle of a form loses nothing that was typed.

The posted fields wait in the anonymous session, for one person, one address and one reading,
until that person has logged in again. Files and secrets are not kept.
"""

from collections.abc import Iterable, Mapping, MutableMapping
from typing import Any

SESSION_KEY = "tongqu.resumed"
LIMIT = 200_000  # characters: a session row is not a file store
SECRETS = ("password", "secret", "token", "csrf", "口令")


def keepable(fields: Iterable[tuple[str, list[str]]]) -> dict[str, list[str]]:
    """Return the fields that may wait: no passwords, no tokens, nothing beyond the limit."""
    kept: dict[str, list[str]] = {}
    size = 0
    for name, values in fields:
        size += sum(map(len, values))
        if size > LIMIT:
            break
        if not any(word in name.lower() for word in SECRETS):
            kept[name] = list(values)
    return kept


def keep(
    session: MutableMapping[str, Any],
    *,
    owner: str,
    path: str,
    page: str,
    fields: Mapping[str, list[str]],
) -> None:
    """Keep the fields that ``owner`` posted to ``path`` from the form on ``page``."""
    session[SESSION_KEY] = {"owner": owner, "paths": [path, page], "fields": dict(fields)}


def resumed_form(request: Any, path: str = "") -> dict[str, list[str]] | None:
    """Return what was typed before the session expired, once; None when there is nothing.

    Form views call it on GET: ``initial`` for a Django form is
    ``{name: values[-1] for name, values in found.items()}``. ``path`` is the address of the
    form or of its target; empty means the request's own.
    """
    kept = request.session.get(SESSION_KEY)
    if kept is None or (path or request.path) not in kept["paths"]:
        return None
    del request.session[SESSION_KEY]
    if kept["owner"] != request.actor.key:  # somebody else logged in on this computer
        return None
    fields: dict[str, list[str]] = kept["fields"]
    return fields


def typed_before(request: Any) -> dict[str, str]:
    """Return what was typed before the session expired as ``initial`` of a Django form."""
    found = (resumed_form(request) or {}) if request.method == "GET" else {}
    return {name: values[-1] for name, values in found.items() if values}
