"""联动更新: a change elsewhere turns a published entry 待更新 (CAT-04)."""

from collections.abc import Sequence

from django.db import transaction

from tongqu.audit.public import record
from tongqu.catalog import ports, queries
from tongqu.catalog.actions import guards
from tongqu.catalog.domain.drift import ColumnChange
from tongqu.catalog.domain.states import ENTRY, Command
from tongqu.catalog.models import EntryVersion, LinkedChange
from tongqu.catalog.vocabulary import ChangeReason, EntryState
from tongqu.identity.public import notify
from tongqu.identity.vocabulary import Role
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.policy.clauses import measures_2021 as law


@transaction.atomic
def mark_to_update(
    code: str,
    *,
    by: Actor,
    cause: str,
    reason: ChangeReason = ChangeReason.OTHER,
    columns: Sequence[ColumnChange] = (),
) -> bool:
    """Turn a published entry 待更新; return whether anything was done.

    The owner gets a task, every active user a notice that names the columns. Nothing happens
    to an entry that is not published, or that already waits for its update. No permission is
    asked: other rooms call this when a function, an application or a schema has changed.
    """
    guards.locked(code)
    version = queries.in_force(code)
    if version is None or version.state != EntryState.PUBLISHED:
        return False
    version.state = ENTRY.step(EntryState.PUBLISHED, Command.FIND_CHANGE).target
    version.save(update_fields=["state"])
    change = LinkedChange.objects.create(
        version=version, reason=reason, cause=cause[:500], at=clock.now(), by=str(by),
        columns=[{"kind": c.kind, "column": c.column, "detail": c.detail} for c in columns],
    )  # fmt: skip
    record(
        "catalog.entry.to_update", by=by, subject=code, basis=law.COMPILE,
        details={"reason": str(reason), "columns": [c.column for c in columns]},
    )  # fmt: skip
    _tell(version, change)
    return True


def _tell(version: EntryVersion, change: LinkedChange) -> None:
    code = version.entry.code
    notify(
        f"目录“{version.name}”待更新：{change.cause}。请登记变更。",
        key=f"catalog.linked {change.pk} owner",
        kind="联动更新",
        url=f"/manage/catalog/{code}/change/",
        organisation_id=version.entry.owner_id,
        role=Role.CATALOGUER,
    )
    for organisation_id in ports.consumers(code):
        notify(
            f"在用目录“{version.name}”待更新：{change.cause}。提供部门登记变更后另行通知。",
            key=f"catalog.linked {change.pk} {organisation_id}",
            kind="联动更新",
            url=f"/catalog/{code}/",
            organisation_id=organisation_id,
            role=Role.CONSUMER,
        )
