"""Quality rules as data: parsed strictly, so that a mistyped key is an error and not a pass.

A rule names its dimension and its basis. What a kind needs is a row in ``NEEDS``.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from tongqu.kernel.law import Assumption, Basis
from tongqu.policy.clauses import measures_2021 as law
from tongqu.quality.domain.indicators import INDICATORS
from tongqu.quality.domain.kinds import COMMON, MEASURES, NEEDS, NO_COLUMN, ONE_OF
from tongqu.quality.domain.values import CHECKS, is_sound, pairs, walks
from tongqu.quality.vocabulary import KIND_LABELS, Dimension, RuleKind
from tongqu.standards.vocabulary import BadDocument, Check, CheckKind, Effect

TOLERANCE = Assumption("未约定容差的规则，容差为零：有一行不符即计入问题")

# Keys that name the columns a rule looks at.
BY_NAME: dict[RuleKind, tuple[str, ...]] = {
    RuleKind.SPEED: ("columns", "time", "lon", "lat"),
    RuleKind.SEQUENCE: ("columns", "time"),
    RuleKind.INSIDE: ("lon", "lat"),
    RuleKind.NEAR: ("lon", "lat"),
    RuleKind.PLATE: ("color",),
}
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
    def columns(self) -> tuple[str, ...]:  # noqa: PLR0911  # one answer for each kind
        """Return the columns of the scanned table that the rule cannot do without."""
        if self.check is not None:
            return self.check.columns
        if self.kind is RuleKind.RELATED:
            return tuple(pairs(self.limits["on"]))
        if self.kind is RuleKind.RECONCILE:
            own = (self.limits["sum"], self.limits["day"])
            return (*pairs(self.limits["group"]), *map(str, own))
        if self.kind in BY_NAME:
            said = (self.limits[key] for key in BY_NAME[self.kind])
            flat = (one if isinstance(one, (list, tuple)) else (one,) for one in said)
            first = (self.column,) if self.column else ()
            return (*first, *(str(name) for part in flat for name in part))
        if self.kind is RuleKind.ORDER:
            return (self.column, str(self.limits["not_after"]))
        extra = self.limits.get("columns")
        listed = tuple(str(c) for c in extra) if isinstance(extra, (list, tuple)) else ()
        if self.kind is RuleKind.PATH:
            return (*listed, self.column)
        return listed or ((self.column,) if self.column else ())


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
    """Return a check as a rule; the keys ``OWN`` beside it are quality's own."""
    where = str(row.get("code") or "（无编码）")
    own = {key: row[key] for key in OWN if key in row}
    if wrong := next((key for key, value in own.items() if not CHECKS[key](value)), ""):
        raise BadRule(where, f"{wrong} 的值不对")
    try:
        rule = of_check(read({key: value for key, value in row.items() if key not in own}))
    except BadDocument as error:
        raise BadRule(where, error.what) from error
    if "tolerance" in own:
        rule = replace(rule, tolerance=Decimal(str(own["tolerance"])))
    return _placed(rule, own)


OWN = ("tolerance", "dimension", "indicator")


def _placed(rule: Rule, row: Mapping[str, object]) -> Rule:
    """Put a rule under the indicator and the dimension that it names, if it names any.

    An indicator alone says its dimension; an indicator of another dimension is a mistake.
    """
    said = INDICATORS.get(str(row.get("indicator") or ""))
    if said is not None:
        if row.get("dimension") and said.dimension is not Dimension(str(row["dimension"])):
            raise BadRule(rule.code, f"指标 {said.code} 不属于维度 {row['dimension']}")
        return replace(rule, dimension=said.dimension, indicator=said.code)
    if row.get("dimension"):
        return replace(rule, dimension=Dimension(str(row["dimension"])))
    return rule


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
    for choice in ONE_OF.get(kind, ()):
        if not choice & set(row):
            keys = " 或 ".join(sorted(choice, reverse=True))
            raise BadRule(where, f"{KIND_LABELS[kind]}规则须有 {keys}")
    wrong = next((key for key in row if not is_sound(kind, key, row[key])), None)
    if wrong is not None:
        raise BadRule(where, f"{wrong} 的值不对")
    if walked := sorted(set(walks(row.get("crosswalk"))) - set(pairs(row.get("on")))):
        raise BadRule(where, f"crosswalk 的 {'、'.join(walked)} 不在 on 中")
    if kind is RuleKind.DRIFT and {"codes", "edges"} <= set(row):
        raise BadRule(where, "分布规则只能有 codes 或 edges 之一")
    said = str(row.get("basis") or "").strip()
    rule = Rule(
        code=where,
        title=str(row["title"]),
        kind=kind,
        column=str(row.get("column") or ""),
        dimension=dimension,
        indicator=indicator,
        remedy=str(row.get("remedy") or ""),
        tolerance=Decimal(str(row.get("tolerance") or 0)),
        limits={key: row[key] for key in (must | may) if key in row},
        basis=Assumption(said.removeprefix("约定（待确认）：")) if said else law.QUALITY,
    )
    return _placed(rule, row)


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
