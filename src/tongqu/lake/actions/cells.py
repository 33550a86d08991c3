"""Small counts of people are held back in the service layer, whatever a model's author forgot.

A raw table that holds such cells says so in a property. Lineage carries the limit to every table
made from it; a service table leaves the small cells out, and one that lost the counts on the way
is not built.
"""

from collections.abc import Mapping, Sequence
from json import dumps, loads

from sqlglot import exp

from tongqu.kernel.problems import Problem, Rejected
from tongqu.lake.domain.packs import Model
from tongqu.lake.ports import store
from tongqu.lake.vocabulary import MIN_CELLS, Edge, Layer, TableRef, ref_of
from tongqu.policy.clauses.gd_2024 import OTHER_AUTHORITIES

LOST = ""


def of_table(ref: TableRef) -> dict[str, int]:
    """Return the limits of a table: column → smallest count that may be served."""
    text = store().properties(ref).get(MIN_CELLS, "") if store().exists(ref) else ""
    return {str(name): int(limit) for name, limit in loads(text or "{}").items()}


def of_model(model: Model, edges: Sequence[Edge], reads: Sequence[str]) -> dict[str, int]:
    """Return the limits of what a model makes, by its own columns.

    Raises: ``Rejected`` MIN_CELL_LOST for a service table without the counts.
    """
    found: dict[str, int] = {}
    for name in reads:
        ref = ref_of(name)
        limits = of_table(ref) if ref else {}
        if not limits:
            continue
        carried = {
            edge.target_column: limits[edge.source_column]
            for edge in edges
            if edge.source_table == name and edge.source_column in limits
        } or {LOST: max(limits.values())}
        for column, limit in carried.items():
            found[column] = max(limit, found.get(column, 0))
    if LOST in found and model.ref.layer is Layer.SVC:
        raise Rejected(_lost(model, found[LOST]))
    return found


def held_back(query: exp.Query, limits: Mapping[str, int]) -> exp.Query:
    """Return the query without the rows whose count is above nought and below its limit."""
    if not limits:
        return query
    outer = exp.select("*").from_(query.subquery("cells"))
    for column, limit in sorted(limits.items()):
        count = exp.column(column, table="cells", quoted=True)
        small = exp.and_(count > 0, count.copy() < limit)
        outer = outer.where(exp.not_(exp.func("COALESCE", small, exp.false())))
    return outer


def told(ref: TableRef, limits: Mapping[str, int]) -> dict[str, str]:
    """Return the property to write: also the empty one, where a limit has gone."""
    return {MIN_CELLS: dumps(dict(sorted(limits.items())))} if limits or of_table(ref) else {}


def _lost(model: Model, limit: int) -> Problem:
    return Problem(
        code="MIN_CELL_LOST",
        title=f"服务表 {model.name} 没有带上按人计数的列，无法屏蔽小于 {limit} 的单元。",
        next_step="请在模型中保留计数列；原有数据继续提供服务。",
        basis=OTHER_AUTHORITIES,
        who="模型责任单位",
    )
