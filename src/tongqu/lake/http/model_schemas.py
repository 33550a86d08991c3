"""What the API of models and libraries takes and gives."""

from datetime import date, datetime
from typing import Annotated

from ninja import Schema
from pydantic import ConfigDict, Field

from tongqu.lake.domain.business import Attribute, Difference
from tongqu.lake.models import Topic
from tongqu.lake.queries.business import ModelShown
from tongqu.lake.queries.libraries import BaseObject, Figure
from tongqu.lake.queries.models import Decision, ModelRow
from tongqu.lake.queries.services import ServiceObject
from tongqu.lake.vocabulary import Layer, Library, ModelLevel, ModelScope, ServiceGroup, ServiceKind

Code = Annotated[str, Field(max_length=60, pattern=r"^[a-z][a-z0-9_]{1,59}$")]
Text = Annotated[str, Field(min_length=1, max_length=120, pattern=r"^[^\x00-\x1f]+$")]


class InstalledModelOut(Schema):
    """已安装的模型和最近一次运行。"""

    name: str
    title: str
    layer: Layer
    library: Library
    theme: str
    topic: str
    object: str
    level: str
    scope: str
    version: str
    owner: str
    retention_days: int
    reads: list[str]
    state: str
    ran_at: datetime | None
    broken: str

    @staticmethod
    def of(row: ModelRow) -> "InstalledModelOut":
        model = row.model
        return InstalledModelOut(
            name=model.name, title=model.title, layer=Layer(model.layer),
            library=Library(model.library), theme=model.theme, topic=model.topic,
            object=model.object, level=model.level, scope=model.scope, version=model.version,
            owner=model.owner, retention_days=model.retention_days, reads=list(model.reads),
            state=row.step.state if row.step else "",
            ran_at=row.step.run.started_at if row.step else None, broken=row.broken,
        )  # fmt: skip


class BaseObjectOut(Schema):
    """基础库对象：一个主键、有效期、来源优先级、数据元引用。"""

    object: str
    table: str
    title: str
    keys: list[str]
    validity: list[str]
    priority: list[str]
    elements: dict[str, str]

    @staticmethod
    def of(one: BaseObject) -> "BaseObjectOut":
        return BaseObjectOut(
            object=one.object, table=one.table, title=one.title, keys=list(one.keys),
            validity=list(one.validity), priority=list(one.priority), elements=dict(one.elements),
        )  # fmt: skip


class FusedFieldOut(Schema):
    """一个来源在一个字段上的取舍；不含取值。"""

    field: str
    rule: str
    source: str
    source_key: str
    has_value: bool
    agrees: bool
    is_taken: bool
    outcome: str

    @staticmethod
    def of(one: Decision) -> "FusedFieldOut":
        return FusedFieldOut(
            field=one.field, rule=one.rule, source=one.source, source_key=one.source_key,
            has_value=one.has_value, agrees=one.agrees, is_taken=one.is_taken, outcome=one.outcome,
        )  # fmt: skip


class ServiceFieldOut(Schema):
    name: str
    title: str
    type: str
    level: int
    mask: str


class ServiceObjectOut(Schema):
    """服务对象：指向服务层表的版本和字段约定。"""

    code: str
    title: str
    group: ServiceGroup
    kind: ServiceKind
    table: str
    snapshot_id: str | None
    version: str
    contract: str
    entry: str
    entry_version: str
    provider: str
    fields: list[ServiceFieldOut]

    @staticmethod
    def of(one: ServiceObject) -> "ServiceObjectOut":
        return ServiceObjectOut(
            code=one.code, title=one.title, group=one.group, kind=one.kind, table=one.table,
            snapshot_id=str(one.snapshot.id) if one.snapshot else None, version=one.version,
            contract=one.contract, entry=one.entry, entry_version=one.entry_version,
            provider=one.provider,
            fields=[
                ServiceFieldOut(name=f.name, title=f.title, type=f.type, level=f.level, mask=f.mask)
                for f in one.fields
            ],
        )  # fmt: skip


class TopicIn(Schema):
    model_config = ConfigDict(extra="forbid")

    code: Annotated[str, Field(max_length=40, pattern=r"^[a-z][a-z0-9_]{1,39}$")]
    title: Annotated[str, Field(min_length=2, max_length=60, pattern=r"^[^\x00-\x1f'\"\\]+$")]
    template: Code
    indicators: Annotated[list[Code], Field(min_length=1, max_length=50)]
    owner: Text
    retention_days: Annotated[int, Field(ge=1, le=36_500)] = 365


class TopicFigureOut(Schema):
    indicator: str
    title: str
    unit: str
    period: date | None
    area: str
    value: float | None


class TopicOut(Schema):
    code: str
    title: str
    template: str
    table: str
    department: str
    owner: str
    retention_days: int
    indicators: list[str]
    figures: list[TopicFigureOut] | None

    @staticmethod
    def of(one: Topic, figures: list[Figure] | None = None) -> "TopicOut":
        return TopicOut(
            code=one.code, title=one.title, template=one.template.code, table=one.table,
            department=one.organisation.name, owner=one.owner, retention_days=one.retention_days,
            indicators=[row["code"] for row in one.indicators],
            figures=None if figures is None else [
                TopicFigureOut(
                    indicator=f.indicator, title=f.title, unit=f.unit, period=f.period,
                    area=f.area, value=f.value,
                ) for f in figures
            ],
        )  # fmt: skip


class ModelAttributeIn(Schema):
    model_config = ConfigDict(extra="forbid")

    entity: Code
    name: Annotated[str, Field(max_length=63, pattern=r"^[a-z][a-z0-9_]{0,62}$")]
    title: Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[^\x00-\x1f]+$")]
    type: Annotated[str, Field(max_length=20)]
    element: Annotated[str, Field(max_length=60, pattern=r"^[A-Z0-9-]*$")] = ""
    required: bool = False

    def attribute(self) -> Attribute:
        return Attribute(
            self.entity, self.name, self.title, self.type, self.element, required=self.required
        )


class BusinessModelIn(Schema):
    model_config = ConfigDict(extra="forbid")

    code: Code
    title: Text
    level: ModelLevel
    scope: ModelScope
    refines: Annotated[str, Field(max_length=60, pattern=r"^[a-z0-9_]*$")] = ""
    note: Annotated[str, Field(max_length=500, pattern=r"^[^\x00-\x1f]*$")] = ""
    attributes: Annotated[list[ModelAttributeIn], Field(min_length=1, max_length=1000)]


class ModelDifferenceOut(Schema):
    change: str
    place: str
    was: str
    becomes: str
    task: str

    @staticmethod
    def of(one: Difference) -> "ModelDifferenceOut":
        return ModelDifferenceOut(
            change=one.change.label, place=one.place, was=one.was, becomes=one.becomes,
            task=one.task,
        )  # fmt: skip


class BusinessModelOut(Schema):
    """业务数据模型；``differences`` 是你单位采用的版本与现行版本的差异。"""

    code: str
    title: str
    level: ModelLevel
    scope: ModelScope
    organisation: str
    version: int
    adopted: int | None
    differences: list[ModelDifferenceOut]

    @staticmethod
    def of(shown: ModelShown) -> "BusinessModelOut":
        model, own, newest = shown.line.model, shown.line.own, shown.line.newest
        return BusinessModelOut(
            code=model.code, title=model.title, level=ModelLevel(model.level),
            scope=ModelScope(model.scope), organisation=model.organisation.name,
            version=newest.number if newest else 0, adopted=own.number if own else None,
            differences=[ModelDifferenceOut.of(one) for one in shown.differences],
        )  # fmt: skip


class ModelAdoptionIn(Schema):
    model_config = ConfigDict(extra="forbid")

    version: Annotated[int, Field(ge=1, le=100_000)]
