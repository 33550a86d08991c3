"""What each kind of check must say and may say: an unknown key is an error, never a pass."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from math import isfinite

from tongqu.kernel import clock
from tongqu.standards.domain.expressions import columns_of
from tongqu.standards.domain.patterns import pattern
from tongqu.standards.vocabulary import BadDocument, CheckDigit, CheckKind, ElementType

Limits = Mapping[str, object]
MOST_CODES = 5_000
LONGEST_LEEWAY = 366 * 86_400


def limits_of(kind: CheckKind, given: Limits, *, where: str) -> dict[str, object]:
    """Return a check's limits in their stored form; raise ``BadDocument`` naming the key."""
    form = KINDS[kind]
    if unknown := set(given) - form.must - form.may:
        raise BadDocument(where, f"不认识的键 {'、'.join(sorted(unknown))}")
    if missing := form.must - set(given):
        raise BadDocument(where, f"缺少 {'、'.join(sorted(missing))}")
    if form.either and len(form.either & set(given)) == 0:
        raise BadDocument(where, f"应有 {' 或 '.join(sorted(form.either))}")
    read = {key: READERS[(kind, key) if (kind, key) in READERS else key](value, where)
            for key, value in given.items()}  # fmt: skip
    _agree(kind, read, where)
    return read


def _agree(kind: CheckKind, read: Limits, where: str) -> None:
    """Refuse limits that contradict each other."""
    if kind is CheckKind.CODES and {"table", "codes"} <= set(read):
        raise BadDocument(where, "table 与 codes 只能写一个")
    if read.get("on") and read.get("ever"):
        raise BadDocument(where, "on 与 ever 只能写一个")
    if kind is CheckKind.CODES and "codes" in read and {"on", "ever"} & set(read):
        raise BadDocument(where, "on、ever 只用于 table")
    low, high = read.get("min"), read.get("max")
    if low is None or high is None:
        return
    if isinstance(low, str) != isinstance(high, str):
        raise BadDocument(where, "min 与 max 应同为数或同为日期")
    if (low > high) if isinstance(low, str) else (float(str(low)) > float(str(high))):  # type: ignore[operator]  # both texts
        raise BadDocument(where, "min 大于 max")


def _text(value: object, where: str, key: str, longest: int = 120) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= longest or "\0" in value:
        raise BadDocument(where, f"{key} 应为 1 到 {longest} 个字符的文字")
    return value


def _whole(key: str, most: int) -> Callable[[object, str], int]:
    def read(value: object, where: str) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
            raise BadDocument(where, f"{key} 应为 0 到 {most} 的整数")
        return value

    return read


def _bound(value: object, where: str) -> object:
    """A number, or a day or moment in ISO 8601 (a moment is a Shanghai wall clock)."""
    if isinstance(value, bool):
        raise BadDocument(where, "min、max 应为数或日期")
    if isinstance(value, (int, float)):
        if abs(value) >= 1 << 63 or not isfinite(value):  # a vast integer has no float
            raise BadDocument(where, "min、max 应为有限的数")
        return value
    if isinstance(value, (datetime, date)):
        value = value.isoformat()
    try:
        text = _text(value, where, "min、max", 40)
        if "T" not in text and " " not in text.strip():
            return date.fromisoformat(text).isoformat()
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        if isinstance(error, BadDocument):
            raise
        raise BadDocument(where, "min、max 应为数，或 2026-09-24 样式的日期") from None
    if moment.tzinfo is not None:
        moment = moment.astimezone(clock.SHANGHAI).replace(tzinfo=None)
    return moment.isoformat()


def _codes(value: object, where: str) -> tuple[str, ...]:
    if not isinstance(value, (list, tuple)) or not 0 < len(value) <= MOST_CODES:
        raise BadDocument(where, f"codes 应为 1 到 {MOST_CODES} 个代码的列表")
    if not all(isinstance(code, str) for code in value):
        raise BadDocument(where, "codes 中的代码请加引号写成文字：010 与 10 不同")
    codes = tuple(_text(code, where, "codes 中的代码", 60) for code in value)
    if len(set(codes)) < len(codes):
        raise BadDocument(where, "codes 中有重复的代码")
    return codes


def _flag(key: str) -> Callable[[object, str], bool]:
    def read(value: object, where: str) -> bool:
        if not isinstance(value, bool):
            raise BadDocument(where, f"{key} 应为 true 或 false")
        return value

    return read


def _algorithm(value: object, where: str) -> str:
    if value not in set(CheckDigit):
        raise BadDocument(where, f"algorithm 不认识；可用：{'、'.join(CheckDigit)}")
    return str(value)


def _data_type(value: object, where: str) -> str:
    if value not in set(ElementType):
        raise BadDocument(where, f"data_type 不认识；可用：{'、'.join(ElementType)}")
    return str(value)


def _expression(value: object, where: str) -> str:
    columns_of(value, where=where)  # raises for what is not safe
    return str(value).strip()


def _named(key: str) -> Callable[[object, str], str]:
    return lambda value, where: _text(value, where, key)


READERS: dict[object, Callable[[object, str], object]] = {
    "pattern": lambda value, where: pattern(value, where=where),
    "min": _bound,
    "max": _bound,
    (CheckKind.LENGTH, "min"): _whole("min", 1_000_000),
    (CheckKind.LENGTH, "max"): _whole("max", 1_000_000),
    "codes": _codes,
    "table": _named("table"),
    "on": _named("on"),
    "ever": _flag("ever"),
    "division": _flag("division"),
    "algorithm": _algorithm,
    "data_type": _data_type,
    "other": _named("other"),
    "seconds": _whole("seconds", LONGEST_LEEWAY),
    "sql": _expression,
}

Chooser = Callable[[tuple[str, ...], Limits, str], tuple[str, ...]]


def _given(columns: tuple[str, ...], limits: Limits, where: str) -> tuple[str, ...]:  # noqa: ARG001  (one signature for all)
    if not columns:
        raise BadDocument(where, "缺少 columns")
    return columns


def _single(columns: tuple[str, ...], limits: Limits, where: str) -> tuple[str, ...]:
    if len(_given(columns, limits, where)) > 1:
        raise BadDocument(where, "columns 只能有一个信息项")
    return columns


def _used(columns: tuple[str, ...], limits: Limits, where: str) -> tuple[str, ...]:
    """An expression names its columns itself; those listed beside it must cover them."""
    used = columns_of(limits["sql"], where=where)
    if not used:
        raise BadDocument(where, "sql 没有引用任何信息项")
    if columns and (strange := set(used) - set(columns)):
        raise BadDocument(where, f"sql 引用了 columns 之外的 {'、'.join(sorted(strange))}")
    return used


@dataclass(frozen=True, slots=True)
class Form:
    must: frozenset[str] = frozenset()
    may: frozenset[str] = frozenset()
    either: frozenset[str] = frozenset()
    columns: Chooser = _given


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


KINDS: dict[CheckKind, Form] = {
    CheckKind.REQUIRED: Form(),
    CheckKind.TYPE: Form(must=_set("data_type")),
    CheckKind.PATTERN: Form(must=_set("pattern")),
    CheckKind.LENGTH: Form(may=_set("min max"), either=_set("min max")),
    CheckKind.RANGE: Form(may=_set("min max"), either=_set("min max")),
    CheckKind.CODES: Form(may=_set("table codes on ever"), either=_set("table codes")),
    CheckKind.CHECK_DIGIT: Form(must=_set("algorithm"), may=_set("division")),
    CheckKind.DIVISION: Form(may=_set("on ever")),
    CheckKind.NOT_AFTER: Form(must=_set("other"), may=_set("seconds"), columns=_single),
    CheckKind.NOT_FUTURE: Form(may=_set("seconds")),
    CheckKind.EXPRESSION: Form(must=_set("sql"), columns=_used),
}
