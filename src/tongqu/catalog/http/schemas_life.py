"""What the second part of the catalogue's API takes and gives."""

from datetime import date
from typing import Annotated, Any

from ninja import Schema
from pydantic import ConfigDict, Field, StringConstraints

from tongqu.catalog.http.schemas import CatalogEntryOut, DifferenceOut, Short
from tongqu.catalog.vocabulary import (
    AdminLevel,
    BusinessDomain,
    Compatibility,
    DataType,
    EntryKind,
    EntryState,
    RuleGroup,
    Severity,
    Strategy,
    TransportMode,
)

_TEXT = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f]*$"
StrategyWord = Strategy
Identifier = Annotated[str, StringConstraints(min_length=1, max_length=240, pattern=_TEXT)]


class SliceIn(Schema):
    limit: Annotated[int, Field(ge=1, le=100)] = 50
    offset: Annotated[int, Field(ge=0, le=1_000_000)] = 0


class DayIn(Schema):
    model_config = ConfigDict(extra="forbid")

    effective_on: date


class StopIn(DayIn):
    reason: Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=_TEXT)]


class VoidIn(Schema):
    reason: Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=_TEXT)]


class StopOut(Schema):
    code: str
    version: str
    state: EntryState
    reason: str
    filed_on: date
    effective_on: date
    earliest_on: date
    active_grants: int
    approved_by: str


class ImpactOut(Schema):
    subject: str
    label: str
    compatibility: Compatibility
    reason: str
    is_item: bool


class ProposalOut(Schema):
    """拟变更的影响."""

    code: str
    version: str
    compatibility: Compatibility
    impacts: list[ImpactOut]
    differences: list[DifferenceOut]
    active_grants: int
    earliest_on: date


class ObservedColumnIn(Schema):
    model_config = ConfigDict(extra="forbid")

    name: Short
    data_type: DataType


class ObservedIn(Schema):
    """一次扫描看到的字段，按库表中的顺序."""

    model_config = ConfigDict(extra="forbid")

    columns: Annotated[list[ObservedColumnIn], Field(min_length=1, max_length=2000)]


class ColumnChangeOut(Schema):
    kind: str
    column: str
    detail: str


class ObservedOut(Schema):
    code: str
    state: EntryState | None
    changes: list[ColumnChangeOut]


class ExternalIdentifierIn(Schema):
    model_config = ConfigDict(extra="forbid")

    scheme: Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=_TEXT)]
    value: Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=_TEXT)]
    assigned_by: Annotated[str, StringConstraints(min_length=1, max_length=120, pattern=_TEXT)]
    valid_from: date | None = None
    valid_to: date | None = None


class ExternalIdentifierOut(Schema):
    scheme: str
    value: str
    assigned_by: str
    valid_from: date
    valid_to: date | None


class NodeIn(Schema):
    model_config = ConfigDict(extra="forbid")

    code: Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]
    name: Short
    url: Annotated[str, StringConstraints(max_length=200, pattern=r"^(https?://[^\s]+)?$")] = ""


class NodeOut(Schema):
    code: str
    name: str
    url: str
    is_here: bool


class ResolvedOut(Schema):
    """标识所指：条目（尚未发布或只在来源节点的为空）和来源节点."""

    identifier: str
    scheme: str
    code: str
    home: NodeOut
    entry: CatalogEntryOut | None


class CodeSegmentOut(Schema):
    name: str
    title: str
    pattern: str


class CodeRuleOut(Schema):
    key: str
    title: str
    separator: str
    check: str
    example: str
    segments: list[CodeSegmentOut]
    issues: bool
    is_chosen: bool


class RuleOut(Schema):
    """合规性检测规则."""

    code: str
    title: str
    group: RuleGroup
    severity: Severity
    clause: str
    remedy: str
    kinds: list[EntryKind]
    looks_at: str
    example: str
    failing: int


class BranchOut(Schema):
    axis: str
    value: str
    label: str
    count: int
    children: list["BranchOut"]


class TreeIn(Schema):
    admin_level: list[AdminLevel] = []
    mode: list[TransportMode] = []
    business: list[BusinessDomain] = []
    strategy: list[Strategy] = []


class TreeOut(Schema):
    total: int
    branches: list[BranchOut]


class RevocationsOut(Schema):
    """作废清单：``list`` 为签名的内容."""

    list: dict[str, Any]
    sha256: str
    signature: dict[str, str]
    public_key: dict[str, str]
