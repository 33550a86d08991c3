"""To whom a problem goes: who answers for the datum (一数一源), and is still there to do so."""

from collections.abc import Iterable
from dataclasses import dataclass

from tongqu.catalog.ports import sources_of
from tongqu.catalog.vocabulary import EntryView
from tongqu.identity.public import in_charge, organisation, organisation_by_id
from tongqu.kernel.problems import Rejected
from tongqu.quality.domain import problems


@dataclass(frozen=True, slots=True)
class Route:
    """A department, and why it is this one: told on the ticket."""

    organisation_id: int
    why: str


def route(entry: EntryView, columns: Iterable[str] = ()) -> Route:
    """Return the department that answers for these items of an entry.

    One source registered for all of them decides; otherwise the entry's provider. Whoever was
    abolished is stood for by the successor, or by the managing office.
    """
    wanted = set(columns)
    elements = {i.element for i in entry.items if i.name_en in wanted and i.element}
    sources = sources_of(sorted(elements)) if elements else {}
    departments = {(s.provider, s.provider_name, s.system) for s in sources.values()}
    if len({code for code, _, _ in departments}) == 1 and set(sources) == elements:
        code, name, system = sorted(departments)[0]
        unit = organisation(code)
        if unit is not None:
            return standing(unit.pk, f"一数一源登记：{name}“{system}”")
    return standing(entry.provider_id, "目录提供部门")


def standing(organisation_id: int, why: str) -> Route:
    """Return who stands for a department today, and say so where it is somebody else."""
    found = in_charge(organisation_id)
    if found.pk == organisation_id:
        return Route(organisation_id, why)
    gone = organisation_by_id(organisation_id).name
    how = "主管部门代为办理" if found.is_managing_office else f"由{found.name}承接"
    return Route(found.pk, f"{why}；{gone}已撤销，{how}")


def named(code: str) -> Route:
    """Return the route to a department that support names. Raises: ``Rejected`` UNIT_UNKNOWN."""
    unit = organisation(code.strip())
    if unit is None or in_charge(unit.pk).pk != unit.pk:
        raise Rejected(problems.NO_UNIT)
    return Route(unit.pk, "")
