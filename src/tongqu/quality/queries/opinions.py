"""Reads of what users say of entries."""

from decimal import Decimal

from django.db.models import Count, Max, Sum

from tongqu.catalog.public import briefs
from tongqu.quality.domain.opinions import LEAST_VOTES, Opinion, opinion
from tongqu.quality.models import Rating, Scan

_SUMS = {name: Sum(name) for name in ("stars", "needs_met", "data_quality", "effect")}
Divergence = tuple[str, str, Decimal, Opinion]  # entry, its name, machine, users


def opinion_of(entry_code: str, machine: Decimal | None) -> Opinion | None:
    """Return the users' means beside a machine score; None before the first vote."""
    found = Rating.objects.filter(entry_code=entry_code).aggregate(votes=Count("pk"), **_SUMS)
    return opinion(found["votes"], [found[name] or 0 for name in _SUMS], machine)


def divergences() -> list[Divergence]:
    """Return the entries of which machine and users tell different stories; three statements."""
    rows = (
        Rating.objects.order_by().values("entry_code")
        .annotate(votes=Count("pk"), **_SUMS).filter(votes__gte=LEAST_VOTES)
    )  # fmt: skip
    sums: dict[str, tuple[int, ...]] = {
        code: (votes, *totals)
        for code, votes, *totals in rows.values_list("entry_code", "votes", *_SUMS)
    }
    newest = Scan.objects.filter(entry_code__in=sums).order_by().values("entry_code")
    scans = Scan.objects.filter(pk__in=newest.annotate(last=Max("pk")).values("last"))
    names = briefs(codes=sums) if sums else {}
    found = []
    for scan in scans.order_by("entry_code"):
        votes, *totals = sums[scan.entry_code]
        said = opinion(votes, totals, scan.score)
        if said is not None and said.diverges and scan.score is not None:
            known = names.get(scan.entry_code)
            name = known.name if known else scan.entry_code
            found.append((scan.entry_code, name, scan.score, said))
    return found


def own_vote(entry_code: str, user_key: str) -> Rating | None:
    return Rating.objects.filter(entry_code=entry_code, user_key=user_key).first()
