"""What the API of import and interchange takes and gives."""

from datetime import datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import ConfigDict, Field, StringConstraints

from tongqu.catalog.http.schemas import TEXT, Short
from tongqu.catalog.vocabulary import ImportForm, ImportOutcome, ImportState

RunId = Annotated[int, Field(ge=1, le=2**53)]


class CellErrorOut(Schema):
    where: str
    field: str
    message: str
    remedy: str


class ImportFailureOut(Schema):
    position: int
    name: str
    errors: list[CellErrorOut]


class ImportedOut(Schema):
    name: str
    code: str
    outcome: ImportOutcome


class ImportOut(Schema):
    """一次批量著录的台账."""

    id: int
    name: str
    form: ImportForm
    state: ImportState
    at: datetime
    digest: str
    total: int
    items: int
    drafted: int
    existing: int
    failed: int
    notes: list[str]


class ImportResultOut(ImportOut):
    entries: list[ImportedOut]
    failures: list[ImportFailureOut]


class ScanIn(Schema):
    """扫描一个数据库。地址和口令只用于本次扫描，不保存、不写入日志。"""

    model_config = ConfigDict(extra="forbid")

    secret_address: Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=TEXT)]
    schema_name: Short = ""
    source_system: Annotated[str, StringConstraints(min_length=1, max_length=120, pattern=TEXT)]
    dry_run: bool = False


class ExportIn(Schema):
    form: Literal["xlsx", "json", "jsonld", "ttl"] = "json"
    page: Annotated[int, Field(ge=1, le=100_000)] = 1
    size: Annotated[int, Field(ge=1, le=1000)] = 200


class EntryExportIn(Schema):
    form: Literal["xlsx", "json", "jsonld", "ttl"] = "jsonld"


class ContractIn(Schema):
    form: Literal["yaml", "json"] = "yaml"
