"""What the API of tickets and cases takes and gives."""

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Field, Path, Schema
from pydantic import ConfigDict

from tongqu.quality.domain.cases import (
    CheckCommand,
    CheckState,
    HardshipClass,
    HardshipCommand,
    HardshipState,
    ObjectionCommand,
    ObjectionState,
    offered,
)
from tongqu.quality.models import CaseEvent, CheckRequest, CorrectionNotice, Hardship, Objection
from tongqu.quality.vocabulary import COMMAND_LABELS, Channel, TicketState, TicketView

Number = Annotated[str, Path(pattern=r"^[A-Z]{2}-\d{4}-\d{4}-\d{3,6}$", description="编号")]


class Strict(Schema):
    model_config = ConfigDict(extra="forbid")


class TicketIn(Schema):
    entry_code: str = Field(max_length=60, description="目录编码")
    title: str = Field(max_length=200, description="发现的问题")
    item: str = Field("", max_length=80, description="信息项，英文名")
    text: str = Field("", max_length=1000, description="情况说明")


class NoteIn(Schema):
    note: str = Field("", max_length=300, description="说明")
    department: str = Field("", max_length=40, description="改派时的部门代码")


class TicketsIn(Schema):
    state: str = Field("", max_length=20)
    channel: str = Field("", max_length=20)
    only: str = Field("", max_length=10, description="overdue、open")
    q: str = Field("", max_length=100)
    limit: int = Field(100, ge=1, le=500)
    offset: int = Field(0, ge=0, le=1_000_000)


class TicketOut(Schema):
    number: str
    entry_code: str
    entry_name: str
    provider: str
    state: TicketState
    channel: Channel
    title: str
    item: str
    wrong: int
    opened_at: datetime
    due_on: date
    due_provisional: bool
    is_overdue: bool
    reopened: int
    scan: str

    @classmethod
    def of(cls, view: TicketView) -> "TicketOut":
        return cls(
            number=view.number, entry_code=view.entry_code, entry_name=view.entry_name,
            provider=view.provider_name, state=view.state, channel=view.channel,
            title=view.title, item=view.item, wrong=view.wrong, opened_at=view.opened_at,
            due_on=view.due_on, due_provisional=view.due_provisional,
            is_overdue=view.is_overdue, reopened=view.reopened, scan=view.scan,
        )  # fmt: skip


class EventOut(Schema):
    at: datetime
    command: str
    label: str
    actor: str
    note: str

    @classmethod
    def of(cls, event: Any, labels: dict[str, str]) -> "EventOut":
        return cls(
            at=event.at, command=event.command, label=labels.get(event.command, event.command),
            actor=event.actor, note=event.note,
        )  # fmt: skip


class LoopAffectedOut(Schema):
    table: str
    entry_code: str
    title: str
    recomputed_at: datetime | None


class TicketDetail(TicketOut):
    routed: str
    text: str
    events: list[EventOut]
    affected: list[LoopAffectedOut]
    told: list[str]


class TicketCorrectionOut(Schema):
    """更正通知。"""

    ticket: str
    entry_code: str
    text: str
    at: datetime

    @classmethod
    def of(cls, notice: CorrectionNotice) -> "TicketCorrectionOut":
        return cls(ticket=notice.ticket.number, entry_code=notice.ticket.entry_code,
                   text=notice.text, at=notice.at)  # fmt: skip


class CheckIn(Strict):
    entry_code: str = Field(max_length=60)
    scenario: str = Field(max_length=200, description="应用场景")
    title: str = Field(max_length=200, description="问题")
    item: str = Field("", max_length=80)
    sample: str = Field("", max_length=1000, description="样例说明，不含个人信息")


class CheckStepIn(Strict):
    note: str = Field("", max_length=300)
    until: date | None = Field(None, description="拟延至")


class CheckOut(Schema):
    number: str
    state: CheckState
    entry_code: str
    scenario: str
    title: str
    item: str
    confirmed_on: date | None
    due_on: date | None
    due_provisional: bool
    wanted_until: date | None
    wanted_by: str
    ticket: str
    events: list[EventOut]

    @classmethod
    def of(cls, found: CheckRequest, events: list[CaseEvent]) -> "CheckOut":
        return cls(
            number=found.number, state=CheckState(found.state), entry_code=found.entry_code,
            scenario=found.scenario, title=found.title, item=found.item,
            confirmed_on=found.confirmed_on, due_on=found.due_on,
            due_provisional=found.due_provisional, wanted_until=found.wanted_until,
            wanted_by=found.wanted_by, ticket=found.ticket.number if found.ticket else "",
            events=[EventOut.of(event, CASE_LABELS) for event in events],
        )  # fmt: skip


class ObjectionIn(Strict):
    entry_code: str = Field(max_length=60)
    item: str = Field(max_length=80, description="信息项，英文名")
    record: str = Field(max_length=500, description="哪一条记录；加密保存")
    claim: str = Field(max_length=500, description="哪里不对、应当是什么；加密保存")


class ObjectionStepIn(Strict):
    note: str = Field("", max_length=300)
    old_value: str = Field("", max_length=500)
    new_value: str = Field("", max_length=500)


class ObjectionOut(Schema):
    """异议。原值和更正后的值只给提出人和核实部门。"""

    number: str
    state: ObjectionState
    entry_code: str
    item: str
    filed_by: str
    filed_at: datetime
    due_on: date
    verified_by: str
    is_upheld: bool | None
    ticket: str
    said: dict[str, str]
    affected: list[LoopAffectedOut]
    told: list[str]
    events: list[EventOut]

    @classmethod
    def of(cls, found: Objection, said: dict[str, str], events: list[CaseEvent]) -> "ObjectionOut":
        ticket = found.ticket
        return cls(
            number=found.number, state=ObjectionState(found.state), entry_code=found.entry_code,
            item=found.item, filed_by=found.filed_by if said else "数据主体",
            filed_at=found.filed_at, due_on=found.due_on, verified_by=found.verified_by,
            is_upheld=found.is_upheld, ticket=ticket.number if ticket else "", said=said,
            affected=affected_of(ticket), told=told_of(ticket),
            events=[EventOut.of(event, CASE_LABELS) for event in events],
        )  # fmt: skip


class HardshipIn(Strict):
    title: str = Field(max_length=200)
    text: str = Field("", max_length=1000)
    entry_code: str = Field("", max_length=60)


class HardshipStepIn(Strict):
    hardship: HardshipClass | None = Field(None, description="类别")
    remedy: str = Field("", max_length=40, description="治理措施")
    entry_code: str = Field("", max_length=60)
    note: str = Field("", max_length=300)


class RemedyOut(Schema):
    code: str
    title: str
    dimensions: list[str]


class HardshipOut(Schema):
    number: str
    state: HardshipState
    organisation: str
    title: str
    hardship: HardshipClass | None
    remedy: str
    entry_code: str
    pack_version: int | None
    offered: list[RemedyOut]
    outcome: str
    events: list[EventOut]

    @classmethod
    def of(cls, found: Hardship, events: list[CaseEvent]) -> "HardshipOut":
        kind = HardshipClass(found.hardship) if found.hardship else None
        remedies = offered(kind, f"{found.title}{found.text}") if kind else ()
        return cls(
            number=found.number, state=HardshipState(found.state), title=found.title,
            organisation=found.organisation.name, hardship=kind, remedy=found.remedy,
            entry_code=found.entry_code, pack_version=found.pack_version,
            offered=[RemedyOut(code=r.code, title=r.title, dimensions=list(r.dimensions))
                     for r in remedies],
            outcome=found.outcome, events=[EventOut.of(e, CASE_LABELS) for e in events],
        )  # fmt: skip


CASE_LABELS: dict[str, str] = {
    "file": "提出",
    "log": "登记",
    **{command.value: command.label for command in CheckCommand},
    **{command.value: command.label for command in ObjectionCommand},
    **{command.value: command.label for command in HardshipCommand},
}
TICKET_LABELS: dict[str, str] = {str(key): label for key, label in COMMAND_LABELS.items()}


def affected_of(ticket: Any) -> list[LoopAffectedOut]:
    return [
        LoopAffectedOut(table=one.table, entry_code=one.entry_code, title=one.title,
                    recomputed_at=one.recomputed_at)
        for one in (ticket.affected.all() if ticket else ())
    ]  # fmt: skip


def told_of(ticket: Any) -> list[str]:
    """Return the names of the organisations that were told of the correction."""
    if ticket is None:
        return []
    names = ticket.notices.values_list("organisation__name", flat=True)
    return sorted(set(names))
