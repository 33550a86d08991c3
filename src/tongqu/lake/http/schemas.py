"""What the API of the lake takes and gives."""

from datetime import datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import ConfigDict, Field

from tongqu.lake.vocabulary import (
    Direction,
    Edge,
    Layer,
    Library,
    Provenance,
    TableView,
    Transform,
)

Name = Annotated[str, Field(max_length=120, pattern=r"^[A-Za-z0-9_.]*$")]


class TableColumnOut(Schema):
    name: str
    type: str


class TableOut(Schema):
    name: str
    layer: Layer
    library: Library | None
    title: str
    owner: str
    columns: list[TableColumnOut]
    rows: int
    snapshot_id: str | None  # text: it does not fit the numbers of JavaScript
    committed_at: datetime | None
    measured_at: datetime
    broken: str

    @staticmethod
    def of(view: TableView) -> "TableOut":
        return TableOut(
            name=view.name,
            layer=view.layer,
            library=view.library,
            title=view.title,
            owner=view.owner,
            columns=[TableColumnOut(name=c.name, type=c.type) for c in view.columns],
            rows=view.rows,
            snapshot_id=str(view.snapshot.id) if view.snapshot else None,
            committed_at=view.snapshot.at if view.snapshot else None,
            measured_at=view.measured_at,
            broken=view.broken,
        )


class LineageIn(Schema):
    table: Annotated[str, Field(min_length=1, max_length=120)]
    column: Annotated[str, Field(max_length=120)] = ""
    direction: Direction = Direction.UP


class LineageJobIn(Schema):
    namespace: Annotated[str, Field(min_length=1, max_length=120)]
    name: Annotated[str, Field(min_length=1, max_length=120)]


class LineageEventIn(Schema):
    """一个 OpenLineage RunEvent；其余字段不读。"""

    job: LineageJobIn
    outputs: Annotated[list[dict[str, Any]], Field(max_length=50)] = []


class EdgeOut(Schema):
    source_table: str
    source_column: str
    target_table: str
    target_column: str
    transform: Transform
    job: str

    @staticmethod
    def of(edge: Edge) -> "EdgeOut":
        return EdgeOut(
            source_table=edge.source_table,
            source_column=edge.source_column,
            target_table=edge.target_table,
            target_column=edge.target_column,
            transform=edge.transform,
            job=edge.job,
        )


class RowSourceOut(Schema):
    """一行数据的一个来处：来源系统、数源部门、批次、入湖时间、文件行号。"""

    table: str
    system: str
    department: str
    batch: str
    loaded_at: datetime
    line: int


class ProvenanceOut(Schema):
    table: str
    key: dict[str, str]
    sources: list[RowSourceOut]
    untraced: list[str]

    @staticmethod
    def of(found: Provenance) -> "ProvenanceOut":
        return ProvenanceOut(
            table=found.table,
            key=dict(found.key),
            sources=[
                RowSourceOut(
                    table=row.table, system=row.system, department=row.department,
                    batch=row.batch, loaded_at=row.loaded_at, line=row.line,
                )
                for row in found.sources
            ],
            untraced=list(found.untraced),
        )  # fmt: skip


class ProvenanceIn(Schema):
    table: Annotated[str, Field(min_length=1, max_length=120)]
    key: Annotated[
        list[Annotated[str, Field(max_length=300, pattern=r"^[^\x00-\x1f=]{1,120}=[^\x00]*$")]],
        Field(
            min_length=1,
            max_length=10,
            description="列名=值，可多个，如 key=vehicle_plate=赣A12345",
        ),
    ]


class QueryIn(Schema):
    model_config = ConfigDict(extra="forbid")

    sql: Annotated[str, Field(max_length=20_000)]


class ModelFileIn(Schema):
    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=120)]
    sql: Annotated[str, Field(max_length=20_000)]


class PackIn(Schema):
    model_config = ConfigDict(extra="forbid")

    files: Annotated[list[ModelFileIn], Field(min_length=1, max_length=50)]


class CheckedModelOut(Schema):
    name: str
    layer: Layer
    library: str
    reads: list[str]
