"""联动更新: entries follow when a function or a system changes (CAT-04)."""

from collections.abc import Iterable

from tongqu.catalog import public as catalog
from tongqu.catalog.vocabulary import ChangeReason
from tongqu.kernel.actor import Actor


def mark_entries(
    codes: Iterable[str], *, by: Actor, cause: str, reason: ChangeReason
) -> tuple[str, ...]:
    """Turn each published entry 待更新; return those that were turned.

    Owners get a task and users a notice from the catalogue itself. Codes in a chart may name
    entries that are not published, or no longer exist: these are passed over.
    """
    known = catalog.briefs(codes=sorted(set(codes)))
    return tuple(
        code for code in known if catalog.mark_to_update(code, by=by, cause=cause, reason=reason)
    )
