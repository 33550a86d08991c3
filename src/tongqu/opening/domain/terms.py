"""What is shown, kept as JSON in a case, and the grammar in which people write row conditions."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tongqu.catalog.vocabulary import UpdateCycle
from tongqu.delivery.vocabulary import TODAY, Filter, Operator, Shown

CYCLE_HOURS: dict[UpdateCycle, int] = {
    UpdateCycle.REALTIME: 1,
    UpdateCycle.DAILY: 24,
    UpdateCycle.WEEKLY: 24 * 7,
    UpdateCycle.MONTHLY: 24 * 31,
    UpdateCycle.QUARTERLY: 24 * 92,
    UpdateCycle.YEARLY: 24 * 366,
}
WORDS: dict[str, Operator] = {
    "等于": Operator.EQ, "不等于": Operator.NOT, "属于": Operator.IN, "不小于": Operator.MIN,
    "不早于": Operator.MIN, "不大于": Operator.MAX, "不晚于": Operator.MAX,
    "介于": Operator.BETWEEN, "为空": Operator.EMPTY, "开头为": Operator.PREFIX,
    "含有": Operator.HAS,
}  # fmt: skip
TODAY_WORD = "今天"


def kept(shown: Iterable[Shown]) -> list[dict[str, Any]]:
    return [
        {
            "item": one.item,
            "mask": one.mask,
            "part": one.is_part,
            "unless": _kept(one.unless) if one.unless else None,
        }
        for one in shown
    ]


def shown_from(rows: Iterable[Mapping[str, Any]]) -> tuple[Shown, ...]:
    return tuple(
        Shown(row["item"], row["mask"], _from(row["unless"]) if row["unless"] else None,
              row["part"])
        for row in rows
    )  # fmt: skip


def filters_kept(found: Iterable[Filter]) -> list[dict[str, Any]]:
    return [_kept(one) for one in found]


def filters_from(rows: Iterable[Mapping[str, Any]]) -> tuple[Filter, ...]:
    return tuple(_from(row) for row in rows)


def _kept(found: Filter) -> dict[str, Any]:
    return {"item": found.item, "operator": found.operator.value, "values": list(found.values)}


def _from(row: Mapping[str, Any]) -> Filter:
    return Filter(row["item"], Operator(row["operator"]), tuple(row["values"]))


def condition_of(line: str) -> Filter:
    """Return the condition of a line such as ``valid_to 不早于 今天`` or ``state 属于 甲,乙``.

    Raises: ``ValueError`` for a line that is none.
    """
    item, _, rest = line.strip().partition(" ")
    word, _, text = rest.strip().partition(" ")
    operator = WORDS[word] if word in WORDS else Operator(word)
    parts = [TODAY if part.strip() == TODAY_WORD else part.strip() for part in text.split(",")]
    values = () if operator is Operator.EMPTY else tuple(parts)
    if not item or (operator is not Operator.EMPTY and not all(values)):
        raise ValueError(line)
    return Filter(item, operator, values)


def line_of(found: Filter) -> str:
    """Return a condition as people write it."""
    word = next(word for word, operator in WORDS.items() if operator is found.operator)
    values = ",".join(TODAY_WORD if value == TODAY else value for value in found.values)
    return f"{found.item} {word} {values}".strip()


def missing(found: Sequence[Filter], names: Iterable[str]) -> list[str]:
    known = set(names)
    return [one.item for one in found if one.item not in known]
