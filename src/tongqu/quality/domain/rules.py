"""Quality rules as data: parsed strictly, so that a mistyped key is an error and not a pass.

A rule names its dimension and its basis. What a kind needs is a row in ``NEEDS``.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from math import isfinite

from tongqu.kernel.law import Assumption, Basis
from tongqu.policy.clauses import measures_2021 as law
from tongqu.quality.vocabulary import Dimension, RuleKind
from tongqu.standards.vocabulary import BadDocument, Check, CheckKind, Effect

TOLERANCE = Assumption("未约定容差的规则，容差为零：有一行不符即计入问题")

# kind → dimension, indicator of GB/T 36344, keys it must have, keys it may have, basis
NEEDS: dict[RuleKind, tuple[Dimension, str, frozenset[str], frozenset[str]]] = {
    RuleKind.NOT_NULL: (Dimension.COMPLETENESS, "0201", frozenset(), frozenset()),
    RuleKind.UNIQUE: (Dimension.ACCURACY, "0304", frozenset(), frozenset({"columns"})),
    RuleKind.PATTERN: (Dimension.CONFORMITY, "0101", frozenset({"pattern"}), frozenset()),
    RuleKind.LENGTH: (Dimension.CONFORMITY, "0302", frozenset({"max"}), frozenset()),
    RuleKind.RANGE: (Dimension.ACCURACY, "0301", frozenset(), frozenset({"min", "max"})),
    RuleKind.CODES: (Dimension.CONFORMITY, "0105", frozenset({"codes"}), frozenset()),
    RuleKind.ORDER: (Dimension.CONSISTENCY, "0104", frozenset({"not_after"}), frozenset()),
    RuleKind.REFERENCE: (Dimension.CONSISTENCY, "0402", frozenset({"table", "key"}), frozenset()),
    RuleKind.FRESH: (Dimension.TIMELINESS, "0502", frozenset({"hours"}), frozenset()),
    RuleKind.RELATED: (
        Dimension.CONSISTENCY, "0402", frozenset({"table", "on", "sql"}),
        frozenset({"where", "sum", "crosswalk"}),
    ),
    RuleKind.RECONCILE: (
        Dimension.CONSISTENCY, "0402",
        frozenset({"table", "group", "sum", "other_sum", "day", "days", "within"}),
        frozenset({"where"}),
    ),
    RuleKind.PATH: (
        Dimension.CONSISTENCY, "0104", frozenset({"columns", "steps"}), frozenset(),
    ),
}  # fmt: skip
# A check of the standards' language says what it needs itself; here: what it measures.
MEASURES: dict[CheckKind, tuple[Dimension, str]] = {
    CheckKind.REQUIRED: (Dimension.COMPLETENESS, "0201"),
    CheckKind.TYPE: (Dimension.CONFORMITY, "0101"),
    CheckKind.PATTERN: (Dimension.CONFORMITY, "0101"),
    CheckKind.LENGTH: (Dimension.CONFORMITY, "0302"),
    CheckKind.CODES: (Dimension.CONFORMITY, "0105"),
    CheckKind.DIVISION: (Dimension.CONFORMITY, "0105"),
    CheckKind.RANGE: (Dimension.ACCURACY, "0301"),
    CheckKind.CHECK_DIGIT: (Dimension.ACCURACY, "0301"),
    CheckKind.NOT_FUTURE: (Dimension.ACCURACY, "0301"),
    CheckKind.NOT_AFTER: (Dimension.CONSISTENCY, "0104"),
    CheckKind.EXPRESSION: (Dimension.CONSISTENCY, "0104"),
}
COMMON = frozenset({"code", "title", "kind", "column", "tolerance", "remedy", "dimension"})
MOST_VALUES = 5_000
LONGEST = {
    "code": 160,
    "column": 80,
    "not_after": 80,
    "table": 120,
    "key": 80,
    "sql": 1000,
    "where": 1000,
    "other_sum": 80,
    "day": 80,
}  # else 200
NO_COLUMN = frozenset({RuleKind.FRESH, RuleKind.UNIQUE, RuleKind.RELATED, RuleKind.RECONCILE})
ReadCheck = Callable[[Mapping[str, object]], Check]  # raises BadDocument


class BadRule(ValueError):
    """A rule file says something that is not understood; ``where`` names the rule and the key."""

    def __init__(self, where: str, what: str) -> None:
        super().__init__(f"{where}: {what}")
        self.where, self.what = where, what


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule over one table. ``tolerance`` is the share of wrong rows that is let pass."""

    code: str
    title: str  # a sentence, Chinese
    kind: RuleKind
    column: str
    dimension: Dimension
    indicator: str  # GB/T 36344, e.g. "0201"
    remedy: str = ""
    tolerance: Decimal = Decimal(0)
    limits: Mapping[str, object] = field(default_factory=dict)
    basis: Basis = law.QUALITY
    check: Check | None = None  # of kind CHECK

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the columns of the scanned table that the rule cannot do without."""
        if self.check is not None:
            return self.check.columns
        if self.kind is RuleKind.RELATED:
            return tuple(pairs(self.limits["on"]))
        if self.kind is RuleKind.RECONCILE:
            own = (self.limits["sum"], self.limits["day"])
            return (*pairs(self.limits["group"]), *map(str, own))
        extra = self.limits.get("columns")
        listed = tuple(str(c) for c in extra) if isinstance(extra, (list, tuple)) else ()
        return (*listed, self.column) if self.kind is RuleKind.PATH else listed or (self.column,)


def of_check(check: Check, *, basis: Basis = law.QUALITY, code: str = "") -> Rule:
    """Return a declared check as a rule. A check that only warns opens no ticket."""
    dimension, indicator = MEASURES[check.kind]
    return Rule(
        code=code or check.code,
        title=check.title,
        kind=RuleKind.CHECK,
        column=check.columns[0] if check.columns else "",
        dimension=dimension,
        indicator=indicator,
        remedy=check.remedy,
        tolerance=Decimal(check.effect is Effect.WARN),
        basis=basis,
        check=check,
    )


def pairs(on: object) -> dict[str, str]:
    """Return own column → column of the other table; a list joins columns of the same name."""
    if isinstance(on, Mapping):
        return {str(own): str(other) for own, other in on.items()}
    return {str(name): str(name) for name in on} if isinstance(on, (list, tuple)) else {}


def walks(crosswalk: object) -> dict[str, tuple[str, str]]:
    """Return own column → the two code tables whose cross-walk leads to the other's codes."""
    if not isinstance(crosswalk, Mapping):
        return {}
    return {str(own): (str(way[0]), str(way[1])) for own, way in crosswalk.items()}


def is_check(row: Mapping[str, object]) -> bool:
    """Tell whether a rule is written in the language of checks: ``columns``, not ``column``.

    The kinds that both know (pattern, range, codes, length) are told apart by that.
    """
    kind = str(row.get("kind"))
    return kind in set(CheckKind) and (kind not in set(RuleKind) or "columns" in row)


def parse(
    rows: Sequence[Mapping[str, object]], *, read_check: ReadCheck | None = None
) -> tuple[Rule, ...]:
    """Return the rules of a pack, or raise ``BadRule`` for the first that is not understood.

    ``read_check`` reads a document in the language of checks, which is the standards' own.
    """
    rules = tuple(
        _parse_check(row, read_check) if read_check and is_check(row) else _parse_one(row)
        for row in rows
    )
    codes = [rule.code for rule in rules]
    for code in codes:
        if codes.count(code) > 1:
            raise BadRule(code, "规则编码重复")
    return rules


def _parse_check(row: Mapping[str, object], read: ReadCheck) -> Rule:
    """Return a check as a rule; ``tolerance`` and ``dimension`` beside it are quality's own."""
    where = str(row.get("code") or "（无编码）")
    own = {key: row[key] for key in ("tolerance", "dimension") if key in row}
    if wrong := next((key for key, value in own.items() if not CHECKS[key](value)), ""):
        raise BadRule(where, f"{wrong} 的值不对")
    try:
        rule = of_check(read({key: value for key, value in row.items() if key not in own}))
    except BadDocument as error:
        raise BadRule(where, error.what) from error
    if "tolerance" in own:
        rule = replace(rule, tolerance=Decimal(str(own["tolerance"])))
    return replace(rule, dimension=Dimension(str(own.get("dimension", rule.dimension))))


def _parse_one(row: Mapping[str, object]) -> Rule:
    where = str(row.get("code") or "（无编码）")
    for key in ("code", "title", "kind"):
        if not str(row.get(key) or "").strip():
            raise BadRule(where, f"缺少 {key}")
    try:
        kind = RuleKind(str(row["kind"]))
    except ValueError:
        raise BadRule(where, f"没有名为 {row['kind']} 的规则种类") from None
    dimension, indicator, must, may = NEEDS[kind]
    if unknown := set(row) - COMMON - must - may:
        raise BadRule(where, f"不认识的键 {', '.join(sorted(unknown))}")
    if missing := must - set(row):
        raise BadRule(where, f"缺少 {', '.join(sorted(missing))}")
    if kind not in NO_COLUMN and not row.get("column"):
        raise BadRule(where, "缺少 column")
    if kind is RuleKind.RANGE and not {"min", "max"} & set(row):
        raise BadRule(where, "值域规则须有 min 或 max")
    wrong = next((key for key in row if not _is_sound(kind, key, row[key])), None)
    if wrong is not None:
        raise BadRule(where, f"{wrong} 的值不对")
    if walked := sorted(set(walks(row.get("crosswalk"))) - set(pairs(row.get("on")))):
        raise BadRule(where, f"crosswalk 的 {'、'.join(walked)} 不在 on 中")
    return Rule(
        code=where,
        title=str(row["title"]),
        kind=kind,
        column=str(row.get("column") or ""),
        dimension=Dimension(str(row["dimension"])) if row.get("dimension") else dimension,
        indicator=indicator,
        remedy=str(row.get("remedy") or ""),
        tolerance=Decimal(str(row.get("tolerance") or 0)),
        limits={key: row[key] for key in (must | may) if key in row},
    )


def _is_sound(kind: RuleKind, key: str, value: object) -> bool:
    """Say whether a value can be carried out: a rule kept wrong would stop every later scan."""
    if key in OPTIONAL and value in (None, ""):
        return True
    if key == "max" and kind is RuleKind.LENGTH:
        return _is_whole(value)
    if key in CHECKS:
        return CHECKS[key](value)
    return isinstance(value, str) and _is_plain(value, LONGEST.get(key, 200))


def _is_dimension(value: object) -> bool:
    return isinstance(value, str) and value in set(Dimension)


def _is_limit(value: object) -> bool:
    return _is_plain(value, 100) and not isinstance(value, bool)


def _is_list(value: object) -> bool:
    if not isinstance(value, list) or not 0 < len(value) <= MOST_VALUES:
        return False
    return all(_is_plain(part, 200) for part in value)


def _is_share(value: object) -> bool:
    try:
        return Decimal(0) <= Decimal(str(value)) <= Decimal(1)
    except InvalidOperation:  # no number, or one that compares with nothing
        return False


def _is_whole(value: object) -> bool:
    return re.fullmatch("[0-9]{1,9}", str(value)) is not None


def _is_join(value: object) -> bool:
    joined = pairs(value)
    return 0 < len(joined) <= 10 and all(
        _is_plain(name, 80) and name for pair in joined.items() for name in pair
    )


def _is_crosswalk(value: object) -> bool:
    """Say whether every column names the code table of its own codes, then the other's."""
    return (
        isinstance(value, Mapping)
        and 0 < len(value) <= 10
        and all(
            _is_plain(own, 80) and _is_list(way) and len(way) == 2 for own, way in value.items()
        )
    )


def _is_steps(value: object) -> bool:
    """Say whether states follow states: each with a list of those that may come next."""
    return (
        isinstance(value, Mapping)
        and 0 < len(value) <= 100
        and all(_is_plain(state, 100) for state in value)
        and all(_is_list(after) for after in value.values())
    )


def _is_plain(value: object, length: int) -> bool:
    """Say whether a value is one text or finite number that a database can hold."""
    if isinstance(value, float):
        return isfinite(value)
    if isinstance(value, int):
        return abs(value) < 1 << 63
    return isinstance(value, str) and len(value) <= length and _is_storable(value)


def _is_storable(text: str) -> bool:
    return "\0" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)


def _is_pattern(value: object) -> bool:
    """Say whether the engine reads the pattern too: it looks neither around nor back."""
    if not isinstance(value, str) or not _is_plain(value, 500):
        return False
    try:
        re.compile(value)
    except (re.error, RecursionError, OverflowError):
        return False
    return re.search(r"\(\?(?:[=!(>#]|<[=!]|P=)|\\[1-9Z]|[*+?}]\+", value) is None


OPTIONAL = frozenset({"tolerance", "dimension", "column", "remedy"})
CHECKS: dict[str, Callable[[object], bool]] = {
    "tolerance": _is_share,
    "dimension": _is_dimension,
    "hours": _is_whole,
    "days": _is_whole,
    "within": _is_share,
    "group": _is_list,
    "steps": _is_steps,
    "min": _is_limit,
    "max": _is_limit,
    "codes": _is_list,
    "columns": _is_list,
    "on": _is_join,
    "pattern": _is_pattern,
    "crosswalk": _is_crosswalk,
}


@dataclass(frozen=True, slots=True)
class Declared:
    """What the catalogue says of one column: the rules that follow without anybody writing them."""

    column: str
    name: str
    is_nullable: bool
    is_key: bool
    length: int | None


def implied(entry_code: str, items: Sequence[Declared]) -> tuple[Rule, ...]:
    """Return the rules that the catalogue entry itself implies (article 8: 信息项信息)."""
    rules = []
    for item in items:
        stem = f"{entry_code}.{item.column}"
        if not item.is_nullable:
            rules.append(
                Rule(
                    f"{stem}.filled", f"{item.name}应填写", RuleKind.NOT_NULL, item.column,
                    Dimension.COMPLETENESS, "0201", "由来源系统补填后重报",
                )
            )  # fmt: skip
        if item.length:
            rules.append(
                Rule(
                    f"{stem}.length", f"{item.name}不超过 {item.length} 个字符", RuleKind.LENGTH,
                    item.column, Dimension.CONFORMITY, "0302", "核对信息项长度或更正内容",
                    limits={"max": item.length},
                )
            )  # fmt: skip
    keys = [item.column for item in items if item.is_key]
    if keys:
        rules.append(
            Rule(
                f"{entry_code}.key.unique", "主键不重复", RuleKind.UNIQUE, keys[0],
                Dimension.ACCURACY, "0304", "由来源系统去重后重报", limits={"columns": keys},
            )
        )  # fmt: skip
    return tuple(rules)
