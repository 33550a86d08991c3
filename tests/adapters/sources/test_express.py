"""The quick way of a text and the careful one end in the same rows, counts and words."""

import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tongqu.adapters.sources.files import blocks, connector
from tongqu.adapters.sources.files import quick as quick_way
from tongqu.adapters.sources.files.connector import FileConnector
from tongqu.catalog.vocabulary import DataType
from tongqu.ingest.ports import Contract, Sorted, Target, Unreadable
from tongqu.ingest.vocabulary import ColumnSpec, FileOptions, Fix
from tongqu.standards.vocabulary import Check, CheckKind, Effect, Facts

AT = datetime(2026, 9, 24, tzinfo=UTC)
NO_FIX: tuple[Fix, ...] = ()
COLUMNS = (
    ColumnSpec("id", DataType.INTEGER, is_key=True, nullable=False),
    ColumnSpec("name", DataType.STRING, length=6),
    ColumnSpec("km", DataType.DECIMAL),
    ColumnSpec("day", DataType.DATE),
    ColumnSpec("at", DataType.DATETIME),
    ColumnSpec("seen", DataType.DATETIME, zoned=True),
    ColumnSpec("hour", DataType.TIME),
    ColumnSpec("open", DataType.BOOLEAN),
    ColumnSpec("kind", DataType.STRING, codes=("A", "B"), code_map={"a": "A"}),
    ColumnSpec("level", DataType.INTEGER, code_map={"一": "1"}, fixes=NO_FIX),
    ColumnSpec("plate", DataType.STRING, fixes=(Fix.PLATE,)),
)
CHECKS = (
    Check("C-1", "里程不小于 0", CheckKind.RANGE, ("km",), {"min": 0}),
    Check("C-2", "级别在 1 至 5 之间", CheckKind.RANGE, ("level",), {"min": 1, "max": 5},
          effect=Effect.WARN),
)  # fmt: skip
# For each column what is plainly right, then what is odd in every way that readers differ in.
PLAIN = (
    ("1", "2", "3", "40", "500"), ("甲", "路", "abc", "G1"), ("1.5", "2", "0.25"),
    ("2026-01-31", "1999-12-01"), ("2026-01-31 12:30:45", "2026-01-31T00:00:00"),
    ("2026-01-31 12:30:45+08", "2026-01-31T12:30:45Z"), ("12:30:45",), ("true", "false"),
    ("A", "B"), ("1", "5"), ("皖A12345",),
)  # fmt: skip
BLANKS = (" {}", "{} ", "\t{}", "{}\u3000", "\u00a0{}", "{}\ufeff")
ODD = (
    ("+5", "05", "0x1F", "1.0", "1e2", "1_0", "９", "x", "99999999999999999999", "-0", "5."),
    ("ａｂ", "，。", "七个字的名字吧", "NA", "a b", "'", "\u3000", "x\u2003"),
    ("nan", "inf", "-1", "1e400", "1e-400", ".5", "5.", "+1", "1_0", "１", "-0", "0x1", "NaN"),
    ("2026-1-1", "2026/01/02", "2026-02-30", "20260101", "0000-01-01", "x"),
    ("2026-01-31", "2026-01-31 12", "2026-01-31 12:30", "2026-01-31 12:30:45.5", "24:00",
     "2026-01-31 12:30:45Z", "2026-01-31 10:00+08", "2026-1-01  10:00:00", "2026/1/1 1:00",
     "2026-01-31T12", "2026-01-31 24:00:00", "2026-01-31 23:59:60", "2026-01-31 1:30:45"),
    ("2026-01-31 12:30:45", "x", "2026-01-31 12:30:45+08:00"), ("9:30", "25:00", "12:30:45.5"),
    ("是", "N", "TRUE", "True", "tRUE", "2", "1"), ("a", "C", "ａ"), ("一", "6", "x", " 1"),
    ("皖a·12345", "皖A 12345"),
)  # fmt: skip


def _fields(odd: int) -> st.SearchStrategy[list[str]]:
    """Return rows of which about one field in ``odd`` is no plain one."""

    def field(n: int) -> st.SearchStrategy[str]:
        plain = st.sampled_from(PLAIN[n])
        padded = st.builds(str.format, st.sampled_from(BLANKS), plain)
        return st.integers(0, odd).flatmap(
            lambda k: plain if k else st.one_of(st.sampled_from(ODD[n]), padded, st.just(""))
        )

    return st.tuples(*(field(n) for n in range(len(COLUMNS)))).map(list)


def _quoted(row: list[str], how: int) -> str:
    fields = [f'"{f}"' if how == 1 or (how == 2 and n % 3 == 0) else f for n, f in enumerate(row)]
    return ",".join(fields)


@st.composite
def texts(draw: st.DrawFn) -> str:
    rows = draw(st.lists(_fields(draw(st.sampled_from((8, 40, 200)))), min_size=1, max_size=30))
    unique = draw(st.booleans())
    if unique:  # otherwise most rows are duplicates or clash
        rows = [[str(n) if r[0] in PLAIN[0] else r[0], *r[1:]] for n, r in enumerate(rows)]
    how = draw(st.sampled_from((0, 0, 0, 1, 2)))
    lines = [_quoted(row, how) for row in rows]
    for line in draw(st.lists(st.sampled_from(("", "1,2", "x" + ",y" * 12, '1,"2', 'a"b')),
                              max_size=draw(st.sampled_from((0, 0, 3))))):  # fmt: skip
        lines.insert(draw(st.integers(0, len(lines))), line)
    end = draw(st.sampled_from(("\n", "\n", "\r\n")))
    return (
        ",".join(c.name for c in COLUMNS) + end + end.join(lines) + draw(st.sampled_from((end, "")))
    )


class _Known:
    """The rows of an earlier file, as the lake would hold them."""

    def __init__(self, table: pa.Table | None, scheme: bool) -> None:
        self.table, self.scheme = table, scheme

    def __call__(self, *, contents: bool = False) -> Any:
        if self.table is None:
            return None
        names = [column.name for column in COLUMNS]
        picks = names if contents or not self.scheme else ["_row_hash"]
        return self.table.select(picks).to_reader()


def _sorted(text: bytes, options: FileOptions, known: _Known, *, quick: bool) -> Any:
    """Return what became of a file, all of it, and whether the quick way took it."""
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(connector, "EXPRESS_FROM", 0 if quick else 1 << 40)
        patch.setattr(blocks, "BLOCK", 300)  # several blocks, cut in the middle of lines
        took = list[bool]()
        way = quick_way.sort

        def watched(*args: Any) -> Sorted | None:
            found = way(*args)
            took.append(found is not None)
            return found

        patch.setattr(quick_way, "sort", watched)
        path = Path(folder) / "x.csv"
        path.write_bytes(text)
        source = FileConnector(threads=2)
        landed = source.land(path, Path(folder) / "landing", options, name=path.name)
        contract = Contract("x", options, COLUMNS, CHECKS, Facts(now=AT, tables={}))
        with source.open(landed, contract, name=path.name) as opened:
            target = Target("PC-1", AT, Path(folder) / "a.parquet", opened.scratch, {})
            found = opened.sort(target, known)
            assert opened.received == found.received
            files = {
                name: pa.concat_tables([pq.read_table(f) for f in getattr(found, name)])
                for name in ("accepted", "rejected_files", "fixed_values") if getattr(found, name)
            }  # fmt: skip
        assert found.received == found.stored + found.rejected + found.duplicate
        line = {"accepted": "_line"}
        rows = {
            name: table.sort_by(line.get(name, "line"))  # no Python values: it has no year 0
            for name, table in files.items() if name != "fixed_values"
        } | {
            name: sorted(map(str, table.to_pylist()))
            for name, table in files.items() if name == "fixed_values"
        }  # fmt: skip
        counts = replace(found, accepted=(), rejected_files=(), fixed_values=())
        return counts, rows, files.get("accepted"), bool(took and took[0])


def _told(data: bytes, options: FileOptions, known: _Known, *, quick: bool) -> Any:
    """Return what became of a file, or why it was refused as a whole."""
    try:
        return _sorted(data, options, known, quick=quick)[:2]
    except Unreadable as error:
        return error.code, error.title


@settings(
    max_examples=int(os.environ.get("TONGQU_EXAMPLES", "25")),
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(
    text=texts(), earlier=st.none() | texts(), scheme=st.booleans(), unique=st.booleans(),
    encoding=st.sampled_from(("utf-8", "utf-8", "utf-8-sig", "gb18030")),
)  # fmt: skip
def test_both_ways_end_in_the_same_rows_counts_reasons_fixes_and_lines(
    text: str, earlier: str | None, scheme: bool, unique: bool, encoding: str
) -> None:
    options = FileOptions(null_values=("NA",), unique_keys=unique)
    stored = None
    if earlier is not None:
        stored = _sorted(earlier.encode(), options, _Known(None, True), quick=False)[2]
    known = _Known(stored, scheme)
    data = text.encode(encoding, "replace")

    careful = _told(data, options, known, quick=False)
    quick = _told(data, options, known, quick=True)

    assert quick == careful


@pytest.mark.parametrize(("dirt", "is_quick"), [
    ("", True), (" 7,路,1\n", True), ("x,路,1\n", True), ("7,路\n\n", True), ('7,"路,1\n', False),
    ("1,路,1\n", True), ("７,路,1.5\n", True),
])  # fmt: skip
def test_a_clean_file_and_one_with_little_dirt_take_the_quick_way(
    dirt: str, is_quick: bool
) -> None:
    text = "id,name,km\n" + "".join(f"{n},路{n},{n}.5\n" for n in range(100, 400)) + dirt
    rest = ",".join(c.name for c in COLUMNS[3:])
    lines = [f"{line},,,,,,,," if line.count(",") == 2 else line for line in text.splitlines()[1:]]
    data = "\n".join([f"id,name,km,{rest}", *lines]).encode()

    found = _sorted(data, FileOptions(), _Known(None, True), quick=True)

    assert found[3] is is_quick
    assert found[0] == _sorted(data, FileOptions(), _Known(None, True), quick=False)[0]
