"""The quality index of a month: dataset → system → department → level (QLT-08).

The running month is computed anew at every call, the months before once more as of their last
day; then they are closed. A fixed number of statements, whatever the number of datasets.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Max

from tongqu.audit.public import record
from tongqu.catalog.public import EntryLine, lines
from tongqu.functions.public import systems_of_entries
from tongqu.identity.vocabulary import LEVEL_LABELS, Level
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.workdays import add_months
from tongqu.policy.clauses.gd_2024 import QUALITY_INDEX
from tongqu.quality.domain.periods import last_day, month_of, months_between
from tongqu.quality.domain.scores import Weights, by_mean, dimensions_of, mean, smoothed, total
from tongqu.quality.models import IndexValue, Scan, WeightSet
from tongqu.quality.vocabulary import IndexScope

CHUNK = 1_000
KEPT = ["name", "department_id", "system", "level", "score", "trend", "dimensions", "datasets",
        "weights", "scan", "as_of", "is_closed"]  # fmt: skip


def compute(*, by: Actor) -> list[date]:
    """Bring the running month up to date and close those before it; return the months written."""
    today = clock.today()
    last = IndexValue.objects.aggregate(last=Max("month"))["last"]
    month = month_of(today)
    first = min(last or month, add_months(month, -1))
    written = []
    for one in months_between(first, month):
        if is_closed(one) or not _compute(one, min(last_day(one), today), by=by):
            continue
        written.append(one)
    return written


def is_closed(month: date) -> bool:
    """A month is closed once it was computed after its last day had passed."""
    return IndexValue.objects.filter(month=month, is_closed=True).exists()


def weights_of(month: date) -> WeightSet | None:
    """Return the weights that count for a month; None: all dimensions alike."""
    return WeightSet.objects.filter(from_month__lte=month).order_by("-version").first()


@transaction.atomic
def _compute(month: date, as_of: date, *, by: Actor) -> int:
    chosen = weights_of(month)
    weights = chosen.weights if chosen else None
    datasets = _datasets(_newest_scans(as_of), weights)
    values = [dataset.value for dataset in datasets] + _groups(datasets)
    trends = _trends(add_months(month, -1))
    is_closing = clock.today() > as_of
    for value in values:
        value.month, value.as_of, value.weights = month, as_of, chosen
        value.is_closed = is_closing
        value.trend = smoothed(trends.get((value.scope, value.key)), value.score)
    _keep(month, values)
    if values and is_closing:
        record("quality.index.closed", by=by, subject=f"{month:%Y-%m}", basis=QUALITY_INDEX,
               details={"datasets": len(datasets), "values": len(values),
                        "weights": chosen.version if chosen else 0})  # fmt: skip
    return len(values)


def _keep(month: date, values: list[IndexValue]) -> None:
    """Write the values in place, so that their addresses hold; what is no more goes."""
    told = {(value.scope, value.key) for value in values}
    there = IndexValue.objects.filter(month=month).values_list("pk", "scope", "key")
    gone = [pk for pk, scope, key in there if (scope, key) not in told]
    IndexValue.objects.filter(pk__in=gone).delete()
    IndexValue.objects.bulk_create(
        values, CHUNK, update_conflicts=True, update_fields=KEPT,
        unique_fields=["month", "scope", "key"],
    )  # fmt: skip


def _newest_scans(as_of: date) -> list[Scan]:
    """Return each entry's last scan up to the end of a day, in one statement."""
    after = datetime.combine(as_of + timedelta(days=1), time(), clock.SHANGHAI)
    newest = Scan.objects.filter(at__lt=after).values("entry_code").annotate(last=Max("pk"))
    found = Scan.objects.filter(pk__in=newest.order_by().values("last"))
    return list(found.only("number", "entry_code", "dimensions"))


@dataclass(frozen=True, slots=True)
class _Dataset:
    """A dataset's value with the names of what it belongs to."""

    value: IndexValue
    department: str
    department_name: str
    system_name: str


def _datasets(scans: Iterable[Scan], weights: Weights | None) -> list[_Dataset]:
    """Return a value for each dataset that was measured; what has no rows has no score."""
    by_code = {scan.entry_code: scan for scan in scans}
    systems = systems_of_entries()
    found = []
    for line in lines(codes=by_code):
        scan = by_code[line.code]
        score = total(dimensions_of(scan.dimensions), weights)
        if score is None:
            continue
        key, name = _system(line, systems)
        value = IndexValue(
            scope=IndexScope.DATASET, key=line.code, name=line.name,
            department_id=line.provider_id, system=key, level=line.provider_level, score=score,
            dimensions=scan.dimensions, scan=scan.number,
        )  # fmt: skip
        found.append(_Dataset(value, line.provider_code, line.provider_name, name))
    return found


def _system(line: EntryLine, systems: Mapping[str, tuple[str, str]]) -> tuple[str, str]:
    """Return the registered system of an entry, else the one that the entry names."""
    if line.code in systems:
        return systems[line.code]
    name = line.source_system.strip() or "未写明系统"
    return f"{line.provider_code}/{name}"[:200], name


def _groups(datasets: Iterable[_Dataset]) -> list[IndexValue]:
    """Return systems, departments and levels: each the mean of its datasets."""
    members: dict[tuple[IndexScope, str, str], list[IndexValue]] = defaultdict(list)
    for one in datasets:
        value, level = one.value, Level(one.value.level)
        members[IndexScope.SYSTEM, value.system, one.system_name].append(value)
        members[IndexScope.DEPARTMENT, one.department, one.department_name].append(value)
        members[IndexScope.LEVEL, level.value, LEVEL_LABELS[level]].append(value)
    return [_group(*named, found) for named, found in members.items()]


def _group(scope: IndexScope, key: str, name: str, members: list[IndexValue]) -> IndexValue:
    first = members[0]
    dimensions = by_mean([dimensions_of(member.dimensions) for member in members])
    return IndexValue(
        scope=scope, key=key, name=name, datasets=len(members),
        department_id=None if scope is IndexScope.LEVEL else first.department_id,
        level="" if scope is IndexScope.SYSTEM else first.level,
        score=mean(member.score for member in members) or Decimal(0),
        dimensions={d.value: None if v is None else str(v) for d, v in dimensions.items()},
    )  # fmt: skip


def _trends(month: date) -> dict[tuple[str, str], Decimal]:
    found = IndexValue.objects.filter(month=month).values_list("scope", "key", "trend")
    return {(scope, key): trend for scope, key, trend in found}
