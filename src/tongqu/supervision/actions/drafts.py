"""Verify a clue of rectification, or dismiss it with a reason."""

from django.db import transaction

from tongqu.audit.public import record
from tongqu.identity.public import require
from tongqu.identity.vocabulary import Permission, Role
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Rejected
from tongqu.policy.clauses import measures_2021 as law
from tongqu.supervision import queries
from tongqu.supervision.actions.report import give_back
from tongqu.supervision.domain import problems
from tongqu.supervision.domain.states import DRAFT, DraftCommand
from tongqu.supervision.models import RectificationDraft
from tongqu.supervision.vocabulary import DraftState


@transaction.atomic
def decide_draft(pk: int, command: DraftCommand, *, reason: str, by: Actor) -> RectificationDraft:
    """Decide about a clue. Only the managing office does (article 23), and gives its reason."""
    require(by, Permission.SUPERVISION_PROJECT_CHECK)
    if Role.MANAGING_OFFICE.value not in by.roles:
        raise Rejected(problems.MANAGING_DECIDES)
    found = RectificationDraft.objects.select_for_update(of=("self",)).get(
        pk=queries.draft_for(pk, by).pk
    )
    step = DRAFT.step(DraftState(found.state), command)
    if not reason.strip():
        raise Rejected(problems.invalid(reason="请写明核实情况或排除理由。"))
    found.state, found.reason = step.target, reason.strip()[:300]
    found.decided_at, found.decided_by = clock.now(), str(by)
    found.save()
    if found.state == DraftState.DISMISSED:
        give_back(found, by=by)
    record(f"supervision.rectification.{command.value}", by=by, subject=f"draft-{pk}",
           basis=law.RECTIFICATION)  # fmt: skip
    return found
