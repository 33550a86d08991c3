"""Rules of an ODCS 3.1 data contract, said in our words.

What a contract demands and we can measure becomes a rule; what is only text, or SQL of another
engine, is told with its reason. A metric or an operator that is not known is an error: to leave
it out would let pass what was to be held back.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from tongqu.quality.domain.rules import BadRule

DIMENSIONS = {
    "accuracy": "accuracy", "completeness": "completeness", "conformity": "conformity",
    "consistency": "consistency", "coverage": "completeness", "timeliness": "timeliness",
    "uniqueness": "accuracy",
}  # fmt: skip
KNOWN = frozenset(
    {
        "id", "name", "description", "type", "metric", "rule", "arguments", "dimension", "method",
        "severity", "unit", "tags", "businessImpact", "scheduler", "schedule", "query", "engine",
        "implementation", "authoritativeDefinitions", "customProperties",
    }
)  # fmt: skip
OPERATORS = frozenset(
    {
        "mustBe", "mustNotBe", "mustBeGreaterThan", "mustBeGreaterOrEqualTo", "mustBeLessThan",
        "mustBeLessOrEqualTo", "mustBeBetween", "mustNotBeBetween",
    }
)  # fmt: skip
LEFT = {
    "text": "只是文字说明",
    "custom": "由其他工具执行",
    "sql": "其他引擎的 SQL，请改写为表达式规则",
}
MOST = 500


@dataclass(slots=True)
class Taken:
    rules: list[dict[str, Any]] = field(default_factory=list)
    left: list[tuple[str, str]] = field(default_factory=list)  # place, why


def rules_of(contract: object) -> Taken:
    """Return the rules of a contract's tables. Raises: ``BadRule`` naming place and reason."""
    if not isinstance(contract, Mapping) or contract.get("kind") != "DataContract":
        raise BadRule("数据合约", "不是 ODCS 数据合约（kind 应为 DataContract）")
    taken = Taken()
    for table in _maps(contract.get("schema")):
        place = str(table.get("name") or "")
        for demand in _maps(table.get("quality")):
            _take(taken, demand, place, "")
        for column in _maps(table.get("properties")):
            name = str(column.get("physicalName") or column.get("name") or "")
            taken.rules += _declared(f"{place}.{name}", name, column)
            for demand in _maps(column.get("quality")):
                _take(taken, demand, place, name)
    if len(taken.rules) > MOST:
        raise BadRule("数据合约", f"规则超过 {MOST} 条")
    return taken


def _declared(place: str, name: str, column: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Return what the description of a column demands without a word about quality."""
    given = column.get("logicalTypeOptions")
    options: Mapping[str, Any] = given if isinstance(given, Mapping) else {}
    title = str(column.get("businessName") or name)

    def rule(suffix: str, words: str, **said: Any) -> dict[str, Any]:
        return {"code": f"odcs.{place}.{suffix}", "title": f"{title}{words}", "column": name} | said

    if column.get("required") is True:
        yield rule("required", "应填写", kind="not_null")
    if column.get("unique") is True:
        yield rule("unique", "不重复", kind="unique")
    if options.get("maxLength") is not None:
        yield rule("maxLength", "长度不超限", kind="length", max=options["maxLength"])
    if options.get("pattern"):
        yield rule("pattern", "应合乎格式", kind="pattern", pattern=options["pattern"])
    sides = {"min": options.get("minimum"), "max": options.get("maximum")}
    if bounds := {key: value for key, value in sides.items() if value is not None}:
        yield rule("range", "在取值范围内", kind="range", **bounds)


def _take(taken: Taken, demand: Mapping[str, Any], place: str, column: str) -> None:
    name = str(demand.get("id") or demand.get("name") or demand.get("metric") or "quality")
    where = ".".join(part for part in (place, column, name) if part)
    if strange := sorted(set(map(str, demand)) - KNOWN - OPERATORS):
        raise BadRule(where, f"不认识的键 {', '.join(strange)}")
    kind = str(demand.get("type") or "library")
    if kind in LEFT:
        taken.left.append((where, LEFT[kind]))
        return
    if kind != "library":
        raise BadRule(where, f"不认识的类型 {kind}")
    rule = _measured(demand, where, column)
    title = str(demand.get("description") or demand.get("name") or where)
    rule |= {"code": f"odcs.{where}", "title": title[:200]}
    if dimension := demand.get("dimension"):
        if str(dimension) not in DIMENSIONS:
            raise BadRule(where, f"不认识的维度 {dimension}")
        rule["dimension"] = DIMENSIONS[str(dimension)]
    taken.rules.append(rule)


def _measured(demand: Mapping[str, Any], where: str, column: str) -> dict[str, Any]:
    metric = str(demand.get("metric") or demand.get("rule") or "")
    given = demand.get("arguments")
    arguments: Mapping[str, Any] = given if isinstance(given, Mapping) else {}
    if metric == "rowCount":
        return {"kind": "volume"} | _band(demand, where)
    tolerance = {"tolerance": _tolerance(demand, where)}
    match metric:
        case "nullValues" | "missingValues":
            if arguments.get("missingValues") not in (None, [], [None], ["", None], [None, ""]):
                raise BadRule(where, "missingValues 除空值外没有对应的规则")
            return {"kind": "not_null", "column": column} | tolerance
        case "invalidValues" if isinstance(arguments.get("validValues"), list):
            codes = [str(value) for value in arguments["validValues"]]
            return {"kind": "codes", "column": column, "codes": codes} | tolerance
        case "invalidValues" if arguments.get("pattern"):
            return {
                "kind": "pattern",
                "column": column,
                "pattern": arguments["pattern"],
            } | tolerance
        case "duplicateValues":
            columns = [str(one) for one in arguments.get("properties") or [column]]
            return {"kind": "unique", "columns": columns} | tolerance
    raise BadRule(where, f"不认识的指标 {metric or '（空）'}，或缺少 arguments")


def _operator(demand: Mapping[str, Any], where: str) -> tuple[str, Any]:
    said = [(key, demand[key]) for key in OPERATORS if key in demand]
    if len(said) != 1:
        raise BadRule(where, "应有且只有一个 mustBe… 条件")
    return said[0]


def _tolerance(demand: Mapping[str, Any], where: str) -> str:
    """Return the share of wrong rows that is let pass."""
    operator, value = _operator(demand, where)
    is_share = demand.get("unit") == "percent"
    if operator == "mustBe" and value == 0:
        return "0"
    if operator in {"mustBeLessThan", "mustBeLessOrEqualTo"} and is_share:
        return str(Decimal(str(value)) / 100)
    raise BadRule(where, f"{operator} {value} 没有对应的容差；可用 mustBe: 0，或百分比的上限")


def _band(demand: Mapping[str, Any], where: str) -> dict[str, int]:
    operator, value = _operator(demand, where)
    match operator, value:
        case "mustBe", int(rows):
            return {"min": rows, "max": rows}
        case "mustBeGreaterThan", int(rows):
            return {"min": rows + 1}
        case "mustBeGreaterOrEqualTo", int(rows):
            return {"min": rows}
        case "mustBeLessThan", int(rows):
            return {"max": rows - 1}
        case "mustBeLessOrEqualTo", int(rows):
            return {"max": rows}
        case "mustBeBetween", [int(low), int(high)]:
            return {"min": low, "max": high}
    raise BadRule(where, f"{operator} 不能用于行数")


def _maps(value: object) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []
