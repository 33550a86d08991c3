"""兼容类别 of a change: what breaks those who use the data today, with the reason (STD-13).

A change breaks a user when something that was there may be missing, narrower, emptier or
harder to get. Whatever only adds or widens is compatible.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from tongqu.catalog.domain.compliance.tables import HOLDS
from tongqu.catalog.vocabulary import (
    Compatibility,
    DataType,
    EntryView,
    ItemView,
    Scope,
    SharingType,
    UpdateCycle,
)
from tongqu.kernel.law import Assumption

CLASSES = Assumption(
    "删除、改名或新增不可空的信息项、类型变窄、长度变短、主键变化、可空与不可空互换、码表更换、分级提高、"
    "不再共享、加强脱敏、共享收紧、更新变慢，为不兼容；其余为向后兼容"
)
B, C = Compatibility.BREAKING, Compatibility.COMPATIBLE
_OPENNESS = {SharingType.UNCONDITIONAL: 0, SharingType.CONDITIONAL: 1, SharingType.WITHHELD: 2}
_REACH = {Scope.ALL: 0, Scope.LISTED: 1, Scope.NOBODY: 2}
_SLOWNESS = {cycle: n for n, cycle in enumerate(UpdateCycle)}


@dataclass(frozen=True, slots=True)
class Impact:
    """One thing that changed, with its class and the reason a person can read."""

    subject: str  # name_en of an item, or a metadata column
    label: str
    compatibility: Compatibility
    reason: str
    is_item: bool = True


def classify(impacts: Iterable[Impact]) -> Compatibility:
    return B if any(impact.compatibility is B for impact in impacts) else C


def impacts(before: EntryView, after: EntryView) -> tuple[Impact, ...]:
    """Return what a change does to today's users, breaking things first."""
    old = {item.name_en: item for item in before.items}
    new = {item.name_en: item for item in after.items}
    found = [_dropped(item) for name, item in old.items() if name not in new]
    found += [_added(item) for name, item in new.items() if name not in old]
    for name, item in new.items():
        if name in old and replace(old[name], position=item.position) != item:
            found += _of_item(old[name], item)
    found += _of_entry(before, after)
    return tuple(sorted(found, key=lambda impact: impact.compatibility is C))


def _dropped(item: ItemView) -> Impact:
    return Impact(item.name_en, item.name_zh, B, "删除信息项，正在使用它的查询会出错")


def _added(item: ItemView) -> Impact:
    if item.is_key:
        return Impact(item.name_en, item.name_zh, B, "主键增加了信息项，一行的含义变了")
    if not item.nullable:
        return Impact(item.name_en, item.name_zh, B, "新增不可空的信息项，已有数据和写入方须补齐")
    return Impact(item.name_en, item.name_zh, C, "新增可空的信息项")


def _of_item(old: ItemView, new: ItemView) -> list[Impact]:
    found = [
        Impact(new.name_en, new.name_zh, kind, reason) for kind, reason in _item_reasons(old, new)
    ]
    return found or [Impact(new.name_en, new.name_zh, C, "名称、来源等说明性内容修改")]


_WORDS = frozenset({DataType.STRING, DataType.TEXT})
_NULLABLE = (B, "不可空变为可空，使用方可能读到空值")
_REQUIRED = (B, "可空变为不可空，填报、写入和校核的要求提高")


def _item_reasons(old: ItemView, new: ItemView) -> Iterable[tuple[Compatibility, str]]:
    if old.data_type is not new.data_type:
        yield _type(old, new)
    if old.length != new.length:
        yield _length(old, new)
    if old.nullable != new.nullable:
        yield _NULLABLE if new.nullable else _REQUIRED
    if old.is_key != new.is_key:
        yield B, "主键变化，一行的含义变了"
    if old.code_table != new.code_table:
        words = f"码表：{old.code_table or '无'} → {new.code_table or '无'}"
        yield B if old.code_table else C, words
    if old.level != new.level:
        up = new.level > old.level
        yield B if up else C, f"分级{'提高' if up else '降低'}：{old.level} 级 → {new.level} 级"
    if old.is_shareable != new.is_shareable:
        yield (C, "改为共享") if new.is_shareable else (B, "不再共享，授权中的字段取不到")
    if old.is_openable != new.is_openable:
        yield (C, "改为可开放") if new.is_openable else (B, "不再可开放")
    if old.mask != new.mask:
        yield (C, "取消脱敏") if new.mask == "none" else (B, "脱敏方式变化，取到的值不同")


def _type(old: ItemView, new: ItemView) -> tuple[Compatibility, str]:
    words = f"类型：{old.data_type.label} → {new.data_type.label}"
    if old.data_type in HOLDS[new.data_type]:
        is_kept = new.data_type not in _WORDS or old.data_type in _WORDS
        return (C, f"{words}（放宽）") if is_kept else (B, f"{words}（读取方式不同）")
    return B, f"{words}（变窄或不相容）"


def _length(old: ItemView, new: ItemView) -> tuple[Compatibility, str]:
    words = f"长度：{old.length or '不限'} → {new.length or '不限'}"
    is_shorter = new.length is not None and (old.length is None or new.length < old.length)
    return (B, f"{words}（变短）") if is_shorter else (C, f"{words}（变长）")


def _of_entry(before: EntryView, after: EntryView) -> list[Impact]:
    ordered = (
        ("sharing_type", "共享类型", _OPENNESS, "收紧", "放宽"),
        ("scope", "共享范围", _REACH, "收紧", "放宽"),
        ("update_cycle", "更新周期", _SLOWNESS, "变慢", "变快"),
    )
    found = []
    for name, label, order, worse, better in ordered:
        old, new = getattr(before, name), getattr(after, name)
        if old is not new:
            is_worse = order[new] > order[old]
            words = f"{label}{worse if is_worse else better}：{old.label} → {new.label}"
            found.append(Impact(name, label, B if is_worse else C, words, is_item=False))
    if lost := [m.label for m in before.manners if m not in after.manners]:
        found.append(Impact("manners", "共享方式", B, f"取消{'、'.join(lost)}", is_item=False))
    gone = set(before.scope_codes) - set(after.scope_codes)
    if gone and after.scope is Scope.LISTED:
        words = f"减少 {len(gone)} 个指定部门"
        found.append(Impact("scope_codes", "指定部门", B, words, is_item=False))
    if after.level > before.level:
        words = f"安全分级提高：{before.level} 级 → {after.level} 级"
        found.append(Impact("level", "安全分级", B, words, is_item=False))
    return found
