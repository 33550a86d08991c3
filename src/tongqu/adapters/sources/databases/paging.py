"""Which page of a table comes next: by key, by time, or all of it. Cursors are JSON."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from tongqu.adapters.sources.databases.pieces import Written
from tongqu.ingest.ports import Cursor, Piece, PullOptions
from tongqu.ingest.vocabulary import Mode


@dataclass(frozen=True, slots=True)
class Page:
    """Rows behind ``after`` in the order of ``order``, up to ``until``; ``since`` bounds the first
    of a run.

    ``limit`` None: all of them, in one stream.
    """

    order: tuple[str, ...]
    after: tuple[Any, ...] = ()
    since: Any = None
    time_column: str = ""
    limit: int | None = None
    until: tuple[Any, ...] = ()


Fetch = Callable[[Page, Path], Written | None]


@dataclass(slots=True)
class Pages:
    """Walks a table. Where nothing orders it, one stream whose cursor moves at its end only."""

    options: PullOptions
    key: tuple[str, ...]
    fetch: Fetch
    into: Path
    _count: int = field(default=0)

    def pieces(self, cursor: Cursor | None) -> Iterator[Piece]:
        held = dict(cursor or {})
        before: Written | None = None
        seen = 0
        for written in self._all(held):
            if before is not None:
                yield self._piece(before, seen, held, is_last=False)
                seen += before.rows
            before = written
        if before is not None:
            yield self._piece(before, seen, held, is_last=True)

    def _order(self) -> tuple[str, ...]:
        if self.options.mode is Mode.BY_TIME:
            rest = tuple(name for name in self.key if name != self.options.time_column)
            return (self.options.time_column, *rest) if self.key else ()
        if self.options.mode is Mode.BY_KEY:
            return self.options.key
        return self.key

    def _all(self, held: Mapping[str, Any]) -> Iterator[Written]:
        order, limit = self._order(), self.options.piece_rows
        time = self.options.time_column
        after = tuple(held.get("after", ()))
        since = None
        if self.options.mode is Mode.BY_TIME:
            since = self._since(held)
            after = after if held.get("within") else ()
        if not order:
            yield from self._stream(since)
            return
        while True:
            found = self.fetch(Page(order, after, since, time, limit), self._path())
            if found is None:
                return
            yield found
            if found.rows < limit:
                return
            after = tuple(plain_value(value) for value in found.last)

    def _stream(self, since: str | None) -> Iterator[Written]:
        """Nothing orders the rows: one query, whose cursor moves when all of it is stored."""
        time = self.options.time_column
        page = Page((time,) if time else (), (), since, time)
        found = self.fetch(page, self._path())
        if found is not None:
            yield found

    def _path(self) -> Path:
        self._count += 1
        return self.into / f"piece-{self._count:05d}.parquet"

    def _since(self, held: Mapping[str, Any]) -> str | None:
        """Return the newest time seen, moved back by the overlap: late commits come again."""
        time = held.get("time")
        if time is None:
            return None
        back = timedelta(seconds=self.options.overlap_seconds)
        return (datetime.fromisoformat(str(time)) - back).isoformat(sep=" ")

    def _piece(self, found: Written, seen: int, held: Mapping[str, Any], *, is_last: bool) -> Piece:
        name = f"{self.options.what} 第 {seen + 1}–{seen + found.rows} 行"
        cursor = self._cursor(found, held, is_last=is_last)
        return Piece(found.path, cursor, found.rows, name, {"rows_before": seen})

    def _cursor(self, found: Written, held: Mapping[str, Any], *, is_last: bool) -> Cursor:
        order, last = self._order(), [plain_value(value) for value in found.last]
        match self.options.mode:
            case Mode.BY_KEY:
                return {"after": last}
            case Mode.BY_TIME if not order:
                return {"time": last[0]} if is_last else dict(held)
            case Mode.BY_TIME if is_last:
                return {"time": last[0]}
            case Mode.BY_TIME:  # inside a run: go on exactly here, from the same beginning
                return {"after": last, "within": True, "time": held.get("time")}
            case _:
                return {} if is_last or not order else {"after": last}


def plain_value(value: Any) -> Any:
    """Return a value as JSON holds it."""
    match value:
        case datetime():
            return value.isoformat(sep=" ")
        case date() | Decimal() | UUID():
            return str(value)
        case _:
            return value
