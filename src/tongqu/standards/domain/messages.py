"""Message formats (电子单据): fields bound to elements, and what a message lacks."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tongqu.standards.domain.documents import Reader
from tongqu.standards.vocabulary import BadDocument

PATH = re.compile(r"[A-Za-z_]\w*(\[\])?(\.[A-Za-z_]\w*(\[\])?)*", re.ASCII)
MOST_BYTES = 200_000
MOST_VALUES = 5_000
LONGEST_VALUE = 4_000


@dataclass(frozen=True, slots=True)
class Field:
    """要素: where it stands in a message, what it is called, which element it is."""

    path: str  # "shipper.uscc", "goods[].name"
    name: str
    element: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class Format:
    code: str
    title: str
    standard: str
    note: str
    fields: tuple[Field, ...]
    sample: Mapping[str, object]
    is_example: bool


def parse_format(document: object) -> Format:
    """Return a message format; raise ``BadDocument`` naming the field."""
    name = str(document.get("code") or "（无编码）") if isinstance(document, Mapping) else ""
    read = Reader(document, f"单据格式 {name[:60]}")
    found = Format(
        code=read.text("code", longest=60, must=True),
        title=read.text("title", longest=120, must=True),
        standard=read.text("standard", longest=120),
        note=read.text("note", longest=500),
        fields=tuple(_field(row, read.where) for row in read.rows("fields", 500)),
        sample=read.table("sample"),
        is_example=read.flag("is_example"),
    )
    read.end()
    if not found.fields:
        raise BadDocument(read.where, "没有任何要素")
    if "/" in found.code:
        raise BadDocument(read.where, "code 不能含 /")
    paths = [field.path for field in found.fields]
    for path in paths:
        if paths.count(path) > 1:
            raise BadDocument(read.where, f"要素 {path} 重复")
    try:
        json.dumps(found.sample, allow_nan=False)
    except (TypeError, ValueError):
        raise BadDocument(read.where, "样例只能用文字、数、是否、列表和对象") from None
    return found


def _field(row: object, where: str) -> Field:
    read = Reader(row, f"{where} 要素")
    field = Field(
        path=read.text("path", must=True),
        name=read.text("name", longest=120, must=True),
        element=read.text("element", longest=60),
        required=read.flag("required"),
    )
    read.end()
    if not PATH.fullmatch(field.path):
        raise BadDocument(f"{where} 要素 {field.path}", "path 应如 shipper.uscc 或 goods[].name")
    return field


@dataclass(frozen=True, slots=True)
class Place:
    """One value of a message. ``value`` None: nothing stands there."""

    path: str  # "goods[2].name", counted from 1
    field: Field
    value: str | None
    is_simple: bool = True  # neither an object nor a list where a value belongs


def places(fields: Sequence[Field], message: Mapping[str, object]) -> Iterator[Place]:
    """Give every value that the format names, those that are missing too."""
    for field in fields:
        for path, value in _reach(message, field.path.split("."), ""):
            yield _place(path, field, value)


def _place(path: str, field: Field, value: object) -> Place:
    if value is None or (isinstance(value, str) and not value.strip()):
        return Place(path, field, None)
    if isinstance(value, (Mapping, list)):
        return Place(path, field, None, is_simple=False)
    if isinstance(value, bool):
        return Place(path, field, "true" if value else "false")
    return Place(path, field, str(value)[: LONGEST_VALUE + 1])


def _reach(value: object, parts: Sequence[str], so_far: str) -> Iterator[tuple[str, object]]:
    if not parts:
        yield so_far, value
        return
    name, is_list = parts[0].removesuffix("[]"), parts[0].endswith("[]")
    path = f"{so_far}.{name}" if so_far else name
    inner = value.get(name) if isinstance(value, Mapping) else None
    if not is_list:
        yield from _reach(inner, parts[1:], path)
    elif isinstance(inner, list) and inner:
        for number, one in enumerate(inner, 1):
            yield from _reach(one, parts[1:], f"{path}[{number}]")
    else:
        yield ".".join([f"{path}[]", *parts[1:]]), None


def unknown(fields: Sequence[Field], message: object, so_far: str = "") -> Iterator[str]:
    """Give the paths of a message that no field of the format names."""
    known = {field.path for field in fields}
    branches = {path[:cut] for path in known for cut in _cuts(path)}
    yield from _strange(message, so_far, known, branches)


def _cuts(path: str) -> Iterator[int]:
    for found in re.finditer(r"\[\]|\.", path):
        yield found.end() if found[0] == "[]" else found.start()


def _strange(value: object, path: str, known: set[str], branches: set[str]) -> Iterator[str]:
    if path in known:  # an object where a value belongs is told once, by its field
        return
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _strange(inner, f"{path}.{key}" if path else str(key), known, branches)
    elif isinstance(value, list):
        for inner in value[:1] if f"{path}[]" not in branches else value:
            yield from _strange(inner, f"{path}[]", known, branches)
    else:
        yield path
