"""Somebody's SQL, rebuilt over governed views: what may be asked, and in which words.

The text is parsed and checked against lists; nothing outside them reaches an engine. Every
table of it becomes a view that is compiled by the compiler of grants, under a name of the
platform's own, so that no WITH clause, alias or quoting can stand in front of it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tongqu.delivery.vocabulary import QueryRefusal
from tongqu.kernel.statements import sources

if TYPE_CHECKING:  # heavy: loaded by the functions that need it
    from sqlglot import exp

LONGEST = 20_000
DEEPEST = 80
MOST_TABLES = 12
# Classes of sqlglot's tree by name. A function that is not here does not run.
FUNCTIONS = frozenset(
    {
        "Abs", "And", "AnyValue", "ArgMax", "ArgMin", "Avg", "Case", "Cast", "Ceil", "Coalesce",
        "Concat", "ConcatWs", "Contains", "Cos", "Count", "CountIf", "CurrentDate", "DateDiff",
        "DateTrunc", "Day", "DayOfWeek", "DenseRank", "EndsWith", "Exists", "Extract", "First",
        "FirstValue", "Floor", "Greatest", "GroupConcat", "Hour", "If", "IsInf", "IsNan", "Lag",
        "Last", "LastDay", "LastValue", "Lead", "Least", "Left", "Length", "Ln", "Log", "Lower",
        "Max", "Median", "Min", "Minute", "Month", "Nullif", "Or", "Pow", "Quantile", "Quarter",
        "PercentileCont", "Rank", "RegexpFullMatch", "RegexpLike", "Replace", "Right", "Round",
        "RowNumber", "Second", "Sign", "Sin", "Sqrt", "StartsWith", "Stddev", "StrPosition",
        "Substring", "Sum", "TimeToStr", "TimestampTrunc", "Trim", "TryCast", "Upper", "Variance",
        "Week", "Xor", "Year",
    }
)  # fmt: skip
NAMED = frozenset({"ntile", "percent_rank", "cume_dist", "date_part"})
# Parts of a statement that may stand beside functions.
PARTS = frozenset(
    {
        "Select", "Union", "Intersect", "Except", "Subquery", "CTE", "With", "From", "Join",
        "Where",
        "Group", "Having", "Qualify", "Order", "Ordered", "Limit", "Offset", "Distinct", "Table",
        "TableAlias", "Alias", "Column", "Identifier", "Star", "Literal", "Boolean", "Null",
        "Paren",
        "Tuple", "Not", "Neg", "Add", "Sub", "Mul", "Div", "IntDiv", "Mod", "DPipe", "EQ", "NEQ",
        "GT", "GTE", "LT", "LTE", "Is", "In", "Between", "Like", "ILike", "NullSafeEQ",
        "NullSafeNEQ", "Escape", "Window", "WindowSpec", "Filter", "DataType", "DataTypeParam",
        "Interval", "Var", "IgnoreNulls", "RespectNulls", "WithinGroup", "GroupingSets", "Cube",
        "Rollup",
    }
)  # fmt: skip
TYPES = frozenset(
    {
        "VARCHAR", "TEXT", "INT", "BIGINT", "SMALLINT", "TINYINT", "DOUBLE", "FLOAT", "DECIMAL",
        "DATE", "TIMESTAMP", "TIMESTAMPNTZ", "TIMESTAMPTZ", "TIME", "BOOLEAN",
    }
)  # fmt: skip


class Refused(ValueError):
    """The text may not run; ``part`` names what of it, never a value."""

    def __init__(self, why: QueryRefusal, part: str = "") -> None:
        super().__init__(f"{why}: {part}")
        self.why = why
        self.part = part[:60]


@dataclass(frozen=True, slots=True)
class Governed:
    """One table as the asker sees it: a SELECT over the view ``source``, with bound values."""

    sql: str
    parameters: tuple[object, ...]
    source: str  # the one name that its SQL reads


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """The statement for the engine: values named, tables hidden behind governed views."""

    sql: str
    parameters: Mapping[str, object]
    views: Mapping[str, str]  # view of the engine → table that was asked for


def tables_of(text: str) -> tuple[str, ...]:
    """Return the tables that a text asks for, in order. Raises: ``Refused``."""
    query = _checked(text)
    found = [table.name.lower() for table in sources(query)]
    if len(found) > MOST_TABLES:
        raise Refused(QueryRefusal.TOO_MANY, str(MOST_TABLES))
    return tuple(dict.fromkeys(found))


def rebuild(text: str, governed: Mapping[str, Governed], *, limit: int) -> Rebuilt:
    """Return the statement over governed views; ``limit`` rows and one more leave the engine.

    Raises: ``Refused`` TABLE for a table that is not in ``governed``.
    """
    from sqlglot import exp

    query = _checked(text)
    parameters: dict[str, object] = {}
    views: dict[str, str] = {}
    heads: dict[str, exp.Expr] = {}
    for table in sources(query):
        name = table.name.lower()
        if name not in governed:
            raise Refused(QueryRefusal.TABLE, name)
        at = list(governed).index(name)
        if name not in views.values():
            view, shown = f"g{at}_rows", governed[name]
            views[view] = name
            heads[f"g{at}_seen"] = _named(shown, view, f"g{at}_", parameters)
        alias = table.args.get("alias") or exp.TableAlias(this=table.this.copy())
        table.replace(exp.Table(this=exp.to_identifier(f"g{at}_seen", quoted=True), alias=alias))
    body = exp.Subquery(this=query, alias=exp.TableAlias(this=exp.to_identifier("asked")))
    whole = exp.select("*").from_(body).limit(limit + 1)
    for head, tree in heads.items():
        whole = whole.with_(exp.to_identifier(head, quoted=True), as_=tree)
    return Rebuilt(whole.sql(dialect="duckdb", comments=False), parameters, views)


def _named(shown: Governed, view: str, prefix: str, parameters: dict[str, object]) -> "exp.Expr":
    """Return a governed SELECT with its view renamed and its marks turned into names."""
    import sqlglot
    from sqlglot import TokenType, exp

    parts, end, at = [], 0, 0
    for token in sqlglot.tokenize(shown.sql, read="duckdb"):
        if token.token_type is TokenType.PLACEHOLDER:
            parts.append(f"{shown.sql[end : token.start]}${prefix}{at}")
            parameters[f"{prefix}{at}"] = shown.parameters[at]
            end, at = token.end + 1, at + 1
    tree = sqlglot.parse_one("".join([*parts, shown.sql[end:]]), dialect="duckdb")
    for table in tree.find_all(exp.Table):
        if table.name == shown.source:
            table.set("this", exp.to_identifier(view, quoted=True))
    return tree


def _checked(text: str) -> "exp.Query":
    import sqlglot
    from sqlglot import exp

    if not text.strip() or len(text) > LONGEST or "\0" in text or _is_torn(text):
        raise Refused(QueryRefusal.SYNTAX)
    try:
        trees = [tree for tree in sqlglot.parse(text, dialect="duckdb") if tree is not None]
    except (sqlglot.errors.SqlglotError, RecursionError):
        raise Refused(QueryRefusal.SYNTAX) from None
    if len(trees) != 1 or not isinstance(trees[0], exp.Query):
        raise Refused(QueryRefusal.NOT_SELECT)
    query = trees[0]
    try:
        for why, part in _findings(query):
            raise Refused(why, part)
    except RecursionError:
        raise Refused(QueryRefusal.TOO_DEEP) from None
    return query


def _is_torn(text: str) -> bool:
    return any("\ud800" <= letter <= "\udfff" for letter in text)


def _findings(query: "exp.Query") -> Iterator[tuple[QueryRefusal, str]]:
    from sqlglot import exp

    for node in query.walk():
        kind = type(node).__name__
        if node.depth > DEEPEST:
            yield QueryRefusal.TOO_DEEP, str(DEEPEST)
        elif isinstance(node, exp.Anonymous):
            if node.name.lower() not in NAMED:
                yield QueryRefusal.FUNCTION, node.name.lower()
        elif isinstance(node, (exp.Parameter, exp.Placeholder)):
            yield QueryRefusal.PART, "参数"
        elif kind not in PARTS and kind not in FUNCTIONS:
            is_function = isinstance(node, exp.Func)
            yield (QueryRefusal.FUNCTION if is_function else QueryRefusal.PART), node.key
        elif isinstance(node, exp.DataType) and node.this.name not in TYPES:
            yield QueryRefusal.PART, node.this.name.lower()
        elif isinstance(node, exp.With) and node.args.get("recursive"):
            yield QueryRefusal.PART, "recursive"
        elif isinstance(node, exp.Table) and (why := _strange(node)):
            yield why
    yield from _shadowing(query)


def _strange(table: "exp.Table") -> tuple[QueryRefusal, str] | None:
    from sqlglot import exp

    if not isinstance(table.this, exp.Identifier):
        return QueryRefusal.FUNCTION, table.this.key
    if table.catalog or (table.db and table.db.lower() not in {"ods", "dw", "svc"}):
        return QueryRefusal.TABLE, table.db or table.catalog
    if not (table.name.isascii() and table.name.replace("_", "").isalnum()):
        return QueryRefusal.TABLE, "名称"
    return None


def _shadowing(query: "exp.Query") -> Iterator[tuple[QueryRefusal, str]]:
    """A WITH name that is a table's would make it unclear which of the two is meant."""
    from sqlglot import exp

    for cte in query.find_all(exp.CTE):
        name = cte.alias_or_name.lower()
        if name.startswith(("ods_", "dw_", "svc_", "quarantine_", "g")) and (
            name[0] != "g" or name.endswith(("_seen", "_rows"))
        ):
            yield QueryRefusal.PART, f"WITH {name}"
