"""Reads of merges: what was merged, what differs, and which entries look alike."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from tongqu.catalog import public as catalog
from tongqu.identity.vocabulary import Level
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Rejected
from tongqu.ledger.domain import merging, problems
from tongqu.ledger.models import Merge, MergeSource
from tongqu.ledger.queries.scope import sees_all
from tongqu.ledger.vocabulary import MergeState

_LOCAL = frozenset({Level.CITY.value, Level.COUNTY.value})
PROPOSED = 50  # the likeliest groups; the rest follow when these are merged


def merges(actor: Actor) -> QuerySet[Merge]:
    """Return the merges: all to those who look after them, else those with one's own part."""
    found = Merge.objects.select_related("owner").annotate(
        source_count=Count("sources", distinct=True),
        open_count=Count("conflicts", filter=Q(conflicts__choice=""), distinct=True),
    )
    found = found.order_by("-pk")  # counting drops the order of the table
    if sees_all(actor):
        return found
    own = Q(owner_id=actor.organisation_id or 0)
    lines = catalog.lines(provider_id=actor.organisation_id or 0)
    theirs = MergeSource.objects.filter(entry_code__in=[line.code for line in lines])
    return found.filter(own | Q(pk__in=theirs.values("merge_id")))


def merge_for(pk: int, actor: Actor) -> Merge:
    """Return one merge in sight. Raises: ``Rejected`` NOT_FOUND."""
    found = merges(actor).filter(pk=pk).first()
    if found is None:
        raise Rejected(problems.NOT_FOUND)
    return found


def published_among(codes: Collection[str]) -> frozenset[str]:
    return frozenset(line.code for line in catalog.lines(codes=codes)) if codes else frozenset()


def shown_state(found: Merge, published: Collection[str]) -> MergeState:
    """Return where a merge stands now: 已发布 from the moment its entry is in force."""
    is_out = found.state == MergeState.MERGED and found.entry_code in published
    return MergeState.PUBLISHED if is_out else MergeState(found.state)


@dataclass(frozen=True, slots=True)
class Proposal:
    """Entries of different departments that look like the same thing."""

    name: str
    entries: tuple[catalog.EntryLine, ...]

    @property
    def codes(self) -> str:
        return ",".join(entry.code for entry in self.entries)


def proposals() -> list[Proposal]:
    """Return groups of cities' and counties' entries in force that were not merged yet."""
    taken = set(MergeSource.objects.values_list("entry_code", flat=True))
    local = {
        line.code: line
        for line in catalog.lines()
        if line.provider_level in _LOCAL and line.code not in taken
    }
    names = catalog.item_names([line.version_id for line in local.values()])
    candidates = [
        merging.Candidate(
            line.code,
            line.name,
            frozenset(merging.normalised(n) for n in names.get(line.version_id, ())),
        )
        for line in local.values()
    ]
    found = []
    for codes in merging.groups(candidates):
        entries = tuple(local[code] for code in codes)
        if len({entry.provider_id for entry in entries}) > 1:
            found.append(Proposal(merging.normalised(entries[0].name), entries))
    return found[:PROPOSED]


def by_year() -> list[tuple[int, dict[MergeState, int]]]:
    """Return how many merges of each year (阶段) stand where."""
    rows = list(Merge.objects.all())
    published = published_among([m.entry_code for m in rows if m.entry_code])
    years: dict[int, dict[MergeState, int]] = {}
    for row in rows:
        counts = years.setdefault(row.year, dict.fromkeys(MergeState, 0))
        counts[shown_state(row, published)] += 1
    return sorted(years.items(), reverse=True)
