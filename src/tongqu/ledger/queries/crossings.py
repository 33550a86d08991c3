"""五跨 of every grant, computed when it is asked for: nothing is stored that could drift."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tongqu.catalog import public as catalog
from tongqu.catalog.vocabulary import BusinessDomain
from tongqu.delivery import public as delivery
from tongqu.delivery.vocabulary import GrantView
from tongqu.identity.public import organisations
from tongqu.kernel.actor import Actor
from tongqu.ledger.domain.crossings import Place, crossings
from tongqu.ledger.queries.scope import sees_all
from tongqu.ledger.vocabulary import Crossing
from tongqu.sharing.vocabulary import Matter

# Which business a public duty belongs to; a duty that belongs to none crosses nothing.
BUSINESS_OF: dict[str, str] = {
    Matter.LAW_ENFORCEMENT.value: BusinessDomain.ENFORCEMENT.value,
    Matter.EMERGENCY.value: BusinessDomain.SAFETY.value,
    Matter.PLANNING.value: BusinessDomain.PLANNING.value,
}


@dataclass(frozen=True, slots=True)
class Flow:
    """One grant as a flow between two organisations."""

    number: str
    entry_code: str
    entry_name: str
    source: str
    target: str
    is_open: bool
    flags: tuple[Crossing, ...]

    @property
    def labels(self) -> str:
        return "＋".join(flag.label for flag in self.flags)


@dataclass(frozen=True, slots=True)
class Unit:
    name: str
    department: str
    level: str
    division: str


def flows(actor: Actor) -> list[Flow]:
    """Return the grants in sight with what each crosses: three statements for all of them."""
    grants = delivery.grants() if sees_all(actor) else delivery.grants_seen_by(actor)
    lines = {line.code: line for line in catalog.lines(codes={g.terms.entry_code for g in grants})}
    units = _units()
    return [_flow(grant, lines.get(grant.terms.entry_code), units) for grant in grants]


def _units() -> dict[int, Unit]:
    """Return every organisation with its department: the highest unit of its own level."""
    known = {found.pk: found for found in organisations()}
    found = {}
    for pk, unit in known.items():
        top, seen = unit, {pk}
        while (
            top.parent_id in known
            and top.parent_id not in seen
            and known[top.parent_id].level == unit.level
        ):
            seen.add(top.parent_id)
            top = known[top.parent_id]
        found[pk] = Unit(unit.name, top.code, unit.level, unit.division_code)
    return found


def _flow(grant: GrantView, line: catalog.EntryLine | None, units: Mapping[int, Unit]) -> Flow:
    nobody = Unit("", "", "", "")
    source = units.get(grant.provider_id, nobody)
    target = units.get(grant.terms.consumer_id, nobody)
    return Flow(
        grant.number, grant.terms.entry_code, grant.entry_name, source.name, target.name,
        grant.is_open,
        crossings(
            Place(source.department, source.level, source.division,
                  line.source_system if line else "", line.business if line else ""),
            Place(target.department, target.level, target.division, grant.terms.system_name,
                  BUSINESS_OF.get(grant.terms.purpose_code, "")),
        ),
    )  # fmt: skip


def statistics(found: Sequence[Flow]) -> dict[Crossing, int]:
    """Return how many flows cross each of the five."""
    counts = Counter(flag for flow in found for flag in flow.flags)
    return {flag: counts[flag] for flag in Crossing}


def combinations(found: Sequence[Flow]) -> list[tuple[str, int]]:
    """Return how often each combination occurs, the commonest first."""
    counts = Counter(flow.labels or "未跨" for flow in found)
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
