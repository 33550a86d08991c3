"""总账: four states a resource, and how the ledger's totals stand beside the catalogue's."""

from collections.abc import Mapping

from django.db.models import QuerySet

from tongqu.catalog import public as catalog
from tongqu.catalog.vocabulary import SharingType
from tongqu.delivery import public as delivery
from tongqu.kernel.actor import Actor
from tongqu.ledger.domain.totals import Difference, counted, differences
from tongqu.ledger.models import ResourceState
from tongqu.ledger.queries.batches import in_operation
from tongqu.ledger.queries.scope import provider_of

STATES = {"grading": "分级", "sharing": "共享", "opening": "开放", "operation": "运营"}
HEADS = ("目录标识", "名称", "提供部门", "版本", "分级状态", "共享状态", "开放状态", "运营状态")


def resources(actor: Actor) -> QuerySet[ResourceState]:
    found = ResourceState.objects.all()
    provider_id = provider_of(actor)
    return found if provider_id is None else found.filter(provider_id=provider_id)


def cells(row: ResourceState) -> tuple[str, ...]:
    return (
        row.entry_code, row.name, row.provider_name, row.version, row.grading, row.sharing,
        row.opening, row.operation,
    )  # fmt: skip


def states_now() -> list[tuple[catalog.EntryLine, dict[str, str]]]:
    """Return every entry in force with its four states as the catalogue and the rooms say now."""
    shared = {grant.terms.entry_code for grant in delivery.grants(open_only=True)}
    listed = in_operation()
    return [
        (line, _states(line, is_shared=line.code in shared, batch=listed.get(line.code)))
        for line in catalog.lines()
    ]


def _states(line: catalog.EntryLine, *, is_shared: bool, batch: int | None) -> dict[str, str]:
    kind = SharingType(line.sharing_type)
    use = "" if kind is SharingType.WITHHELD else "·在用" if is_shared else "·未用"
    return {
        "version": line.version,
        "grading": f"{line.level} 级",
        "sharing": f"{kind.label}{use}",
        "opening": f"可开放 {line.openable} 项" if line.openable else "不开放",
        "operation": f"第 {batch} 批清单" if batch else "未列入",
    }


_KEPT = ("version", *STATES)


def kept() -> dict[str, Mapping[str, str]]:
    """Return what the ledger holds, code → state → value."""
    rows = ResourceState.objects.values_list("entry_code", *_KEPT)
    return {code: dict(zip(_KEPT, values, strict=True)) for code, *values in rows}


def reconciled() -> list[Difference]:
    """Compare ledger and catalogue, entry by entry; an empty list: the totals are equal."""
    return differences(kept(), {line.code: states for line, states in states_now()})


def totals(actor: Actor) -> list[tuple[str, dict[str, int]]]:
    """Return how many resources stand in each value of each of the four states."""
    rows = resources(actor).values_list("entry_code", *STATES)
    by_code = {code: dict(zip(STATES, values, strict=True)) for code, *values in rows}
    return [(label, counted(by_code, name)) for name, label in STATES.items()]
