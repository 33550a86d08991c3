"""Read a document of an entry, strictly: an unknown key or word is an error, never a guess.

A document is what the API calls an entry: JSON values, items as a list. Every fault says
where it stands; a document with any fault is not taken at all.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tongqu.catalog.domain.interchange.fields import (
    ENTRY_FIELDS,
    ITEM_FIELDS,
    MOST_ITEMS,
    Field,
    Kind,
)
from tongqu.catalog.vocabulary import CellError, DataType, ItemView

# No text: PostgreSQL stores no NUL, UTF-8 no lone surrogate, and nobody can read the rest.
_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_MEMBER = 500


@dataclass(slots=True)
class Reading:
    """What a document says, and what is wrong with it."""

    name: str = ""
    fields: dict[str, Any] = field(default_factory=dict)
    items: tuple[ItemView, ...] = ()
    faults: list[CellError] = field(default_factory=list)


class Fault(ValueError):
    """A value that its field cannot hold: what is wrong and what to do."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


def read(document: object) -> Reading:
    """Return what a document says; ``faults`` is empty for one that may be taken."""
    found = Reading()
    if not isinstance(document, Mapping):
        found.faults.append(_fault("", "条目", Fault("不是一个条目", "每个条目写成一个对象")))
        return found
    given = dict(document)
    items = given.pop("items", None)
    found.fields = _values(given, ENTRY_FIELDS, "", found.faults)
    found.name = str(found.fields.get("name", ""))
    if not found.name and not any(fault.where == "name" for fault in found.faults):
        found.faults.append(_fault("name", "名称", Fault("名称为空", "请填写目录名称")))
    found.items = _items(items, found.faults)
    return found


MOST_STRANGE = 50  # unknown keys told one by one; a hundred thousand tell no more


def _items(given: object, faults: list[CellError]) -> tuple[ItemView, ...]:
    if given is None:
        return ()
    if not isinstance(given, Sequence) or isinstance(given, str | bytes):
        faults.append(_fault("items", "信息项", Fault("信息项不是列表", "请写成列表")))
        return ()
    if len(given) > MOST_ITEMS:
        too_many = Fault(f"信息项超过 {MOST_ITEMS} 个", "请拆成几个目录条目")
        faults.append(_fault("items", "信息项", too_many))
        return ()
    items = [_item(n, row, faults) for n, row in enumerate(given, start=1)]
    _repeated(items, faults)
    return tuple(items)


def _item(position: int, row: object, faults: list[CellError]) -> ItemView:
    at = f"items[{position}]"
    if not isinstance(row, Mapping):
        faults.append(_fault(at, "信息项", Fault("不是一个信息项", "每个信息项写成一个对象")))
        return ItemView(position, "", "", DataType.STRING)
    values = _values(row, ITEM_FIELDS, f"{at}.", faults)
    named = bool(row.get("name_zh") or row.get("name_en"))
    if not named:
        nameless = Fault("信息项没有名称", "请填写中文名称或英文名称")
        faults.append(_fault(f"{at}.name_zh", "信息项名称", nameless))
    values["data_type"] = DataType(values.get("data_type", DataType.STRING))
    values.setdefault("name_zh", "")
    values.setdefault("name_en", "")
    return ItemView(position=position, **values)


def _repeated(items: Sequence[ItemView], faults: list[CellError]) -> None:
    """Two items of one column name cannot both be the column of a service table."""
    seen = Counter(item.name_en.casefold() for item in items if item.name_en)
    for item in items:
        if seen.get(item.name_en.casefold(), 0) > 1:
            twice = Fault("英文名称在本条目中重复", "请改为不同的英文名称")
            faults.append(_fault(f"items[{item.position}].name_en", "信息项英文名称", twice))


def _values(
    given: Mapping[Any, object], known: Mapping[str, Field], at: str, faults: list[CellError]
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    strange = 0
    for key, value in given.items():
        spec = known.get(key) if isinstance(key, str) else None
        if spec is None:
            strange += 1
            if strange > MOST_STRANGE:
                continue
            shown = _UNREADABLE.sub("�", str(key))[:60]
            unknown = Fault(f"没有“{shown}”这个字段", "请删去，或改为目录模板中的字段")
            faults.append(_fault(f"{at}{shown}", shown, unknown))
            continue
        try:
            found[spec.name] = value_of(spec, value)
        except Fault as fault:
            faults.append(_fault(f"{at}{spec.name}", spec.label, fault))
    return found


def value_of(spec: Field, value: object) -> Any:
    """Return the value as a column holds it; null is blank. Raises: ``Fault``."""
    if value is None:
        return spec.default
    return _READERS[spec.kind](spec, value)


def _fault(where: str, label: str, fault: Fault) -> CellError:
    return CellError(where or "/", label, fault.message, fault.remedy, path=where)


def _text(spec: Field, value: object) -> str:
    return _plain(value, spec.size)


def _plain(value: object, size: int) -> str:
    if not isinstance(value, str):
        raise Fault("应为文字", "请写成文字")
    text = value.strip()
    if _UNREADABLE.search(text):
        raise Fault("含有不可见的控制字符", "请删去后重新填写")
    if len(text) > size:
        raise Fault(f"共 {len(text)} 个字，超过 {size} 个字", f"请缩短到 {size} 个字以内")
    return text


def _word(spec: Field, value: object) -> str:
    text = _plain(value, 60)
    if not text:
        return str(spec.default)
    words = tuple(spec.words or ())
    found = next((w.value for w in words if text in (w.value, w.label)), None)
    if found is None:
        choices = "、".join(word.label for word in words)
        raise Fault(f"“{text[:20]}”不是{spec.label}", f"请从中选择：{choices}")
    return found


def _words(spec: Field, value: object) -> tuple[str, ...]:
    members = _list(spec, value)
    return tuple(dict.fromkeys(_word(spec, member) for member in members))


def _lines(spec: Field, value: object) -> tuple[str, ...]:
    members = _list(spec, value)
    if len(members) > spec.size:
        raise Fault(f"超过 {spec.size} 项", f"请减少到 {spec.size} 项以内")
    found = (_plain(member, _MEMBER if spec.name == "materials" else 200) for member in members)
    return tuple(dict.fromkeys(text for text in found if text))


def _documents(spec: Field, value: object) -> tuple[Mapping[str, object], ...]:
    members = _list(spec, value)
    if not all(isinstance(member, Mapping) for member in members):
        raise Fault("行检查应为对象的列表", "请按行检查的格式填写")
    return tuple(dict(member) for member in members if isinstance(member, Mapping))


def _list(spec: Field, value: object) -> Sequence[object]:
    if not isinstance(value, Sequence) or isinstance(value, str | bytes):
        raise Fault("应为列表", "请写成列表")
    if len(value) > max(spec.size, 500):
        raise Fault("项数过多", f"请减少到 {spec.size} 项以内")
    return value


def _whole(spec: Field, value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise Fault("应为整数", f"请填写 {spec.least} 至 {spec.most} 的整数")
    if not spec.least <= value <= spec.most:
        message = f"应在 {spec.least} 至 {spec.most} 之间"
        raise Fault(message, f"请填写 {spec.least} 至 {spec.most} 的整数")
    return value


def _flag(spec: Field, value: object) -> bool:
    if not isinstance(value, bool):
        raise Fault(f"{spec.label}应为是或否", "请填写是或否")
    return value


_READERS: dict[Kind, Callable[[Field, Any], Any]] = {
    Kind.TEXT: _text,
    Kind.WORD: _word,
    Kind.WORDS: _words,
    Kind.LINES: _lines,
    Kind.WHOLE: _whole,
    Kind.FLAG: _flag,
    Kind.DOCUMENTS: _documents,
}
