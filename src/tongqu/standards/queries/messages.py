"""Message formats and their validator; and one value tried against an element."""

import dataclasses
import json
from collections.abc import Mapping, Sequence

from tongqu.kernel.problems import Problem, Rejected
from tongqu.standards import ports
from tongqu.standards.domain import messages as domain
from tongqu.standards.domain.types import typed
from tongqu.standards.models import MessageFormat
from tongqu.standards.queries.elements import check_sql, elements, facts_for
from tongqu.standards.vocabulary import Check, CheckKind, Element, Finding


def formats() -> tuple[domain.Format, ...]:
    return tuple(format_of(row) for row in MessageFormat.objects.all())


def message_format(code: str) -> domain.Format:
    """Return one format, or raise NO_SUCH_MESSAGE_FORMAT."""
    row = MessageFormat.objects.filter(code=code).first()
    if row is None:
        raise Rejected(
            Problem("NO_SUCH_MESSAGE_FORMAT", "没有这种单据格式。", "请从单据格式列表重新进入。")
        )
    return format_of(row)


def message_differences(document: Mapping[str, object]) -> tuple[str, ...] | None:
    """Return in what the format that is kept differs from a document; None where there is none.

    Raises ``BadDocument``.
    """
    given = domain.parse_format(document)
    row = MessageFormat.objects.filter(code=given.code).first()
    if row is None:
        return None
    held = format_of(row)
    names = (field.name for field in dataclasses.fields(held))
    return tuple(name for name in names if getattr(held, name) != getattr(given, name))


def format_of(row: MessageFormat) -> domain.Format:
    return domain.Format(
        code=row.code, title=row.title, standard=row.standard, note=row.note,
        fields=tuple(domain.Field(**field) for field in row.fields), sample=row.sample,
        is_example=row.is_example,
    )  # fmt: skip


def read_message(text: str) -> Mapping[str, object]:
    """Return a message from JSON text. Raises UNREADABLE_MESSAGE, MESSAGE_TOO_LARGE."""
    if len(text.encode(errors="replace")) > domain.MOST_BYTES:
        raise Rejected(
            Problem("MESSAGE_TOO_LARGE", "单据超过 200 KB。", "请一次校验一份单据。",
                    fields={"message": "单据超过 200 KB。"})
        )  # fmt: skip
    try:
        found = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 0)
        where = f"第 {line} 行附近" if line else ""
        raise Rejected(
            Problem("UNREADABLE_MESSAGE", f"单据不是正确的 JSON{where and '，' + where}。",
                    "请以 UTF-8 编码的 JSON 提交。",
                    fields={"message": f"不是正确的 JSON{where and '，' + where}。"})
        ) from None  # fmt: skip
    if not isinstance(found, dict):
        raise Rejected(
            Problem("UNREADABLE_MESSAGE", "单据应是一个 JSON 对象。", "请以 { 开头、} 结尾。",
                    fields={"message": "应是一个 JSON 对象。"})
        )  # fmt: skip
    return found


def _refuse(name: str) -> object:
    raise ValueError(name)


def validate_message(code: str, message: Mapping[str, object]) -> tuple[Finding, ...]:
    """Return what is wrong with a message; () when nothing is.

    A missing element is named by its words (托运人统一社会信用代码) and its path. Values are
    judged by their elements' checks on the engine that judges loads. Raises
    NO_SUCH_MESSAGE_FORMAT, MESSAGE_TOO_LARGE.
    """
    form = message_format(code)
    known = {e.code: e for e in elements(f.element for f in form.fields if f.element)}
    found: list[Finding] = []
    judged: list[tuple[domain.Place, Element]] = []
    for number, place in enumerate(domain.places(form.fields, message)):
        if number >= domain.MOST_VALUES:
            raise Rejected(Problem("MESSAGE_TOO_LARGE", "单据的要素过多。", "请拆分后校验。"))
        if not place.is_simple:
            found.append(_finding(place, "应是一个值，不能是对象或列表", "按格式改写"))
        elif place.value is None and place.field.required:
            found.append(_finding(place, f"缺少{place.field.name}", "补填后重新校验"))
        elif place.value is not None and len(place.value) > domain.LONGEST_VALUE:
            found.append(_finding(place, "内容过长", "缩短后重新校验"))
        elif place.value is not None and place.field.element in known:
            judged.append((place, known[place.field.element]))
    found += _judged(judged)
    found += [
        Finding(path, "", "单据格式中没有这一要素", "删去或改为格式中的要素")
        for path in dict.fromkeys(domain.unknown(form.fields, message))
    ][:50]
    return tuple(found)


def _finding(place: domain.Place, message: str, remedy: str) -> Finding:
    return Finding(place.path, place.field.name, message, remedy)


def _judged(pairs: Sequence[tuple[domain.Place, Element]]) -> list[Finding]:
    """Judge all values in one statement."""
    row: dict[str, str | None] = {}
    asked: list[tuple[domain.Place, Check]] = []
    conditions: list[str] = []
    facts = facts_for(check for _, element in pairs for check in element.checks)
    for number, (place, element) in enumerate(pairs):
        name = f"v{number}"
        row[name] = place.value
        for check in element.checks:
            asked.append((place, check))
            cell = _cell(check, element, name)
            conditions.append(check_sql(check.bound(name), {name: cell}, facts=facts))
    answers = ports.judge().judge(conditions, row) if conditions else ()
    return [
        Finding(place.path, place.field.name, check.title, check.remedy, check.code, check.effect)
        for (place, check), is_right in zip(asked, answers, strict=True)
        if is_right is False
    ]


def _cell(check: Check, element: Element, name: str) -> str:
    """The type is judged on the text; the rest on the typed value, as at load."""
    return f'"{name}"' if check.kind is CheckKind.TYPE else typed(f'"{name}"', element.data_type)


def try_value(element: Element, value: str) -> tuple[tuple[Check, bool], ...]:
    """Return each check of an element with whether the value passes, on the real engine."""
    facts = facts_for(element.checks)
    conditions = [
        check_sql(check.bound("v"), {"v": _cell(check, element, "v")}, facts=facts)
        for check in element.checks
    ]
    answers = ports.judge().judge(conditions, {"v": value or None}) if conditions else ()
    return tuple(
        (check, answer is not False) for check, answer in zip(element.checks, answers, strict=True)
    )
