"""联机查询 and 数据订阅: one page of what a grant gives, rendered by the engine."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings

from tongqu.catalog.vocabulary import DataType
from tongqu.delivery.actions.account import OpenGrant, count_use, open_grant
from tongqu.delivery.domain import refusals
from tongqu.delivery.domain.compiler import (
    GRANTED,
    CompiledQuery,
    Inconsistent,
    Position,
    Query,
    Shape,
    compile_grant,
)
from tongqu.delivery.domain.cursor import Cursor, Sealer
from tongqu.delivery.domain.filters import read_filters
from tongqu.delivery.domain.gate import Call, columns_of
from tongqu.delivery.vocabulary import Filter
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Rejected
from tongqu.security.public import mask_expression, mask_salt, zone_key
from tongqu.security.vocabulary import Mask

if TYPE_CHECKING:
    from sqlglot.expressions import Expression

    from tongqu.lake.ports import EngineResult

MAX_ROWS = 10_000


@dataclass(frozen=True, slots=True)
class Page:
    """One page. ``body`` is a JSON array as the engine wrote it; ``cursor`` leads on.

    NULLs: ``cursor`` is empty when a query has no further row; a subscription always
    returns one, to come back with.
    """

    body: bytes
    rows: int
    cursor: str
    has_more: bool
    snapshot_id: int
    grant: str
    entry_code: str
    version: str
    masks: dict[str, str]


def query_page(
    number: str,
    call: Call,
    *,
    by: Actor,
    filters: Iterable[tuple[str, str]] = (),
    limit: int = 1000,
    cursor: str = "",
    point: tuple[str, str] | None = None,
) -> Page:
    """Return current rows, page by page, all from the snapshot of the first page.

    With ``point``, the names of the items that are x and y, each row is a GeoJSON feature.
    Raises: ``Rejected``; NO_POINT where these are not both granted, in clear and numbers.
    """
    return _page(
        number, call, by=by, pairs=filters, limit=limit, cursor=cursor, shape=Shape.PAGE,
        point=point,
    )  # fmt: skip


def changes_page(
    number: str, call: Call, *, by: Actor, limit: int = 1000, cursor: str = ""
) -> Page:
    """Return what changed behind the cursor, deletions too, each as ``{"op", "row"}``.

    At least once: a cursor used again gives the same changes or newer states of them.
    """
    return _page(number, call, by=by, pairs=(), limit=limit, cursor=cursor, shape=Shape.CHANGES)


def _page(
    number: str,
    call: Call,
    *,
    by: Actor,
    pairs: Iterable[tuple[str, str]],
    limit: int,
    cursor: str,
    shape: Shape,
    point: tuple[str, str] | None = None,
) -> Page:
    opened = open_grant(number, call, by=by)
    filters = filters_for(opened, pairs)
    if point is not None:
        _check_point(opened, point)
    sealer = Sealer(settings.SECRET_KEY, (number, shape.value, scope_of(filters)))
    start = sealer.open(cursor) if cursor else None
    size = limit if opened.remaining is None else min(limit, opened.remaining)
    query = Query(shape, filters, start.after if start else None, size, point=point)
    compiled = compiled_for(opened, query)
    pinned = start.snapshot_id if start and shape is Shape.PAGE else None
    result, snapshot_id = run(opened, compiled, pinned)
    with result:
        (found,) = result.arrow().to_pylist()  # one row: counts, last position, the JSON text
    rows = int(found["n"])
    count_use(opened, call.manner, rows, by=by)
    has_more = rows == size
    end = Position(found["seq"], found["hash"]) if rows else start.after if start else None
    has_cursor = end is not None and (has_more or shape is Shape.CHANGES)
    kept_id = snapshot_id if shape is Shape.PAGE else 0
    return Page(
        body=f"[{found['body'] or ''}]".encode(),
        rows=rows,
        cursor=sealer.seal(Cursor(kept_id, end)) if has_cursor and end else "",
        has_more=has_more,
        snapshot_id=snapshot_id,
        grant=number,
        entry_code=opened.grant.entry_code,
        version=opened.grant.version_number,
        masks=dict(compiled.masks),
    )


def _check_point(opened: OpenGrant, point: tuple[str, str]) -> None:
    numbers = {
        column.name
        for column in columns_of(opened.terms, opened.items)
        if column.data_type in {DataType.DECIMAL, DataType.INTEGER} and not column.mask
    }
    if not set(point) <= numbers:
        raise Rejected(refusals.no_point(numbers))


def filters_for(opened: OpenGrant, pairs: Iterable[tuple[str, str]]) -> tuple[Filter, ...]:
    return read_filters(pairs, columns_of(opened.terms, opened.items))


def compiled_for(opened: OpenGrant, query: Query) -> CompiledQuery:
    """Compile, or refuse: a grant that no longer fits its version gives nothing.

    The salt is the consumer's own: what two departments received does not join. In an
    operation zone it is the zone's key: pseudonyms join there, and not with another zone's.
    """
    zone = opened.terms.zone
    salt = zone_key(zone) if zone else f"{mask_salt()}:{opened.grant.consumer_id}"
    try:
        return compile_grant(opened.terms, opened.items, query, mask=mask_of, salt=salt)
    except Inconsistent:
        raise Rejected(refusals.TO_RECONFIRM) from None


def run(
    opened: OpenGrant, compiled: CompiledQuery, snapshot_id: int | None = None
) -> "tuple[EngineResult, int]":
    return bound(opened.table, compiled, snapshot_id)


def bound(
    table: str, compiled: CompiledQuery, snapshot_id: int | None = None
) -> "tuple[EngineResult, int]":
    """Bind the query to one snapshot, the newest unless given; return it with its id."""
    from tongqu.lake.public import engine, store, svc_ref

    if not table:
        raise Rejected(refusals.NO_SERVICE_TABLE)
    ref = svc_ref(table)
    if snapshot_id is None:
        current = store().current(ref)
        if current is None:
            raise Rejected(refusals.NO_SERVICE_TABLE)
        snapshot_id = current.id
    elif not _is_kept(table, snapshot_id):
        raise Rejected(refusals.SNAPSHOT_GONE)
    tables = {GRANTED: (ref, snapshot_id)}
    found = engine().relation(compiled.sql, tables=tables, parameters=compiled.parameters)
    return found, snapshot_id


def _is_kept(table: str, snapshot_id: int) -> bool:
    from tongqu.lake.public import store, svc_ref

    return any(snapshot.id == snapshot_id for snapshot in store().snapshots(svc_ref(table)))


def mask_of(mask: Mask, column: str, salt: str) -> "Expression":
    return mask_expression(mask, column, salt=salt)


def scope_of(filters: tuple[Filter, ...]) -> list[list[object]]:
    return [[found.item, found.operator.value, list(found.values)] for found in filters]
