"""Reads of rules: as they were measured last, and before."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Case, Count, Max, Q, QuerySet, When

from tongqu.quality.models import RulePack, RuleResult, Scan
from tongqu.quality.vocabulary import Dimension

HISTORY = 20


def registry(q: str = "", dimension: str = "") -> QuerySet[RuleResult]:
    """Return each rule's newest result: those over their tolerance, then those not carried out."""
    last = Scan.objects.order_by().values("entry_code").annotate(last=Max("pk")).values("last")
    found = RuleResult.objects.filter(scan_id__in=last).select_related("scan")
    if q:
        found = found.filter(
            Q(code__icontains=q) | Q(title__icontains=q) | Q(scan__entry_code=q)
        )  # fmt: skip
    if dimension in set(Dimension):
        found = found.filter(dimension=dimension)
    rank = Case(When(is_over=True, then=0), When(~Q(error=""), then=1), default=2)
    return found.order_by(rank, "scan__entry_code", "pk")


def history(entry_code: str, code: str) -> QuerySet[RuleResult]:
    """Return the last results of one rule, the newest first."""
    found = RuleResult.objects.filter(scan__entry_code=entry_code, code=code)
    return found.select_related("scan").order_by("-pk")[:HISTORY]


def document(entry_code: str, code: str) -> dict[str, Any] | None:
    """Return a rule as its pack says it; None where the catalogue or a standard implies it."""
    pack = RulePack.objects.filter(entry_code=entry_code).first()
    return next((one for one in pack.rules if one.get("code") == code), None) if pack else None


def verdicts(scans: Iterable[int]) -> dict[int, dict[str, int]]:
    """Return, for each scan, how many rules were asked, were over and could not be carried out."""
    rows = (
        RuleResult.objects.filter(scan_id__in=list(scans))
        .order_by()
        .values("scan_id")
        .annotate(
            rules=Count("pk"),
            over=Count("pk", filter=Q(is_over=True)),
            failed=Count("pk", filter=~Q(error="")),
        )
    )
    return {
        int(row["scan_id"]): {
            "rules": int(row["rules"]), "over": int(row["over"]), "failed": int(row["failed"]),
        }
        for row in rows
    }  # fmt: skip
