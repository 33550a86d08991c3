"""The provider's desk (article 4): everything it owes, in one list with its days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tongqu.catalog import public as catalog
from tongqu.identity.vocabulary import Permission
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.quality import public as quality
from tongqu.sharing import queries
from tongqu.sharing.models import SupplyTask
from tongqu.sharing.vocabulary import STATE_LABELS, State, SupplyState


@dataclass(frozen=True, slots=True)
class Duty:
    """One line of the desk. ``due_on`` is NULL where no day is set."""

    kind: str
    reference: str
    title: str
    url: str
    due_on: date | None
    due_provisional: bool = False
    from_whom: str = ""

    @property
    def is_overdue(self) -> bool:
        return self.due_on is not None and self.due_on < clock.today()


KINDS = ("共享审核", "授权复核", "数据更新", "质量工单", "变更登记", "供给任务")


def provider_duties(actor: Actor) -> list[Duty]:
    """Return what waits for the actor's department as a provider, by its last day."""
    unit = actor.organisation_id
    # Compilers and reviewers of a providing department hold this and nobody else does.
    if unit is None or not actor.may(Permission.CATALOG_RECEIPT_ISSUE):
        return []
    found = [*_reviews(actor), *_revocations(actor), *_late(unit), *_tickets(actor),
             *_notices(unit), *_supplies(unit)]  # fmt: skip
    return sorted(found, key=lambda duty: (duty.due_on or date.max, duty.kind, duty.reference))


def counts(duties: Sequence[Duty]) -> list[tuple[str, int, int]]:
    """Return each kind with how many there are, and how many are overdue."""
    return [
        (
            kind,
            sum(duty.kind == kind for duty in duties),
            sum(duty.kind == kind and duty.is_overdue for duty in duties),
        )
        for kind in KINDS
    ]


def _reviews(actor: Actor) -> list[Duty]:
    return [
        Duty(
            "共享审核", found.number, f"{found.entry_name}：{STATE_LABELS[State(found.state)]}",
            f"/desk/todo/{found.number}/", found.due_on, found.due_provisional,
            found.consumer.name,
        )
        for found in queries.waiting(actor).filter(provider_id=actor.organisation_id)
    ]  # fmt: skip


def _revocations(actor: Actor) -> list[Duty]:
    return [
        Duty(
            "授权复核", task.grant_number, f"{task.entry_name}：满 3 个月未使用",
            f"/share/grants/#{task.grant_number}", None, from_whom=task.consumer.name,
        )
        for task in queries.revocations_waiting(actor)
    ]  # fmt: skip


def _late(unit: int) -> list[Duty]:
    return [
        Duty(
            "数据更新", row.code, f"{row.name}：更新周期{row.cycle.label}，已超期",
            f"/catalog/{row.code}/", clock.legal_day(row.due_at), from_whom="共享平台",
        )
        for row in catalog.late_updates(unit)
    ]  # fmt: skip


def _tickets(actor: Actor) -> list[Duty]:
    return [
        Duty(
            "质量工单", item.reference, item.title, item.url, item.due_on, item.due_provisional,
            item.from_whom,
        )
        for item in quality.todos(actor)
    ]  # fmt: skip


def _notices(unit: int) -> list[Duty]:
    return [
        Duty(
            "变更登记", row.code,
            f"{row.name}：{'停用' if row.is_stop else f'{row.version} 版'}于该日生效",
            f"/manage/catalog/{row.code}/check/", row.effective_on,
            from_whom=f"{row.filed_on:%Y-%m-%d} 登记",
        )
        for row in catalog.change_notices(unit)
    ]  # fmt: skip


def _supplies(unit: int) -> list[Duty]:
    found = SupplyTask.objects.filter(provider_id=unit, state=SupplyState.ASSIGNED)
    return [
        Duty(
            "供给任务", task.number, task.title, f"/share/needs/tasks/{task.number}/",
            task.due_on, task.due_provisional, task.made_by,
        )
        for task in found
    ]  # fmt: skip
