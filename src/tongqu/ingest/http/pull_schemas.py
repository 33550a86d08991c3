"""What the API of pulls and migrations takes and gives."""

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import ConfigDict, Field, StringConstraints

from tongqu.ingest.http.schemas import Code, Line

Name = Annotated[str, StringConstraints(pattern="^[a-z][a-z0-9_]{1,39}$")]
Text = Annotated[str, StringConstraints(max_length=500, pattern=r"^[^\x00-\x1f]*$")]
MODES = "^(full|by_key|by_time|cdc|stream)$"


class ConnectionIn(Schema):
    """登记连接。secrets 加密保存，任何接口都不再返回。"""

    model_config = ConfigDict(extra="forbid")

    code: Name
    name: Line
    connector: Code
    address: Text = ""
    settings: dict[str, Any] = Field(default_factory=dict, max_length=50)
    secrets: dict[Code, Text] = Field(default_factory=dict, max_length=20)


class ConnectionOut(Schema):
    code: str
    name: str
    connector: str
    address: str
    settings: dict[str, Any]


class PlanIn(Schema):
    """接入方式：从哪个连接取什么、怎么取、何时取。"""

    model_config = ConfigDict(extra="forbid")

    connection: Code
    what: Text = ""
    mode: Annotated[str, StringConstraints(pattern=MODES)] = "full"
    key: list[Line] = Field(default_factory=list, max_length=20)
    time_column: Code = ""
    overlap_seconds: Annotated[int, Field(ge=0, le=30 * 86_400)] = 0
    piece_rows: Annotated[int, Field(ge=1, le=5_000_000)] = 1_000_000
    settings: dict[str, Any] = Field(default_factory=dict, max_length=50)
    schedule: Code = ""
    reject_threshold: Annotated[float, Field(ge=0, le=1)] = 0.01
    tolerance: Annotated[float, Field(ge=0, le=1)] = 0.001
    full_state: bool = False


class ProbeOut(Schema):
    columns: list[dict[str, Any]]
    rows: int | None
    choices: list[str]
    key: list[str]
    note: str


class LogLine(Schema):
    at: str
    step: str
    text: str


class RunOut(Schema):
    """一次抽取：各批次台账之和；resumed_from 为续传点。"""

    number: str
    source_code: str
    state: str
    attempt: int
    pieces: int
    received: int
    stored: int
    rejected: int
    duplicate: int
    code: str
    note: str
    log: list[LogLine]
    resumed_from: str
    started_at: datetime | None
    ended_at: datetime | None
    retry_at: datetime | None


class ReconciliationOut(Schema):
    """对账：来源与平台各有多少行、内容校验和；difference 为差异率。"""

    source_code: str
    source_rows: int
    hub_rows: int
    source_checksum: str
    hub_checksum: str
    difference: float
    tolerance: float
    is_equal: bool
    made_at: datetime


class InterfaceIn(Schema):
    model_config = ConfigDict(extra="forbid")

    number: Line
    name: Line


class MigrationIn(Schema):
    """登记原有交换系统及其接口清单。"""

    model_config = ConfigDict(extra="forbid")

    code: Name
    name: Line
    parallel_days: Annotated[int, Field(ge=1, le=365)] = 30
    interfaces: list[InterfaceIn] = Field(min_length=1, max_length=2000)


class MappingIn(Schema):
    """一个接口的对应：原有来源、平台来源、列与列。"""

    model_config = ConfigDict(extra="forbid")

    number: Line
    old: Code
    new: Code
    mapping: dict[Line, Line] = Field(min_length=1, max_length=2000)


class MigrationOut(Schema):
    code: str
    name: str
    state: str
    parallel_days: int
    parallel_from: date | None
    moved_at: datetime | None
    interfaces: int
    mapped: int
    open_points: list[str]


class ComparisonOut(Schema):
    number: str
    day: date
    old_rows: int
    new_rows: int
    is_equal: bool
