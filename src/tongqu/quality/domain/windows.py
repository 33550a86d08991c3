"""Rules about the row before: one sort for all rules that look at rows in the same order."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from tongqu.kernel.statements import quoted
from tongqu.quality.domain.places import KM
from tongqu.quality.domain.rules import Rule
from tongqu.quality.vocabulary import RuleKind

METRES = 100.0  # what a position may be off by: a vehicle that stands does not move
PLACE = ("_load_time", "_batch_id", "_line")  # how rows came in


@dataclass(slots=True)
class Window:
    """Rows of one thing (``keys``) in one order, and the rules that look back in it."""

    keys: tuple[str, ...]
    order: tuple[str, ...]
    rules: dict[int, Rule] = field(default_factory=dict)

    def source(self) -> str:
        """Return one row: ``c<i>`` pairs looked at, ``w<i>`` wrong ones; for unique ones ``w``."""
        counts = []
        for index, rule in self.rules.items():
            if rule.kind is not RuleKind.UNIQUE:
                counts.append(f"count(*) FILTER (WHERE {judged(rule)}) AS c{index}")
            counts.append(f"count(*) FILTER (WHERE {self.wrong(rule)}) AS w{index}")
        return f"SELECT {', '.join(counts)} FROM ({self.rows()}) AS b"  # noqa: S608  # quoted names

    def rows(self, beside: Sequence[str] = ()) -> str:
        """Return each row with what stood in the row before it."""
        looked = dict.fromkeys(n for rule in self.rules.values() for n in looked_at(rule))
        over = f"OVER (PARTITION BY {_list(self.keys)} ORDER BY {_list(self.order)})"
        own = [quoted(name) for name in (*beside, *(n for n in looked if n not in beside))]
        before = [f"lag({quoted(n)}) {over} AS {quoted(f'before.{n}')}" for n in looked]
        filled = " AND ".join(f"{quoted(n)} IS NOT NULL" for n in (*self.keys, *self.filled))
        return f"SELECT {', '.join([*own, *before])} FROM t WHERE {filled}"  # noqa: S608  # quoted names

    def wrong(self, rule: Rule) -> str:
        if rule.kind is not RuleKind.UNIQUE:
            return wrong(rule)
        (last,) = self.order  # rows of one key lie side by side
        return f"{quoted(last)} = {quoted(f'before.{last}')}"

    @property
    def filled(self) -> tuple[str, ...]:
        return () if self.order == PLACE else self.order


def window_of(rule: Rule) -> Window | None:
    """Return the window that a rule needs; None for rules that do not look back."""
    limits = rule.limits
    if rule.kind is RuleKind.SPEED:
        return Window(_names(limits["columns"]), (str(limits["time"]),))
    if rule.kind is RuleKind.SEQUENCE:
        return Window(_names(limits["columns"]), PLACE)
    return None


def gather(rules: Sequence[Rule]) -> list[Window]:
    """Return the windows that rules need; a key that one of them sorts by is counted in it."""
    found: dict[tuple[tuple[str, ...], tuple[str, ...]], Window] = {}
    for index, rule in enumerate(rules):
        if (own := window_of(rule)) is not None:
            found.setdefault((own.keys, own.order), own).rules[index] = rule
    for index, rule in enumerate(rules):
        if rule.kind is RuleKind.UNIQUE:
            for window in found.values():
                if set(rule.columns) == {*window.keys, *window.order}:
                    window.rules[index] = rule
                    break
    return list(found.values())


def looked_at(rule: Rule) -> tuple[str, ...]:
    if rule.kind is RuleKind.SPEED:
        return tuple(str(rule.limits[key]) for key in ("time", "lon", "lat"))
    if rule.kind is RuleKind.SEQUENCE:
        return (str(rule.limits["time"]),)
    return ()  # a key: its order is looked at by the rule that made the window


def judged(rule: Rule) -> str:
    """Say whether there is something to judge: the row and the one before it are filled."""
    names = looked_at(rule)
    return " AND ".join(
        f"{part} IS NOT NULL" for n in names for part in (quoted(n), quoted(f"before.{n}"))
    )


def wrong(rule: Rule) -> str:
    said = rule.limits
    time = str(said["time"])
    now, before = quoted(time), quoted(f"before.{time}")
    if rule.kind is RuleKind.SEQUENCE:
        return f"{now} < {before}"
    lon, lat = (f"CAST({quoted(str(said[k]))} AS DOUBLE)" for k in ("lon", "lat"))
    lon0, lat0 = (f"CAST({quoted(f'before.{said[k]}')} AS DOUBLE)" for k in ("lon", "lat"))
    north = f"(({lat} - {lat0}) * {_e(KM)})"
    east = f"(({lon} - {lon0}) * {_e(KM)} * cos(radians({lat0})))"
    metres = float(str(said.get("metres", METRES)))
    most = float(str(said["max"])) / 3600
    reach = f"(date_diff('second', {before}, {now}) * {_e(most)} + {_e(metres / 1000)})"
    # What is no number is no place that could have been reached.
    is_near = f"{east} * {east} + {north} * {north} <= {reach} * {reach}"
    return f"({judged(rule)}) AND NOT coalesce({is_near}, FALSE)"


def _names(value: object) -> tuple[str, ...]:
    return tuple(str(n) for n in value) if isinstance(value, (list, tuple)) else (str(value),)


def _list(names: Sequence[str]) -> str:
    return ", ".join(quoted(name) for name in names)


def _e(value: float) -> str:
    return f"CAST('{value!r}' AS DOUBLE)"
