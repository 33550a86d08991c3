"""What everybody may take: an open set through the same gate as a grant, without a person.

The terms are compiled into the query as a grant's are. Nothing is counted here: there is no
grant to count under; the room of opening counts calls and rows of its sets.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from tongqu.catalog.public import version
from tongqu.catalog.vocabulary import DataType, ItemView
from tongqu.delivery.actions.deliver import bound, mask_of, scope_of
from tongqu.delivery.actions.sheet import MAX_SHEET_ROWS, write_sheet
from tongqu.delivery.domain import refusals
from tongqu.delivery.domain.compiler import (
    CompiledQuery,
    Inconsistent,
    Position,
    Query,
    Shape,
    compile_columns,
)
from tongqu.delivery.domain.cursor import Cursor, Sealer
from tongqu.delivery.domain.filters import read_filters
from tongqu.delivery.domain.gate import Column, open_columns
from tongqu.delivery.vocabulary import TODAY, Filter, OpenColumn, OpenForm, OpenTerms
from tongqu.kernel import clock
from tongqu.kernel.problems import Rejected
from tongqu.security.public import mask_salt

if TYPE_CHECKING:
    from tongqu.lake.ports import EngineResult

CHUNK_ROWS = 10_000
Point = tuple[str, str]


@dataclass(frozen=True, slots=True)
class OpenPage:
    """One page of an open set. ``body`` is a JSON array as the engine wrote it."""

    body: bytes
    rows: int
    cursor: str
    snapshot_id: int


def open_dictionary(terms: OpenTerms) -> tuple[OpenColumn, ...]:
    """Return the columns that leave, in the entry's order."""
    return tuple(
        OpenColumn(
            found.name,
            found.title,
            found.data_type,
            found.is_key,
            found.mask,
            found.unless is not None,
        )
        for found in _columns(terms)
    )


def open_page(
    terms: OpenTerms,
    *,
    filters: Iterable[tuple[str, str]] = (),
    limit: int = 1000,
    cursor: str = "",
    point: Point | None = None,
) -> OpenPage:
    """Return current rows of an open set, all pages from the snapshot of the first.

    Raises: ``Rejected`` FILTER_NOT_ALLOWED, FILTER_INVALID, NO_POINT, SNAPSHOT_GONE, CURSOR….
    """
    chosen = read_filters(filters, _columns(terms))
    sealer = Sealer(settings.SECRET_KEY, (f"open:{terms.set_code}", "page", scope_of(chosen)))
    start = sealer.open(cursor) if cursor else None
    after = start.after if start else None
    query = Query(Shape.PAGE, chosen, after, limit, point=_checked(terms, point))
    body, end, rows, snapshot_id = _chunk(terms, query, start.snapshot_id if start else None)
    has_more = rows == limit and end is not None
    return OpenPage(
        body=b"[" + body + b"]",
        rows=rows,
        cursor=sealer.seal(Cursor(snapshot_id, end)) if has_more and end else "",
        snapshot_id=snapshot_id,
    )


def open_snapshot(terms: OpenTerms) -> tuple[int, datetime]:
    """Return the id of the newest snapshot and when it was committed.

    Raises: ``Rejected`` NO_SERVICE_TABLE.
    """
    from tongqu.lake.public import store, svc_ref

    current = store().current(svc_ref(terms.table)) if terms.table else None
    if current is None:
        raise Rejected(refusals.NO_SERVICE_TABLE)
    return current.id, current.at


def open_count(terms: OpenTerms) -> int:
    """Return how many rows the set gives now."""
    with _run(terms, Query(Shape.COUNT))[0] as result:
        return int(str(result.scalar()))


def open_table(terms: OpenTerms, path: Path) -> int:
    """Write what the set would give as Parquet, for tests on it before release."""
    with _run(terms, Query(Shape.TABLE))[0] as result:
        return result.write(path, "parquet")


def open_file(
    terms: OpenTerms, path: Path, *, form: OpenForm, snapshot_id: int, point: Point | None = None
) -> int:
    """Write the whole set in one form, from one snapshot; return its rows.

    The file appears whole or not at all. Raises: ``Rejected`` SHEET_TOO_LONG, NO_POINT.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if form in {OpenForm.JSON, OpenForm.GEOJSON}:
        return _joined(terms, path, snapshot_id, point if form is OpenForm.GEOJSON else None)
    with _run(terms, Query(Shape.COUNT), snapshot_id)[0] as result:
        rows = int(str(result.scalar()))
    if form is OpenForm.XLSX and rows > MAX_SHEET_ROWS:
        raise Rejected(refusals.SHEET_TOO_LONG)
    shape = Query(Shape.TABLE, has_mark=form is OpenForm.CSV)
    with _run(terms, shape, snapshot_id)[0] as result:
        if form is OpenForm.XLSX:
            write_sheet(result.reader(), path, go_on=lambda: True)
        else:
            result.write(path, "csv")
    return rows


def _joined(terms: OpenTerms, path: Path, snapshot_id: int, point: Point | None) -> int:
    """Write pages one behind the other as one document: the engine renders, memory is flat."""
    part = path.with_suffix(path.suffix + ".part")
    chosen = _checked(terms, point)
    total, after = 0, None
    head, tail = (b'{"type": "FeatureCollection", "features": [', b"]}") if chosen else (b"[", b"]")
    try:
        with part.open("wb") as file:
            file.write(head)
            while True:
                query = Query(Shape.PAGE, (), after, CHUNK_ROWS, point=chosen)
                body, after, rows, _ = _chunk(terms, query, snapshot_id)
                file.write(b"," + body if total and rows else body)
                total += rows
                if rows < CHUNK_ROWS:
                    break
            file.write(tail)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return total


def _chunk(
    terms: OpenTerms, query: Query, snapshot_id: int | None
) -> tuple[bytes, Position | None, int, int]:
    result, snapshot_id = _run(terms, query, snapshot_id)
    with result:
        (found,) = result.arrow().to_pylist()  # one row: counts, last position, the JSON text
    rows = int(found["n"])
    end = Position(found["seq"], found["hash"]) if rows else None
    return (found["body"] or "").encode(), end, rows, snapshot_id


def _run(
    terms: OpenTerms, query: Query, snapshot_id: int | None = None
) -> "tuple[EngineResult, int]":
    return bound(terms.table, _compiled(terms, query), snapshot_id)


def _compiled(terms: OpenTerms, query: Query) -> CompiledQuery:
    """Compile, or give nothing: terms that no longer fit their version open nothing."""
    items = _items(terms)
    salt = f"{mask_salt()}:open:{terms.set_code}"
    rows = tuple(_on_this_day(found) for found in terms.row_filter)
    columns = open_columns(terms.shown, items)
    try:
        return compile_columns(columns, items, rows, query, mask=mask_of, salt=salt)
    except Inconsistent:
        raise Rejected(refusals.NO_SERVICE_TABLE) from None


def _on_this_day(found: Filter) -> Filter:
    """Put the legal day of the call where the terms say today: nobody has to run anything."""
    today = clock.today().isoformat()
    return replace(found, values=tuple(today if v == TODAY else v for v in found.values))


def _items(terms: OpenTerms) -> tuple[ItemView, ...]:
    return version(terms.version_id).items


def _columns(terms: OpenTerms) -> tuple[Column, ...]:
    return open_columns(terms.shown, _items(terms))


def _checked(terms: OpenTerms, point: Point | None) -> Point | None:
    if point is None:
        return None
    numbers = {
        column.name
        for column in _columns(terms)
        if column.data_type in {DataType.DECIMAL, DataType.INTEGER} and not column.mask
    }
    if not set(point) <= numbers:
        raise Rejected(refusals.no_point(numbers))
    return point
