"""What ingest's API takes and gives."""

from datetime import datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import ConfigDict, Field, StringConstraints

_TEXT = r"^[^\x00-\x1f]*$"  # no control characters: PostgreSQL stores no NUL
Code = Annotated[str, StringConstraints(max_length=60, pattern=_TEXT)]
Line = Annotated[str, StringConstraints(min_length=1, max_length=120, pattern=_TEXT)]
Word = Annotated[str, StringConstraints(max_length=60, pattern=_TEXT)]


class ColumnIn(Schema):
    """登记的列。"""

    model_config = ConfigDict(extra="forbid")

    name: Line
    data_type: Annotated[
        str, StringConstraints(pattern="^(string|integer|decimal|date|datetime|time|boolean|text)$")
    ] = "string"
    nullable: bool = True
    is_key: bool = False
    length: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    zoned: bool = False
    fixes: list[Annotated[str, StringConstraints(pattern="^(trim|half_width|plate|code_map)$")]] = (
        Field(default_factory=lambda: ["trim", "half_width"], max_length=4)
    )
    codes: list[Word] = Field(default_factory=list, max_length=5000)
    code_table: Word = ""  # of the library of standards; its codes of the day of each batch
    code_map: dict[Word, Word] = Field(default_factory=dict)


class SourceIn(Schema):
    """登记来源。只填 code 与 entry_code 时，列与校核规则由目录的信息项和数据元得出。"""

    model_config = ConfigDict(extra="forbid")

    code: Annotated[str, StringConstraints(pattern="^[a-z][a-z0-9_]{1,39}$")]
    name: Annotated[str, StringConstraints(max_length=120, pattern=_TEXT)] = ""
    entry_code: Code = ""
    cycle: Annotated[
        str,
        StringConstraints(pattern="^(realtime|daily|weekly|monthly|quarterly|yearly|irregular)?$"),
    ] = ""
    provider: Code = ""  # organisation code; empty: your own
    options: dict[str, Any] = Field(default_factory=dict)  # FileOptions; an unknown key is refused
    columns: list[ColumnIn] = Field(default_factory=list, max_length=2000)
    checks: list[dict[str, Any]] = Field(
        default_factory=list, max_length=500, description="逐行校核规则；不认识的键会被拒绝"
    )


class SourceOptionsIn(Schema):
    """读取选项：只写要改的，其余不变。"""

    model_config = ConfigDict(extra="forbid")

    options: dict[str, Any]  # FileOptions; an unknown key is refused


class SourceOut(Schema):
    code: str
    name: str
    form: str
    provider_code: str
    provider_name: str
    entry_code: str
    cycle: str
    table: str
    columns: list[dict[str, Any]]
    checks: list[dict[str, Any]]
    options: dict[str, Any]
    freshness: str
    last_loaded_at: datetime | None


class SourceColumnOut(Schema):
    name: str
    data_type: str
    nullable: bool
    null_share: str
    distinct: int
    max_length: int
    shapes: list[str]
    level: int
    detector: str
    is_key_candidate: bool


class ProfileOut(Schema):
    source_code: str
    title: str
    rows: int
    columns: list[SourceColumnOut]


class BatchFindingOut(Schema):
    """一条规则在本批次发现的行：effect 为 reject 的已隔离，为 warn 的已入湖、须核对。"""

    code: str
    title: str
    remedy: str
    effect: str
    rows: int


class BatchOut(Schema):
    """一次接入的台账：received = stored + rejected + duplicate。

    reasons 按规则计隔离的行，warnings 按规则计已入湖但存疑的行，findings 为二者的文字说明。
    """

    number: str
    source_code: str
    file_name: str
    sha256: str
    state: str
    received: int
    stored: int
    rejected: int
    duplicate: int
    fixed: int
    is_balanced: bool
    snapshot_id: str | None  # a 64-bit number: text, so that JavaScript loses no digit
    reasons: dict[str, int]
    fixes: dict[str, int]
    warnings: dict[str, int]
    findings: list[BatchFindingOut]
    tables: dict[str, str]
    code: str
    note: str
    facts: dict[str, Any]
    resumed_from: str
    started_at: datetime | None
    ended_at: datetime | None
