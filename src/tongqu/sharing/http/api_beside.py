"""The API beside the requests: negotiation, entrusted review, coordination, another purpose."""

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Header, Path, Schema, Status
from pydantic import Field

from tongqu.audit.public import annotate
from tongqu.identity.public import PROBLEMS, ProblemOut, actor_of, requires
from tongqu.identity.vocabulary import Permission
from tongqu.sharing import public as sharing
from tongqu.sharing import queries
from tongqu.sharing.http.routing import router
from tongqu.sharing.http.schemas import Line, PurposeIn, RequestOut, Strict, Text
from tongqu.sharing.models import Coordination, Entrustment
from tongqu.sharing.queries import desk
from tongqu.sharing.vocabulary import CoordinationState

Number = Annotated[str, Path(pattern=r"^GX-\d{4}-\d{4}-\d{3,6}$", description="办件号")]
Grant = Annotated[str, Path(pattern=r"^[A-Za-z0-9-]{1,40}$", description="授权编号")]
Key = Annotated[int, Path(ge=1, le=2**31)]
Token = Annotated[str, Header(alias="Idempotency-Key", max_length=100, pattern=r"^[\x21-\x7e]*$")]


class TalkIn(Strict):
    text: Text


class TalkOut(Schema):
    organisation: str
    by: str
    at: datetime
    text: str


class EntrustIn(Strict):
    entry_code: Line
    starts_on: date
    ends_on: date
    note: Line = ""


class EntrustmentOut(Schema):
    id: int
    entry_code: str
    entry_name: str
    provider: str
    starts_on: date
    ends_on: date
    ended_at: datetime | None

    @classmethod
    def of(cls, found: Entrustment) -> "EntrustmentOut":
        return cls(
            id=found.pk, entry_code=found.entry_code, entry_name=found.entry_name,
            provider=found.provider.name, starts_on=found.starts_on, ends_on=found.ends_on,
            ended_at=found.ended_at,
        )  # fmt: skip


class DigestOut(Schema):
    """委托审核月报."""

    provider: str
    month: str
    decisions: list[dict[str, Any]]


class CoordinationIn(Strict):
    connected: Annotated[bool, Field(description="已接入；否则为无法接入")]
    reason: Text = ""


class CoordinationOut(Schema):
    id: int
    entry_code: str
    entry_name: str
    owner: str
    state: CoordinationState
    state_label: str
    outcome: str
    requests: list[str]

    @classmethod
    def of(cls, found: Coordination, requests: list[str]) -> "CoordinationOut":
        return cls(
            id=found.pk, entry_code=found.entry_code, entry_name=found.entry_name,
            owner=found.owner_name, state=CoordinationState(found.state),
            state_label=found.state_label,
            outcome=found.outcome, requests=requests,
        )  # fmt: skip


@router.post("/sharing/talks/{number}", response={201: TalkOut, PROBLEMS: ProblemOut})
@requires(Permission.SHARING_REQUEST_READ)
def note_talk(request: HttpRequest, number: Number, body: TalkIn) -> Status[TalkOut]:
    """填写协商记录：申请单位、提供部门和协调的主管部门。"""
    annotate(request, subject=number)
    made = sharing.note_talk(number, text=body.text, by=actor_of(request))
    told = TalkOut(organisation=made.organisation_name, by=made.by_name, at=made.at, text=made.text)
    return Status(201, told)


@router.post(
    "/sharing/grants/{number}/purpose",
    response={201: RequestOut, 200: RequestOut, PROBLEMS: ProblemOut},
)
@requires(Permission.SHARING_REQUEST_SUBMIT)
def change_purpose(
    request: HttpRequest, number: Grant, body: PurposeIn, token: Token = ""
) -> Status[RequestOut]:
    """变更用途：形成新的申请，原授权不变（第十六条）。"""
    by = actor_of(request)
    grant, _ = sharing.grant_to_change(number, by)
    given = body.model_dump()
    application = sharing.Application(
        entry_code=grant.terms.entry_code,
        **given | {"items": tuple(given["items"]), "manners": tuple(given["manners"])},
    )
    done = sharing.change_purpose(number, application, by=by, key=token)
    annotate(request, subject=done.request.number, grant=number, purpose=body.matter)
    found = queries.request_for(done.request.number, by)
    return Status(201 if done.is_new else 200, RequestOut.of(found))


@router.get("/sharing/entrustments", response={200: list[EntrustmentOut], PROBLEMS: ProblemOut})
@requires(Permission.SHARING_GRANT_READ)
def list_entrustments(request: HttpRequest) -> list[EntrustmentOut]:
    """委托审核：本单位的，或监管范围内的。"""
    return [EntrustmentOut.of(row) for row in queries.entrustments(actor_of(request))[:200]]


@router.post("/sharing/entrustments", response={201: EntrustmentOut, PROBLEMS: ProblemOut})
@requires(Permission.SHARING_REQUEST_PROVIDER_REVIEW)
def entrust(request: HttpRequest, body: EntrustIn) -> Status[EntrustmentOut]:
    """按目录和期间委托技术支持部门审核（第十四条）。"""
    annotate(request, subject=body.entry_code)
    made = sharing.entrust(**body.model_dump(), by=actor_of(request))
    return Status(201, EntrustmentOut.of(made))


@router.post(
    "/sharing/entrustments/{key}/end", response={200: EntrustmentOut, PROBLEMS: ProblemOut}
)
@requires(Permission.SHARING_REQUEST_PROVIDER_REVIEW)
def end_entrustment(request: HttpRequest, key: Key) -> EntrustmentOut:
    """收回委托。"""
    return EntrustmentOut.of(sharing.end_entrustment(key, by=actor_of(request)))


@router.get("/sharing/digests", response={200: list[DigestOut], PROBLEMS: ProblemOut})
@requires(Permission.SHARING_GRANT_READ)
def list_digests(request: HttpRequest) -> list[DigestOut]:
    """委托审核月报，近一年。"""
    return [
        DigestOut(provider=row.provider.name, month=f"{row.month:%Y-%m}", decisions=row.decisions)
        for row in queries.digests(actor_of(request))[:12]
    ]


@router.get("/sharing/coordinations", response={200: list[CoordinationOut], PROBLEMS: ProblemOut})
@requires(Permission.SHARING_REQUEST_MANAGING_APPROVE)
def list_coordinations(request: HttpRequest) -> list[CoordinationOut]:
    """协调接入任务：协调中、已接入、无法接入。"""
    rows = queries.with_askers(list(Coordination.objects.all()[:200]))
    return [CoordinationOut.of(row, [asker.number for asker in askers]) for row, askers in rows]


@router.post("/sharing/coordinations/{key}", response={200: CoordinationOut, PROBLEMS: ProblemOut})
@requires(Permission.SHARING_REQUEST_MANAGING_APPROVE)
def close_coordination(request: HttpRequest, key: Key, body: CoordinationIn) -> CoordinationOut:
    """办结协调接入：已接入的转主管部门审批，无法接入的告知申请单位。"""
    done = sharing.close_coordination(
        key, is_connected=body.connected, reason=body.reason, by=actor_of(request)
    )
    annotate(request, subject=done.entry_code)
    return CoordinationOut.of(done, [])


class DutyOut(Schema):
    """供数工作台的一项."""

    kind: str
    reference: str
    title: str
    url: str
    due_on: date | None
    is_overdue: bool


@router.get("/sharing/provider-desk", response={200: list[DutyOut], PROBLEMS: ProblemOut})
@requires(Permission.CATALOG_RECEIPT_ISSUE)
def provider_desk(request: HttpRequest) -> list[DutyOut]:
    """待审核的申请、超期的更新、质量工单、变更登记和供给任务，按期限先后。"""
    return [
        DutyOut(
            kind=duty.kind, reference=duty.reference, title=duty.title, url=duty.url,
            due_on=duty.due_on, is_overdue=duty.is_overdue,
        )
        for duty in desk.provider_duties(actor_of(request))[:500]
    ]  # fmt: skip
