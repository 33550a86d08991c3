"""Example data with dirt for every source that a pack's models read, and how results compare.

Values come from small sets, so that joins meet; every kind holds NULLs, empty and blank texts,
other scripts, and the ends of its range. ``_load_time`` differs in every row: which of two equal
moments comes first is told by no engine.
"""

import random
import tomllib
from collections import Counter
from collections.abc import Callable, Collection
from datetime import date, datetime, time, timedelta
from functools import cache
from math import isnan
from pathlib import Path
from typing import Any

import pyarrow as pa

from tongqu.kernel.clock import SHANGHAI

ROWS = 240
DAY = date(2026, 1, 1)
NIGHT = datetime.combine(date(2026, 9, 23), time())
ODD_TEXTS = ["", " ", "　", "示例", "ǅ𠮷é", "a'b\"c\\d", "O\nK", "1.50", "Ⅷ", "ＡＢ１２", " x　"]
ODD: dict[str, list[Any]] = {
    "string": ODD_TEXTS,
    "text": ODD_TEXTS,
    "integer": [0, 1, -1, 2**31, -(2**31), 10**15],
    "decimal": [0.0, -0.0, 0.1, 1e-9, 1e12, -5.5, 100.0],
    "boolean": [True],
    "time": ["", "24:00"],
    "date": [date(1, 1, 1), date(1582, 10, 4), date(1970, 1, 1), date(9999, 12, 31)],
    "datetime": [
        datetime.combine(date(1901, 1, 1), time()),
        datetime.combine(date(1969, 12, 31), time.max),
        datetime.combine(date(1991, 4, 14), time(0, 30)),  # an hour that Shanghai skipped
    ],
}
MAKERS: dict[str, Callable[[random.Random, str], Any]] = {
    "integer": lambda dice, _: dice.randrange(0, 99),
    "decimal": lambda dice, _: round(dice.uniform(0, 120), 3),
    "boolean": lambda dice, _: dice.random() < 0.5,
    "date": lambda dice, _: DAY + timedelta(days=dice.randrange(500)),
    "datetime": lambda dice, _: NIGHT + timedelta(seconds=dice.randrange(90_000)),
    "time": lambda *_: "08:00",
    "string": lambda dice, column: (
        f"2026-{dice.randrange(1, 13):02}"
        if column.endswith("month")
        else f"{column}{dice.randrange(25)}"
    ),
}
MAKERS["text"] = MAKERS["string"]
# Words that models look for: without them their results would be empty on both engines.
WORDS = {
    "plate_color": ["1", "2"],
    "subject_type": ["自然人", "法人"],
    "public_state": ["公示中", "已移出"],
    "event_type": ["事故", "灾害"],
    "info_source": ["电话", "视频", "巡查"],
    "stat_hour": [0, 1, 7, 23, 99],
}
MOSTLY_EMPTY = frozenset({"remove_date", "end_time"})
TYPES = {
    "string": pa.string(), "text": pa.string(), "integer": pa.int64(), "decimal": pa.float64(),
    "date": pa.date32(), "datetime": pa.timestamp("us"), "time": pa.string(),
    "boolean": pa.bool_(),
}  # fmt: skip
EXTRA = {
    "ods_ship_position": {"mmsi": "string", "lon": "decimal", "lat": "decimal",
                          "seen_time": "datetime"},
}  # fmt: skip


def source_tables(pack: Path, wanted: Collection[str], rows: int = ROWS) -> dict[str, pa.Table]:
    """Return a dirty table for every source-layer table of these names."""
    known = declared(pack)
    return {name: dirty(name, known[name], rows) for name in sorted(wanted)}


@cache
def declared(pack: Path) -> dict[str, dict[str, str]]:
    """Return the source-layer tables of a pack's entries: column → data type."""
    found = [tomllib.loads(path.read_text()) for path in sorted(pack.glob("entries/*.toml"))]
    described = {
        f"ods_{document['slug']}": {
            item["name_en"]: item["data_type"] for item in document["entry"]["items"]
        }
        for document in found
    }
    return described | EXTRA


def dirty(name: str, columns: dict[str, str], rows: int) -> pa.Table:
    dice = random.Random(name)
    made = {column: pa.array([_value(dice, column, kind) for _ in range(rows)], TYPES[kind])
            for column, kind in columns.items()}  # fmt: skip
    start = datetime(2026, 9, 1, tzinfo=SHANGHAI) + timedelta(microseconds=dice.randrange(10**6))
    moments = [start + timedelta(seconds=n * 7) for n in range(rows)]
    dice.shuffle(moments)
    made["_batch_id"] = pa.array([f"b{n % 5}" for n in range(rows)])
    made["_load_time"] = pa.array(moments, pa.timestamp("us", "Asia/Shanghai"))
    made["_source"] = pa.array(["example"] * rows)
    made["_line"] = pa.array(range(1, rows + 1), pa.int64())
    made["_row_hash"] = pa.array([f"{n:032x}" for n in range(rows)])
    return pa.table(made)


def _value(dice: random.Random, column: str, kind: str) -> Any:
    """Return a value; equal columns of different tables draw from one set."""
    if dice.random() < (0.9 if column in MOSTLY_EMPTY else 0.08):
        return None
    if column in WORDS:
        return dice.choice(WORDS[column])
    shared = dice.randrange(25)
    if dice.random() < 0.05 and not column.endswith("month"):  # models cast a month
        return dice.choice(ODD[kind])
    return _shared(column, kind, shared)


@cache
def _shared(column: str, kind: str, number: int) -> Any:
    return MAKERS[kind](random.Random(f"{column}{number}"), column)


def _compared(number: float) -> Any:
    return "nan" if isnan(number) else float(f"{number:.12g}") + 0.0


def compare(one: pa.Table, other: pa.Table) -> str:
    """Return what differs between two results, as multisets of rows; empty when nothing does.

    Floats are equal to twelve significant digits: sums are added up in the order in which
    each engine reads, and -0.0 is 0.0.
    """
    if one.schema.names != other.schema.names:
        return f"columns {one.schema.names} and {other.schema.names}"
    left, right = _bag(one), _bag(other)
    if left == right:
        return ""
    apart = [list((one - other).items())[:2] for one, other in ((left, right), (right, left))]
    return f"{one.num_rows} and {other.num_rows} rows: {apart[0]} against {apart[1]}"


def _bag(table: pa.Table) -> Counter[tuple[Any, ...]]:
    return Counter(tuple(_plain(value) for value in row.values()) for row in table.to_pylist())


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return _compared(value)
    if isinstance(value, datetime) and value.tzinfo:
        return value.timestamp()
    return value
