"""Every night: what the platform itself can see of the cases of article 23.

Each detector reads another room and says what it found; ``detect`` lays it before the office,
once. The platform accuses nobody: a person confirms or dismisses each (``actions/drafts.py``).
"""

from collections.abc import Callable, Iterable
from datetime import datetime, time

from django.db import transaction

from tongqu.catalog import public as catalog
from tongqu.functions import public as functions
from tongqu.ingest import public as ingest
from tongqu.kernel import clock
from tongqu.kernel.workdays import add_months
from tongqu.policy.clauses import measures_2021 as law
from tongqu.quality import public as quality
from tongqu.quality.vocabulary import Dimension
from tongqu.supervision.actions.clues import Clue, lay
from tongqu.supervision.domain.cases import CATALOGUE_MONTHS, CONFORMITY_SHARE


def detect() -> dict[str, int]:
    """Return how many new drafts each detector made. Safe to run twice."""
    return {detector.__name__: _lay(detector()) for detector in DETECTORS}


def _lay(clues: Iterable[Clue]) -> int:
    new = 0
    for clue in clues:
        with transaction.atomic():
            new += lay(clue)[1]
    return new


def without_catalogue() -> Iterable[Clue]:
    """（一）: a system in use, registered a month ago, from which no entry in force comes."""
    day = add_months(clock.today(), -CATALOGUE_MONTHS)
    before = datetime.combine(day, time.min, tzinfo=clock.SHANGHAI)
    for system in functions.systems_without_entry(before):
        yield Clue(
            key=f"no-catalogue {system.code}",
            basis=law.LATE_CATALOGUE,
            organisation_id=system.organisation_id,
            title=f"系统“{system.name}”登记已满 {CATALOGUE_MONTHS} 个月，仍没有生效的目录",
            evidence={
                "system": system.code,
                "registered_on": str(clock.legal_day(system.registered_at)),
                "due_on": str(add_months(clock.legal_day(system.registered_at), CATALOGUE_MONTHS)),
            },
            subject=system.code,
        )


def late_update() -> Iterable[Clue]:
    """（二）: a source whose newest data are older than its cycle allows; once each time."""
    for source in ingest.late_sources():
        last = source.last_loaded_at
        if last is None:
            continue
        yield Clue(
            key=f"late-update {source.code} {last:%Y%m%d%H%M%S}",
            basis=law.LATE_DATA,
            organisation_id=source.provider_id,
            title=f"“{source.name}”未按更新周期更新",
            evidence={
                "entry": source.entry_code,
                "source": source.code,
                "cycle": source.cycle,
                "last_loaded_at": last.isoformat(),
                "late_days": (clock.now() - last).days,
            },
            subject=source.entry_code or source.code,
        )


def against_standards() -> Iterable[Clue]:
    """（三）, second sub-case: the newest scan finds data that break their standards."""
    found = quality.failing(Dimension.CONFORMITY, CONFORMITY_SHARE)
    briefs = catalog.briefs(codes={scan.entry_code for scan in found}) if found else {}
    for scan in found:
        brief = briefs.get(scan.entry_code)
        if brief is None:
            continue
        broken = [r for r in scan.results if r.dimension is Dimension.CONFORMITY]
        worst = max(broken, key=lambda result: result.wrong)
        yield Clue(
            key=f"against-standards {scan.entry_code} {scan.number}",
            basis=law.MISMATCH,
            organisation_id=brief.owner_id,
            title=f"“{brief.name}”的数据不符合有关规范",
            evidence={
                "entry": scan.entry_code,
                "sub_case": "不符合规范",
                "scan": scan.number,
                "conformity": str(scan.dimensions[Dimension.CONFORMITY]),
                "rule": worst.title,
                "wrong": worst.wrong,
                "checked": worst.checked,
            },
            subject=scan.entry_code,
        )


def cannot_be_used() -> Iterable[Clue]:
    """（三）, third sub-case: nothing of the newest batch could be used."""
    for source, batch in ingest.unusable():
        yield Clue(
            key=f"cannot-be-used {batch.number}",
            basis=law.MISMATCH,
            organisation_id=source.provider_id,
            title=f"“{source.name}”最近一批数据无法使用",
            evidence={
                "entry": source.entry_code,
                "sub_case": "无法使用",
                "batch": batch.number,
                "received": batch.received,
                "stored": batch.stored,
                "code": batch.code,
            },
            subject=source.entry_code or source.code,
        )


# What differs from the source (三, first sub-case) and what is not corrected (四) come by door:
# ingest compares and quality escalates when they do, not at night.
DETECTORS: tuple[Callable[[], Iterable[Clue]], ...] = (
    without_catalogue,
    late_update,
    against_standards,
    cannot_be_used,
)
