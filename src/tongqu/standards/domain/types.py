"""Which check suits which type of column: what the engine would refuse at load is said before."""

from collections.abc import Mapping

from tongqu.standards.domain.checks import TYPES, names
from tongqu.standards.vocabulary import BadDocument, Check, CheckKind, ElementType

NUMBERS = frozenset({ElementType.INTEGER, ElementType.DECIMAL})
MOMENTS = frozenset({ElementType.DATE, ElementType.DATETIME})
TEXTS = frozenset({ElementType.STRING, ElementType.TEXT})


def fits(check: Check, types: Mapping[str, ElementType], *, where: str) -> None:
    """Raise ``BadDocument`` when a check cannot judge columns of these types."""
    place = f"{where} {check.code}"
    for column in names(check):
        if column not in types:
            raise BadDocument(place, f"没有名为 {column} 的信息项")
    first = types[check.columns[0]] if check.columns else None
    if check.kind is CheckKind.RANGE:
        bounds = [check.limits[key] for key in ("min", "max") if key in check.limits]
        wanted = MOMENTS if isinstance(bounds[0], str) else NUMBERS
        _all_of(check, types, wanted, place)
    elif check.kind is CheckKind.NOT_FUTURE:
        _all_of(check, types, MOMENTS, place)
    elif check.kind in (CheckKind.CHECK_DIGIT, CheckKind.PATTERN):
        _all_of(check, types, TEXTS | {ElementType.INTEGER}, place)
    elif check.kind is CheckKind.NOT_AFTER and first is not None:
        other = types[str(check.limits["other"])]
        both = next((group for group in (MOMENTS, NUMBERS, TEXTS) if first in group), {first})
        if other not in both:
            raise BadDocument(place, f"{first.label}与{other.label}不能比较先后")
        if check.limits.get("seconds") and first not in MOMENTS:
            raise BadDocument(place, "seconds 只用于日期和日期时间")
    if check.limits.get("on") and types[str(check.limits["on"])] not in MOMENTS:
        raise BadDocument(place, "on 应是日期或日期时间")


def _all_of(
    check: Check, types: Mapping[str, ElementType], wanted: frozenset[ElementType], place: str
) -> None:
    for column in check.columns:
        if types[column] not in wanted:
            raise BadDocument(place, f"{check.kind.label}校验不适用于{types[column].label}")


def typed(cell: str, data_type: ElementType) -> str:
    """Return a text cell as its own type, NULL where it is none: TYPE judges the text itself."""
    kind = TYPES.get(data_type)
    return f"TRY_CAST({cell} AS {kind})" if kind else cell
