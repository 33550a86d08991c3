"""What comes typed is sorted typed: with the same rows, counts, hashes and words as by its text."""

import math
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.csv as arrow_csv
import pyarrow.parquet as pq
import pytest

from tongqu.adapters.sources.files import connector, quick
from tongqu.adapters.sources.files.connector import FileConnector
from tongqu.catalog.vocabulary import DataType
from tongqu.ingest.ports import Contract, Sorted, Target
from tongqu.ingest.vocabulary import ColumnSpec, FileOptions, Fix
from tongqu.standards.vocabulary import Check, CheckKind, Effect, Facts

AT = datetime(2026, 9, 24, tzinfo=UTC)
NO_FIX: tuple[Fix, ...] = ()
US, UTC_US = pa.timestamp("us"), pa.timestamp("us", "UTC")
DAY, HOUR = date(1970, 1, 1), timedelta(hours=1)


def micro(years: int) -> int:
    return int(years * 365.2425 * 86_400) * 1_000_000


# What was agreed, the type that comes, what is plainly right, what readers differ in.
COLUMNS: Sequence[tuple[ColumnSpec, pa.DataType, Sequence[Any], Sequence[Any]]] = (
    (ColumnSpec("id", DataType.INTEGER, is_key=True, nullable=False, fixes=NO_FIX), pa.int64(),
     range(100_000), (None, -(2**63), 2**63 - 1, 0)),
    (ColumnSpec("lanes", DataType.INTEGER), pa.int16(), (1, 2, 3), (None, -(2**15))),
    (ColumnSpec("huge", DataType.INTEGER, fixes=NO_FIX), pa.uint64(), (1, 2**40),
     (2**64 - 1, 2**63, None)),
    (ColumnSpec("count", DataType.INTEGER, fixes=NO_FIX), pa.decimal128(38, 0),
     (Decimal(5), Decimal(2**62)), (Decimal(2**63), Decimal("9" * 38))),
    (ColumnSpec("name", DataType.STRING, length=6, nullable=False, fixes=NO_FIX), pa.string(),
     ("甲", "路", "abc", "G1"),
     ("", None, "七个字的名字吧", " x ", "ａ", "\x1e", "𠮷", "a,\"b\"\n", "NA")),
    (ColumnSpec("word", DataType.STRING), pa.large_string(), ("皖", "b", "a b"),
     ("", " ", "\u3000", "x ", "\ty", "１２", "，。", "x\u00a0", "\x01", "!x", "NA", "NA ")),
    (ColumnSpec("km", DataType.DECIMAL), pa.float64(), (1.5, 0.1, 1e300, 3.0),
     (math.nan, math.inf, -math.inf, -0.0, 0.0, 5e-324, 1.7976931348623157e308, None, -1.0)),
    (ColumnSpec("grade", DataType.DECIMAL, fixes=NO_FIX), pa.float32(), (0.1, 1.5),
     (math.nan, math.inf, 16777217.0, 3.4e38, None)),
    (ColumnSpec("price", DataType.DECIMAL, fixes=NO_FIX), pa.decimal128(12, 2),
     (Decimal("1.10"), Decimal("9999999999.99")), (Decimal("-0.01"), None)),
    (ColumnSpec("exact", DataType.STRING, length=12, fixes=NO_FIX), pa.decimal128(38, 10),
     (Decimal("1.0000000001"),), (Decimal("9" * 20), None)),
    (ColumnSpec("floors", DataType.DECIMAL, fixes=NO_FIX), pa.int32(), (1, 2), (-(2**31), None)),
    (ColumnSpec("total", DataType.DECIMAL, fixes=NO_FIX), pa.int64(),
     (1, 2), (2**53 + 1, 2**63 - 1)),
    (ColumnSpec("day", DataType.DATE), pa.date32(), (20_000, 0),
     (None, -719_162, -719_163, 2_932_896, 2_932_897, -800_000, 2_147_483_647, -2_147_483_647)),
    (ColumnSpec("at", DataType.DATETIME), US, (0, micro(56) + 1, micro(30)),
     (None, micro(-1970), micro(-2500), micro(8029), micro(8031), 2**63 - 1, -(2**63) + 1, 1)),
    (ColumnSpec("seen", DataType.DATETIME, zoned=True), UTC_US, (0, micro(56) + 500_000),
     (None, micro(-1971), micro(8029), micro(8031), micro(-4000))),
    (ColumnSpec("wall", DataType.DATETIME, zoned=True, fixes=NO_FIX), US, (None,), (None, 0)),
    (ColumnSpec("zone", DataType.DATETIME, fixes=NO_FIX), UTC_US, (None,), (None, 0)),
    (ColumnSpec("from", DataType.DATETIME, fixes=NO_FIX), pa.date32(), (20_000,), (None, -719_163)),
    (ColumnSpec("fine", DataType.DATETIME, fixes=NO_FIX), pa.timestamp("ns"),
     (1_000, 10**18), (1, 999, None)),
    (ColumnSpec("hour", DataType.TIME), pa.time64("us"), (0, 45_045_500_000),
     (None, 86_399_999_999, 86_400_000_000)),
    (ColumnSpec("open", DataType.BOOLEAN), pa.bool_(), (True, False), (None,)),
    (ColumnSpec("kind", DataType.STRING, codes=tuple("ABDEFGH"), code_map={"a": "A"}), pa.string(),
     ("A", "B"), ("a", "C", "ａ", "", None)),
    (ColumnSpec("level", DataType.INTEGER, codes=("1", "2"), code_map={"9": "1"}, fixes=NO_FIX),
     pa.int64(), (1, 2), (9, 3, None)),
    (ColumnSpec("plate", DataType.STRING, fixes=(Fix.PLATE,)), pa.string(), ("皖A12345",),
     ("皖a·12345", "")),
    (ColumnSpec("said", DataType.INTEGER), pa.string(), ("1", "20"),
     ("", "x", " 3", "1.0", "９", "+5", "99999999999999999999")),
    (ColumnSpec("flag", DataType.BOOLEAN, fixes=NO_FIX), pa.int64(), (0, 1), (2, None)),
    (ColumnSpec("bytes", DataType.STRING, fixes=NO_FIX), pa.binary(), (b"ab",), (b"", b"\xff\x00")),
)  # fmt: skip
SPECS = tuple(spec for spec, *_ in COLUMNS)
SCHEMA = pa.schema([pa.field(spec.name, kind) for spec, kind, *_ in COLUMNS])
CHECKS = (
    Check("C-1", "里程不小于 0", CheckKind.RANGE, ("km",), {"min": 0}),
    Check("C-2", "车道在 1 至 5 之间", CheckKind.RANGE, ("lanes",), {"min": 1, "max": 5},
          effect=Effect.WARN),
)  # fmt: skip


def table_of(seed: int, *, odd: float, rows: int = 300, twice: float = 0.0) -> pa.Table:
    """Return rows of which about a share has one odd value, and some come again."""
    draw = random.Random(seed)
    columns = [[draw.choice(plain) for _ in range(rows)] for _, _, plain, _ in COLUMNS]
    columns[0] = list(range(seed, seed + rows))
    for row in range(rows):
        if draw.random() < odd:
            at = draw.randrange(len(COLUMNS))
            columns[at][row] = draw.choice(COLUMNS[at][3])
        elif row and draw.random() < twice:
            like = draw.randrange(row)
            for column in columns:
                column[row] = column[like]
            if draw.random() < 0.3:  # the same key, another content
                columns[1][row] = 4
    arrays = [_array(values, kind) for values, (_, kind, *_) in zip(columns, COLUMNS, strict=True)]
    return pa.Table.from_arrays(arrays, schema=SCHEMA)


def _array(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
    is_time = pa.types.is_date(kind) or pa.types.is_timestamp(kind) or pa.types.is_time(kind)
    if not is_time:
        return pa.array(values, kind)
    width = pa.int32() if pa.types.is_date(kind) else pa.int64()
    return pa.array(values, width).view(kind)


class _Known:
    """The rows of an earlier file, as the lake would hold them."""

    def __init__(self, table: pa.Table | None = None) -> None:
        self.table = table  # the columns as agreed, and ours

    def __call__(self, *, contents: bool = False) -> Any:
        if self.table is None:
            return None
        names = [name for name in self.table.column_names if not name.startswith("_")]
        return self.table.select(names if contents else ["_row_hash"]).to_reader()


def _sorted(path: Path, options: FileOptions, known: _Known, *, typed: bool,
            specs: Sequence[ColumnSpec] = SPECS) -> Any:  # fmt: skip
    """Return what became of a file, all of it, its rows, and whether the quick way took it."""
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(connector, "EXPRESS_FROM", 0 if typed else 1 << 40)
        took = list[bool]()
        way = quick.sort

        def watched(*args: Any) -> Sorted | None:
            found = way(*args)
            took.append(found is not None)
            return found

        patch.setattr(quick, "sort", watched)
        source = FileConnector(threads=2)
        landed = source.land(path, Path(folder) / "landing", options, name=path.name)
        is_checked = specs is SPECS
        contract = Contract("x", options, tuple(specs), CHECKS if is_checked else (),
                            Facts(now=AT, tables={}))  # fmt: skip
        with source.open(landed, contract, name=path.name) as opened:
            target = Target("PC-1", AT, Path(folder) / "a.parquet", opened.scratch, {})
            found = opened.sort(target, known)
            assert opened.received == found.received
            files = {
                name: pa.concat_tables([pq.read_table(f) for f in getattr(found, name)])
                for name in ("accepted", "rejected_files", "fixed_values") if getattr(found, name)
            }  # fmt: skip
        assert found.received == found.stored + found.rejected + found.duplicate
        by = {"accepted": ["_line"], "rejected_files": ["line"]}
        rows = {
            name: table.sort_by([(key, "ascending") for key in by.get(name, ["line", "column"])])
            for name, table in files.items()
        }
        counts = replace(found, accepted=(), rejected_files=(), fixed_values=())
        return counts, rows, bool(took and took[0])


def _written(table: pa.Table, folder: Path) -> Path:
    path = folder / "x.parquet"
    pq.write_table(table, path, row_group_size=100)
    return path


@pytest.mark.parametrize(("seed", "odd", "twice", "options"), [
    (1, 0.10, 0.0, FileOptions(keep_empty=True)),
    (2, 0.12, 0.0, FileOptions(keep_empty=True, unique_keys=True)),
    (3, 0.12, 0.05, FileOptions()),
    (4, 0.05, 0.05, FileOptions(keep_empty=True, unique_keys=True)),
    (5, 0.15, 0.0, FileOptions(null_values=("NA", "1", "1.5", "1970-01-01"))),
    (6, 0.90, 0.1, FileOptions(keep_empty=True)),
])  # fmt: skip
def test_typed_and_by_its_text_end_in_the_same_rows_counts_reasons_fixes_and_hashes(
    seed: int, odd: float, twice: float, options: FileOptions, tmp_path: Path
) -> None:
    earlier = _written(table_of(seed + 250, odd=0.1, rows=150), tmp_path)
    known = _Known(_sorted(earlier, options, _Known(), typed=False)[1].get("accepted"))
    path = _written(table_of(seed, odd=odd, twice=twice), tmp_path)

    for held in (_Known(), known):
        careful, typed = (_sorted(path, options, held, typed=way) for way in (False, True))

        assert typed[0] == careful[0]
        assert typed[1].keys() == careful[1].keys()
        for name, rows in careful[1].items():
            assert typed[1][name].equals(rows), name
    assert typed[2] or odd > 0.5 or options.unique_keys or options.null_values


def test_the_same_values_by_text_and_by_database_are_one_content(tmp_path: Path) -> None:
    """The hash is of the typed values: a text file first, the table later, nothing is new."""
    names = ("id", "lanes", "name", "km", "price", "day", "at", "hour", "open")
    specs = tuple(s for s in SPECS if s.name in names)
    table = table_of(7, odd=0.0, rows=400).select([s.name for s in specs])
    path = tmp_path / "x.csv"
    arrow_csv.write_csv(table, path)
    options = FileOptions()

    by_text = [_sorted(path, options, _Known(), typed=way, specs=specs) for way in (False, True)]
    held = by_text[0][1]["accepted"]
    parquet = _written(table, tmp_path)
    by_type = _sorted(parquet, options, _Known(), typed=True, specs=specs)
    again = _sorted(parquet, options, _Known(held), typed=True, specs=specs)

    assert [found[0].stored for found in (*by_text, by_type)] == [400] * 3
    for found in (by_text[1], by_type):
        assert found[1]["accepted"]["_row_hash"].equals(held["_row_hash"])
    assert (again[0].stored, again[0].duplicate) == (0, 400)


def test_a_long_list_of_codes_leaves_every_row_in_its_place(tmp_path: Path) -> None:
    """The engine makes a join of such a list, and a join takes rows in any order."""
    rows = 250_000
    codes = tuple("ABCDEFGH")
    specs = (ColumnSpec("id", DataType.INTEGER), ColumnSpec("kind", codes=codes))
    kinds = [codes[n % 8] for n in range(rows)]
    bad = range(7, rows, 39_989)
    for n in bad:
        kinds[n] = "Z"
    path = tmp_path / "x.csv"
    path.write_text("id,kind\n" + "".join(f"{n},{kind}\n" for n, kind in enumerate(kinds)))

    for typed in (False, True):
        found = _sorted(path, FileOptions(), _Known(), typed=typed, specs=specs)

        rejected = found[1]["rejected_files"]
        assert rejected["line"].to_pylist() == [n + 2 for n in bad]
        assert rejected["raw"].to_pylist() == [f"{n},Z" for n in bad]
        accepted = found[1]["accepted"]
        assert (accepted["id"].to_numpy() + 2 == accepted["_line"].to_numpy()).all()


def test_another_structure_is_told_before_anything_is_sorted(tmp_path: Path) -> None:
    table = table_of(8, odd=0.0)
    drifted = _written(table.drop_columns(["km"]), tmp_path)
    source = FileConnector(threads=1)
    landed = source.land(drifted, tmp_path / "landing", FileOptions(), name="x.parquet")
    with source.open(landed, Contract("x", FileOptions(), SPECS), name="x.parquet") as opened:
        assert set(opened.staged.columns) == set(table.column_names) - {"km"}
