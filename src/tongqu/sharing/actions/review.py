"""First review by the technical-support unit (初审, article 12): pass, supplement, fail."""

from collections.abc import Sequence

from django.db import transaction

from tongqu.catalog import public as catalog
from tongqu.identity.public import notify
from tongqu.identity.vocabulary import Role
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.law import Basis, Clause
from tongqu.kernel.problems import Problem, Rejected
from tongqu.policy import public as policy
from tongqu.policy.clauses import measures_2021 as law
from tongqu.sharing import queries
from tongqu.sharing.actions.steps import Row, advance, required_reason, start_stage, take
from tongqu.sharing.domain.deadlines import Clock
from tongqu.sharing.domain.routing import pass_command
from tongqu.sharing.models import Decision, ShareRequest
from tongqu.sharing.vocabulary import Command, Stage


def tell_applicant(request: ShareRequest, text: str, *, mark: str) -> None:
    """Send the consumer's users one message about their request."""
    notify(
        f"{text}（{request.number}，{request.entry_name}）",
        key=f"sharing.{mark}.{request.number}.{request.events.count()}",
        kind="共享申请",
        url=f"/desk/applications/{request.number}/",
        organisation_id=request.consumer_id,
        role=Role.CONSUMER,
    )


def write_decision(
    request: ShareRequest, step: Row, stage: Stage, *, by: Actor, basis: Basis, reason: str,
    items: Sequence[str] = (), gist: str = "",
) -> Decision:  # fmt: skip
    """Keep what was decided with the clause as it stands today: later edits do not reach it."""
    return Decision.objects.create(
        request=request,
        stage=stage,
        command=step.command,
        label=step.label,
        items=list(items),
        basis=basis.code[:200],
        basis_title=str(basis)[:200],
        basis_gist=(gist or (basis.gist if isinstance(basis, Clause) else basis.says))[:300],
        basis_wording=policy.wording(basis) if isinstance(basis, Clause) else "",
        reason=reason,
        by_key=by.key,
        by_name=by.name,
        by_organisation=by.organisation_name,
        at=clock.now(),
    )


@transaction.atomic
def pass_first_review(number: str, *, opinion: str = "", by: Actor) -> ShareRequest:
    """Pass the first review: the provider's seven working days begin, counted from today."""
    seen = queries.visible(by).filter(number=number).first()
    command = (
        pass_command(consumer_id=seen.consumer_id, provider_id=seen.provider_id)
        if seen
        else Command.PASS
    )
    request, step = take(number, command, by=by)
    days = request.terms["provider_review"] if command is Command.PASS else None
    start_stage(request, days, on=clock.today())
    text = opinion.strip()[:500]
    write_decision(request, step, Stage.FIRST_REVIEW, by=by, basis=step.basis, reason=text)
    advance(request, step, by=by, reason=text)
    own = command is Command.PASS_OWN
    notify(
        f"{request.consumer.name}申请共享“{request.entry_name}”，初审已通过（{request.number}）。",
        key=f"sharing.passed.{request.number}",
        kind="共享审核",
        url=f"/desk/todo/{request.number}/",
        organisation_id=None if own else request.provider_id,
        role=Role.MANAGING_OFFICE if own else Role.PROVIDER_REVIEWER,
    )
    return request


@transaction.atomic
def ask_supplement(
    number: str, *, materials: Sequence[str], note: str = "", by: Actor
) -> ShareRequest:
    """Send a request back once, for materials that the entry names; the clock stops.

    Raises: ``Rejected`` MATERIAL_NOT_LISTED, MATERIAL_REQUIRED, SUPPLEMENT_ONCE.
    Source: article 12: what may be demanded must stand in the sharing conditions.
    """
    request, step = take(number, Command.ASK_SUPPLEMENT, by=by)
    asked = [text.strip() for text in materials if text.strip()]
    _check_materials(request, asked)
    today, calendar = clock.today(), policy.calendar()
    running = Clock(request.stage_received_on, request.stage_working_days or 0)
    request.paused_days = running.paused(today, calendar)
    request.supplements += 1
    request.asked_materials = asked
    start_stage(request, request.terms["supplement"], on=today)
    advance(request, step, by=by, reason=note.strip()[:500], facts={"materials": asked})
    tell_applicant(request, "申请已退回补正，请补充：" + "、".join(asked)[:150], mark="supplement")
    return request


@transaction.atomic
def fail_first_review(number: str, *, reason: str, by: Actor) -> ShareRequest:
    """End a request that does not pass first review; the reason is shown to the applicant."""
    request, step = take(number, Command.FAIL, by=by)
    text = required_reason(reason, title="初审不通过须写明理由。")
    write_decision(request, step, Stage.FIRST_REVIEW, by=by, basis=step.basis, reason=text)
    advance(request, step, by=by, reason=text)
    tell_applicant(request, "申请初审不通过", mark="failed")
    return request


def _check_materials(request: ShareRequest, asked: Sequence[str]) -> None:
    listed = catalog.version(request.version_id).materials
    if unlisted := [text for text in asked if text not in listed]:
        raise Rejected(
            Problem(
                code="MATERIAL_NOT_LISTED",
                title="所要求的材料不在该条目的共享条件中，不能要求申请单位提供。",
                next_step="请提供部门先变更目录条目，在共享条件中写明该材料；变更生效后对新申请适用。",
                basis=law.MATERIALS,
                who="提供部门",
                fields={"materials": "条目未列：" + "、".join(unlisted)[:200]},
                facts={"listed": list(listed)},
            )
        )
    if not asked:
        raise Rejected(
            Problem(
                code="MATERIAL_REQUIRED",
                title="退回补正须指明要补充的材料。",
                next_step="请在条目列出的材料中选择；没有可要求的材料时，请通过初审或写明理由不通过。",
                basis=law.MATERIALS,
                fields={"materials": "请至少选择一项。"},
            )
        )
    if request.supplements:
        raise Rejected(
            Problem(
                code="SUPPLEMENT_ONCE",
                title="补正应一次性告知，本件已退回补正过一次。",
                next_step="请根据已有材料作出初审结论。",
                basis=law.FIRST_REVIEW,
            )
        )
