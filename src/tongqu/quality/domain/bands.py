"""What a table as a whole is held against: its volume and its distribution in former scans."""

import itertools
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from math import ceil, floor, log
from statistics import median

from tongqu.kernel.law import Assumption
from tongqu.quality.domain.rules import Rule
from tongqu.quality.vocabulary import RuleKind

LEARNED = Assumption("学习数据量时取最近 7 次检测的中位数，少于 3 次不评")
SCANS, LEAST = 7, 3
FLOOR = 1e-4  # a share that is zero counts as this: the logarithm of nothing says nothing
OTHER = "其他"


def learned(rule: Rule, rows: Sequence[int]) -> Rule | None:
    """Return a volume rule with the band that former scans give; None: too few to learn from.

    ``rows``: of the last scans, newest first. A band that is given stays.
    """
    if rule.kind is not RuleKind.VOLUME or "within" not in rule.limits:
        return rule
    known = list(rows[: int(str(rule.limits.get("scans", SCANS)))])
    given = {key: rule.limits[key] for key in ("min", "max") if key in rule.limits}
    if len(known) < LEAST:
        return replace(rule, limits=given) if given else None
    middle, within = Decimal(str(median(known))), Decimal(str(rule.limits["within"]))
    low, high = ceil(middle * (1 - within)), floor(middle * (1 + within))
    low = max(low, int(str(given.get("min", low))))
    high = min(high, int(str(given.get("max", high))))
    return replace(rule, limits={"min": max(low, 0), "max": high})


def labels(rule: Rule) -> list[str]:
    """Return the names of the bins, as the rule tells them, and of what is left."""
    if isinstance(codes := rule.limits.get("codes"), (list, tuple)):
        return [*(str(code) for code in codes), OTHER]
    edges = rule.limits.get("edges")
    known = [str(edge) for edge in edges] if isinstance(edges, (list, tuple)) else []
    sides = itertools.pairwise(["", *known, ""])
    return [*(f"[{low}, {high})" for low, high in sides), OTHER]


def index(now: Sequence[int], before: Sequence[int]) -> float | None:
    """Return the population stability index of two distributions; None where one is empty."""
    if not sum(now) or not sum(before):
        return None
    shares = (
        (max(a / sum(now), FLOOR), max(b / sum(before), FLOOR))
        for a, b in zip(now, before, strict=True)
    )
    return sum((a - b) * log(a / b) for a, b in shares)
