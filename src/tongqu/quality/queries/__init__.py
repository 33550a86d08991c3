"""Reads of quality, always starting from what the asker may see."""

from decimal import Decimal

from django.db.models import F, OuterRef, Subquery

from tongqu.quality.domain import scores
from tongqu.quality.models import RuleResult, Scan
from tongqu.quality.queries.tickets import (
    OPEN_STATES,
    SEES_ALL,
    open_ticket,
    ticket_view,
    tickets_for,
)
from tongqu.quality.vocabulary import Dimension, RuleResultView, ScanView

__all__ = [
    "OPEN_STATES", "SEES_ALL", "newest_failing", "newest_scan", "newest_scans", "open_ticket",
    "ticket_view", "tickets_for", "view_of",
]  # fmt: skip


def newest_scan(entry_code: str) -> Scan | None:
    return Scan.objects.filter(entry_code=entry_code).prefetch_related("results").first()


def newest_failing(dimension: Dimension, share: float) -> list[Scan]:
    """Return the newest scans where a rule of a dimension finds more wrong than a share."""
    newest = {scan.pk: scan for scan in newest_scans()}
    over = RuleResult.objects.filter(
        scan__in=newest, dimension=dimension, wrong__gt=F("checked") * share
    )
    pks = set(over.values_list("scan_id", flat=True))
    return [scan for pk, scan in newest.items() if pk in pks]


def view_of(scan: Scan) -> ScanView:
    found = {d: _number(scan.dimensions.get(d.value)) for d in Dimension}
    ticket = scan.tickets.first()
    return ScanView(
        number=scan.number,
        entry_code=scan.entry_code,
        table=scan.table,
        snapshot_id=scan.snapshot_id,
        rows=scan.rows,
        at=scan.at,
        score=scan.score,
        dimensions=found,
        results=tuple(_result(row) for row in scan.results.all()),
        ticket=ticket.number if ticket else "",
    )


def _result(row: RuleResult) -> RuleResultView:
    return RuleResultView(
        code=row.code,
        title=row.title,
        dimension=Dimension(row.dimension),
        column=row.column,
        checked=row.checked,
        wrong=row.wrong,
        share=scores.share(row.checked, row.wrong),
        basis=row.basis,
        error=row.error,
    )


def _number(value: object) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def newest_scans() -> list[Scan]:
    """Return each entry's newest scan, the lowest score first."""
    last = Scan.objects.filter(entry_code=OuterRef("entry_code")).order_by("-at", "-pk")
    newest = Scan.objects.filter(pk=Subquery(last.values("pk")[:1]))
    return sorted(newest, key=lambda scan: (scan.score is None, scan.score or 0))
