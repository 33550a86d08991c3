"""What the API of quality takes and gives."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from ninja import Field, Schema

from tongqu.quality.vocabulary import Dimension, ScanView


class RuleResultOut(Schema):
    code: str
    title: str
    dimension: Dimension
    column: str
    checked: int
    wrong: int
    share: Decimal | None = Field(None, description="符合率，0 至 1；未检查为空")
    basis: str
    error: str = Field("", description="未检测的原因；已检测为空")


class ScanOut(Schema):
    number: str
    entry_code: str
    table: str
    snapshot_id: str = Field(description="快照标识，长整数以文本给出")
    rows: int
    at: datetime
    score: Decimal | None = Field(None, description="0 至 100；没有可评维度为空")
    dimensions: dict[str, Decimal | None]
    results: list[RuleResultOut]
    ticket: str = Field(description="工单号；没有为空文本")

    @classmethod
    def of(cls, view: ScanView) -> "ScanOut":
        return cls(
            number=view.number,
            entry_code=view.entry_code,
            table=view.table,
            snapshot_id=str(view.snapshot_id),
            rows=view.rows,
            at=view.at,
            score=view.score,
            dimensions={d.value: value for d, value in view.dimensions.items()},
            results=[
                RuleResultOut(
                    code=r.code, title=r.title, dimension=r.dimension, column=r.column,
                    checked=r.checked, wrong=r.wrong, share=r.share, basis=r.basis,
                    error=r.error,
                )
                for r in view.results
            ],
            ticket=view.ticket,
        )  # fmt: skip


class RulesIn(Schema):
    rules: list[dict[str, Any]] = Field(max_length=500, description="规则；不认识的键会被拒绝")


class PackOut(Schema):
    entry_code: str
    version: int
