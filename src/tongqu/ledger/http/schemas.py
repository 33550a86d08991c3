"""What the ledger's API takes and gives."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from ninja import Path, Schema
from pydantic import ConfigDict, Field, StringConstraints

from tongqu.catalog.vocabulary import DataType, UpdateCycle
from tongqu.ledger.vocabulary import (
    AnswerState,
    BatchState,
    ConflictKind,
    CoverageState,
    Crossing,
    Filled,
    FlowFact,
    FlowState,
    MergeState,
    ObjectKind,
    Party,
    RoundState,
    SupplyManner,
)

_TEXT = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f]*$"
Short = Annotated[str, StringConstraints(max_length=120, pattern=_TEXT)]
Line = Annotated[str, StringConstraints(max_length=200, pattern=_TEXT)]
Note = Annotated[str, StringConstraints(max_length=300, pattern=_TEXT)]
Text = Annotated[str, StringConstraints(max_length=1000, pattern=_TEXT)]
Code = Annotated[str, StringConstraints(max_length=60, pattern=_TEXT)]
Id = Annotated[int, Path(ge=1, le=2_000_000_000)]
Count = Annotated[int, Field(ge=0, le=10**15)]
Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2200, 12, 31))]


class Strict(Schema):
    model_config = ConfigDict(extra="forbid")


class SurveyIn(Strict):
    """调查轮次; ``departments`` are codes of organisations."""

    title: Short
    note: Text = ""
    due_on: Day
    departments: Annotated[list[Code], Field(max_length=2_000)]


class SurveyAnswerOut(Schema):
    id: int
    department: str
    state: AnswerState
    state_label: str
    tables: int
    reason: str


class SurveyOut(Schema):
    id: int
    title: str
    state: RoundState
    state_label: str
    due_on: date
    asked: int
    answered: int


class SurveyDetailOut(SurveyOut):
    """``share`` is answered ÷ asked over all departments; ``missing`` names who has not."""

    share: Decimal | None
    missing: list[str]
    tables: int
    rows: int
    drafted: int
    answers: list[SurveyAnswerOut]


class SurveyColumnIn(Strict):
    name_zh: Short
    name_en: Short = ""
    data_type: DataType = DataType.STRING


class SurveyTableIn(Strict):
    system: Short
    name: Line
    rows: Count | None = None
    update_cycle: UpdateCycle = UpdateCycle.IRREGULAR
    columns: Annotated[list[SurveyColumnIn], Field(max_length=2_000)] = []
    note: Note = ""


class SurveyAnswerIn(Strict):
    tables: Annotated[list[SurveyTableIn], Field(max_length=5_000)]
    gaps: Text = ""


class SurveyTableOut(Schema):
    id: int
    system: str
    name: str
    rows: int | None
    columns: int
    entry_code: str


class OwnAnswerOut(Schema):
    state: AnswerState
    state_label: str
    gaps: str
    tables: list[SurveyTableOut]


class ReviewIn(Strict):
    accept: bool
    reason: Note = ""


class DraftedOut(Schema):
    """The catalogue draft that was made, or that stood there before."""

    code: str
    name: str


class MergeIn(Strict):
    """目录融合 of entries in force; ``owner`` is the provincial department that takes it on."""

    codes: Annotated[list[Code], Field(max_length=500)]
    name: Line
    year: Annotated[int, Field(ge=2000, le=2100)]
    owner: Code


class MergeSourceOut(Schema):
    entry_code: str
    entry_name: str
    version: str
    provider_name: str


class MergeConflictOut(Schema):
    id: int
    item: str
    kind: ConflictKind
    kind_label: str
    values: dict[str, str]
    choice: str
    decided_by: str
    decided_at: datetime | None


class MergeOut(Schema):
    id: int
    name: str
    year: int
    state: MergeState
    state_label: str
    owner: str
    entry_code: str
    sources: list[MergeSourceOut]
    conflicts: list[MergeConflictOut]


class MergeProposalOut(Schema):
    name: str
    codes: list[str]


class DecisionIn(Strict):
    choice: Code
    reason: Note = ""


class BatchIn(Strict):
    """清单; ``parties`` maps each of the four to an organisation's code."""

    title: Short
    parties: dict[Party, Code]


class BatchRowsIn(Strict):
    """Entries in the order of the list; ``supply`` for those that are not as catalogued."""

    codes: Annotated[list[Code], Field(max_length=2_000)]
    supply: dict[Code, SupplyManner] = {}


class BatchRowOut(Schema):
    """序号、提供部门、名称、供给方式、更新周期, and the entry it links to."""

    position: int
    provider: str
    name: str
    supply: str
    cycle: str
    code: str


class BatchPartyOut(Schema):
    party: Party
    party_label: str
    organisation: str
    signed_at: datetime | None
    signed_by: str


class OperationBatchOut(Schema):
    number: int
    title: str
    state: BatchState
    state_label: str
    digest: str
    frozen_at: datetime | None
    rows: list[BatchRowOut]
    parties: list[BatchPartyOut]


class SignIn(Strict):
    digest: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class ReasonIn(Strict):
    reason: Note


class DemandOut(Schema):
    number: str
    consumer_name: str
    filed_at: datetime


class CoverageRowOut(Schema):
    code: str
    name: str
    provider_name: str
    state: CoverageState
    state_label: str
    required_by: str
    connected_rows: int
    demands: list[DemandOut]


class CoverageBoardOut(Schema):
    name: str
    entries: int
    collected: int
    missing: int
    no_demand: int
    share: Decimal | None


class LedgerCoverageOut(Schema):
    total: int
    rows: list[CoverageRowOut]
    boards: list[CoverageBoardOut]


class FlowCrossingOut(Schema):
    number: str
    entry_code: str
    source: str
    target: str
    flags: list[Crossing]
    labels: str


class CrossingsOut(Schema):
    """五跨统计. ``statistics`` counts the flows that cross each of the five."""

    total: int
    statistics: dict[Crossing, int]
    flows: list[FlowCrossingOut]


class ResourceStateOut(Schema):
    entry_code: str
    name: str
    provider_name: str
    version: str
    grading: str
    sharing: str
    opening: str
    operation: str


class LedgerDifferenceOut(Schema):
    code: str
    what: str
    in_ledger: str
    in_catalogue: str


class ResourcesOut(Schema):
    """总账: one row a resource; ``differences`` from the catalogue, empty when totals agree."""

    total: int
    catalogue_total: int
    compiled_at: datetime | None
    differences: list[LedgerDifferenceOut]
    rows: list[ResourceStateOut]


class MetadataObjectOut(Schema):
    id: int
    identifier: str
    kind: ObjectKind
    name: str
    title: str
    entry_code: str
    basic: dict[str, str]
    technical: dict[str, str]
    business: dict[str, str]
    management: dict[str, str]
    business_state: Filled
    business_state_label: str
    seen_at: datetime


class MetadataPageOut(Schema):
    total: int
    objects: list[MetadataObjectOut]


class DescribeIn(Strict):
    title: Line = ""
    business: dict[Code, Text] = {}
    management: dict[Code, Text] = {}


class FlowStepIn(Strict):
    code: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,39}$")]
    title: Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=_TEXT)]
    who: Code
    fact: FlowFact = FlowFact.NONE


class FlowDefinitionIn(Strict):
    """``base`` is the version that was read: a faster writer is not overwritten."""

    base: Annotated[int, Field(ge=1, le=30_000)]
    steps: Annotated[list[FlowStepIn], Field(max_length=60)]
    note: Note = ""


class FlowStepOut(Schema):
    code: str
    title: str
    who: str
    fact: FlowFact


class FlowDefinitionOut(Schema):
    version: int
    steps: list[FlowStepOut]
    note: str


class FlowStartIn(Strict):
    entry_code: Code


class FlowInstanceOut(Schema):
    id: int
    entry_code: str
    definition: int
    state: FlowState
    due: str  # code of the step that is due; empty when done
    done: list[str]


class StockRateOut(Schema):
    label: str
    value: Decimal | None
    part: int
    whole: int
    definition: str


class StockMeasurementOut(Schema):
    """存量; ``at`` is when the engine counted."""

    at: datetime
    tables: int
    items: int
    rows: int
    rates: list[StockRateOut]
