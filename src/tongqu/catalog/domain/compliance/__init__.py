"""合规性检测: all rules over one frozen draft (measures, article 9)."""

from tongqu.catalog.domain.compliance import (
    duty,
    grading,
    naming,
    quality,
    required,
    sharing,
    sources,
    tables,
)
from tongqu.catalog.domain.compliance.rules import EntryDraft, Rule
from tongqu.catalog.vocabulary import EntryKind, FindingView, Severity

RULES: tuple[Rule, ...] = (
    *required.RULES,
    *naming.RULES,
    *sharing.RULES,
    *tables.RULES,
    *grading.RULES,
    *duty.RULES,
    *sources.RULES,
    *quality.RULES,
)


def rules_for(kind: EntryKind) -> tuple[Rule, ...]:
    """Return the rules for a kind of entry: a pre-catalogue is not compared with data."""
    return tuple(rule for rule in RULES if kind in rule.kinds)


def rule(code: str) -> Rule | None:
    return next((known for known in RULES if known.code == code), None)


def check(draft: EntryDraft) -> tuple[FindingView, ...]:
    """Return everything that does not hold, blocking findings first."""
    found = [finding for rule in rules_for(draft.kind) for finding in rule.findings(draft)]
    return tuple(sorted(found, key=lambda finding: finding.severity is not Severity.BLOCK))


def passes(findings: tuple[FindingView, ...]) -> bool:
    return all(finding.severity is not Severity.BLOCK for finding in findings)
