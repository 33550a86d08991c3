"""The wrong rows of a ticket as a file, for the department that produces them alone."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from typing import Any

from tongqu.audit.public import record
from tongqu.catalog.ports import SheetOut, interchange
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Rejected
from tongqu.kernel.statements import quoted
from tongqu.lake.public import engine, ref_of, store
from tongqu.lake.vocabulary import TableRef
from tongqu.policy.clauses import measures_2021 as law
from tongqu.quality import ports
from tongqu.quality.domain import problems
from tongqu.quality.models import RuleResult, Ticket
from tongqu.quality.ports import WrongRow
from tongqu.quality.vocabulary import Channel

MOST = 100_000  # rows of one list; a worksheet holds ten times as many
HEADERS = ("批次", "行号", "信息项", "规则", "问题", "值", "改法", "原始记录")
# What a spreadsheet would run; a number with its sign is none of it.
_FORMULA = re.compile(r"^[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")


def guarded(text: str) -> str:
    """Return a text that no spreadsheet runs as a formula."""
    if _FORMULA.match(text) and not _NUMBER.fullmatch(text):
        return "'" + text
    return text


def has_rows(ticket: Ticket) -> bool:
    if ticket.channel == Channel.LOAD:
        return bool(ticket.batches.exists())
    return ticket.scan is not None and ticket.channel == Channel.SCAN


def may_take(ticket: Ticket, by: Actor) -> bool:
    """Say whether the asker is of the department: rows of people are shown to no office above."""
    return by.organisation_id is not None and by.organisation_id == ticket.provider_id


def wrong_rows(ticket: Ticket, *, by: Actor) -> list[WrongRow]:
    """Return the rows to correct, with rule, value and hint.

    Raises: ``Rejected`` NOT_YOUR_TICKET, NO_WRONG_ROWS.
    """
    if not may_take(ticket, by):
        raise Rejected(problems.NOT_PRODUCER)
    found = _rejected(ticket) if ticket.channel == Channel.LOAD else _measured(ticket)
    if not found:
        raise Rejected(problems.NO_ROWS)
    record("quality.ticket.list", by=by, subject=ticket.number, rows=len(found),
           basis=law.CORRECTION)  # fmt: skip
    return found


def as_csv(rows: Sequence[WrongRow]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEADERS)
    writer.writerows([guarded(cell) for cell in map(str, line)] for line in _lines(rows))
    return out.getvalue().encode("utf-8-sig")


def as_sheet(rows: Sequence[WrongRow], *, name: str) -> bytes:
    """Return a workbook in which every text stays a text."""
    return interchange().write_sheets([SheetOut(name, HEADERS, list(_lines(rows)))])


def _lines(rows: Sequence[WrongRow]) -> Iterator[list[str | int | None]]:
    for row in rows:
        line: str | int = "" if row.line is None else row.line
        yield [row.batch, line, row.column, row.rule, row.reason, row.value, row.hint, row.raw]


def _rejected(ticket: Ticket) -> list[WrongRow]:
    keeper = ports.rejections()
    if keeper is None:
        return []
    found: list[WrongRow] = []
    for one in ticket.batches.filter(left__gt=0):
        found += keeper.rows(one.batch, limit=MOST - len(found))
    return found


def _measured(ticket: Ticket) -> list[WrongRow]:
    """Return the places that the ticket's scan kept, with what stands there now."""
    scan = ticket.scan
    ref = ref_of(scan.table.rpartition(".")[2]) if scan else None
    if scan is None or ref is None:
        return []
    results = list(scan.results.filter(is_over=True))
    values = _values(ref, results)
    return [
        WrongRow(
            batch=str(place[0]), line=_line(place[1]), rule=result.code, column=result.column,
            reason=result.title, hint=result.remedy,
            value=values.get((str(place[0]), str(place[1]), result.column), ""),
        )
        for result in results
        for place in result.samples
        if len(place) >= 2
    ][:MOST]  # fmt: skip


def _line(value: Any) -> int | None:
    return value if isinstance(value, int) else None


def _values(ref: TableRef, results: Sequence[RuleResult]) -> dict[tuple[str, str, str], str]:
    """Return (batch, line, column) → value, read by the engine in one statement a table."""
    import pyarrow as pa

    names = set(store().schema(ref).names)
    wanted = sorted({r.column for r in results} & names)
    places = sorted({
        (str(place[0]), place[1]) for r in results for place in r.samples
        if len(place) >= 2 and isinstance(place[1], int)
    })  # fmt: skip
    if not wanted or not places or not {"_batch_id", "_line"} <= names:
        return {}
    at = pa.table({
        "batch": pa.array([batch for batch, _ in places], pa.string()),
        "line": pa.array([line for _, line in places], pa.int64()),
    })  # fmt: skip
    columns = ", ".join(f"CAST(t.{quoted(name)} AS VARCHAR) AS {quoted(name)}" for name in wanted)
    with engine().relation(
        f"SELECT p.batch, p.line, {columns} FROM places p JOIN t"  # noqa: S608  # names of the table
        " ON t._batch_id = p.batch AND t._line = p.line",
        tables={"t": ref, "places": at},
    ) as answer:
        rows: list[dict[str, Any]] = answer.arrow().to_pylist()
    return {
        (row["batch"], str(row["line"]), name): "" if row[name] is None else str(row[name])
        for row in rows
        for name in wanted
    }
