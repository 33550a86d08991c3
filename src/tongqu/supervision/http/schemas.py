"""What supervision's API takes and gives."""

from datetime import date, datetime
from typing import Annotated

from ninja import Schema
from pydantic import ConfigDict, Field, StringConstraints

from tongqu.supervision.vocabulary import Connection, DraftState, Gate, Need, Stage

_TEXT = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f]*$"
Number = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,30}$")]


class Strict(Schema):
    model_config = ConfigDict(extra="forbid")


class ProjectIn(Strict):
    """信息化项目; ``organisation`` is the code of the department that builds it."""

    code: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9][A-Z0-9-]{3,39}$")]
    name: Annotated[str, StringConstraints(max_length=200, pattern=_TEXT)]
    organisation: Annotated[str, StringConstraints(max_length=40, pattern=_TEXT)]
    system_name: Annotated[str, StringConstraints(max_length=120, pattern=_TEXT)]
    summary: Annotated[str, StringConstraints(max_length=1000, pattern=_TEXT)] = ""


class ProjectEntryIn(Strict):
    entry_code: Annotated[str, StringConstraints(max_length=60, pattern=_TEXT)]


class ProjectOut(Schema):
    code: str
    name: str
    organisation: str
    system_name: str
    stage: Stage
    stage_label: str
    connection: Connection
    connection_label: str
    trial_started_on: date | None
    connect_due_on: date | None
    entries: list[str]


class GateIn(Strict):
    """Receipts shown at the gate, and whether to let the project through when they hold."""

    receipts: Annotated[list[Number], Field(max_length=200)] = []
    decide: bool = False
    on: Annotated[date, Field(ge=date(2000, 1, 1), le=date(2200, 12, 31))] | None = None


class ReceiptCheckOut(Schema):
    number: str
    state: str  # 有效 / 已更新 / 已作废, empty for an unknown number
    kind: str
    entry_code: str
    entry_name: str
    version: str
    newer: str
    newer_version: str
    holds: bool
    why: str


class GateOut(Schema):
    """How the gate stands; ``why`` is empty when the project may pass."""

    gate: Gate
    gate_label: str
    stage: Stage
    need: Need
    need_label: str
    clause: str
    is_open: bool
    why: list[str]
    checks: list[ReceiptCheckOut]


class RectificationOut(Schema):
    id: int
    case: str
    basis: str
    title: str
    department: str
    project: str
    state: DraftState
    state_label: str
    made_at: datetime


class UptimeOut(Schema):
    """Availability of a day; ``share`` is of 1, ``minutes`` those that were watched."""

    day: date
    minutes: int
    up: int
    down: int
    share: float
    is_short: bool
    millis: float
    slowest: int
    failed: str


class BreachIn(Strict):
    """A breach in words; ``case`` is one of the seven of article 23, 一 to 七."""

    organisation: Annotated[str, StringConstraints(max_length=40, pattern=_TEXT)]
    case: Annotated[str, StringConstraints(max_length=10, pattern=_TEXT)] = ""
    text: Annotated[str, StringConstraints(max_length=200, pattern=_TEXT)]


class MisuseIn(Strict):
    """A security event that was verified as misuse of shared data."""

    event: Annotated[int, Field(ge=1, le=2_000_000_000)]
    reason: Annotated[str, StringConstraints(max_length=300, pattern=_TEXT)]


class RectificationIn(Strict):
    confirm: bool
    reason: Annotated[str, StringConstraints(max_length=300, pattern=_TEXT)]
