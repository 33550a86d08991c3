"""What the API of functions takes and gives."""

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import ConfigDict, Field, StringConstraints

from tongqu.functions import vocabulary as v

_TEXT = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f]*$"
Short = Annotated[str, StringConstraints(max_length=120, pattern=_TEXT)]
Line = Annotated[str, StringConstraints(max_length=200, pattern=_TEXT)]
Long = Annotated[str, StringConstraints(max_length=500, pattern=_TEXT)]
Text = Annotated[str, StringConstraints(max_length=4000, pattern=_TEXT)]
Code = Annotated[str, StringConstraints(max_length=60, pattern=r"^[A-Za-z0-9_\-]*$")]
Key = Annotated[str, StringConstraints(max_length=120, pattern=_TEXT)]
Document = Annotated[str, StringConstraints(max_length=4_000_000, pattern=_TEXT)]
Edition = Annotated[int, Field(ge=0, le=2_000_000_000)]
Id = Annotated[int, Field(ge=1, le=9_000_000_000_000)]


class _Closed(Schema):
    model_config = ConfigDict(extra="forbid")


class RegisterQuery(_Closed):
    """筛选与分页."""

    department: Code = ""
    limit: Annotated[int, Field(ge=1, le=500)] = 100
    offset: Annotated[int, Field(ge=0, le=1_000_000)] = 0


class FunctionIn(_Closed):
    """职能或工作项. 修改时只改所给的字段."""

    kind: v.FunctionKind | None = None
    name: Line | None = None
    parent: Code | None = None
    is_core: bool | None = None
    basis_kind: v.BasisKind | None = None
    basis: Long | None = None
    accountable: Short | None = None
    summary: Text | None = None
    edition: Edition | None = None

    def fields(self) -> dict[str, Any]:
        return self.model_dump(exclude_unset=True, exclude={"edition"})


class SupportOut(Schema):
    system_code: str
    system_name: str
    module: str
    module_name: str


class FunctionOut(Schema):
    code: str
    kind: v.FunctionKind
    name: str
    department: str
    parent: str | None
    is_core: bool
    basis_kind: str
    basis: str
    accountable: str
    summary: str
    ended_on: date | None
    edition: int
    supports: list[SupportOut]


class FunctionPageOut(Schema):
    total: int
    limit: int
    offset: int
    functions: list[FunctionOut]


class EndIn(_Closed):
    """终止职能或停用系统."""

    on: date
    reason: Long


class AffectedOut(Schema):
    """转为待更新的目录条目."""

    entries: list[str]


class SupportIn(_Closed):
    system: Code
    module: Annotated[str, StringConstraints(max_length=40, pattern=_TEXT)] = ""
    is_mapped: bool = True


class EntryLinkIn(_Closed):
    entry: Code
    is_linked: bool = True


class ModuleIn(_Closed):
    code: Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=_TEXT)]
    name: Annotated[str, StringConstraints(min_length=1, max_length=120, pattern=_TEXT)]


class SystemIn(_Closed):
    """应用系统. 涉密系统不得录入."""

    name: Short | None = None
    system_class: v.SystemClass | None = None
    is_secret: bool = False
    accountable: Short | None = None
    summary: Text | None = None
    modules: Annotated[list[ModuleIn], Field(max_length=200)] | None = None
    edition: Edition | None = None

    def fields(self) -> dict[str, Any]:
        found = self.model_dump(exclude_unset=True, exclude={"edition", "modules"})
        if self.modules is not None:
            found["modules"] = [(module.code, module.name) for module in self.modules]
        return found


class ModuleOut(Schema):
    code: str
    name: str


class AppSystemOut(Schema):
    code: str
    name: str
    department: str
    system_class: v.SystemClass
    state: v.SystemState
    accountable: str
    summary: str
    retired_on: date | None
    edition: int
    modules: list[ModuleOut]
    entries: list[str]


class SystemLineOut(Schema):
    code: str
    name: str
    organisation_code: str
    organisation_name: str
    system_class: v.SystemClass
    state: v.SystemState
    published_entries: int
    is_violation: bool


class RegisterStepIn(_Closed):
    command: v.RegisterCommand
    note: Long = ""


class RegisterOut(Schema):
    department: str
    part: v.Part
    state: v.RegisterState
    note: str
    effective_on: date | None


class ProgressOut(Schema):
    part: v.Part
    departments: int
    finished: int
    share: float
    missing: list[str]


class CoverageOut(Schema):
    organisation_code: str
    organisation_name: str
    items: int
    digitised: int
    share: float


class LaneIn(_Closed):
    key: Key
    name: Short
    department: Code = ""


class PhaseIn(_Closed):
    key: Key
    name: Short


class DataLinkIn(_Closed):
    entry: Code
    relation: v.Relation


class NodeIn(_Closed):
    key: Key
    name: Short = ""
    lane: Key
    phase: Key = ""
    kind: v.NodeKind = v.NodeKind.TASK
    item: Code = ""
    system: Code = ""
    links: Annotated[list[DataLinkIn], Field(max_length=30)] = []


class FlowIn(_Closed):
    key: Key
    source: Key
    target: Key
    name: Short = ""


class ChartModelIn(_Closed):
    """泳道图的内容."""

    lanes: Annotated[list[LaneIn], Field(max_length=60)]
    phases: Annotated[list[PhaseIn], Field(max_length=40)]
    nodes: Annotated[list[NodeIn], Field(max_length=1000)]
    flows: Annotated[list[FlowIn], Field(max_length=4000)]


class ChartSaveIn(_Closed):
    edition: Edition
    model: ChartModelIn


class NewChartIn(_Closed):
    title: Line
    function: Code = ""
    document: Document = ""


class ChartImportIn(_Closed):
    edition: Edition
    document: Document


class ChartLineOut(Schema):
    code: str
    title: str
    department: str
    edition: int
    edited_at: datetime
    edited_by: str


class SwimlaneOut(ChartLineOut):
    function: str | None
    model: dict[str, Any]
    document: str


class OriginOut(Schema):
    entry_code: str
    relation: v.Relation
    chart_code: str
    chart_title: str
    activity: str
    lane: str
    department_code: str
    department_name: str
    system_code: str
    system_name: str
    item_code: str
    item_name: str


class AnalysisOut(Schema):
    found: int
    new: int
    closed: int


class GapOut(Schema):
    id: int
    kind: v.GapKind
    subject: str
    title: str
    department: str | None
    task: str | None


class TaskIn(_Closed):
    due_on: date
    department: Code = ""
    title: Line = ""


class TaskStepIn(_Closed):
    command: v.TaskCommand
    note: Long = ""


class DigitalTaskOut(Schema):
    code: str
    title: str
    department: str
    due_on: date
    state: v.TaskState


class MaterialIn(_Closed):
    title: Line
    kind: v.MaterialKind
    entry: Code = ""
    location: Line = ""
    pages: Annotated[int, Field(ge=1, le=1_000_000)] = 1


class MaterialStepIn(_Closed):
    command: v.MaterialCommand
    location: Line = ""
    engine: Short = ""
    text: Annotated[str, StringConstraints(max_length=200_000, pattern=_TEXT)] = ""
    note: Long = ""


class MaterialOut(Schema):
    code: str
    title: str
    kind: v.MaterialKind
    state: v.MaterialState
    entry_code: str
    pages: int
    engine: str
    structured_by: str
    verified_by: str


class MaterialsOut(Schema):
    total: int
    rate: float
    by_state: dict[str, int]
    materials: list[MaterialOut]


class MoveIn(_Closed):
    target: Code
    reason: Long
    parent: Code = ""


class MoveItemOut(Schema):
    id: int
    subject: v.MoveSubject
    key: str
    title: str
    before: str
    after: str
    why: str
    decision: v.Decision
    result: str


class MoveOut(Schema):
    code: str
    function: str
    source: str
    target: str
    state: v.MoveState
    items: list[MoveItemOut]


class DecisionIn(_Closed):
    id: Id
    decision: v.Decision
    post: Short = ""


class DecisionsIn(_Closed):
    effective_on: date
    items: Annotated[list[DecisionIn], Field(max_length=1000)]
