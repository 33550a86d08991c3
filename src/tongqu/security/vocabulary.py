"""Words of security: masks, levels, events."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

PROBLEM_STATUS: dict[str, int] = {}  # codes answered with something else than 422


class Mask(StrEnum):
    """脱敏方法. All are deterministic, so that page, subscription and export agree."""

    NONE = "none"  # 不脱敏
    COVER = "cover"  # 遮盖
    REPLACE = "replace"  # 替换
    GENERALISE = "generalise"  # 泛化
    HASH = "hash"  # 哈希
    NOISE = "noise"  # 加噪
    FPE = "fpe"  # 保格式加密
    TRUNCATE = "truncate"  # 截断
    NULLIFY = "nullify"  # 置空
    PSEUDONYM = "pseudonym"  # 假名（按运营域）


MASK_LABELS: dict[Mask, str] = {
    Mask.NONE: "不脱敏",
    Mask.COVER: "遮盖",
    Mask.REPLACE: "替换",
    Mask.GENERALISE: "泛化",
    Mask.HASH: "哈希",
    Mask.NOISE: "加噪",
    Mask.FPE: "保格式加密",
    Mask.TRUNCATE: "截断",
    Mask.NULLIFY: "置空",
    Mask.PSEUDONYM: "假名",
}


class EventKind(StrEnum):
    """安全事件类型."""

    SECRECY_MARK = "secrecy_mark"  # 国家秘密标志
    OUT_OF_BAND = "out_of_band"  # 绕开平台取数
    PURPOSE_MISMATCH = "purpose_mismatch"  # 超出授权用途
    SIGNATURE_INVALID = "signature_invalid"  # 签名不成立
    QUOTA_EXCEEDED = "quota_exceeded"  # 超出限额
    DENIED_BURST = "denied_burst"  # 短时间多次被拒
    STORAGE_DAMAGE = "storage_damage"  # 存储文件受损
    BACKUP_ALTERED = "backup_altered"  # 备份被改动
    PEER_REFUSED = "peer_refused"  # 对端未通过加密认证


EVENT_LABELS: dict[EventKind, str] = {
    EventKind.SECRECY_MARK: "国家秘密标志",
    EventKind.OUT_OF_BAND: "绕开平台取数",
    EventKind.PURPOSE_MISMATCH: "超出授权用途",
    EventKind.SIGNATURE_INVALID: "签名不成立",
    EventKind.QUOTA_EXCEEDED: "超出限额",
    EventKind.DENIED_BURST: "短时间多次被拒",
    EventKind.STORAGE_DAMAGE: "存储文件受损",
    EventKind.BACKUP_ALTERED: "备份被改动",
    EventKind.PEER_REFUSED: "对端未通过加密认证",
}


# What a unit may have done with data that it was granted; the rest is the platform's own.
MISUSES = frozenset(
    {
        EventKind.OUT_OF_BAND,
        EventKind.PURPOSE_MISMATCH,
        EventKind.QUOTA_EXCEEDED,
        EventKind.DENIED_BURST,
    }
)


@dataclass(frozen=True, slots=True)
class LevelProposal:
    """A proposed sensitivity level (1 公开 … 4 核心敏感). A person decides.

    ``share`` is the part of the non-empty sampled values that the detector recognised;
    ``evidence`` is Chinese and never holds a value.
    """

    level: int
    detector: str  # empty: nothing was recognised
    share: Decimal
    mask: Mask
    evidence: str


DETAIL_LABELS: dict[str, str] = {  # what the page calls the facts of an event
    "grant": "授权编号",
    "granted_purpose": "授权用途",
    "declared_purpose": "声明用途",
    "manner": "共享方式",
    "source": "来源",
    "sha256": "内容摘要",
    "mark": "密级标志",
    "tables": "库表",
    "client": "接入应用",
    "address": "来源地址",
    "table": "库表",
    "snapshots": "快照",
    "rows": "涉及行数",
    "file": "文件",
    "harm": "受损情况",
    "peer": "对端",
    "reason": "原因",
}
