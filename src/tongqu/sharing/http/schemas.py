"""The API's words for requests, decisions, feedback and revocation."""

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import ConfigDict, Field

from tongqu.catalog.public import version
from tongqu.delivery.vocabulary import Filter, Operator, Rounding, TimeUnit
from tongqu.sharing.models import Decision, Feedback, RequestEvent, RevocationTask, ShareRequest
from tongqu.sharing.public import Limits
from tongqu.sharing.vocabulary import Frequency, Matter, Retention, State

PRINTABLE = r"^[^\x00]*$"  # PostgreSQL keeps no NUL in a text
Text = Annotated[str, Field(max_length=500, pattern=PRINTABLE)]
Name = Annotated[str, Field(max_length=120, pattern=PRINTABLE)]
Line = Annotated[str, Field(max_length=300, pattern=PRINTABLE)]


class Strict(Schema):
    model_config = ConfigDict(extra="forbid")


class PurposeIn(Strict):
    """What is asked of an entry that is already named: at most eight fields."""

    version_id: Annotated[int, Field(ge=1, le=2**62)] | None = Field(
        default=None, description="填表时所见的目录版本；已更新则答 409"
    )
    matter: Matter = Field(description="履职事项")
    purpose: Text = Field(description="使用用途，不少于 10 个字")
    duty: Line = Field(description="履职依据")
    system_name: Name = Field(description="接收系统")
    frequency: Frequency = Field(description="使用频次")
    retention: Retention = Field(description="留存期限")
    items: Annotated[list[Name], Field(max_length=500)] = Field(
        default=[], description="信息项英文名；空为全部可共享信息项"
    )
    manners: Annotated[list[Name], Field(max_length=3)] = Field(
        default=[], description="共享方式；空为条目提供的全部方式"
    )


class RequestIn(PurposeIn):
    """A request: at most eight fields besides the entry and the version it was read in."""

    entry_code: Annotated[str, Field(max_length=60, pattern=PRINTABLE, description="资源编码")]


class FilterIn(Strict):
    item: Name
    operator: Operator
    values: Annotated[list[Line], Field(min_length=1, max_length=1000)]


class RoundingIn(Strict):
    item: Name
    decimals: Annotated[int, Field(ge=-12, le=12)] | None = None
    unit: TimeUnit | None = None


class LimitsIn(Strict):
    """Bounds of a consent: rows, rows a day, precision."""

    row_filter: Annotated[list[FilterIn], Field(max_length=20)] = []
    quota_rows_per_day: Annotated[int, Field(ge=1, le=10**12)] | None = None
    precision: Annotated[list[RoundingIn], Field(max_length=100)] = []

    def value(self) -> Limits:
        return Limits(
            row_filter=tuple(Filter(f.item, f.operator, tuple(f.values)) for f in self.row_filter),
            quota_rows_per_day=self.quota_rows_per_day,
            precision=tuple(Rounding(r.item, r.decimals, r.unit) for r in self.precision),
        )


class CommandIn(Strict):
    """What a step needs; each command reads its own members and ignores none it needs."""

    reason: Text = Field(default="", description="理由、意见或协商经过")
    basis: Line = Field(
        default="", description="依据条款编码，如 mot-2021-sharing 第七条（不予共享时必填）"
    )
    items: Annotated[list[Name], Field(max_length=500)] = Field(
        default=[], description="同意的信息项（部分同意、协商一致时必填）"
    )
    materials: Annotated[list[Line], Field(max_length=50)] = Field(
        default=[], description="要求补充的材料（退回补正时必填）"
    )
    limits: LimitsIn = Field(
        default_factory=LimitsIn, description="同意时附加的限定：行范围、每日行数、精度"
    )
    statements: dict[Line, Line] = Field(
        default={}, description="材料名称 → 所提供文件的名称与文号（提交补正时必填）"
    )


class FeedbackIn(Strict):
    needs_met: Annotated[int, Field(ge=1, le=5, description="满足需求情况，1 至 5")]
    data_quality: Annotated[int, Field(ge=1, le=5, description="数据质量，1 至 5")]
    effect: Text = Field(description="使用效果")


class RevocationIn(Strict):
    decision: Literal["revoke", "keep"] = Field(description="撤销或保留")
    reason: Text = Field(description="理由")


class NoticeOut(Schema):
    code: str
    title: str
    next_step: str


class DecisionOut(Schema):
    stage: str
    decision: str
    label: str
    items: list[str]
    clause: str
    clause_title: str
    clause_gist: str
    clause_wording: str  # as imported on the day of the decision; empty: none was
    reason: str
    by: str
    at: datetime

    @classmethod
    def of(cls, found: Decision) -> "DecisionOut":
        return cls(
            stage=found.stage, decision=found.command, label=found.label, items=found.items,
            clause=found.basis, clause_title=found.basis_title, clause_gist=found.basis_gist,
            clause_wording=found.basis_wording,
            reason=found.reason, by=f"{found.by_organisation} {found.by_name}".strip(),
            at=found.at,
        )  # fmt: skip


class RequestEventOut(Schema):
    position: int
    command: str
    label: str
    source: str
    target: str
    by: str
    at: datetime
    reason: str
    clause: str

    @classmethod
    def of(cls, found: RequestEvent) -> "RequestEventOut":
        return cls(
            position=found.position, command=found.command, label=found.label,
            source=found.source, target=found.target,
            by=f"{found.organisation_name} {found.actor_name}".strip(), at=found.at,
            reason=found.reason, clause=found.basis,
        )  # fmt: skip


class RequestOut(Schema):
    number: str
    state: State
    state_label: str
    entry_code: str
    entry_name: str
    version: str
    version_id: int
    sharing_type: str
    consumer: str
    provider: str
    applicant: str
    matter: Matter
    purpose: str
    duty: str
    system_name: str
    frequency: Frequency
    retention: Retention
    items: list[str]
    manners: list[str]
    profile: str
    filed_at: datetime
    due_on: date | None
    due_provisional: bool
    is_overdue: bool
    grant: str
    waiting: NoticeOut | None = None

    @classmethod
    def of(cls, found: ShareRequest, waiting: NoticeOut | None = None) -> "RequestOut":
        plain = {
            name: getattr(found, name)
            for name in (
                "number", "state", "state_label", "entry_code", "entry_name", "version",
                "version_id", "sharing_type", "matter", "purpose", "duty", "system_name",
                "frequency", "retention", "items", "manners", "profile", "filed_at", "due_on",
                "due_provisional",
            )
        }  # fmt: skip
        return cls(
            **plain, consumer=found.consumer.name, provider=found.provider.name,
            applicant=found.applicant_name, is_overdue=found.overdue_at is not None,
            grant=found.grant_number, waiting=waiting,
        )  # fmt: skip


class RequestDetail(RequestOut):
    decisions: list[DecisionOut] = []
    events: list[RequestEventOut] = []
    materials: list[str] = []
    asked_materials: list[str] = []

    @classmethod
    def whole(cls, found: ShareRequest) -> "RequestDetail":
        return cls(
            **RequestOut.of(found).model_dump(),
            decisions=[DecisionOut.of(decision) for decision in found.decisions.all()],
            events=[RequestEventOut.of(event) for event in found.events.all()],
            materials=list(version(found.version_id).materials),
            asked_materials=found.asked_materials,
        )


class RequestPage(Schema):
    total: int
    limit: int
    offset: int
    requests: list[RequestOut]


class FeedbackOut(Schema):
    grant: str
    needs_met: int
    data_quality: int
    effect: str
    at: datetime

    @classmethod
    def of(cls, found: Feedback) -> "FeedbackOut":
        return cls(
            grant=found.grant_number, needs_met=found.needs_met,
            data_quality=found.data_quality, effect=found.effect, at=found.at,
        )  # fmt: skip


class RevocationOut(Schema):
    grant: str
    entry_name: str
    state: str
    idle_since: date
    reason: str
    decided_at: datetime | None

    @classmethod
    def of(cls, found: RevocationTask) -> "RevocationOut":
        return cls(
            grant=found.grant_number, entry_name=found.entry_name, state=found.state,
            idle_since=found.idle_since, reason=found.reason, decided_at=found.decided_at,
        )  # fmt: skip
