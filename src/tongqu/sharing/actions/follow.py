"""Steps of the applicant beside the reviews: withdraw, supply what was asked."""

from collections.abc import Mapping

from django.db import transaction

from tongqu.identity.public import notify
from tongqu.identity.vocabulary import Role
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.policy.clauses import measures_2021 as law
from tongqu.sharing.actions.steps import advance, start_stage, take
from tongqu.sharing.models import ShareRequest
from tongqu.sharing.vocabulary import Command


@transaction.atomic
def withdraw(number: str, *, reason: str = "", by: Actor) -> ShareRequest:
    """Take an open request back; its number and history stay."""
    request, step = take(number, Command.WITHDRAW, by=by)
    advance(request, step, by=by, reason=reason.strip()[:500])
    return request


@transaction.atomic
def supply(number: str, *, statements: Mapping[str, str], by: Actor) -> ShareRequest:
    """Answer every material that was asked for; the first review's clock runs on.

    ``statements`` maps a material to what stands for it: a document's name and number.
    """
    request, step = take(number, Command.SUPPLY, by=by)
    answers = {name: statements.get(name, "").strip() for name in request.asked_materials}
    if missing := [name for name, text in answers.items() if not text or len(text) > 300]:
        raise Rejected(
            Problem(
                code="MATERIAL_REQUIRED",
                title="要求补充的材料没有给全。",
                next_step="请逐项填写材料名称和文号（每项不超过 300 个字）后重新提交。",
                basis=law.MATERIALS,
                who="申请单位",
                fields=dict.fromkeys(missing, "请填写。"),
            )
        )
    start_stage(request, request.paused_days or 0, on=clock.today())
    request.paused_days = None
    advance(request, step, by=by, facts={"materials": answers})
    notify(
        f"{request.consumer.name}已提交补正材料（{request.number}）。",
        key=f"sharing.supplied.{request.number}",
        kind="共享初审",
        url=f"/desk/todo/{request.number}/",
        role=Role.SUPPORT,
    )
    return request
