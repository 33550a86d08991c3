"""The API of packages, the demand pool, responsibility lists and the flow's definition."""

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Header, Path, Query, Schema, Status
from pydantic import Field

from tongqu.audit.public import annotate
from tongqu.catalog.vocabulary import UpdateCycle
from tongqu.identity.public import PROBLEMS, ProblemOut, actor_of, requires
from tongqu.identity.vocabulary import Permission
from tongqu.sharing import public as sharing
from tongqu.sharing.actions import flows
from tongqu.sharing.http.flow import exported
from tongqu.sharing.http.routing import router
from tongqu.sharing.http.schemas import Line, Name, Strict, Text
from tongqu.sharing.models import Bundle, BundleApplication, Need, SupplyTask
from tongqu.sharing.queries import duties as duty_queries
from tongqu.sharing.queries import needs as need_queries
from tongqu.sharing.vocabulary import DutyKind, Frequency, Matter, Retention, SupplyState

Code = Annotated[str, Path(pattern=r"^[A-Za-z0-9-]{1,30}$")]
Token = Annotated[str, Header(alias="Idempotency-Key", max_length=100, pattern=r"^[\x21-\x7e]*$")]
Limit = Annotated[int, Query(ge=1, le=200)]


class BundleOut(Schema):
    code: str
    name: str
    summary: str
    entry_codes: list[str]
    matter: Matter
    purpose: str

    @classmethod
    def of(cls, found: Bundle) -> "BundleOut":
        return cls(
            code=found.code, name=found.name, summary=found.summary, matter=Matter(found.matter),
            entry_codes=found.entry_codes, purpose=found.purpose,
        )  # fmt: skip


class BundleIn(Strict):
    name: Name
    summary: Line
    entry_codes: Annotated[list[Name], Field(max_length=100)]
    matter: Matter
    purpose: Text


class WishIn(Strict):
    purpose: Text
    duty: Line
    system_name: Name
    frequency: Frequency
    retention: Retention


class BundleCaseOut(Schema):
    entry_code: str
    entry_name: str
    request: str
    state: str
    refusal: str


class BundleApplicationOut(Schema):
    number: str
    bundle: str
    consumer: str
    cases: list[BundleCaseOut]

    @classmethod
    def of(cls, found: BundleApplication) -> "BundleApplicationOut":
        cases = [
            BundleCaseOut(
                entry_code=case.entry_code, entry_name=case.entry_name, refusal=case.refusal,
                request=case.request.number if case.request else "",
                state=case.request.state if case.request else "",
            )
            for case in found.cases.select_related("request")
        ]  # fmt: skip
        return cls(number=found.number, bundle=found.bundle.code, cases=cases,
                   consumer=found.consumer.name)  # fmt: skip


@router.get("/sharing/packages", response={200: list[BundleOut], PROBLEMS: ProblemOut})
@requires(Permission.SHARING_GRANT_READ)
def list_bundles(request: HttpRequest) -> list[BundleOut]:
    """共享专题包。"""
    return [BundleOut.of(found) for found in Bundle.objects.filter(is_offered=True)[:200]]


@router.post("/sharing/packages", response={201: BundleOut, PROBLEMS: ProblemOut})
@requires(Permission.SHARING_REQUEST_MANAGING_APPROVE)
def offer_bundle(request: HttpRequest, body: BundleIn) -> Status[BundleOut]:
    """编制专题包：数据资源和用途模板。"""
    made = sharing.save_bundle(**body.model_dump(), by=actor_of(request))
    annotate(request, subject=made.code)
    return Status(201, BundleOut.of(made))


@router.post(
    "/sharing/packages/{code}/applications",
    response={201: BundleApplicationOut, PROBLEMS: ProblemOut},
)
@requires(Permission.SHARING_REQUEST_SUBMIT)
def apply_for_bundle(
    request: HttpRequest, code: Code, body: WishIn, token: Token = ""
) -> Status[BundleApplicationOut]:
    """一次申请专题包的全部数据资源，一个办件号；同一防重令牌重复提交答同一件。"""
    wish = sharing.Wish(**body.model_dump())
    made = sharing.apply_for_bundle(code, wish, by=actor_of(request), key=token)
    annotate(request, subject=made.number)
    return Status(201, BundleApplicationOut.of(made))


class NeedIn(Strict):
    """A need: seven fields."""

    name: Name
    items: Annotated[list[Name], Field(max_length=200)] = []
    source: Name = ""
    matter: Matter
    purpose: Text
    duty: Line
    frequency: Frequency


class NeedOut(Schema):
    number: str
    name: str
    items: list[str]
    consumer: str
    matter: Matter
    purpose: str
    task: str

    @classmethod
    def of(cls, found: Need) -> "NeedOut":
        return cls(
            number=found.number, name=found.name, items=found.items, matter=Matter(found.matter),
            consumer=found.consumer.name, purpose=found.purpose,
            task=found.task.number if found.task else "",
        )  # fmt: skip


class MergeNeedsIn(Strict):
    needs: Annotated[list[Name], Field(min_length=1, max_length=100)]
    title: Name
    provider_code: Name


class SupplyIn(Strict):
    """落实的目录，或不能提供的理由：填其一。"""

    entry_code: Annotated[str, Field(max_length=60, pattern=r"^[^\x00]*$")] = ""
    reason: Text = ""


class SupplyOut(Schema):
    number: str
    title: str
    provider: str
    state: SupplyState
    state_label: str
    entry_code: str
    due_on: date
    beneficiaries: list[str]

    @classmethod
    def of(cls, found: SupplyTask) -> "SupplyOut":
        return cls(
            number=found.number, title=found.title, provider=found.provider.name,
            state=SupplyState(found.state), state_label=found.state_label,
            entry_code=found.entry_code,
            due_on=found.due_on,
            beneficiaries=sorted({need.consumer.name for need in found.needs.all()}),
        )  # fmt: skip


@router.get("/sharing/needs", response={200: list[NeedOut], PROBLEMS: ProblemOut})
@requires(Permission.PORTAL_DESK_READ)
def list_needs(request: HttpRequest, limit: Limit = 50) -> list[NeedOut]:
    """共享需求：本单位提出的、由本单位供给的，或监管范围内的。"""
    return [NeedOut.of(found) for found in need_queries.needs(actor_of(request))[:limit]]


@router.post("/sharing/needs", response={201: NeedOut, PROBLEMS: ProblemOut})
@requires(Permission.SHARING_REQUEST_SUBMIT)
def file_need(request: HttpRequest, body: NeedIn) -> Status[NeedOut]:
    """提出共享需求，七项。"""
    given = body.model_dump()
    wanted = sharing.Wanted(**given | {"items": tuple(given["items"])})
    made = sharing.file_need(wanted, by=actor_of(request))
    annotate(request, subject=made.number, purpose=body.matter)
    return Status(201, NeedOut.of(made))


@router.get("/sharing/supply-tasks", response={200: list[SupplyOut], PROBLEMS: ProblemOut})
@requires(Permission.PORTAL_DESK_READ)
def list_supply_tasks(request: HttpRequest, limit: Limit = 50) -> list[SupplyOut]:
    """供给任务和受益单位。"""
    return [SupplyOut.of(found) for found in need_queries.tasks(actor_of(request))[:limit]]


@router.post("/sharing/supply-tasks", response={201: SupplyOut, PROBLEMS: ProblemOut})
@requires(Permission.SHARING_REQUEST_MANAGING_APPROVE)
def merge_needs(request: HttpRequest, body: MergeNeedsIn) -> Status[SupplyOut]:
    """把相同的需求合并为一项供给任务；其中已有任务的，其余并入。"""
    task = sharing.merge_needs(
        body.needs, title=body.title, provider_code=body.provider_code, by=actor_of(request)
    )
    annotate(request, subject=task.number)
    return Status(201, SupplyOut.of(task))


@router.post(
    "/sharing/supply-tasks/{number}/answer", response={200: SupplyOut, PROBLEMS: ProblemOut}
)
@requires(Permission.CATALOG_RECEIPT_ISSUE)
def answer_supply_task(request: HttpRequest, number: Code, body: SupplyIn) -> SupplyOut:
    """提供部门落实目录，或说明不能提供的理由。"""
    annotate(request, subject=number)
    by = actor_of(request)
    if body.reason and not body.entry_code:
        return SupplyOut.of(sharing.decline_task(number, reason=body.reason, by=by))
    return SupplyOut.of(sharing.meet_task(number, body.entry_code, by=by))


class DutyLineIn(Strict):
    name: Name
    provider_code: Name
    cycle: UpdateCycle
    entry_code: Annotated[str, Field(max_length=60, pattern=r"^[^\x00]*$")] = ""
    due_on: date | None = None


class DutyListIn(Strict):
    name: Name
    kind: DutyKind
    lead_code: Name
    items: Annotated[list[DutyLineIn], Field(min_length=1, max_length=200)]


class DutyItemOut(Schema):
    name: str
    provider: str
    cycle: UpdateCycle
    entry_code: str
    state: str
    is_late: bool


class DutyListOut(Schema):
    code: str
    name: str
    kind: DutyKind
    lead: str
    connected: int
    percent: int
    items: list[DutyItemOut]
    missing: list[DutyItemOut]

    @classmethod
    def of(cls, found: duty_queries.Standing) -> "DutyListOut":
        duty = found.duty
        return cls(
            code=duty.code, name=duty.name, kind=DutyKind(duty.kind), lead=duty.lead.name,
            connected=found.connected, percent=found.percent,
            items=[_item(row) for row in found.items],
            missing=[_item(row) for row in found.missing],
        )  # fmt: skip


def _item(row: duty_queries.ItemState) -> DutyItemOut:
    return DutyItemOut(
        name=row.item.name, provider=row.item.provider.name, cycle=UpdateCycle(row.item.cycle),
        entry_code=row.item.entry_code, state=row.state.value, is_late=row.is_late,
    )  # fmt: skip


@router.get("/sharing/duties", response={200: list[DutyListOut], PROBLEMS: ProblemOut})
@requires(Permission.PORTAL_DESK_READ)
def list_duties(request: HttpRequest, limit: Limit = 50) -> list[DutyListOut]:
    """共享责任清单和进度：进度取自目录和接入。"""
    found = list(duty_queries.lists()[:limit])
    return [DutyListOut.of(standing) for standing in duty_queries.standings(found)]


@router.put("/sharing/duties/{code}", response={200: DutyListOut, PROBLEMS: ProblemOut})
@requires(Permission.SHARING_REQUEST_MANAGING_APPROVE)
def save_duties(request: HttpRequest, code: Code, body: DutyListIn) -> DutyListOut:
    """编制或修订一份责任清单。"""
    annotate(request, subject=code)
    made = sharing.save_list(
        code=code, name=body.name, kind=body.kind, lead_code=body.lead_code,
        lines=[sharing.DutyLine(**row.model_dump()) for row in body.items],
        by=actor_of(request),
    )  # fmt: skip
    return DutyListOut.of(duty_queries.standings([made])[0])


class FlowStepIO(Strict):
    """One step, with the words of the export."""

    source: Annotated[str, Field(alias="from", max_length=30)]
    command: Annotated[str, Field(max_length=30)]
    target: Annotated[str, Field(alias="to", max_length=30)]
    actor: Annotated[str, Field(max_length=30)]
    basis: Line
    label: Annotated[str, Field(max_length=40)]


class FlowIn(Strict):
    base: Annotated[int, Field(ge=1, le=10**6, description="修订时所见的版本")]
    note: Line
    steps: Annotated[list[FlowStepIO], Field(min_length=1, max_length=200)]


class FlowOut(Schema):
    name: str
    version: int
    steps: list[dict[str, Any]]
    paths: list[dict[str, Any]]
    mermaid: str


@router.get("/sharing/flow", response={200: FlowOut, PROBLEMS: ProblemOut})
@requires(Permission.SHARING_GRANT_READ)
def read_flow(
    request: HttpRequest, version: Annotated[int, Query(ge=1, le=10**6)] | None = None
) -> FlowOut:
    """导出申请与授权流程：步骤、各分支的路径、状态图；不指定版本为现行版本。"""
    return FlowOut(**exported(version or flows.newest()))


@router.post("/sharing/flow", response={201: FlowOut, PROBLEMS: ProblemOut})
@requires(Permission.SHARING_REQUEST_MANAGING_APPROVE)
def define_flow(request: HttpRequest, body: FlowIn) -> Status[FlowOut]:
    """启用流程的新版本；在办的按原版本办结。"""
    steps = [step.model_dump(by_alias=True) for step in body.steps]
    made = sharing.define_flow(steps, note=body.note, base=body.base, by=actor_of(request))
    annotate(request, subject=f"flow-{made.version}")
    return Status(201, FlowOut(**exported(made.version)))
