"""A caller's conditions: read, typed and held against what it may ask about."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation

from tongqu.catalog.vocabulary import DataType
from tongqu.delivery.domain import refusals
from tongqu.delivery.domain.gate import Column
from tongqu.delivery.vocabulary import Filter, Operator
from tongqu.kernel.problems import Rejected

MAX_FILTERS = 20
MAX_VALUES = 100
MAX_LENGTH = 200
BIGINT = range(-(2**63), 2**63)
TEXTS = frozenset({DataType.STRING, DataType.TEXT})
ONE = (1, 1)
COUNTS = {Operator.BETWEEN: (2, 2), Operator.IN: (1, MAX_VALUES), Operator.EMPTY: (0, 0)}


def read_filters(
    pairs: Iterable[tuple[str, str]], columns: tuple[Column, ...]
) -> tuple[Filter, ...]:
    """Return the conditions of a query string such as ``origin=JFK&month__between=1,3``.

    Raises: ``Rejected`` FILTER_NOT_ALLOWED for an item not on offer, FILTER_INVALID for a
    condition that cannot be read. Both before anything reaches an engine.
    """
    allowed = {column.name: column for column in columns if column.may_filter}
    found: list[Filter] = []
    for name, text in pairs:
        if len(found) == MAX_FILTERS:
            raise Rejected(refusals.filter_invalid(name, f"最多 {MAX_FILTERS} 个条件。"))
        item, operator = _split(name, allowed)
        column = allowed.get(item)
        if column is None:
            raise Rejected(refusals.filter_not_allowed(name, allowed))
        found.append(_filter(name, column, operator, text))
    return tuple(found)


def _split(name: str, allowed: Mapping[str, Column]) -> tuple[str, Operator]:
    """``origin__in`` is origin and in; an item whose own name ends so is taken whole."""
    item, mark, word = name.rpartition("__")
    if name in allowed or not mark or word not in set(Operator):
        return name, Operator.EQ
    return item, Operator(word)


def _filter(name: str, column: Column, operator: Operator, text: str) -> Filter:
    many = operator in {Operator.IN, Operator.BETWEEN}
    values = tuple(text.split(",")) if many else () if operator is Operator.EMPTY else (text,)
    says = why_not(column.data_type, operator, values)
    if says:
        raise Rejected(refusals.filter_invalid(name, says))
    return Filter(column.name, operator, values)


def why_not(data_type: DataType, operator: Operator, values: tuple[str, ...]) -> str:
    """Return what is wrong with a condition, or "" when it can be carried out."""
    least, most = COUNTS.get(operator, ONE)
    if not least <= len(values) <= most:
        return f"应给出 {least} 个值。" if least == most else f"应给出 {least} 至 {most} 个值。"
    if operator in {Operator.PREFIX, Operator.HAS} and data_type not in TEXTS:
        return "只有字符型信息项可以按开头或所含的值筛选。"
    if any(len(value) > MAX_LENGTH or not _is_storable(value) for value in values):
        return f"每个值最多 {MAX_LENGTH} 个字符，且不得含控制字符。"
    try:
        for value in values:
            typed(data_type, value)
    except (ValueError, InvalidOperation):
        return f"值应为{data_type.label}。"
    return ""


def _is_storable(text: str) -> bool:
    """Half a surrogate pair, which JSON can spell, is no character to bind or to keep."""
    return "\0" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)


def typed(data_type: DataType, text: str) -> object:
    """Return the value to bind. Raises: ``ValueError`` when the text is not of the type."""
    return READERS[data_type](text)


def _integer(text: str) -> int:
    number = int(text)
    if number not in BIGINT:
        raise ValueError("beyond 64 bits")
    return number


def _decimal(text: str) -> float:
    """The engine compares as double: one reading of a decimal text on both sides."""
    number = Decimal(text)
    if not number.is_finite() or abs(number.adjusted()) > 300:
        raise ValueError("not a finite number")
    return float(number)


def _boolean(text: str) -> bool:
    try:
        return {"true": True, "1": True, "false": False, "0": False}[text.lower()]
    except KeyError as error:
        raise ValueError("not a boolean") from error


READERS: dict[DataType, Callable[[str], object]] = {
    DataType.STRING: str,
    DataType.TEXT: str,
    DataType.INTEGER: _integer,
    DataType.DECIMAL: _decimal,
    DataType.DATE: date.fromisoformat,
    DataType.DATETIME: datetime.fromisoformat,
    DataType.TIME: time.fromisoformat,
    DataType.BOOLEAN: _boolean,
}
