"""业务数据模型: entities and their attributes; what changes from one version to the next."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tongqu.kernel.words import Word

NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
TYPES = ("string", "integer", "decimal", "boolean", "date", "datetime", "time", "text")
YES, NO = "是", "否"
HEADS = ("实体", "属性", "中文名", "类型", "数据元", "必填")
Document = Mapping[str, object]


class Change(Word):
    ENTITY_ADDED = "entity_added", "新增实体"
    ENTITY_GONE = "entity_gone", "删除实体"
    ADDED = "added", "新增属性"
    GONE = "gone", "删除属性"
    TYPE = "type", "类型改变"
    REQUIRED = "required", "改为必填"
    OPTIONAL = "optional", "改为可空"
    ELEMENT = "element", "数据元改变"
    TITLE = "title", "中文名改变"


# What an organisation has to do about it.
TASKS: dict[Change, str] = {
    Change.ENTITY_ADDED: "新建对应的表并补采数据",
    Change.ENTITY_GONE: "停止写入，按保留期限归档",
    Change.ADDED: "增加列并补采历史数据",
    Change.GONE: "停止写入该列，确认无人使用后移除",
    Change.TYPE: "核对存量数据能否转换，转换后回填",
    Change.REQUIRED: "补齐空值后加上非空检查",
    Change.OPTIONAL: "放宽非空检查",
    Change.ELEMENT: "按新数据元核验存量数据",
    Change.TITLE: "更新目录中的名称",
}


@dataclass(frozen=True, slots=True)
class Attribute:
    entity: str
    name: str
    title: str
    type: str
    element: str = ""
    required: bool = False

    def as_dict(self) -> dict[str, object]:
        return {
            "entity": self.entity, "name": self.name, "title": self.title, "type": self.type,
            "element": self.element, "required": self.required,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Difference:
    change: Change
    place: str  # entity, or entity.attribute
    was: str = ""
    becomes: str = ""

    @property
    def task(self) -> str:
        return TASKS[self.change]


def parse_lines(text: str) -> tuple[Attribute, ...]:
    """Read one attribute a line, cells apart by a comma or a tab, in the order of ``HEADS``.

    Raises: ``ValueError`` telling the line.
    """
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        cells = [cell.strip() for cell in re.split(r"[,，\t]", line)]
        cells += [""] * (len(HEADS) - len(cells))
        if len(cells) > len(HEADS) or cells[5] not in {"", YES, NO}:
            raise ValueError(f"第 {number} 行应为：{'、'.join(HEADS)}；必填写是或否。")
        entity, name, title, kind, element, required = cells
        found.append(Attribute(entity, name, title, kind, element, required=required == YES))
    return checked(found)


def checked(attributes: Sequence[Attribute]) -> tuple[Attribute, ...]:
    """Return the attributes if they make a model. Raises: ``ValueError``."""
    if not attributes:
        raise ValueError("至少写一个属性。")
    seen: set[tuple[str, str]] = set()
    for one in attributes:
        place = f"{one.entity}.{one.name}"
        if not NAME.fullmatch(one.entity) or not NAME.fullmatch(one.name):
            raise ValueError(f"{place[:80]} 的名称须为小写字母、数字和下划线。")
        if not one.title or len(one.title) > 60:
            raise ValueError(f"{place} 缺少中文名，或超过 60 字。")
        if one.type not in TYPES:
            raise ValueError(f"{place} 的类型须为 {'、'.join(TYPES)}。")
        if (one.entity, one.name) in seen:
            raise ValueError(f"{place} 写了两次。")
        seen.add((one.entity, one.name))
    return tuple(attributes)


def lines_of(attributes: Sequence[Attribute]) -> str:
    """Return the attributes as ``parse_lines`` reads them."""
    return "\n".join(
        ", ".join((a.entity, a.name, a.title, a.type, a.element, YES if a.required else NO))
        for a in attributes
    )


def difference(old: Sequence[Attribute], new: Sequence[Attribute]) -> tuple[Difference, ...]:
    """Return everything in which the new version differs, entity by entity."""
    before = {(a.entity, a.name): a for a in old}
    after = {(a.entity, a.name): a for a in new}
    gone = {a.entity for a in old} - {a.entity for a in new}
    fresh = {a.entity for a in new} - {a.entity for a in old}
    found = [Difference(Change.ENTITY_GONE, entity) for entity in sorted(gone)]
    found += [Difference(Change.ENTITY_ADDED, entity) for entity in sorted(fresh)]
    for key in sorted(before.keys() | after.keys()):
        place = ".".join(key)
        if key not in after:
            found += [] if key[0] in gone else [Difference(Change.GONE, place, before[key].title)]
        elif key not in before:
            found.append(
                Difference(Change.ADDED, place, "", f"{after[key].title}（{after[key].type}）")
            )
        else:
            found += _changes(place, before[key], after[key])
    return tuple(found)


def _changes(place: str, was: Attribute, now: Attribute) -> list[Difference]:
    found = []
    if was.type != now.type:
        found.append(Difference(Change.TYPE, place, was.type, now.type))
    if was.required != now.required:
        found.append(Difference(Change.REQUIRED if now.required else Change.OPTIONAL, place))
    if was.element != now.element:
        found.append(Difference(Change.ELEMENT, place, was.element or "—", now.element or "—"))
    if was.title != now.title:
        found.append(Difference(Change.TITLE, place, was.title, now.title))
    return found
