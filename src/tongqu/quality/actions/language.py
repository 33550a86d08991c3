"""The standards' language of checks, spoken by quality: one way to say a rule, at load and here.

A check compares wall clocks of Asia/Shanghai; a column that holds instants is shown so.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from tongqu.catalog.vocabulary import EntryView, ItemView
from tongqu.kernel.law import Assumption, Basis
from tongqu.kernel.problems import Rejected
from tongqu.policy.queries import clause
from tongqu.quality.domain import plan as plans
from tongqu.quality.domain.rules import BadRule, Rule, of_check, parse
from tongqu.quality.domain.values import pairs, walks
from tongqu.quality.vocabulary import RuleKind
from tongqu.standards import public as standards
from tongqu.standards.vocabulary import BadDocument, Check, CheckKind, Facts

if TYPE_CHECKING:
    import pyarrow as pa

Schemas = Mapping[str, "pa.Schema"]  # name of a table → its schema
# What the catalogue itself implies already (length, 必填) or a table's schema ensures (type).
IMPLIED = frozenset({CheckKind.TYPE, CheckKind.LENGTH, CheckKind.REQUIRED})


def read(rows: Sequence[Mapping[str, object]]) -> tuple[Rule, ...]:
    """Return the rules of a pack, checks among them. Raises ``BadRule``."""
    rules = parse(rows, read_check=lambda row: standards.parse_checks([row], where="规则")[0])
    for rule in rules:
        if rule.kind in {RuleKind.RELATED, RuleKind.RECONCILE}:
            _expressions(rule)
        _drawn(rule)
    return tuple(_founded(rule) for rule in rules)


def _founded(rule: Rule) -> Rule:
    """Put the clause that a rule names in the place of its text; other texts are assumptions."""
    if isinstance(rule.basis, Assumption) and (found := clause(rule.basis.says)) is not None:
        return replace(rule, basis=found)
    return rule


def _drawn(rule: Rule) -> None:
    """Refuse a shape that cannot be read, before it is kept."""
    if "wkt" not in rule.limits:
        return
    metres = rule.limits.get("metres")
    try:
        plans.drawn((str(rule.limits["wkt"]),), float(str(metres)) if metres else None)
    except ValueError as error:
        raise BadRule(rule.code, f"wkt {error}") from error


def _expressions(rule: Rule) -> dict[str, Check]:
    """Return the expressions of a rule over two tables as checks: unsafe ones are refused here.

    ``where`` is turned round: the language says TRUE where there is nothing to judge, and a
    row of the other table that cannot be judged does not count.
    """
    found = {}
    texts = {rule.code: rule.limits["sql"]} if "sql" in rule.limits else {}
    if rule.limits.get("where"):
        texts[f"{rule.code}.where"] = f"NOT ({rule.limits['where']})"
    for code, sql in texts.items():
        document = {"code": rule.code, "title": rule.title, "kind": "expression", "sql": sql}
        try:
            found[code] = standards.parse_checks([document], where="规则")[0]
        except BadDocument as error:
            raise BadRule(rule.code, error.what) from error
    return found


def of_entry(entry: EntryView) -> tuple[Rule, ...]:
    """Return the checks that items, their elements and the entry itself declare, as rules."""
    found = [check for item in entry.items for check in _of_item(item)]
    found += standards.parse_checks(entry.checks, where=entry.code)
    codes = [check.code for check in found]
    return tuple(
        of_check(
            check,
            basis=basis_of(check),
            # One check may judge several columns, each through an element of its own.
            code=f"{check.code}.{check.columns[0]}" if codes.count(check.code) > 1 else "",
        )
        for check in found
    )


def _of_item(item: ItemView) -> list[Check]:
    element = standards.element(item.element) if item.element else None
    declared = element.checks_of(item.name_en) if element else ()
    checks = [check for check in declared if check.kind not in IMPLIED]
    name, table = item.name_en, item.code_table
    is_new = bool(table) and not any(table in check.tables for check in checks)
    if is_new and standards.code_table(table) is not None:
        checks.append(
            Check(
                f"{name}.codes", f"{item.name_zh}应为代码集 {table} 中的代码",
                CheckKind.CODES, (name,), {"table": table},
                remedy="按代码集更正，或先登记对照关系",
            )
        )  # fmt: skip
    return checks


def basis_of(check: Check) -> Basis:
    return clause(check.basis) or Assumption(check.basis.removeprefix("约定（待确认）："))


def rights_of(rules: Iterable[Rule], schema: "pa.Schema", others: Schemas) -> dict[str, str]:
    """Return the SQL of a right row for each rule whose SQL the language writes.

    ``others``: schemas of the tables that RELATED rules look into; their columns are spoken of
    as ``other_<name>``, the number of rows found there as ``n``, the sum of ``sum`` as ``total``.

    Raises: ``BadRule`` for a column or code table that does not exist.
    """
    rules = list(rules)
    own = _shown(schema, "t")
    checks = [rule.check for rule in rules if rule.check]
    facts = standards.facts_for(checks)
    found: dict[str, str] = {}
    for rule in rules:
        if rule.check is not None:
            found[rule.code] = _sql(rule, rule.check, own, facts)
        elif rule.kind is RuleKind.RELATED:
            found |= _related(rule, own, others[str(rule.limits["table"])], facts)
        elif rule.kind is RuleKind.RECONCILE:
            found |= _reconciled(rule, own, others[str(rule.limits["table"])], facts)
    return found


def _related(
    rule: Rule, own: Mapping[str, str], other: "pa.Schema", facts: Facts
) -> dict[str, str]:
    summed = {str(rule.limits["sum"])} if rule.limits.get("sum") else set[str]()
    strange = sorted({*pairs(rule.limits["on"]).values(), *summed} - set(other.names))
    if strange:
        raise BadRule(rule.code, f"{rule.limits['table']} 没有名为 {'、'.join(strange)} 的列")
    joined = {f"other_{name}": sql for name, sql in _shown(other, "o").items()}
    counted = {"n": f't."{plans.counted_as(rule)}"'}
    if summed:
        counted["total"] = f't."{plans.summed_as(rule)}"'
    found = _walked(rule)
    for code, check in _expressions(rule).items():
        beside = joined if code != rule.code else counted
        sql = _sql(rule, check, {**own, **beside}, facts)
        found[code] = sql if code == rule.code else f"NOT ({sql})"
    return found


def _walked(rule: Rule) -> dict[str, str]:
    """Return the conditions that join columns whose codes are of different tables (STD-11)."""
    on, found = pairs(rule.limits["on"]), {}
    for own, (source, target) in walks(rule.limits.get("crosswalk")).items():
        column, other = (name.replace('"', '""') for name in (own, on[own]))
        try:
            told = standards.crosswalk_sql(source, target, f't."{column}"')
        except Rejected as refused:
            raise BadRule(rule.code, f"{source}→{target}：{refused.problem.title}") from refused
        found[plans.joined_as(rule, own)] = f'CAST(o."{other}" AS VARCHAR) = {told}'
    return found


def _reconciled(
    rule: Rule, own: Mapping[str, str], other: "pa.Schema", facts: Facts
) -> dict[str, str]:
    """``where`` says the same of both tables, which hold its columns under the same names."""
    named = {*pairs(rule.limits["group"]), rule.limits["other_sum"], rule.limits["day"]}
    if strange := sorted(map(str, named - set(other.names))):
        raise BadRule(rule.code, f"{rule.limits['table']} 没有名为 {'、'.join(strange)} 的列")
    sides = {f"{rule.code}.own": own, f"{rule.code}.other": _shown(other, "o")}
    return {
        code: f"NOT ({_sql(rule, check, shown, facts)})"
        for check in _expressions(rule).values()
        for code, shown in sides.items()
    }


def _sql(rule: Rule, check: Check, columns: Mapping[str, str], facts: Facts) -> str:
    try:
        return standards.check_sql(check, columns, facts=facts)
    except BadDocument as error:
        raise BadRule(rule.code, error.what) from error


def _shown(schema: "pa.Schema", alias: str) -> dict[str, str]:
    """Return the expressions under which checks see the columns of a table."""
    import pyarrow as pa

    found = {}
    for field in schema:
        quoted = field.name.replace('"', '""')
        name = f'{alias}."{quoted}"'
        is_instant = pa.types.is_timestamp(field.type) and field.type.tz is not None
        found[field.name] = f"({name} AT TIME ZONE 'Asia/Shanghai')" if is_instant else name
    return found
