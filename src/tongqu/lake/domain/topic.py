"""专题: a table of indicators, each computed over one warehouse table by a declared formula.

A topic is asked for, not programmed: a template offers indicators, a department chooses among
them. Shape of the table: indicator, title, unit, period, area, value; one row an indicator,
period and area. What has no period of its own is counted as of the day of the run.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # the pages read declarations without parsing SQL
    from sqlglot import exp

NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
WORDS = re.compile(r"[^'\x00-\x1f]{1,60}")
KNOWN = frozenset({"code", "title", "unit", "table", "value", "period", "area", "where"})
TODAY = "CAST($moment AS DATE)"
COLUMNS = ("indicator", "title", "unit", "period", "area", "value")
EVERYWHERE = "全省"


@dataclass(frozen=True, slots=True)
class Indicator:
    code: str
    title: str
    unit: str
    table: str
    value: str  # an aggregate over the table
    period: str = ""  # expression of a day; empty: as of the run
    area: str = ""  # expression; empty: the whole province
    where: str = ""

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Indicator":
        """Read a declaration. Raises: ``ValueError`` telling what is wrong."""
        if strange := sorted(set(row) - KNOWN):
            raise ValueError(f"指标有不认识的项 {strange[0]}")
        one = cls(**{key: str(value) for key, value in row.items()})
        if not NAME.fullmatch(one.code) or not NAME.fullmatch(one.table):
            raise ValueError(f"指标 {one.code} 的 code 或 table 写法不对")
        if not WORDS.fullmatch(one.title) or not WORDS.fullmatch(one.unit):
            raise ValueError(f"指标 {one.code} 的名称或单位写法不对")
        for text in filter(None, (one.value, one.period, one.area, one.where)):
            _expression(text, one.code)
        if not _is_aggregate(one.value, one.code):
            raise ValueError(f"指标 {one.code} 的 value 须为汇总")
        return one

    def sql(self, retention: int) -> str:
        """Return the SELECT of one indicator. Shape: see above."""
        period = f"CAST({self.period} AS DATE)" if self.period else TODAY
        area = (
            f"coalesce(CAST({self.area} AS VARCHAR), '未注明')" if self.area else f"'{EVERYWHERE}'"
        )
        wanted = [f"({self.where})"] if self.where else []
        if self.period:
            wanted.append(f"{period} > {TODAY} - {retention}")
        where = f" WHERE {' AND '.join(wanted)}" if wanted else ""
        groups = [said for said, given in ((period, self.period), (area, self.area)) if given]
        group = f" GROUP BY {', '.join(groups)}" if groups else ""
        return (
            f"SELECT '{self.code}' AS indicator, '{self.title}' AS title, '{self.unit}' AS unit,"  # noqa: S608
            f" {period} AS period, {area} AS area, CAST({self.value} AS DOUBLE) AS value"
            f" FROM dw.{self.table} AS s{where}{group}"
        )


@dataclass(frozen=True, slots=True)
class Indicators:
    """The declared body of a topic's model."""

    rows: tuple[Indicator, ...]
    retention: int

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> "Indicators":
        rows = tuple(Indicator.of(row) for row in document.get("indicators", []))
        codes = [row.code for row in rows]
        if not rows or len(set(codes)) < len(codes):
            raise ValueError("专题至少一个指标，且指标的 code 不重复")
        return cls(rows, int(document.get("retention", 0)))

    def among(self, tables: Collection[str]) -> "Indicators | None":
        """Return those whose table is there; None without any."""
        there = tuple(row for row in self.rows if row.table in tables)
        return Indicators(there, self.retention) if there else None

    def sql(self) -> str:
        return "\nUNION ALL\n".join(row.sql(self.retention) for row in self.rows)


def _is_aggregate(text: str, code: str) -> bool:
    from sqlglot import exp

    return any(_expression(text, code).find_all(exp.AggFunc))


def _expression(text: str, code: str) -> "exp.Expr":
    """Return one expression without a query in it."""
    import sqlglot
    from sqlglot import exp

    try:
        found = sqlglot.parse_one(text, dialect="duckdb")
    except sqlglot.errors.SqlglotError as error:
        raise ValueError(f"指标 {code} 的表达式 {text} 不能解析") from error
    if any(found.find_all(exp.Query, exp.Table, exp.Command, exp.DDL, exp.DML)):
        raise ValueError(f"指标 {code} 的表达式 {text} 不能含有查询")
    return found


def document(
    *, code: str, title: str, owner: str, retention: int, indicators: Sequence[Mapping[str, str]]
) -> str:
    """Return the text of a topic's model, as it is installed."""
    lines = [
        'kind = "topic"', 'layer = "svc"', 'library = "topic"', f'name = "svc_topic_{code}"',
        f"title = {_quoted(title)}", f"topic = {_quoted(title)}", f"owner = {_quoted(owner)}",
        'keys = ["indicator", "period", "area"]', 'moment = "day"', f"retention = {retention}",
        'clauses = "gd-2024-governance 三（三）"',
    ]  # fmt: skip
    for row in indicators:
        lines += ["", "[[indicators]]", *(f"{key} = {_quoted(row[key])}" for key in row)]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
