"""Responsibility lists with their state: what is connected, who still owes what."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import QuerySet

from tongqu.catalog import public as catalog
from tongqu.catalog.vocabulary import UpdateCycle
from tongqu.kernel import clock
from tongqu.sharing.models import DutyItem, DutyList
from tongqu.sharing.vocabulary import DUTY_STATE_LABELS, DutyState


@dataclass(frozen=True, slots=True)
class ItemState:
    """One item with its state now."""

    item: DutyItem
    state: DutyState
    entry_name: str

    @property
    def label(self) -> str:
        return DUTY_STATE_LABELS[self.state][0]

    @property
    def tone(self) -> str:
        return DUTY_STATE_LABELS[self.state][1]

    @property
    def cycle_label(self) -> str:
        return UpdateCycle(self.item.cycle).label

    @property
    def is_late(self) -> bool:
        due = self.item.due_on
        return self.state is not DutyState.CONNECTED and due is not None and due < clock.today()


@dataclass(frozen=True, slots=True)
class Standing:
    """A list and how far it is. ``percent`` is whole and rounded down: 5 of 6 is 83."""

    duty: DutyList
    items: tuple[ItemState, ...]

    @property
    def connected(self) -> int:
        return sum(item.state is DutyState.CONNECTED for item in self.items)

    @property
    def percent(self) -> int:
        return 100 * self.connected // len(self.items) if self.items else 0

    @property
    def missing(self) -> tuple[ItemState, ...]:
        return tuple(item for item in self.items if item.state is not DutyState.CONNECTED)

    @property
    def owing(self) -> tuple[str, ...]:
        """Return the departments that still owe something, each once."""
        return tuple(dict.fromkeys(item.item.provider.name for item in self.missing))


def lists() -> QuerySet[DutyList]:
    return DutyList.objects.select_related("lead")


def standings(found: Collection[DutyList]) -> list[Standing]:
    """Return lists with their state, in three statements whatever their number."""
    items: dict[int, list[DutyItem]] = {duty.pk: [] for duty in found}
    rows = DutyItem.objects.filter(duty__in=list(found)).select_related("provider")
    for item in rows:
        items[item.duty_id].append(item)
    codes = {item.entry_code for held in items.values() for item in held if item.entry_code}
    connected, named = catalog.connected(codes), catalog.briefs(codes=codes)
    names = {code: brief.name for code, brief in named.items()}
    return [
        Standing(duty, tuple(_state(item, connected, names) for item in items[duty.pk]))
        for duty in found
    ]


def _state(item: DutyItem, connected: Collection[str], names: dict[str, str]) -> ItemState:
    state = DutyState.MISSING
    if item.entry_code in names:
        is_in = item.entry_code in connected
        state = DutyState.CONNECTED if is_in else DutyState.CATALOGUED
    return ItemState(item, state, names.get(item.entry_code, ""))
