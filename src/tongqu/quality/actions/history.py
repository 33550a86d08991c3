"""Rules that hold a table against its own former scans."""

from tongqu.lake.public import TableRef
from tongqu.quality.actions.measure import Found
from tongqu.quality.domain import bands
from tongqu.quality.domain.rules import Rule
from tongqu.quality.models import RuleResult, Scan
from tongqu.quality.vocabulary import RuleKind


def banded(rule: Rule, entry_code: str, ref: TableRef) -> Rule | None:
    """Return a rule with the band learned from former scans; None: not to be judged yet."""
    if rule.kind is not RuleKind.VOLUME:
        return rule
    known = Scan.objects.filter(entry_code=entry_code, table=ref.identifier)
    return bands.learned(rule, list(known.values_list("rows", flat=True)[:100]))


def drifted(found: Found, entry_code: str, ref: TableRef) -> None:
    """Judge a distribution: one thing was checked, and is wrong if it moved too far.

    The first scan, a table without rows and bins of another rule give nothing to judge.
    """
    if found.rule.kind is not RuleKind.DRIFT:
        return
    count = found.count
    count.checked = count.wrong = 0
    last = (
        RuleResult.objects.filter(
            scan__entry_code=entry_code, scan__table=ref.identifier, code=found.rule.code
        )
        .order_by("-pk")
        .values_list("bins", flat=True)
        .first()
    )
    if not count.bins or not last or last.get("labels") != bands.labels(found.rule):
        return
    moved = bands.index(count.bins, last["counts"])
    if moved is not None:
        count.checked = 1
        count.wrong = int(moved > float(str(found.rule.limits["within"])))
