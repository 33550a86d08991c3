"""The flow in force, the flow of a case, and its next version (annex 2 of the measures)."""

from collections.abc import Mapping, Sequence

from django.db import IntegrityError, transaction

from tongqu.audit.public import record
from tongqu.identity.public import require
from tongqu.identity.vocabulary import Permission
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.policy import public as policy
from tongqu.policy.clauses import measures_2021 as law
from tongqu.sharing.domain import flow
from tongqu.sharing.domain.states import REQUEST
from tongqu.sharing.models import RequestFlow, ShareRequest

FLOW_CHANGED = Problem(
    code="FLOW_CHANGED",
    title="流程已由他人修订为新版本。",
    next_step="请刷新页面，在新版本上修订。",
    basis=law.MANAGING_OFFICE,
)
NO_FLOW = Problem(
    code="NOT_FOUND",
    title="没有这一版流程。",
    next_step="请核对版本号。",
    basis=law.MANAGING_OFFICE,
)


def newest() -> int:
    """Return the version of the flow in force: new requests go by it."""
    found = RequestFlow.objects.values_list("version", flat=True).first()
    return found or flow.BUILT_IN


def table(version: int) -> flow.Table:
    """Return the table of a version. Raises: ``Rejected`` NOT_FOUND."""
    if version == flow.BUILT_IN:
        return REQUEST
    found = RequestFlow.objects.filter(version=version).first()
    if found is None:
        raise Rejected(NO_FLOW)
    return flow.read(found.steps, policy.clause)


def flow_of(request: ShareRequest) -> flow.Table:
    """Return the table that a case goes by: the one in force on the day of its filing."""
    return table(int(request.terms.get("flow", flow.BUILT_IN)))


@transaction.atomic
def define(steps: Sequence[Mapping[str, str]], *, note: str, base: int, by: Actor) -> RequestFlow:
    """Put a new version in force; what is under way keeps its own.

    ``base`` is the version the writer had read. Raises: ``Rejected`` FLOW_CHANGED, FLOW_INVALID.
    """
    require(by, Permission.SHARING_REQUEST_MANAGING_APPROVE)
    if base != newest():
        raise Rejected(FLOW_CHANGED)
    wrong = list(flow.faults(steps, policy.clause))
    if not 1 <= len(note.strip()) <= 300:
        wrong.append("请写明修订说明，不超过 300 个字。")
    if wrong:
        raise Rejected(_invalid(wrong))
    try:
        with transaction.atomic():
            made = RequestFlow.objects.create(
                version=base + 1, steps=[dict(row) for row in steps], note=note.strip(),
                made_by=str(by), made_at=clock.now(),
            )  # fmt: skip
    except IntegrityError:
        raise Rejected(FLOW_CHANGED) from None
    record("sharing.flow.define", by=by, subject=f"flow-{made.version}",
           basis=law.MANAGING_OFFICE, details={"steps": len(steps)})  # fmt: skip
    return made


def _invalid(wrong: Sequence[str]) -> Problem:
    return Problem(
        code="FLOW_INVALID",
        title="流程定义不完整，或缺少办法规定的分支。",
        next_step="请按提示改正后重新提交。",
        basis=law.MANAGING_OFFICE,
        fields={"steps": "".join(wrong)[:1000]},
    )
