"""Expressions over an entry's own columns: parsed, and rebuilt from listed parts alone.

No subquery, no table, no function that is not listed here, nothing that reads a file,
draws a random number or asks the session. Casts become TRY_CAST; ``now()`` becomes a literal.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from tongqu.standards.vocabulary import BadDocument

if TYPE_CHECKING:
    from sqlglot import exp

LONGEST = 1_000
DEEPEST = 60  # nested parts: parser and writer go down by calls
# Classes of sqlglot's tree by name: the parser itself is loaded late.
JUDGING = frozenset(
    {
        "And", "Or", "Not", "EQ", "NEQ", "GT", "GTE", "LT", "LTE", "Is", "In", "Between", "Like",
        "NullSafeEQ", "NullSafeNEQ", "Case", "If", "Paren", "StartsWith", "Contains",
        "RegexpFullMatch", "Coalesce",
    }
)  # fmt: skip
ALLOWED = JUDGING | {
    "Null", "Boolean", "Literal", "Identifier", "Column", "Add", "Sub", "Mul", "Div", "IntDiv",
    "Mod", "Neg", "DPipe", "Abs", "Round", "Floor", "Ceil", "Length", "Upper", "Lower", "Trim",
    "Substring", "Left", "Right", "Greatest", "Least", "Nullif", "DateDiff", "Year", "Month",
    "Day", "Extract", "Interval", "Var", "Cast", "TryCast", "DataType", "DataTypeParam",
    "CurrentDate", "CurrentTimestamp",
}  # fmt: skip
TYPES = frozenset(
    {
        "DATE", "TIMESTAMP", "TIME", "VARCHAR", "TEXT", "INT", "BIGINT", "SMALLINT", "DOUBLE",
        "DECIMAL", "BOOLEAN",
    }
)  # fmt: skip
# Written into the SQL as they stand: nothing but these words may stand there.
UNITS = frozenset(
    {
        "YEAR", "QUARTER", "MONTH", "WEEK", "DAY", "HOUR", "MINUTE", "SECOND", "YEARS", "MONTHS",
        "WEEKS", "DAYS", "HOURS", "MINUTES", "SECONDS", "EPOCH", "DOW", "ISODOW", "DOY",
    }
)  # fmt: skip
_SURROGATE = re.compile("[\ud800-\udfff]")
MENTION = (
    "可用：比较、AND/OR/NOT、算术、CASE、IN、BETWEEN、now()、abs、round、length、coalesce、"
    "date_diff 等"
)


def columns_of(text: object, *, where: str) -> tuple[str, ...]:
    """Return the columns that an expression uses, in order; raise ``BadDocument`` if unsafe."""
    from sqlglot import exp

    found = (node.name for node in _parsed(text, where).find_all(exp.Column))
    return tuple(dict.fromkeys(found))


def expression_sql(text: object, columns: Mapping[str, str], *, now: datetime, where: str) -> str:
    """Return the expression as DuckDB SQL over the given columns; NULL where it cannot judge."""
    from sqlglot import exp

    def put(node: "exp.Expr") -> "exp.Expr":
        if isinstance(node, exp.Column):
            if node.name not in columns:
                raise BadDocument(where, f"没有名为 {node.name} 的信息项")
            return exp.Paren(this=exp.Var(this=columns[node.name]))
        if _is_now(node):
            return exp.Var(this=f"TIMESTAMP '{now:%Y-%m-%d %H:%M:%S}'")
        if isinstance(node, exp.CurrentDate):
            return exp.Var(this=f"DATE '{now:%Y-%m-%d}'")
        if type(node) is exp.Cast:
            # A node put in is not walked again: what it holds is turned first.
            return exp.TryCast(this=node.this.transform(put), to=node.to)
        return node

    built = _parsed(text, where).transform(put)
    return f"TRY(({built.sql(dialect='duckdb', comments=False)}))"


def _parsed(text: object, where: str) -> "exp.Expr":
    import sqlglot
    from sqlglot import exp
    from sqlglot.errors import SqlglotError

    if not isinstance(text, str) or not text.strip() or len(text) > LONGEST or "\0" in text:
        raise BadDocument(where, f"sql 应为 1 到 {LONGEST} 个字符的表达式")
    if _SURROGATE.search(text):
        raise BadDocument(where, "sql 含有不成字的编码")
    try:
        trees = sqlglot.parse(text, read="duckdb")
    except (SqlglotError, RecursionError):
        raise BadDocument(where, "sql 不是能够解析的表达式") from None
    if len(trees) != 1 or trees[0] is None:
        raise BadDocument(where, "sql 只能是一个表达式")
    tree: exp.Expr = trees[0]
    try:
        for node in tree.walk():
            if node.depth > DEEPEST:
                raise BadDocument(where, "sql 嵌套过深")
            _refuse(node, where)
    except RecursionError:
        raise BadDocument(where, "sql 嵌套过深") from None
    if type(tree.unnest()).__name__ not in JUDGING:
        raise BadDocument(where, "sql 应得出“是”或“否”，例如 total_mass >= curb_mass")
    return tree


def _refuse(node: "exp.Expr", where: str) -> None:
    """Raise ``BadDocument`` for a part that is not listed; what is listed may still be too free."""
    from sqlglot import exp

    kind = type(node).__name__
    if kind == "Anonymous" and not _is_now(node):
        raise BadDocument(where, f"sql 使用了未列入的函数 {node.name.lower()}；{MENTION}")
    if kind not in ALLOWED and not _is_now(node):
        what = node.key if isinstance(node, exp.Func) else kind
        raise BadDocument(where, f"sql 使用了不允许的成分 {what}；{MENTION}")
    if isinstance(node, exp.Column) and (node.table or not node.name):
        raise BadDocument(where, f"sql 只能引用本目录的信息项，不能写 {node.sql()}")
    if isinstance(node, exp.DataType) and node.this.name not in TYPES:
        raise BadDocument(where, f"sql 不能转换为类型 {node.this.name}")
    if isinstance(node, exp.In) and (node.args.get("query") or node.args.get("unnest")):
        raise BadDocument(where, "sql 不能含子查询")
    _refuse_raw(node, where)
    if kind == "RegexpFullMatch":
        _refuse_pattern(node, where)


def _refuse_raw(node: "exp.Expr", where: str) -> None:
    """Refuse text that would reach the engine unquoted: units and sizes are words and numbers.

    A quoted name may hold anything: ``extract("day from (select 1)) --" from a)``.
    """
    from sqlglot import exp

    if isinstance(node, exp.Extract) and not isinstance(node.this, exp.Var):
        raise BadDocument(where, "extract 只能取年、月、日、时、分、秒等")
    if isinstance(node, exp.Var) and node.name.upper() not in UNITS:
        raise BadDocument(where, f"sql 中的时间单位不认识；可用：{'、'.join(sorted(UNITS))}")
    if isinstance(node, exp.DataTypeParam) and not (
        isinstance(node.this, exp.Literal) and node.name.isdecimal() and int(node.name[:4]) <= 38
    ):
        raise BadDocument(where, "sql 中类型的长度应为不超过 38 的整数")
    if isinstance(node, exp.Identifier) and not isinstance(node.parent, exp.Column):
        raise BadDocument(where, "sql 只能引用本目录的信息项")


def _refuse_pattern(node: "exp.Expr", where: str) -> None:
    from sqlglot import exp

    from tongqu.standards.domain.patterns import pattern

    given = node.args.get("expression")
    if node.args.get("options"):
        raise BadDocument(where, "regexp_full_match 不能带选项")
    if not isinstance(given, exp.Literal) or not given.is_string:
        raise BadDocument(where, "regexp_full_match 的格式须是文字")
    if pattern(given.name, where=where) != given.name:
        raise BadDocument(where, "regexp_full_match 的格式请直接写汉字或 \\x{4e00}")


def _is_now(node: "exp.Expr") -> bool:
    from sqlglot import exp

    if isinstance(node, exp.Anonymous):
        return node.name.lower() == "now" and not node.expressions
    return isinstance(node, exp.CurrentTimestamp)
