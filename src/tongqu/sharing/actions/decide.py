"""The decision (article 12): consent, consent in part, refusal with a basis, negotiation."""

from collections.abc import Sequence

from django.db import transaction

from tongqu.kernel.actor import Actor
from tongqu.kernel.law import Clause
from tongqu.kernel.problems import Problem, Rejected
from tongqu.policy import public as policy
from tongqu.policy.clauses import measures_2021 as law
from tongqu.sharing.actions.grants import UNLIMITED, Limits, open_grant
from tongqu.sharing.actions.review import tell_applicant, write_decision
from tongqu.sharing.actions.steps import advance, required_reason, take
from tongqu.sharing.models import ShareRequest
from tongqu.sharing.vocabulary import Command, Stage, State

STAGES = {
    State.PROVIDER_REVIEW: Stage.PROVIDER_REVIEW,
    State.MANAGING_APPROVAL: Stage.MANAGING_APPROVAL,
    State.NEGOTIATING: Stage.NEGOTIATION,
    State.MEDIATING: Stage.NEGOTIATION,
}


def approve(
    number: str, *, opinion: str = "", limits: Limits = UNLIMITED, by: Actor
) -> ShareRequest:
    """Consent to everything that was asked; the grant is in force at once."""
    text = opinion.strip()[:500]
    return _consent(number, Command.APPROVE, items=None, reason=text, limits=limits, by=by)


def approve_part(
    number: str,
    *,
    items: Sequence[str],
    reason: str,
    limits: Limits = UNLIMITED,
    by: Actor,
) -> ShareRequest:
    """Consent to fewer items than were asked, with a reason."""
    return _consent(number, Command.APPROVE_PART, items=items, reason=reason, limits=limits, by=by)


def agree(
    number: str,
    *,
    items: Sequence[str],
    reason: str,
    limits: Limits = UNLIMITED,
    by: Actor,
) -> ShareRequest:
    """Close a negotiation with a one-off grant; the entry stays 不予共享 for everyone else."""
    return _consent(number, Command.AGREE, items=items, reason=reason, limits=limits, by=by)


@transaction.atomic
def disagree(number: str, *, reason: str, by: Actor) -> ShareRequest:
    """Close a negotiation without a result; the minutes say why."""
    request, step = take(number, Command.DISAGREE, by=by)
    text = required_reason(reason, title="协商未果须写明经过。")
    write_decision(request, step, Stage.NEGOTIATION, by=by, basis=step.basis, reason=text)
    advance(request, step, by=by, reason=text)
    tell_applicant(request, "协商未果", mark="disagreed")
    return request


@transaction.atomic
def refuse(number: str, *, basis: str, reason: str, by: Actor) -> ShareRequest:
    """Refuse with a law, regulation or policy; without one nothing is saved.

    ``basis`` is a clause code of ``policy.public.legal_bases()``. Raises BASIS_REQUIRED.
    """
    request, step = take(number, Command.REFUSE, by=by)
    clause, gist = _legal_basis(basis)
    text = required_reason(reason, title="不予共享须写明理由。")
    stage = STAGES[State(step.source)]
    write_decision(request, step, stage, by=by, basis=clause, reason=text, gist=gist)
    advance(request, step, by=by, reason=text, basis=clause)
    tell_applicant(request, f"不予共享，依据：{clause}", mark="refused")
    return request


@transaction.atomic
def _consent(
    number: str,
    command: Command,
    *,
    items: Sequence[str] | None,
    reason: str,
    limits: Limits,
    by: Actor,
) -> ShareRequest:
    request, step = take(number, command, by=by)
    asked = [str(item) for item in request.items]
    if items is None:
        agreed, text = asked, reason
    else:
        agreed = _chosen(items, asked, is_part=command is Command.APPROVE_PART)
        text = required_reason(reason, title="请写明核减或协商的情况。")
    open_grant(request, tuple(agreed), by=by, basis=step.basis, limits=limits)
    stage = STAGES[State(step.source)]
    write_decision(request, step, stage, by=by, basis=step.basis, reason=text, items=agreed)
    advance(request, step, by=by, reason=text, facts={"items": agreed, "limits": limits.told()})
    tell_applicant(request, f"已{step.label}，授权编号 {request.grant_number}", mark="granted")
    return request


def _chosen(items: Sequence[str], asked: Sequence[str], *, is_part: bool) -> list[str]:
    """Return the items in the order they were asked, or raise ITEMS_INVALID."""
    agreed = [item for item in asked if item in set(items)]
    too_many = is_part and len(agreed) == len(asked)
    if agreed and not set(items) - set(asked) and not too_many:
        return agreed
    raise Rejected(
        Problem(
            code="ITEMS_INVALID",
            title="同意的信息项须是申请信息项的一部分，且至少一项。",
            next_step="全部同意请选“同意”；一项也不同意请选“不予共享”并给出依据。",
            basis=law.PROVIDER_REVIEW,
            fields={"items": "请在申请的信息项中选择。"},
        )
    )


def _legal_basis(code: str) -> tuple[Clause, str]:
    """Return the clause a refusal rests on and the gists of its article (article 12)."""
    found = [clause for clause in policy.legal_bases() if clause.code == code.strip()]
    if found:
        return found[0], "；".join(dict.fromkeys(clause.gist for clause in found))
    raise Rejected(
        Problem(
            code="BASIS_REQUIRED",
            title="拒绝共享须给出法律法规或政策制度依据，没有依据不能提交。",
            next_step="请从依据库中选择条款；依据库没有的，请主管部门先行增补。",
            basis=law.REFUSAL_BASIS,
            who="提供部门",
            fields={"basis": "请选择依据条款。"},
        )
    )
