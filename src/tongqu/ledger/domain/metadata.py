"""Four kinds of metadata: which fields each has, and when the business part is complete."""

from collections.abc import Mapping

from tongqu.ledger.vocabulary import Filled, MetadataKind

# Basic and technical metadata are collected; business and management metadata are written.
FIELDS: dict[MetadataKind, dict[str, str]] = {
    MetadataKind.BASIC: {"source": "来源", "system": "所属系统", "first_seen": "首次采集"},
    MetadataKind.TECHNICAL: {
        "type": "类型", "length": "长度", "nullable": "可空", "key": "主键", "refers_to": "外键",
        "rows": "行数", "columns": "字段数", "layer": "分层", "view": "视图", "comment": "库内注释",
        "format": "格式", "size": "字节数", "snapshot": "快照",
    },
    MetadataKind.BUSINESS: {"meaning": "业务含义", "business": "业务领域", "duty": "对应职能"},
    MetadataKind.MANAGEMENT: {
        "accountable": "责任人（岗位）", "update_cycle": "更新周期", "level": "安全分级",
        "retention": "保存期限",
    },
}  # fmt: skip
REQUIRED = ("meaning",)


def filled(business: Mapping[str, object]) -> Filled:
    """Return 待补 until every required field of the business metadata says something."""
    whole = all(str(business.get(name, "")).strip() for name in REQUIRED)
    return Filled.FILLED if whole else Filled.MISSING


def shown(kind: MetadataKind, values: Mapping[str, object]) -> list[tuple[str, object]]:
    """Return label and value of what is known, in the order of the fields."""
    return [
        (label, _said(values[name]))
        for name, label in FIELDS[kind].items()
        if values.get(name) not in (None, "")
    ]


def _said(value: object) -> object:
    if isinstance(value, bool):
        return "是" if value else "否"
    return value
