"""The API of sharing, under ``/api/v1/``."""

from collections.abc import Callable
from enum import StrEnum
from typing import Annotated

from django.http import HttpRequest
from ninja import Header, Path, Query, Status

from tongqu.audit.public import annotate
from tongqu.identity.public import PROBLEMS, ProblemOut, actor_of, requires
from tongqu.identity.vocabulary import Permission
from tongqu.kernel.actor import Actor
from tongqu.sharing import public as sharing
from tongqu.sharing import queries
from tongqu.sharing.http import api_beside as api_beside  # noqa: PLC0414  (registers itself)
from tongqu.sharing.http import api_lists as api_lists  # noqa: PLC0414  (registers itself)
from tongqu.sharing.http.routing import router
from tongqu.sharing.http.schemas import (
    CommandIn,
    FeedbackIn,
    FeedbackOut,
    NoticeOut,
    RequestDetail,
    RequestIn,
    RequestOut,
    RequestPage,
    RevocationIn,
    RevocationOut,
)
from tongqu.sharing.vocabulary import State

__all__ = ["router"]  # every part of this room's API is on it
Number = Annotated[str, Path(pattern=r"^GX-\d{4}-\d{4}-\d{3,6}$", description="办件号")]
Grant = Annotated[str, Path(pattern=r"^[A-Za-z0-9-]{1,40}$", description="授权编号")]
Token = Annotated[
    str,
    Header(alias="Idempotency-Key", max_length=100, pattern=r"^[\x21-\x7e]*$",
           description="防重令牌：同一令牌重复提交只成一件"),
]  # fmt: skip


class RequestCommand(StrEnum):
    """办理动作, as the last part of the address."""

    PASS = "pass"  # noqa: S105  (通过初审, not a password)
    SUPPLEMENT = "supplement"  # 退回补正
    FAIL = "fail"  # 初审不通过
    SUPPLY = "supply"  # 提交补正材料
    APPROVE = "approve"  # 同意
    PARTIAL = "partial"  # 部分同意
    REFUSE = "refuse"  # 不予共享
    AGREE = "agree"  # 协商一致
    DISAGREE = "disagree"  # 协商未果
    REFER = "refer"  # 转主管部门协调
    MEDIATE = "mediate"  # 提出协调意见，退回协商
    CONNECTED = "connected"  # 已协调接入
    UNCONNECTABLE = "unconnectable"  # 无法接入
    VERIFY = "verify"  # 已完成核验，继续
    WITHDRAW = "withdraw"  # 撤回


@router.post("/sharing/requests", response={200: RequestOut, 201: RequestOut, PROBLEMS: ProblemOut})
@requires(Permission.SHARING_REQUEST_SUBMIT)
def file_request(request: HttpRequest, body: RequestIn, token: Token = "") -> Status[RequestOut]:
    """提交共享申请。无条件共享即时授权；同一防重令牌重复提交答 200 和原申请。"""
    given = body.model_dump()
    application = sharing.Application(
        **given | {"items": tuple(given["items"]), "manners": tuple(given["manners"])}
    )
    done = sharing.submit(application, by=actor_of(request), key=token)
    annotate(request, subject=done.request.number, purpose=body.matter)
    waiting = done.waiting and NoticeOut(
        code=done.waiting.code, title=done.waiting.title, next_step=done.waiting.next_step
    )
    found = queries.request_for(done.request.number, actor_of(request))
    return Status(201 if done.is_new else 200, RequestOut.of(found, waiting or None))


@router.get("/sharing/requests", response={200: RequestPage, PROBLEMS: ProblemOut})
@requires(Permission.SHARING_REQUEST_READ)
def list_requests(
    request: HttpRequest,
    state: State | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> RequestPage:
    """本人可见的申请：本单位提交的、由本单位审核的，或监管范围内的。"""
    found = queries.visible(actor_of(request))
    if state is not None:
        found = found.filter(state=state)
    rows = found[offset : offset + limit]
    return RequestPage(
        total=found.count(), limit=limit, offset=offset,
        requests=[RequestOut.of(row) for row in rows],
    )  # fmt: skip


@router.get("/sharing/requests/{number}", response={200: RequestDetail, PROBLEMS: ProblemOut})
@requires(Permission.SHARING_REQUEST_READ)
def read_request(request: HttpRequest, number: Number) -> RequestDetail:
    """一件申请的内容、决定和全部办理记录。"""
    return RequestDetail.whole(queries.request_for(number, actor_of(request)))


@router.post(
    "/sharing/requests/{number}/{command}", response={200: RequestDetail, PROBLEMS: ProblemOut}
)
@requires(Permission.SHARING_REQUEST_READ)
def take_step(
    request: HttpRequest, number: Number, command: RequestCommand, body: CommandIn
) -> RequestDetail:
    """办理一步；每一步只有状态表所列的岗位可以办理。"""
    by = actor_of(request)
    annotate(request, subject=number, details={"command": command.value})
    STEPS[command](number, body, by)
    return RequestDetail.whole(queries.request_for(number, by))


Taken = Callable[[str, CommandIn, Actor], object]
STEPS: dict[RequestCommand, Taken] = {
    RequestCommand.PASS: lambda number, body, by: sharing.pass_first_review(
        number, opinion=body.reason, by=by
    ),
    RequestCommand.SUPPLEMENT: lambda number, body, by: sharing.ask_supplement(
        number, materials=body.materials, note=body.reason, by=by
    ),
    RequestCommand.FAIL: lambda number, body, by: sharing.fail_first_review(
        number, reason=body.reason, by=by
    ),
    RequestCommand.SUPPLY: lambda number, body, by: sharing.supply(
        number, statements=body.statements, by=by
    ),
    RequestCommand.APPROVE: lambda number, body, by: sharing.approve(
        number, opinion=body.reason, limits=body.limits.value(), by=by
    ),
    RequestCommand.PARTIAL: lambda number, body, by: sharing.approve_part(
        number, items=body.items, reason=body.reason, limits=body.limits.value(), by=by
    ),
    RequestCommand.REFUSE: lambda number, body, by: sharing.refuse(
        number, basis=body.basis, reason=body.reason, by=by
    ),
    RequestCommand.AGREE: lambda number, body, by: sharing.agree(
        number, items=body.items, reason=body.reason, limits=body.limits.value(), by=by
    ),
    RequestCommand.DISAGREE: lambda number, body, by: sharing.disagree(
        number, reason=body.reason, by=by
    ),
    RequestCommand.REFER: lambda number, body, by: sharing.refer(number, reason=body.reason, by=by),
    RequestCommand.MEDIATE: lambda number, body, by: sharing.mediate(
        number, reason=body.reason, by=by
    ),
    RequestCommand.UNCONNECTABLE: lambda number, body, by: sharing.unconnectable(
        number, reason=body.reason, by=by
    ),
    RequestCommand.CONNECTED: lambda number, body, by: sharing.connected(number, by=by),  # noqa: ARG005  (one shape for all)
    RequestCommand.VERIFY: lambda number, body, by: sharing.verify(number, by=by),  # noqa: ARG005  (one shape for all)
    RequestCommand.WITHDRAW: lambda number, body, by: sharing.withdraw(
        number, reason=body.reason, by=by
    ),
}


@router.post("/sharing/grants/{number}/feedback", response={201: FeedbackOut, PROBLEMS: ProblemOut})
@requires(Permission.SHARING_FEEDBACK_GIVE)
def give_feedback(request: HttpRequest, number: Grant, body: FeedbackIn) -> Status[FeedbackOut]:
    """反馈使用情况：满足需求情况、数据质量、使用效果（第十七条）。"""
    annotate(request, subject=number, grant=number)
    given = sharing.give_feedback(number, **body.model_dump(), by=actor_of(request))
    return Status(201, FeedbackOut.of(given))


@router.get("/sharing/revocations", response={200: list[RevocationOut], PROBLEMS: ProblemOut})
@requires(Permission.SHARING_GRANT_READ)
def list_revocations(request: HttpRequest) -> list[RevocationOut]:
    """满三个月未使用、待决定或已决定的授权。"""
    found = queries.revocations(actor_of(request))[:200]
    return [RevocationOut.of(task) for task in found]


@router.post(
    "/sharing/grants/{number}/revocation", response={200: RevocationOut, PROBLEMS: ProblemOut}
)
@requires(Permission.SHARING_GRANT_REVOKE)
def decide_revocation(request: HttpRequest, number: Grant, body: RevocationIn) -> RevocationOut:
    """由授权部门决定撤销或保留未使用的授权（第十七条）。"""
    annotate(request, subject=number, grant=number)
    decide = sharing.confirm_revocation if body.decision == "revoke" else sharing.keep_grant
    return RevocationOut.of(decide(number, reason=body.reason, by=actor_of(request)))
