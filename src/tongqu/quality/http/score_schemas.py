"""What the API of scores takes and gives: index, assessments, incentives, gates, stars, cases."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from ninja import Field, Schema
from pydantic import ConfigDict, StringConstraints

from tongqu.quality.domain.reality import CaseCommand
from tongqu.quality.models import (
    Assessment,
    GateCase,
    ImprovementTask,
    IndexValue,
    RealityCase,
    WeightSet,
)
from tongqu.quality.queries.index import Reason
from tongqu.quality.vocabulary import Dimension, IndexScope

Weight = Annotated[int, Field(ge=0, le=100)]
Star = Annotated[int, Field(ge=1, le=5)]
Text = Annotated[str, StringConstraints(max_length=500)]
Month = Annotated[
    str, StringConstraints(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$"), Field(description="如 2026-09")
]


def day_of(month: str) -> date:
    return date(int(month[:4]), int(month[5:]), 1)


class IndexIn(Schema):
    month: Month | None = Field(None, description="留空为最近一个月")
    scope: IndexScope = IndexScope.DEPARTMENT
    limit: int = Field(100, ge=1, le=500)
    offset: int = Field(0, ge=0, le=1_000_000)


class IndexOut(Schema):
    id: int
    month: str
    scope: IndexScope
    key: str
    name: str
    score: Decimal
    trend: Decimal = Field(description="平滑后的趋势值")
    dimensions: dict[str, Decimal | None]
    datasets: int
    weights: int = Field(description="权重版本；0 为各维度等权")
    is_closed: bool

    @classmethod
    def of(cls, row: IndexValue) -> "IndexOut":
        return cls(
            id=row.pk, month=f"{row.month:%Y-%m}", scope=IndexScope(row.scope), key=row.key,
            name=row.name, score=row.score, trend=row.trend, dimensions=row.dimensions,
            datasets=row.datasets, weights=row.weights.version if row.weights else 0,
            is_closed=row.is_closed,
        )  # fmt: skip


class ReasonOut(Schema):
    entry_code: str
    entry_name: str
    rule: str
    title: str
    dimension: Dimension
    checked: int
    wrong: int
    points: Decimal = Field(description="失分")

    @classmethod
    def of(cls, reason: Reason) -> "ReasonOut":
        loss = reason.loss
        return cls(
            entry_code=reason.dataset.key, entry_name=reason.dataset.name, rule=loss.code,
            title=loss.title, dimension=loss.dimension, checked=loss.checked, wrong=loss.wrong,
            points=reason.points,
        )  # fmt: skip


class IndexReasonsOut(Schema):
    value: IndexOut
    reasons: list[ReasonOut]


class WeightsIn(Schema):
    model_config = ConfigDict(extra="forbid")

    weights: dict[Dimension, Weight] = Field(description="六个维度，合计 100")
    from_month: Month | None = Field(None, description="起用月份，留空为本月；不早于本月")
    note: Annotated[str, StringConstraints(max_length=300)] = ""


class WeightsOut(Schema):
    version: int
    from_month: str
    weights: dict[str, Decimal]

    @classmethod
    def of(cls, row: WeightSet) -> "WeightsOut":
        told = {d.value: weight for d, weight in row.weights.items()}
        return cls(version=row.version, from_month=f"{row.from_month:%Y-%m}", weights=told)


class AssessmentOut(Schema):
    cycle: str
    label: str
    organisation: str
    score: Decimal
    rank: int
    ranked: int

    @classmethod
    def of(cls, row: Assessment) -> "AssessmentOut":
        return cls(cycle=row.cycle, label=row.label, organisation=row.organisation.code,
                   score=row.score, rank=row.rank, ranked=row.ranked)  # fmt: skip


class ImprovementOut(Schema):
    number: str
    organisation: str
    state: str
    basis: list[list[str]] = Field(description="不达标的月份和得分")
    score: Decimal
    target: Decimal
    compared_month: str = Field(description="复评月份；未复评为空文本")
    compared_score: Decimal | None = None
    measures: str

    @classmethod
    def of(cls, row: ImprovementTask) -> "ImprovementOut":
        return cls(
            number=row.number, organisation=row.organisation.code, state=row.state,
            basis=row.basis, score=row.score, target=row.target, measures=row.measures,
            compared_month=f"{row.compared_month:%Y-%m}" if row.compared_month else "",
            compared_score=row.compared_score,
        )  # fmt: skip


class MeasuresIn(Schema):
    measures: Text


class EarnedOut(Schema):
    organisation: str
    rule: str
    title: str
    count: int
    value: int
    points: int


class PointLineOut(Schema):
    organisation: str
    rule: str
    points: int
    evidence: str
    at: datetime


class LedgerOfPointsOut(Schema):
    sums: list[EarnedOut]
    lines: list[PointLineOut] = Field(description="最近 500 条")


class PointValueIn(Schema):
    value: int = Field(ge=0, le=1_000)


class PointRuleOut(Schema):
    code: str
    title: str
    value: int
    version: int


class PassGateIn(Schema):
    gate: Decimal = Field(Decimal(90), ge=0, le=100, max_digits=4, decimal_places=1)
    table: Annotated[str, StringConstraints(max_length=120)] = Field(
        "", description="上行前当场检测的表，如 ods_vehicles"
    )


class PassGateOut(Schema):
    entry_code: str
    gate: Decimal
    table: str


class WaiverIn(Schema):
    reason: Text


class GateCaseOut(Schema):
    number: str
    passage: str
    subject: str
    entry_code: str
    score: Decimal
    gate: Decimal
    state: str
    reason: str

    @classmethod
    def of(cls, row: GateCase) -> "GateCaseOut":
        return cls(
            number=row.number, passage=row.passage, subject=row.subject, score=row.score,
            entry_code=row.entry_code, gate=row.gate, state=row.state, reason=row.reason,
        )  # fmt: skip


class QualityStandardIn(Schema):
    model_config = ConfigDict(extra="forbid")

    code: Annotated[str, StringConstraints(max_length=60)] = Field(
        "", description="已有标准的编号：发布它的下一版"
    )
    title: Annotated[str, StringConstraints(max_length=200)]
    standard: Annotated[str, StringConstraints(max_length=20_000)] = Field(description="质量标准")
    guideline: Annotated[str, StringConstraints(max_length=20_000)] = Field(
        description="质量管理指南"
    )
    owner: Annotated[str, StringConstraints(max_length=160)] = Field(description="责任岗位")
    rules: list[dict[str, Any]] = Field(max_length=500)
    entry_codes: list[Annotated[str, StringConstraints(max_length=60)]] = Field(max_length=1_000)


class QualityStandardOut(Schema):
    code: str
    version: int
    title: str
    organisation: str
    owner: str
    entry_codes: list[str]


class StarsIn(Schema):
    model_config = ConfigDict(extra="forbid")

    stars: Star
    needs_met: Star = Field(description="满足需求")
    data_quality: Star = Field(description="数据质量")
    effect: Star = Field(description="使用效果")
    grant: Annotated[str, StringConstraints(max_length=40)] = ""
    comment: Annotated[str, StringConstraints(max_length=300)] = ""


class StarsOut(Schema):
    entry_code: str
    grant: str
    stars: int


class RealityOut(Schema):
    number: str
    entry_code: str
    aspect: str
    declared: str
    actual: str
    state: str
    ticket: str

    @classmethod
    def of(cls, row: RealityCase) -> "RealityOut":
        return cls(
            number=row.number, entry_code=row.entry_code, aspect=row.aspect, state=row.state,
            declared=row.declared, actual=row.actual, ticket=row.ticket,
        )  # fmt: skip


class RealityDecisionIn(Schema):
    command: CaseCommand
