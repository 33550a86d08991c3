"""What changed between two versions."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

from tongqu.catalog.vocabulary import EntryView, ItemView
from tongqu.kernel.words import Word

METADATA: tuple[tuple[str, str], ...] = (
    ("category", "分类"),
    ("name", "名称"),
    ("provider_name", "提供部门"),
    ("formats", "格式"),
    ("update_cycle", "更新周期"),
    ("sharing_type", "共享类型"),
    ("conditions", "共享条件"),
    ("materials", "证明材料"),
    ("scope", "共享范围"),
    ("scope_codes", "指定部门"),
    ("manners", "共享方式"),
    ("source_system", "来源系统"),
    ("level", "安全分级"),
    ("withheld_basis", "不予共享依据"),
    ("basic_class", "基础数据类别"),
    ("summary", "摘要"),
    ("admin_level", "层级"),
    ("mode", "运输方式"),
    ("business", "业务领域"),
    ("strategies", "服务的战略和规划"),
    ("accountable", "责任人"),
    ("legal_basis", "依据"),
    ("standards", "标准"),
    ("tools", "工具"),
    ("project", "立项项目"),
)
_ITEM: dict[str, str] = {
    "name_zh": "中文名称",
    "data_type": "类型",
    "length": "长度",
    "code_table": "码表",
    "nullable": "可空",
    "is_key": "主键",
    "level": "分级",
    "is_shareable": "共享",
    "is_openable": "开放",
    "source_column": "来源字段",
    "mask": "脱敏方式",
    "element": "数据元",
}
# What an added or removed item is described by: what a reader asks first.
_TOLD = ("data_type", "length", "code_table", "nullable", "is_key", "level", "is_shareable")


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute of an item, before and after, in words."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Difference:
    """``kind`` is added, removed or changed; ``subject`` a metadata item or an item's name."""

    kind: str
    subject: str
    label: str
    before: str = ""
    after: str = ""
    is_item: bool = False
    attributes: tuple[Attribute, ...] = ()


def show(value: object) -> str:
    """Return a value as a reader would say it."""
    match value:
        case None | "" | ():
            return "（空）"
        case bool():
            return "是" if value else "否"
        case Word():
            return value.label
        case tuple() | list():
            return "、".join(show(part) for part in value)
        case _:
            return str(value)


def differences(before: EntryView, after: EntryView) -> tuple[Difference, ...]:
    """Return what a reader has to know of the change: metadata first, then items."""
    return (*_of_metadata(before, after), *of_items(before.items, after.items))


def _of_metadata(before: EntryView, after: EntryView) -> tuple[Difference, ...]:
    pairs = ((name, label, getattr(before, name), getattr(after, name)) for name, label in METADATA)
    return tuple(
        Difference("changed", name, label, show(old), show(new))
        for name, label, old, new in pairs
        if old != new
    )


def of_items(before: Sequence[ItemView], after: Sequence[ItemView]) -> tuple[Difference, ...]:
    """Return one difference an item, matched by its English name; the order is no change."""
    old = {item.name_en: item for item in before}
    new = {item.name_en: item for item in after}
    removed = [_one("removed", item) for name, item in old.items() if name not in new]
    added = [_one("added", item) for name, item in new.items() if name not in old]
    changed = [_item_change(old[n], i) for n, i in new.items() if n in old]
    return (*removed, *added, *(change for change in changed if change))


def _one(kind: str, item: ItemView) -> Difference:
    told = [(_ITEM[name], show(getattr(item, name))) for name in _TOLD if getattr(item, name)]
    words = "；".join(f"{label}：{value}" for label, value in told)
    is_new = kind == "added"
    attributes = tuple(
        Attribute(label, "" if is_new else value, value if is_new else "") for label, value in told
    )
    before, after = ("", words) if is_new else (words, "")
    return Difference(kind, item.name_en, item.name_zh, before, after, True, attributes)


def _item_change(before: ItemView, after: ItemView) -> Difference | None:
    parts = [
        (_ITEM[f.name], getattr(before, f.name), getattr(after, f.name))
        for f in fields(ItemView)
        if f.name in _ITEM and getattr(before, f.name) != getattr(after, f.name)
    ]
    if not parts:
        return None
    return Difference(
        "changed",
        after.name_en,
        after.name_zh,
        "；".join(f"{label}：{show(old)}" for label, old, _ in parts),
        "；".join(f"{label}：{show(new)}" for label, _, new in parts),
        is_item=True,
        attributes=tuple(Attribute(label, show(old), show(new)) for label, old, new in parts),
    )
