"""What the API of opening takes and gives."""

from datetime import datetime
from typing import Any

from ninja import Field, Schema

from tongqu.delivery.vocabulary import Filter, Operator, Shown
from tongqu.opening.actions.propose import Proposal
from tongqu.opening.vocabulary import Concern, Licence, OpenState, OpenType, VoiceKind


class SetOut(Schema):
    """One set of the open list."""

    code: str
    name: str
    summary: str
    publisher: str
    state: OpenState
    open_type: OpenType
    licence: Licence
    update_cycle: str
    updated_at: datetime | None = None
    opened_at: datetime | None = None
    ended_at: datetime | None = None
    end_reason: str = ""


class SetPage(Schema):
    total: int
    sets: list[SetOut]


class ColumnOut(Schema):
    """数据字典 of one column. ``mask`` is empty when it is shown as it is kept."""

    name: str
    title: str
    type: str
    is_key: bool
    mask: str


class SetDetail(SetOut):
    conditions: str = ""
    columns: list[ColumnOut]
    rows_where: list[str]
    formats: list[str]
    timeliness: str
    completeness: str | None = None
    accuracy: str | None = None


class PageOut(Schema):
    """One page of rows, all pages from one snapshot."""

    set: str
    snapshot: str
    count: int
    notes: list[str]
    next_cursor: str | None
    rows: list[dict[str, Any]]


class FeatureCollectionOut(Schema):
    type: str
    set: str
    snapshot: str
    count: int
    notes: list[str]
    next_cursor: str | None
    features: list[dict[str, Any]]


class OpenFilterIn(Schema):
    item: str = Field(max_length=80)
    operator: Operator
    values: list[str] = Field(default_factory=list, max_length=100)

    def value(self) -> Filter:
        return Filter(self.item, self.operator, tuple(self.values))


class ShownIn(Schema):
    """How an item is shown; ``unless``: rows shown in clear; ``part``: 部分显示."""

    item: str = Field(max_length=80)
    mask: str = Field("", max_length=20)
    unless: OpenFilterIn | None = None
    part: bool = False

    def value(self) -> Shown:
        unless = self.unless.value() if self.unless else None
        return Shown(self.item, self.mask, unless, self.part)


class ProposalIn(Schema):
    entry: str = Field(max_length=60)
    reason: str = Field("", max_length=500)
    shown: list[ShownIn] = Field(max_length=500)
    open_type: OpenType = OpenType.UNCONDITIONAL
    licence: Licence = Licence.OPEN_GOV
    conditions: str = Field("", max_length=500)
    row_filter: list[OpenFilterIn] = Field(default_factory=list, max_length=20)
    quasi: list[str] = Field(default_factory=list, max_length=100)
    disclosure: str = Field("", max_length=200, description="公示依据")

    def value(self) -> Proposal:
        return Proposal(
            entry_code=self.entry,
            reason=self.reason,
            shown=tuple(one.value() for one in self.shown),
            open_type=self.open_type,
            licence=self.licence,
            conditions=self.conditions,
            row_filter=tuple(one.value() for one in self.row_filter),
            quasi=tuple(self.quasi),
            disclosure=self.disclosure,
        )


class CaseOut(Schema):
    number: str
    state: OpenState
    entry: str
    name: str
    open_type: OpenType
    end_reason: str = ""


class OpenReviewIn(Schema):
    passed: bool
    answers: dict[Concern, bool] = Field(default_factory=dict)
    reason: str = Field("", max_length=500)
    basis: str = Field("", max_length=200)


class OpenReasonIn(Schema):
    reason: str = Field("", max_length=500)


class TestOut(Schema):
    at: datetime
    rows: int
    threshold: int
    passed: bool
    quasi: list[str]
    results: list[dict[str, Any]]


class VoiceIn(Schema):
    kind: VoiceKind
    title: str = Field("", max_length=100)
    text: str = Field("", max_length=1000)
    set: str = Field("", max_length=60)


class VoiceOut(Schema):
    number: str
    kind: VoiceKind
    state: str
    due_on: str


class PlanOut(Schema):
    name: str
    entry: str
    score: int
    reason: str


class ExtentOut(Schema):
    """Scope and depth of opening in one period."""

    sets: int
    items: int
    rows: int
    calls: int
    rows_taken: int
    downloads: int


class GrowthOut(Schema):
    """Two periods side by side; growth is a share of the earlier, NULL where that was zero."""

    earlier: ExtentOut
    later: ExtentOut
    growth: dict[str, str | None]
