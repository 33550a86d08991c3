"""What the API of delivery takes and gives."""

from datetime import datetime
from typing import Annotated, Any

from ninja import Field, Schema
from pydantic import ConfigDict

from tongqu.catalog.ports import notes_of
from tongqu.delivery.actions.deliver import MAX_ROWS
from tongqu.delivery.models import Download
from tongqu.delivery.vocabulary import DownloadState, FileFormat, GrantState


class RowsOut(Schema):
    """One page of current rows, all pages from one snapshot."""

    grant: str
    entry: str
    version: str
    snapshot: str
    count: int
    masked: dict[str, str]  # 信息项 → 脱敏方式
    notes: list[str]  # 有异议的信息项
    next_cursor: str | None
    rows: list[dict[str, Any]]


class FeaturesIn(Schema):
    """What a map asks for; further parameters are conditions, as for rows."""

    purpose: str = Field("", max_length=80, description="授权上的用途代码")
    limit: int = Field(1000, ge=1, le=MAX_ROWS, description="每页行数")
    cursor: str = Field("", max_length=600, description="上一页响应中的 next_cursor")
    x: str = Field("lon", max_length=80, description="经度所在的信息项")
    y: str = Field("lat", max_length=80, description="纬度所在的信息项")


class FeatureOut(Schema):
    type: str  # Feature
    geometry: dict[str, Any] | None  # a point, null where a coordinate is not known
    properties: dict[str, Any]


class FeaturesOut(Schema):
    """One page of current rows as a FeatureCollection; further members tell what it is."""

    type: str  # FeatureCollection
    grant: str
    entry: str
    version: str
    snapshot: str
    count: int
    masked: dict[str, str]
    notes: list[str]
    next_cursor: str | None
    features: list[FeatureOut]


class ChangeOut(Schema):
    op: str  # I 新增, U 修改, D 删除
    row: dict[str, Any]


class ChangesOut(Schema):
    """Changes behind a cursor, at least once; come back with ``next_cursor``."""

    grant: str
    entry: str
    version: str
    snapshot: str
    count: int
    masked: dict[str, str]
    notes: list[str]
    has_more: bool
    next_cursor: str | None
    changes: list[ChangeOut]


class DownloadIn(Schema):
    """A wish for a file; ``filters`` as in a query string: ``{"origin__in": "JFK,LGA"}``."""

    purpose: str = Field("", max_length=80)
    format: FileFormat
    filters: dict[str, str] = Field(default_factory=dict, max_length=20)


class DownloadOut(Schema):
    id: str
    grant: str
    state: DownloadState
    format: FileFormat
    rows: int | None = None
    size: int | None = None
    sha256: str | None = None
    masked: dict[str, str]
    notes: list[str]
    snapshot: str | None = None
    asked_at: datetime
    expires_at: datetime | None = None
    file: str | None = None  # address of the file, once it is ready
    problem: str | None = None


def download_out(download: Download) -> DownloadOut:
    is_ready = download.state == DownloadState.READY
    place = f"/api/v1/data/{download.grant.number}/downloads/{download.key}/file"
    return DownloadOut(
        id=str(download.key),
        grant=download.grant.number,
        state=DownloadState(download.state),
        format=FileFormat(download.format),
        rows=download.rows,
        size=download.size,
        sha256=download.sha256 or None,
        masked=download.masks,
        notes=list(notes_of(download.grant.entry_code)),
        snapshot=str(download.snapshot_id) if download.snapshot_id else None,
        asked_at=download.asked_at,
        expires_at=download.expires_at,
        file=place if is_ready else None,
        problem=download.problem or None,
    )


class AskIn(Schema):
    model_config = ConfigDict(extra="forbid")

    sql: Annotated[str, Field(min_length=1, max_length=20_000)]
    purpose: Annotated[str, Field(max_length=80, description="授权上的用途代码")] = ""


class AskOut(Schema):
    """结果：列名、各行、是否还有、所用策略和各表脱敏的列。"""

    columns: list[str]
    rows: list[list[str | int | float | bool | None]]
    has_more: bool
    policies: list[str]
    masks: dict[str, dict[str, str]]
    notes: list[str]


class GrantStepIn(Schema):
    """A step of the granting unit or the managing office on a grant."""

    model_config = ConfigDict(extra="forbid")
    reason: Annotated[str, Field(max_length=500, description="理由，会告知使用部门")]
    basis: Annotated[str, Field(max_length=200, description="依据条款编码；暂停和撤销必填")] = ""


class GrantStateOut(Schema):
    grant: str
    state: GrantState
    state_label: str
    basis: str  # of its end, where it has ended
    reason: str
