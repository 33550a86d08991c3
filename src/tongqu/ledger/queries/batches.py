"""Reads of operation lists, and which party the reader signs for."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from tongqu.catalog import public as catalog
from tongqu.catalog.vocabulary import DataFormat, UpdateCycle
from tongqu.identity.vocabulary import Permission
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Rejected
from tongqu.ledger.domain import problems
from tongqu.ledger.models import BatchParty, BatchRow, OperationBatch
from tongqu.ledger.vocabulary import BatchState, SupplyManner

HEADS = ("序号", "提供部门", "名称", "供给方式", "更新周期")
_SUPPLY = {
    DataFormat.INTERFACE: SupplyManner.INTERFACE,
    DataFormat.TABLE: SupplyManner.TABLE,
}


def batches() -> QuerySet[OperationBatch]:
    """Return the lists. They hold names of the catalogue only: every reader of reports may."""
    found = OperationBatch.objects.order_by("-number")
    return found.annotate(
        row_count=Count("rows", distinct=True),
        signed=Count("parties", filter=Q(parties__signed_at__isnull=False), distinct=True),
        asked=Count("parties", distinct=True),
    )


def batch(number: int) -> OperationBatch:
    """Return one list by number. Raises: ``Rejected`` NOT_FOUND."""
    found = batches().filter(number=number).first()
    if found is None:
        raise Rejected(problems.NOT_FOUND)
    return found


def unpublished(codes: Collection[str]) -> list[str]:
    """Return the codes that have no version in force."""
    known = {line.code for line in catalog.lines(codes=codes)}
    return sorted(set(codes) - known)


def supply_of(line: catalog.EntryLine) -> SupplyManner:
    """Return how an entry is supplied when nobody chose: an interface before a table."""
    for form, manner in _SUPPLY.items():
        if form in line.formats:
            return manner
    return SupplyManner.FILE


@dataclass(frozen=True, slots=True)
class ListRow:
    """One row of a list as it is exported."""

    position: int
    provider: str
    name: str
    supply: str
    cycle: str
    code: str

    @property
    def cells(self) -> tuple[int, str, str, str, str]:
        return (self.position, self.provider, self.name, self.supply, self.cycle)


def rows(found: OperationBatch) -> list[ListRow]:
    return [
        ListRow(
            row.position,
            row.provider_name,
            row.name,
            SupplyManner(row.supply).label,
            UpdateCycle(row.update_cycle).label,
            row.entry_code,
        )
        for row in found.rows.all()
    ]


def parties(found: OperationBatch) -> QuerySet[BatchParty]:
    return found.parties.select_related("organisation")


def signable(actor: Actor) -> QuerySet[BatchParty]:
    """Return the signatures that wait for the asker."""
    if not actor.may(Permission.LEDGER_BATCH_SIGN):
        return BatchParty.objects.none()
    return BatchParty.objects.filter(
        organisation_id=actor.organisation_id or 0, signed_at=None, batch__state=BatchState.SIGNING
    ).select_related("batch")


def in_operation() -> dict[str, int]:
    """Return entry code → number of the frozen list that holds it."""
    found = BatchRow.objects.filter(batch__state=BatchState.FROZEN)
    return dict(found.order_by("-batch__number").values_list("entry_code", "batch__number"))
