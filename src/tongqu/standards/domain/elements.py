"""Data elements: what follows from type, length and code table without anybody writing it."""

from collections.abc import Mapping
from typing import Any

from tongqu.standards.domain.checks import names, parse_checks
from tongqu.standards.domain.documents import Reader
from tongqu.standards.domain.types import fits
from tongqu.standards.vocabulary import BadDocument, Check, CheckKind, Element, ElementType


def element_of(fields: Mapping[str, Any], rows: object) -> Element:
    """Return an element with its implied checks before its own. Raises ``BadDocument``."""
    own = parse_checks(rows, where=str(fields["code"]), needs_columns=False)
    bare = Element(**fields)
    taken = {check.code for check in own}
    implied = tuple(check for check in _implied(bare) if check.code not in taken)
    return Element(**{**fields, "checks": implied + own})


def _implied(element: Element) -> list[Check]:
    basis = element.standard or "约定（待确认）"
    name = element.name_zh
    found = []
    if element.data_type not in (ElementType.STRING, ElementType.TEXT):
        found.append(
            Check(
                f"{element.code}.type", f"{name}应为{element.data_type.label}", CheckKind.TYPE,
                limits={"data_type": element.data_type.value},
                remedy="按信息项类型更正内容", basis=basis,
            )
        )  # fmt: skip
    if element.length and element.data_type in (ElementType.STRING, ElementType.TEXT):
        found.append(
            Check(
                f"{element.code}.length", f"{name}不超过 {element.length} 个字符",
                CheckKind.LENGTH, limits={"max": element.length},
                remedy="核对信息项长度或更正内容", basis=basis,
            )
        )  # fmt: skip
    if element.code_table:
        found.append(
            Check(
                f"{element.code}.codes", f"{name}应为代码集 {element.code_table} 中的代码",
                CheckKind.CODES, limits={"table": element.code_table},
                remedy="按代码集更正，或先登记对照关系", basis=basis,
            )
        )  # fmt: skip
    return found


def parse_element(document: object) -> tuple[Element, list[dict[str, object]]]:
    """Return an element and its own checks in stored form; raise ``BadDocument``."""
    name = str(document.get("code") or "（无编码）") if isinstance(document, Mapping) else ""
    read = Reader(document, f"数据元 {name[:60]}")
    fields: dict[str, Any] = {
        "code": read.text("code", longest=60, must=True),
        "name_zh": read.text("name_zh", longest=120, must=True),
        "name_en": read.text("name_en", longest=120, must=True),
        "data_type": read.word("data_type", ElementType),
        "length": read.whole("length", 1_000_000),
        "code_table": read.text("code_table", longest=60),
        "standard": read.text("standard", longest=120),
        "definition": read.text("definition", longest=500),
        "is_example": read.flag("is_example"),
    }
    rows = read.rows("checks", 50)
    read.end()
    if "/" in fields["code"]:
        raise BadDocument(read.where, "code 不能含 /")
    element = element_of(fields, rows)
    own = parse_checks(rows, where=read.where, needs_columns=False)
    for check in own:
        if check.columns or len(names(check.bound("value"))) > 1:
            raise BadDocument(f"{read.where} {check.code}", "数据元的校验只看一个值，不写列名")
        if check.kind is CheckKind.EXPRESSION:
            raise BadDocument(f"{read.where} {check.code}", "表达式引用信息项，请写在目录的校验中")
    for check in own:
        fits(check.bound("value"), {"value": element.data_type}, where=read.where)
    return element, [check.document for check in own]
