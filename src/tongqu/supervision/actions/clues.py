"""A clue that points to one of the seven cases of article 23: laid before the office, once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tongqu.audit.public import record
from tongqu.kernel import clock
from tongqu.kernel.actor import PLATFORM, Actor
from tongqu.kernel.law import Clause
from tongqu.supervision.domain.cases import CASES
from tongqu.supervision.models import Project, RectificationDraft


@dataclass(frozen=True, slots=True)
class Clue:
    """What was found. ``key`` makes it once; ``evidence`` holds no value of a row."""

    key: str
    basis: Clause  # one of the seven cases
    organisation_id: int
    title: str
    evidence: Mapping[str, Any] = field(default_factory=dict)
    subject: str = ""


def lay(
    clue: Clue, *, by: Actor = PLATFORM, project: Project | None = None
) -> tuple[RectificationDraft, bool]:
    """Return the draft of a clue, and whether it is new. A person confirms or dismisses it."""
    made, is_new = RectificationDraft.objects.get_or_create(
        key=clue.key[:120],
        defaults={
            "organisation_id": clue.organisation_id,
            "project": project,
            "case": CASES[clue.basis],
            "basis": clue.basis.code,
            "title": clue.title[:200],
            "evidence": dict(clue.evidence),
            "made_at": clock.now(),
        },
    )
    if is_new:
        record("supervision.rectification.drafted", by=by, subject=clue.subject or clue.key,
               basis=clue.basis, details={"draft": made.pk, "case": made.case})  # fmt: skip
    return made, is_new
