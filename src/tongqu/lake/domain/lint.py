"""What a model's SQL may say: one SELECT over tables of the lake, the same at every run."""

from collections.abc import Iterator, Sequence

import sqlglot
from sqlglot import exp

from tongqu.kernel import statements
from tongqu.kernel.law import Assumption, Clause
from tongqu.kernel.problems import Problem
from tongqu.lake.domain import partition, portable
from tongqu.lake.domain.fuse import Fusion
from tongqu.lake.domain.packs import THEMES, Model
from tongqu.lake.domain.placement import Finding, direction_problem, library_problem
from tongqu.lake.vocabulary import OBJECTS, ODS_TECHNICAL, SVC_TECHNICAL, Library, ref_of
from tongqu.policy.clauses.gd_2024 import FIVE_LIBRARIES

PORTABLE = Assumption("模型用两种计算引擎都有同义写法的语句，换引擎不改模型")
REPEATABLE = Assumption("模型对同样的输入每次得出同样的结果，不读时钟、随机数和外部文件")
# Their result differs from run to run, or they reach outside.
FORBIDDEN_FUNCTIONS = frozenset(
    {
        "now", "today", "current_date", "current_time", "current_timestamp", "localtime",
        "localtimestamp", "get_current_time", "get_current_timestamp", "transaction_timestamp",
        "rand", "random", "uuid", "uuidv4", "uuidv7", "gen_random_uuid", "setseed", "nextval",
        "currval", "getenv", "current_setting", "getvariable", "read_text", "read_blob", "glob",
        "query", "query_table",
    }
)  # fmt: skip
MOMENT = "moment"  # the one parameter: when the run began, cut to the unit that the header says
WITHOUT_SOURCE = (exp.Unnest, exp.GenerateSeries, exp.Values)


def parsed(model: Model) -> exp.Query | None:
    """Return the model's SELECT as a tree; None when it is not exactly one SELECT."""
    try:
        statements = sqlglot.parse(model.sql, dialect="duckdb")
    except (sqlglot.errors.SqlglotError, RecursionError):  # nested beyond what anybody writes
        return None
    query = statements[0] if len(statements) == 1 else None
    return query if isinstance(query, exp.Query) else None


def sources(query: exp.Query) -> list[exp.Table]:
    """Return what a query reads beyond its own WITH clauses."""
    return [
        table for table in statements.sources(query) if not isinstance(table.this, WITHOUT_SOURCE)
    ]


def reads(query: exp.Query) -> tuple[str, ...]:
    """Return the names of the lake's tables that a query reads."""
    refs = (ref_of(table.name) for table in sources(query) if _is_plain(table))
    return tuple(sorted({ref.name for ref in refs if ref}))


def _is_plain(table: exp.Table) -> bool:
    """Say whether a table is named as ours: bare, or behind its own layer (``dw.dw_flights``)."""
    if not isinstance(table.this, exp.Identifier) or table.catalog:
        return False
    ref = ref_of(table.name)
    return not table.db or (ref is not None and table.db == ref.layer)


def unqualified(query: exp.Query) -> exp.Query:
    """Return the query with the lake's tables under their bare names, as the engine shows them."""
    bare = query.copy()
    for table in bare.find_all(exp.Table):
        if table.db and _is_plain(table):
            table.set("alias", table.args.get("alias") or exp.TableAlias(this=table.this.copy()))
            table.set("db", None)
    return bare


def findings(model: Model) -> list[Finding]:
    """Return everything that keeps a model from running; empty when it may."""
    return [Finding(model.name, problem) for problem in _problems(model)]


def _problems(model: Model) -> Iterator[Problem]:
    if problem := library_problem(model.ref, model.library):
        yield problem
    if not model.owner:
        yield _wrong(model, "OWNER_MISSING", "未注明责任单位", "请在头部填写 owner。")
    yield from _library_problems(model)
    query = parsed(model)
    if query is None:
        yield _wrong(model, "SQL_NOT_SELECT", "不是一条可解析的 SELECT", "请只写一条查询语句。")
        return
    for table in sources(query):
        ref = ref_of(table.name) if _is_plain(table) else None
        came, layer = (ref.name, ref.layer) if ref else ("", None)
        if problem := direction_problem(model.ref, came, layer):
            yield problem
    yield from _output_problems(model, query)
    for name in sorted(_functions(query) & FORBIDDEN_FUNCTIONS):
        yield _wrong(
            model,
            "NOT_REPEATABLE",
            f"使用了不可重复的函数 {name}",
            "请改用数据中的列。",
            REPEATABLE,
        )
    for what, why in sorted(set(portable.unportable(query))):
        yield _wrong(model, "NOT_PORTABLE", f"使用了 {what}：{why}", "请改写该处。", PORTABLE)
    if model.partition is not None:
        for what in sorted(set(partition.faults(query, model.partition))):
            yield _wrong(
                model, "NOT_BY_PARTS", f"不能按分区更新：{what}", "请改写，或去掉 incremental。"
            )
    for name in sorted(_parameters(query) - ({MOMENT} if model.moment else set())):
        yield _wrong(
            model,
            "PARAMETER_UNKNOWN",
            f"使用了未声明的参数 ${name}",
            "模型只有一个参数 $moment，须在头部以 moment 写明精度。",
            REPEATABLE,
        )


def _library_problems(model: Model) -> Iterator[Problem]:
    """What a library asks of its tables beyond their layer."""
    if model.library == Library.THEME and not model.theme:
        yield _wrong(
            model, "THEME_MISSING", "属于主题库而没有主题",
            f"请在头部填写 theme：{'、'.join(THEMES)}。", FIVE_LIBRARIES,
        )  # fmt: skip
    if not model.object:
        return
    if model.object not in OBJECTS or model.library != Library.BASE:
        yield _wrong(
            model, "OBJECT_UNKNOWN", f"的业务对象 {model.object} 不在基础库之列",
            f"可用：{'、'.join(OBJECTS)}。", FIVE_LIBRARIES,
        )  # fmt: skip
    lacking = [
        word for word, there in (
            ("主键 keys", model.keys), ("有效期 validity", len(model.validity) == 2),
            ("来源优先级（kind = fuse）", isinstance(model.declared, Fusion)),
            ("数据元引用 elements", model.elements),
        ) if not there
    ]  # fmt: skip
    if lacking:
        yield _wrong(
            model, "OBJECT_INCOMPLETE", f"是基础库对象，缺少{'、'.join(lacking)}",
            "每个对象须有一个主键、有效期、来源优先级和数据元引用。", FIVE_LIBRARIES,
        )  # fmt: skip


def reads_moment(query: exp.Query) -> bool:
    return MOMENT in _parameters(query)


def _parameters(query: exp.Query) -> set[str]:
    return {node.name.lower() for node in query.find_all(exp.Parameter, exp.Placeholder)}


def _output_problems(model: Model, query: exp.Query) -> Iterator[Problem]:
    if query.is_star:
        yield _wrong(model, "STAR", "输出列用了 *", "请逐列写明输出，便于血缘和授权。")
        return
    names = [select.alias_or_name.lower() for select in query.selects]
    if "" in names:
        yield _wrong(model, "COLUMN_UNNAMED", "有输出列没有名字", "请用 AS 命名每个输出列。")
    if len(set(names)) < len(names):
        yield _wrong(model, "COLUMN_TWICE", "输出列重名", "请让每个输出列的名字唯一。")
    taken = sorted(set(names) & {*ODS_TECHNICAL, *SVC_TECHNICAL})
    if taken:
        yield _wrong(model, "COLUMN_RESERVED", f"输出列 {taken[0]} 是平台保留列", "请换一个列名。")
    tested = (c for t in model.tests for c in t.columns)
    told = (*model.validity, *(column for column, _ in model.elements))
    if missing := sorted({c for c in (*model.keys, *tested, *told) if c.lower() not in names}):
        yield _wrong(
            model, "KEY_UNKNOWN", f"主键或检查所用的列 {missing[0]} 不在输出中", "请改正。"
        )


def _functions(query: exp.Query) -> set[str]:
    found = set()
    for node in query.find_all(exp.Func):
        found.add(node.name.lower() if isinstance(node, exp.Anonymous) else node.sql_name().lower())
    return found


def _wrong(
    model: Model, code: str, what: str, next_step: str, basis: Assumption | Clause | None = None
) -> Problem:
    return Problem(
        code=code,
        title=f"模型 {model.name} {what}。",
        next_step=next_step,
        basis=basis,
        who="模型责任单位",
        facts={"table": model.name},
    )


def lint(models: Sequence[Model]) -> list[Finding]:
    return [finding for model in models for finding in findings(model)]
