"""What the catalogue's API takes and gives."""

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import ConfigDict, Field, StringConstraints

from tongqu.catalog.vocabulary import (
    AdminLevel,
    BasicClass,
    BusinessDomain,
    ChangeReason,
    Compatibility,
    DataFormat,
    DataType,
    Domain,
    EntryKind,
    EntryState,
    ItemView,
    Manner,
    NationalGrade,
    ReceiptKind,
    ReceiptState,
    RuleGroup,
    Scope,
    Severity,
    SharingType,
    Strategy,
    TransportMode,
    UpdateCycle,
)

# No control characters: they are no text, and PostgreSQL stores no NUL.
TEXT = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f]*$"
Short = Annotated[str, StringConstraints(max_length=120, pattern=TEXT)]
Line = Annotated[str, StringConstraints(max_length=200, pattern=TEXT)]
Long = Annotated[str, StringConstraints(max_length=500, pattern=TEXT)]
Text = Annotated[str, StringConstraints(max_length=4000, pattern=TEXT)]
Code = Annotated[str, StringConstraints(max_length=60, pattern=TEXT)]
Level = Annotated[int, Field(ge=1, le=4)]
MASKS = r"^(none|cover|replace|generalise|hash|noise|fpe|truncate|nullify)$"


class ItemIn(Schema):
    """信息项."""

    model_config = ConfigDict(extra="forbid")

    name_zh: Short = ""
    name_en: Short = ""
    data_type: DataType = DataType.STRING
    length: Annotated[int, Field(ge=1, le=2_000_000_000)] | None = None
    code_table: Short = ""
    nullable: bool = True
    is_key: bool = False
    level: Level = 1
    is_shareable: bool = True
    is_openable: bool = False
    source_column: Short = ""
    mask: Annotated[str, StringConstraints(pattern=MASKS)] = "none"
    element: Code = ""

    def as_view(self, position: int) -> ItemView:
        return ItemView(position=position, **self.model_dump())


_LISTS = (
    "formats", "scope_codes", "manners", "materials", "withheld_basis", "strategies",
    "legal_basis", "standards", "tools", "checks",
)  # fmt: skip


class EntryIn(Schema):
    """目录条目的元数据与信息项. What is left out of a PUT is blank; null blanks a field."""

    model_config = ConfigDict(extra="forbid")

    name: Line | None = None
    category: Line | None = None
    provider_code: Short | None = None
    formats: Annotated[list[DataFormat], Field(max_length=6)] = []
    update_cycle: UpdateCycle | None = None
    sharing_type: SharingType | None = SharingType.UNCONDITIONAL
    conditions: Text | None = None
    scope: Scope | None = Scope.ALL
    scope_codes: Annotated[list[Code], Field(max_length=500)] = []
    manners: Annotated[list[Manner], Field(max_length=3)] = []
    source_system: Short | None = None
    level: Level | None = None
    items: Annotated[list[ItemIn], Field(max_length=2000)] = []
    summary: Text | None = None
    materials: Annotated[list[Line], Field(max_length=50)] = []
    withheld_basis: Annotated[list[Short], Field(max_length=20)] = []
    withheld_note: Long | None = None
    basic_class: BasicClass | None = None
    admin_level: AdminLevel | None = None
    mode: TransportMode | None = None
    business: BusinessDomain | None = None
    strategies: Annotated[list[Strategy], Field(max_length=8)] = []
    accountable: Short | None = None
    legal_basis: Annotated[list[Line], Field(max_length=20)] = []
    standards: Annotated[list[Short], Field(max_length=50)] = []
    tools: Annotated[list[Short], Field(max_length=50)] = []
    checks: Annotated[list[dict[str, Any]], Field(max_length=100)] = []
    project: Code | None = None

    def fields(self, *, only_given: bool = False) -> dict[str, Any]:
        """Return the columns of a version: items as values, the provider still as a code."""
        found = self.model_dump(exclude_unset=only_given)
        if "items" in found:
            found["items"] = tuple(item.as_view(n) for n, item in enumerate(self.items, start=1))
        for name in _LISTS:
            if name in found:
                found[name] = tuple(found[name])
        return found


class NewEntryIn(EntryIn):
    """新建草稿."""

    name: Line
    domain: Domain = Domain.GENERAL
    kind: EntryKind = EntryKind.FORMAL
    is_external: bool = False


class ItemOut(Schema):
    position: int
    name_zh: str
    name_en: str
    data_type: DataType
    length: int | None
    code_table: str
    nullable: bool
    is_key: bool
    level: int
    is_shareable: bool
    is_openable: bool
    source_column: str
    mask: str
    element: str


class CatalogEntryOut(Schema):
    code: str
    name: str
    kind: EntryKind
    state: EntryState
    version: str
    provider_code: str
    provider_name: str
    sharing_type: SharingType
    scope: Scope
    scope_codes: list[str]
    conditions: str
    materials: list[str]
    manners: list[Manner]
    update_cycle: UpdateCycle
    level: int
    domain: Domain
    category: str
    formats: list[DataFormat]
    source_system: str
    summary: str
    items: list[ItemOut]
    withheld_basis: list[str]
    basic_class: BasicClass | None
    is_external: bool
    is_example: bool
    connected_at: datetime | None
    connected_rows: int
    valid_from: datetime | None
    valid_to: datetime | None
    admin_level: AdminLevel | None
    mode: TransportMode | None
    business: BusinessDomain | None
    strategies: list[Strategy]
    accountable: str
    legal_basis: list[str]
    standards: list[str]
    tools: list[str]
    checks: list[dict[str, Any]]
    project: str
    home: str


class FacetValueOut(Schema):
    value: str
    label: str
    count: int
    chosen: bool


class FacetOut(Schema):
    name: str
    title: str
    values: list[FacetValueOut]


class CatalogPageOut(Schema):
    total: int
    limit: int
    offset: int
    entries: list[CatalogEntryOut]
    facets: list[FacetOut]
    words: list[str]  # 检索词，分词之后
    as_of_sequence: int | None  # 本结果所依据的目录变更序号；直接查数据库时为空
    is_behind: bool  # 还有更新的变更未计入
    is_from_database: bool  # 检索索引重建期间，直接查数据库


class SearchIn(Schema):
    q: Annotated[str, StringConstraints(max_length=200, pattern=TEXT)] = ""
    sharing_type: list[SharingType] = []
    provider: Annotated[list[Code], Field(max_length=50)] = []
    domain: list[Domain] = []
    update_cycle: list[UpdateCycle] = []
    level: list[Level] = []
    admin_level: list[AdminLevel] = []
    mode: list[TransportMode] = []
    business: list[BusinessDomain] = []
    strategy: list[Strategy] = []
    limit: Annotated[int, Field(ge=1, le=100)] = 20
    offset: Annotated[int, Field(ge=0, le=1_000_000)] = 0


class ComplianceFindingOut(Schema):
    rule: str
    group: RuleGroup
    severity: Severity
    field: str
    item: str
    message: str
    remedy: str
    clause: str


class ReportOut(Schema):
    id: int
    code: str
    version: str
    at: datetime
    passed: bool
    rules_run: int
    findings: list[ComplianceFindingOut]


class EntryChangeIn(Schema):
    model_config = ConfigDict(extra="forbid")

    reason: ChangeReason
    explanation: Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=TEXT)]
    effective_on: date


class OverrideIn(EntryChangeIn):
    """主管部门的特批."""

    override_basis: Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=TEXT)]


class EntryChangeOut(Schema):
    code: str
    version: str
    reason: ChangeReason
    explanation: str
    filed_on: date
    effective_on: date
    earliest_on: date
    active_grants: int
    compatibility: Compatibility | None
    override_by: str
    override_basis: str


class AttributeOut(Schema):
    label: str
    before: str
    after: str


class DifferenceOut(Schema):
    kind: str
    subject: str
    label: str
    before: str
    after: str
    is_item: bool
    attributes: list[AttributeOut]


class DiffOut(Schema):
    code: str
    before: str
    after: str
    compatibility: Compatibility
    differences: list[DifferenceOut]


class ReceiptOut(Schema):
    number: str
    kind: ReceiptKind
    state: ReceiptState
    entry_code: str
    entry_name: str
    version: str
    provider_name: str
    rows: int
    issued_at: datetime
    digest: str
    digest_sm3: str
    newer: str
    newer_version: str


class ExceptionIn(Schema):
    model_config = ConfigDict(extra="forbid")

    basis_code: Short
    reason: Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=TEXT)]
    until: date | None = None


class GradeIn(Schema):
    model_config = ConfigDict(extra="forbid")

    grade: NationalGrade = Field(description="一般、重要、核心")
    reason: Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=TEXT)]


class ExceptionOut(Schema):
    code: str
    basis_code: str
    reason: str
    until: date | None


class MustShareOut(Schema):
    basic_class: BasicClass
    entries: int
    unconditional: int
    connected: int
    fresh: int
    last_loaded_at: datetime | None
    status: str
    codes: list[str]


class StockOut(Schema):
    entries: int
    connected: int
    items: int
    providers: int
    by_type: dict[str, int]
