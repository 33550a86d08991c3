"""联动更新: entries follow when a function or a system changes (CAT-04)."""

from collections.abc import Iterable

from tongqu.catalog import public as catalog
from tongqu.catalog.public import Brief
from tongqu.catalog.vocabulary import ChangeReason
from tongqu.identity.public import notify
from tongqu.identity.vocabulary import Role
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor


def mark_entries(
    codes: Iterable[str], *, owner_id: int, by: Actor, cause: str, reason: ChangeReason
) -> tuple[str, ...]:
    """Turn each published entry of this department 待更新; return those that were turned.

    Owners get a task and users a notice from the catalogue itself. Codes in a chart may name
    entries that are not published, or no longer exist: these are passed over. What one
    department says in its chart turns no entry of another: that one is asked to look.
    """
    known = catalog.briefs(codes=sorted(set(codes)))
    turned = []
    for code, brief in known.items():
        if brief.owner_id != owner_id and by.kind != "platform":
            _ask(brief, cause)
        elif catalog.mark_to_update(code, by=by, cause=cause, reason=reason):
            turned.append(code)
    return tuple(turned)


def _ask(brief: Brief, cause: str) -> None:
    notify(
        f"{cause}，可能涉及目录“{brief.name[:80]}”，请核对；有变化的，请登记变更。",
        key=f"functions.linked {brief.code} {clock.today()} {cause}"[:200],
        kind="联动更新",
        url=f"/catalog/{brief.code}/",
        organisation_id=brief.owner_id,
        role=Role.CATALOGUER,
    )
