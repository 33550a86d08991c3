"""Data elements: what follows from type, length and code table without anybody writing it."""

from collections.abc import Mapping
from typing import Any

from tongqu.standards.domain.checks import parse_checks
from tongqu.standards.vocabulary import Check, CheckKind, Element, ElementType


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
