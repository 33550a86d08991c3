"""A grant compiled into the query itself: columns, masks, rows and precision as SQL."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from tongqu.catalog.vocabulary import DataType, ItemView
from tongqu.delivery.domain.filters import typed
from tongqu.delivery.domain.gate import Column, columns_of
from tongqu.delivery.vocabulary import Filter, GrantTerms, Operator
from tongqu.security.vocabulary import Mask

if TYPE_CHECKING:
    from sqlglot.expressions import Expression

GRANTED = "granted"  # the one name the query may read: a view of the service table
MaskMaker = Callable[[Mask, str, str], "Expression"]  # mask, column, salt


class Shape(StrEnum):
    """What the query returns.

    PAGE and CHANGES: one row of ``n``, ``seq``, ``hash`` (of the last row) and ``body``, a
    JSON array in the order of (_seq, _row_hash). TABLE: the rows. COUNT: their number.
    """

    PAGE = "page"
    CHANGES = "changes"
    TABLE = "table"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class Position:
    """Behind which row of (_seq, _row_hash) a page begins."""

    seq: int
    row_hash: str


@dataclass(frozen=True, slots=True)
class Query:
    """What a call asks for, within the grant."""

    shape: Shape
    filters: tuple[Filter, ...] = ()
    after: Position | None = None
    limit: int | None = None
    has_mark: bool = False  # TABLE: the first header carries the byte order mark
    point: tuple[str, str] | None = None  # PAGE: rows as GeoJSON features, x and y of these items


@dataclass(frozen=True, slots=True)
class CompiledQuery:
    """SQL over the one view ``granted``, its bound values, and what is in it."""

    sql: str
    parameters: tuple[object, ...]
    columns: tuple[Column, ...]

    @property
    def masks(self) -> Mapping[str, str]:
        return {column.name: column.mask for column in self.columns if column.mask}


class Inconsistent(ValueError):
    """The grant speaks of an item that the version does not have: nothing leaves."""


@dataclass(frozen=True, slots=True)
class Plan:
    """All of a query but its values: equal plans have equal SQL, so the SQL is kept."""

    columns: tuple[Column, ...]
    row_filter: tuple[tuple[str, DataType, Operator, int], ...]
    filters: tuple[tuple[str, DataType, Operator, int], ...]
    shape: Shape
    has_position: bool
    has_limit: bool
    has_mark: bool
    salt: str
    point: tuple[str, str] | None


def compile_grant(
    terms: GrantTerms,
    items: tuple[ItemView, ...],
    query: Query,
    *,
    mask: MaskMaker,
    salt: str,
) -> CompiledQuery:
    """Return the query that shows exactly what the grant gives, narrowed by the call.

    ``items`` are those of the granted entry version. ``query.filters`` were read against
    the same columns. Raises: ``Inconsistent``.
    """
    columns = columns_of(terms, items)
    return compile_columns(columns, items, terms.row_filter, query, mask=mask, salt=salt)


def compile_columns(
    columns: tuple[Column, ...],
    items: tuple[ItemView, ...],
    row_filter: tuple[Filter, ...],
    query: Query,
    *,
    mask: MaskMaker,
    salt: str,
) -> CompiledQuery:
    """Return the query that shows these columns of the rows that ``row_filter`` leaves.

    Raises: ``Inconsistent``.
    """
    types = {item.name_en: item.data_type for item in items}
    types |= {column.name: column.data_type for column in columns}
    if not columns or any(found.item not in types for found in row_filter):
        raise Inconsistent("the grant and its entry version do not fit")
    plan = Plan(
        columns,
        tuple((f.item, types[f.item], f.operator, len(f.values)) for f in row_filter),
        tuple((f.item, types[f.item], f.operator, len(f.values)) for f in query.filters),
        query.shape,
        query.after is not None,
        query.limit is not None,
        query.has_mark,
        salt,
        query.point,
    )
    values: list[object] = [
        typed(types[found.item], value)
        for found in (*row_filter, *query.filters)
        for value in found.values
    ]
    if query.after is not None:
        values += [query.after.seq, query.after.seq, query.after.row_hash]
    if query.limit is not None:
        values.append(query.limit)
    from tongqu.delivery.domain.sql import sql_of  # sqlglot is heavy: only when data is asked for

    return CompiledQuery(sql_of(plan, mask), tuple(values), columns)
