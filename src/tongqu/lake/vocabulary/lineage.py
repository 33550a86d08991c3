"""血缘: where columns and rows come from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Transform(StrEnum):
    """How a column comes from another (血缘)."""

    DIRECT = "direct"  # 直接取用
    DERIVED = "derived"  # 计算得出
    AGGREGATE = "aggregate"  # 汇总得出


TRANSFORM_LABELS: dict[Transform, str] = {
    Transform.DIRECT: "直接取用",
    Transform.DERIVED: "计算得出",
    Transform.AGGREGATE: "汇总得出",
}


class RunEvent(StrEnum):
    """What is told of a run of a job, in the words of OpenLineage."""

    START = "START"
    COMPLETE = "COMPLETE"
    FAIL = "FAIL"


class Direction(StrEnum):
    UP = "up"  # 溯源
    DOWN = "down"  # 影响


@dataclass(frozen=True, slots=True)
class Edge:
    """One step of lineage: this column of the source goes into that column of the target."""

    source_table: str
    source_column: str
    target_table: str
    target_column: str
    transform: Transform
    job: str  # name of the model or load that carries it


@dataclass(frozen=True, slots=True)
class TableStep:
    """One step of lineage between tables, whatever the columns."""

    source: str
    target: str
    job: str


@dataclass(frozen=True, slots=True)
class RowSource:
    """A row of the source layer that a row came from. ``line`` counts lines of the file."""

    table: str
    system: str  # 来源系统
    department: str  # 数源部门
    batch: str
    loaded_at: datetime
    line: int


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where one row of a table came from, newest first.

    ``untraced`` names source tables that take part in the row, but whose own rows the key does
    not reach (they were joined by other columns, or summed up): for them the table is known.
    """

    table: str
    key: Mapping[str, str]
    sources: tuple[RowSource, ...]
    untraced: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class JobRun:
    """A run of a job that makes a table, as it is told to others. No value of a row."""

    key: str  # names the run for good: telling it again tells the same run
    job: str
    kind: str  # 模型 or 接入, in the word of the event: model, load
    table: str
    started_at: datetime
    sql: str = ""
    reads: tuple[str, ...] = ()
    edges: tuple[Edge, ...] = ()
    rows: int | None = None
    snapshot_id: int | None = None
    problem: str = ""  # why it failed, for people


class JobState(StrEnum):
    """How a job of a chain stands (全链路监控)."""

    OK = "ok"  # 正常
    WAITING = "waiting"  # 等待
    LATE = "late"  # 超期
    BROKEN = "broken"  # 中断


JOB_LABELS: dict[JobState, str] = {
    JobState.OK: "正常",
    JobState.WAITING: "等待",
    JobState.LATE: "超期",
    JobState.BROKEN: "中断",
}


@dataclass(frozen=True, slots=True)
class LoadJob:
    """The job that fills a table of the source layer, as its room knows it."""

    title: str
    organisation_id: int
    owner: str  # the department's name
    url: str
    last_at: datetime | None = None
    is_late: bool = False
    is_paused: bool = False
