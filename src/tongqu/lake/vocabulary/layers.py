"""Layers and libraries, and the tables that lie in them."""

import re
from dataclasses import dataclass
from enum import StrEnum

from tongqu.kernel.problems import Problem, Rejected


class Layer(StrEnum):
    """数据分层. A table's name begins with its layer's prefix."""

    ODS = "ods"  # 贴源层
    DW = "dw"  # 数仓层
    SVC = "svc"  # 服务层
    QUARANTINE = "quarantine"  # 隔离区


LAYER_LABELS: dict[Layer, str] = {
    Layer.ODS: "贴源层",
    Layer.DW: "数仓层",
    Layer.SVC: "服务层",
    Layer.QUARANTINE: "隔离区",
}
PREFIXES: dict[Layer, str] = {
    Layer.ODS: "ods_",
    Layer.DW: "dw_",
    Layer.SVC: "svc_",
    Layer.QUARANTINE: "quarantine_",
}


class Library(StrEnum):
    """五库. The base and theme libraries lie in the warehouse layer, topic and service above."""

    BASE = "base"  # 基础库
    THEME = "theme"  # 主题库
    TOPIC = "topic"  # 专题库
    SERVICE = "service"  # 服务库
    SELF = "self"  # 自管库


LIBRARY_LABELS: dict[Library, str] = {
    Library.BASE: "基础库",
    Library.THEME: "主题库",
    Library.TOPIC: "专题库",
    Library.SERVICE: "服务库",
    Library.SELF: "自管库",
}
# Columns the platform adds; models and consumers see them only when they name them.
ODS_TECHNICAL = ("_batch_id", "_load_time", "_source", "_line", "_row_hash")
SVC_TECHNICAL = ("_row_hash", "_seq", "_op")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,119}")


@dataclass(frozen=True, slots=True, order=True)
class TableRef:
    """A table of the lake. The name begins with the prefix of its layer, or it is refused."""

    layer: Layer
    name: str

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name) or not self.name.startswith(PREFIXES[self.layer]):
            raise Rejected(
                Problem(
                    code="TABLE_NAME",
                    title=f"{LAYER_LABELS[self.layer]}的表名须以 {PREFIXES[self.layer]} 开头。",
                    next_step="请用小写字母、数字和下划线命名，前缀与所在层一致。",
                    facts={"layer": self.layer.value},
                )
            )

    @property
    def identifier(self) -> str:
        return f"{self.layer}.{self.name}"

    def __str__(self) -> str:
        return self.identifier


def ods_ref(name: str) -> TableRef:
    """Return the source-layer table of this name; ``flights`` is read as ``ods_flights``."""
    return _ref(Layer.ODS, name)


def dw_ref(name: str) -> TableRef:
    return _ref(Layer.DW, name)


def svc_ref(name: str) -> TableRef:
    return _ref(Layer.SVC, name)


def quarantine_ref(name: str) -> TableRef:
    return _ref(Layer.QUARANTINE, name)


def _ref(layer: Layer, name: str) -> TableRef:
    prefix = PREFIXES[layer]
    is_bare = not any(name.startswith(known) for known in PREFIXES.values())
    return TableRef(layer, prefix + name if is_bare else name)


def ref_of(name: str) -> TableRef | None:
    """Return the table that a bare name or ``layer.name`` speaks of; None if no layer claims it."""
    bare = name.rsplit(".", 1)[-1]
    for layer, prefix in PREFIXES.items():
        if bare.startswith(prefix) and _NAME.fullmatch(bare):
            return TableRef(layer, bare)
    return None
