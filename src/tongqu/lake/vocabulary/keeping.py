"""Upkeep: files of tables, what harms them, what is done about it."""

from dataclasses import dataclass
from enum import StrEnum

from tongqu.lake.vocabulary.layers import TableRef
from tongqu.lake.vocabulary.tables import Snapshot


class StoredKind(StrEnum):
    """文件种类: what a file of a table is for."""

    METADATA = "metadata"  # 表元数据
    LIST = "list"  # 清单目录
    MANIFEST = "manifest"  # 文件清单
    DATA = "data"  # 数据文件


STORED_LABELS: dict[StoredKind, str] = {
    StoredKind.METADATA: "表元数据",
    StoredKind.LIST: "清单目录",
    StoredKind.MANIFEST: "文件清单",
    StoredKind.DATA: "数据文件",
}


class Harm(StrEnum):
    """What a scrub finds wrong with a file (巡检)."""

    MISSING = "missing"  # 缺失
    TRUNCATED = "truncated"  # 长度不符
    ALTERED = "altered"  # 内容被改动


HARM_LABELS: dict[Harm, str] = {
    Harm.MISSING: "缺失",
    Harm.TRUNCATED: "长度不符",
    Harm.ALTERED: "内容被改动",
}


class UpkeepKind(StrEnum):
    """维护事项."""

    COMPACT = "compact"  # 小文件合并
    EXPIRE = "expire"  # 快照到期
    CLEAN = "clean"  # 残留清理
    SCRUB = "scrub"  # 完整性巡检
    BACKUP = "backup"  # 异地备份
    RESTORE = "restore"  # 恢复
    DRILL = "drill"  # 恢复演练


UPKEEP_LABELS: dict[UpkeepKind, str] = {
    UpkeepKind.COMPACT: "小文件合并",
    UpkeepKind.EXPIRE: "快照到期",
    UpkeepKind.CLEAN: "残留清理",
    UpkeepKind.SCRUB: "完整性巡检",
    UpkeepKind.BACKUP: "异地备份",
    UpkeepKind.RESTORE: "恢复",
    UpkeepKind.DRILL: "恢复演练",
}


class RecoveryClass(StrEnum):
    """恢复类别: the layers, and the control database; in the order in which they come back."""

    CONTROL = "control"  # 控制数据库
    SVC = "svc"  # 服务层
    DW = "dw"  # 数仓层
    ODS = "ods"  # 贴源层
    QUARANTINE = "quarantine"  # 隔离区


RECOVERY_LABELS: dict[RecoveryClass, str] = {
    RecoveryClass.CONTROL: "控制数据库",
    RecoveryClass.SVC: "服务层",
    RecoveryClass.DW: "数仓层",
    RecoveryClass.ODS: "贴源层",
    RecoveryClass.QUARANTINE: "隔离区",
}


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that snapshots of a table need.

    ``snapshots`` are those that need it. NULLs: ``rows`` is None where the file does not tell
    how many rows depend on it; ``sha256`` is empty until it was recorded.
    """

    uri: str
    kind: StoredKind
    size: int
    sha256: str
    snapshots: tuple[int, ...]
    rows: int | None


@dataclass(frozen=True, slots=True)
class Damage:
    """A file that is not as it was committed, and whom that touches."""

    ref: TableRef
    file: StoredFile
    harm: Harm


@dataclass(frozen=True, slots=True)
class Scrubbed:
    """What a scrub of one table looked at. ``adopted`` files had no checksum until now."""

    files: int
    size: int
    adopted: int
    damages: tuple[Damage, ...]


@dataclass(frozen=True, slots=True)
class Compacted:
    """Small files made into large ones; the rows are the same."""

    before: int
    after: int
    rows: int
    snapshot: Snapshot


@dataclass(frozen=True, slots=True)
class Cleaned:
    """Files that nothing named any more. ``size`` in bytes."""

    files: int
    size: int
