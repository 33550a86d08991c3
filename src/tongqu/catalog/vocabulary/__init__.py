"""Words of the catalogue: sharing types, states, and the values that cross its doors."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from tongqu.catalog.vocabulary.asked import Facet, FacetValue, SearchFilters
from tongqu.catalog.vocabulary.imported import (
    CellError,
    ColumnProfile,
    ImportedRow,
    ScannedColumn,
    ScannedTable,
    SourceProfile,
)
from tongqu.catalog.vocabulary.kinds import (
    EDITABLE,
    IN_FORCE,
    WORKING,
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
    ImportForm,
    ImportOutcome,
    ImportState,
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

__all__ = [
    "EDITABLE",
    "IN_FORCE",
    "PROBLEM_STATUS",
    "WORKING",
    "AdminLevel",
    "BasicClass",
    "BusinessDomain",
    "CellError",
    "ChangeReason",
    "ColumnProfile",
    "Compatibility",
    "DataFormat",
    "DataType",
    "DeclaredItem",
    "Domain",
    "EntryKind",
    "EntryState",
    "EntryView",
    "ExternalIdentifierView",
    "Facet",
    "FacetValue",
    "FindingView",
    "ImportForm",
    "ImportOutcome",
    "ImportState",
    "ImportedRow",
    "ItemView",
    "Manner",
    "NationalGrade",
    "Node",
    "Panel",
    "RealityLine",
    "ReceiptKind",
    "ReceiptState",
    "ReceiptView",
    "ReportView",
    "Resolved",
    "RuleGroup",
    "RuleView",
    "ScannedColumn",
    "ScannedTable",
    "Scope",
    "SearchFilters",
    "SearchResult",
    "Severity",
    "SharingType",
    "SourceOfDatum",
    "SourceProfile",
    "Stock",
    "Strategy",
    "Suggestion",
    "TransportMode",
    "UpdateCycle",
    "WayOut",
]  # fmt: skip

# Codes answered with something else than 422.
PROBLEM_STATUS: dict[str, int] = {
    "FROZEN": 409,
    "NO_DATA": 409,
    "NOT_CHECKED": 409,
    "ALREADY_CHANGING": 409,
    "ENTRY_CHANGED": 409,
    "IMPORT_DONE": 409,
    "SOURCE_UNREACHABLE": 503,
    "IDENTIFIER_TAKEN": 409,
    "NOT_YOUR_ENTRY": 403,
    "NO_FONT": 503,
}


@dataclass(frozen=True, slots=True)
class ItemView:
    """信息项. ``name_en`` is the column's name in the entry's service table."""

    position: int
    name_zh: str
    name_en: str
    data_type: DataType
    length: int | None = None
    code_table: str = ""
    nullable: bool = True
    is_key: bool = False
    level: int = 1
    is_shareable: bool = True
    is_openable: bool = False
    source_column: str = ""
    mask: str = "none"
    element: str = ""  # code of a data element in room standards; "": bound to none


@dataclass(frozen=True, slots=True)
class EntryView:
    """One version of an entry, as others may read it.

    NULLs: a draft may lack its sharing type, cycle or level; it is then read the careful
    way: withheld, irregular, level 4. A published version lacks nothing.
    """

    id: int
    code: str
    name: str
    kind: EntryKind
    state: EntryState
    version: str
    version_id: int
    provider_id: int
    provider_code: str
    provider_name: str
    sharing_type: SharingType
    scope: Scope
    scope_codes: tuple[str, ...]  # codes of organisations; empty: all
    conditions: str
    materials: tuple[str, ...]
    manners: tuple[Manner, ...]
    update_cycle: UpdateCycle
    level: int
    domain: Domain
    category: str
    formats: tuple[DataFormat, ...]
    source_system: str
    summary: str
    items: tuple[ItemView, ...]
    withheld_basis: tuple[str, ...]  # clause codes
    basic_class: BasicClass | None
    is_external: bool
    is_example: bool
    connected_at: datetime | None
    connected_rows: int
    table: str  # service table such as "svc_flights", or ""
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    admin_level: AdminLevel | None = None
    mode: TransportMode | None = None
    business: BusinessDomain | None = None
    accountable: str = ""  # 责任人: a post, never a person
    legal_basis: tuple[str, ...] = ()  # clause codes or titles of documents
    standards: tuple[str, ...] = ()  # codes of standards
    tools: tuple[str, ...] = ()
    strategies: tuple[Strategy, ...] = ()
    # Cross-column checks of this entry's own rows: documents of standards.vocabulary.Check.
    checks: tuple[Mapping[str, object], ...] = field(default=(), hash=False)
    project: str = ""  # code of the project that a pre-entry belongs to
    home: str = ""  # division code of the node that issued the identifier

    @property
    def shareable_items(self) -> tuple[ItemView, ...]:
        return tuple(item for item in self.items if item.is_shareable)

    @property
    def is_published(self) -> bool:
        return self.state in IN_FORCE

    def item(self, name_en: str) -> ItemView | None:
        return next((item for item in self.items if item.name_en == name_en), None)


@dataclass(frozen=True, slots=True)
class SourceOfDatum:
    """The one registered source of a datum (一数一源): an organisation's code, its system."""

    provider: str
    provider_name: str
    system: str


@dataclass(frozen=True, slots=True)
class DeclaredItem:
    """One information item of a version in force or in work, with who declares it."""

    entry_code: str
    entry_name: str
    provider_id: int
    provider_name: str
    source_system: str
    name_zh: str
    name_en: str
    data_type: str
    length: int | None
    code_table: str
    element: str
    source_column: str


@dataclass(frozen=True, slots=True)
class RealityLine:
    """What a connected entry declares, beside what arrived. Columns: name → type, in order.

    ``receipt_rows``: of the newest formal receipt, 0 without one.
    """

    code: str
    name: str
    provider_id: int
    update_cycle: str
    last_loaded_at: datetime | None
    rows: int
    receipt_rows: int
    declared: Mapping[str, str]
    observed: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class FindingView:
    """One thing a compliance check found. ``clause`` is a basis code."""

    rule: str
    group: RuleGroup
    severity: Severity
    field: str
    message: str
    remedy: str
    clause: str
    item: str = ""


@dataclass(frozen=True, slots=True)
class RuleView:
    """合规性检测规则, as its page shows it. ``failing``: entries that fail it now."""

    code: str
    title: str
    group: RuleGroup
    severity: Severity
    clause: str
    remedy: str
    kinds: tuple[EntryKind, ...]
    looks_at: str
    example: str
    failing: int = 0


@dataclass(frozen=True, slots=True)
class ReportView:
    """检测报告 of one version."""

    id: int
    code: str
    version: str
    at: datetime
    passed: bool
    rules_run: int
    findings: tuple[FindingView, ...]

    @property
    def blocking(self) -> tuple[FindingView, ...]:
        return tuple(f for f in self.findings if f.severity is Severity.BLOCK)


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """编目回执. ``newer`` is the number of the receipt that replaced it, if any."""

    number: str
    kind: ReceiptKind
    state: ReceiptState
    entry_code: str
    entry_name: str
    version: str
    version_id: int
    provider_name: str
    rows: int
    issued_at: datetime
    digest: str  # SHA-256 of the canonical facts, hexadecimal
    digest_sm3: str
    newer: str = ""
    newer_version: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SearchResult:
    total: int
    entries: tuple[EntryView, ...]
    facets: tuple[Facet, ...] = ()
    words: tuple[str, ...] = ()  # what was searched for, after splitting into words
    sequence: int | None = None  # the change of the catalogue that this answer stands for
    is_behind: bool = False  # later changes are not in it yet
    is_from_database: bool = False  # without the index, which is being built


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One way to finish what is being typed."""

    text: str


@dataclass(frozen=True, slots=True)
class WayOut:
    """A search close to one that found nothing: without a condition, or without a word."""

    q: str
    without: str = ""  # the facet that is dropped
    dropped: str = ""  # the word that is left out
    total: int = 0


@dataclass(frozen=True, slots=True)
class Panel:
    """A block that another room adds to the detail page of an entry."""

    anchor: str
    title: str
    template: str
    context: Mapping[str, object] = field(default_factory=dict)
    aside: bool = False


@dataclass(frozen=True, slots=True)
class Stock:
    """Figures of the catalogue, of versions in force."""

    entries: int
    connected: int
    items: int
    providers: int
    by_type: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class ExternalIdentifierView:
    """外部标识: what somebody else calls an entry. ``valid_to`` is its last day, or None."""

    scheme: str
    value: str
    assigned_by: str
    valid_from: date
    valid_to: date | None = None
    entry_code: str = ""
    entry_name: str = ""


@dataclass(frozen=True, slots=True)
class Node:
    """节点: a hub that issues identifiers. ``is_here``: this one."""

    code: str  # administrative division, six digits
    name: str
    url: str = ""
    is_here: bool = False


@dataclass(frozen=True, slots=True)
class Resolved:
    """What an identifier stands for (INF-01). ``entry`` is None where only its home has it."""

    identifier: str
    scheme: str  # rule or external scheme under which it was found
    code: str  # 统一目录标识
    home: Node
    entry: EntryView | None = None
