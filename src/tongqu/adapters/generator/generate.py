"""Write example data of the 35 resources, with planted defects and the truth about them.

Set-based DuckDB SQL; every value is a function of the seed and a row's number, so the same
seed, size and instant give the same files. Rows stream to disk: memory does not grow with them.
"""

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from tongqu.adapters.generator import sizes
from tongqu.adapters.generator.defects import Planting, plantings
from tongqu.kernel import clock

if TYPE_CHECKING:
    import duckdb

PACK = "jiangxi-2026"
SQL = Path(__file__).parent / "sql"
FAMILIES = ("road_transport", "roads", "enforcement", "waterway", "market")
FORMATS = {
    "parquet": "FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880",
    "csv": "FORMAT csv, HEADER true",
}
CHUNK = 10_000_000  # rows in one file; a table of more becomes a folder of parts
LABEL = "示例数据，由程序生成，与真实的人、车、船和单位无关"


@dataclass(frozen=True, slots=True)
class Order:
    """What is wanted. ``at``: the instant that counts as now, a Shanghai wall clock."""

    rows: int
    seed: int
    out: Path
    at: datetime
    only: tuple[str, ...] = ()
    file_format: str = "parquet"
    memory: str = "2GB"


Report = Callable[[str, int, int], None]  # slug, rows written, rows of the table


def order(
    rows: int, seed: int, out: Path, *, only: Iterable[str] = (), file_format: str = "parquet",
    at: datetime | None = None,
) -> Order:  # fmt: skip
    """Return a checked order; ``at`` defaults to the present. Raises: ``ValueError``."""
    if not sizes.LEAST <= rows <= sizes.MOST:
        raise ValueError(f"行数应在 {sizes.LEAST:,} 至 {sizes.MOST:,} 之间")
    if not 0 <= seed < 1 << 63:
        raise ValueError("种子应为不小于 0 的整数")
    if unknown := set(only) - set(sections()):
        raise ValueError(f"没有名为 {'、'.join(sorted(unknown))} 的资源")
    if file_format not in FORMATS:
        raise ValueError(f"格式应为 {'、'.join(FORMATS)}")
    moment = (at or clock.now()).astimezone(clock.SHANGHAI).replace(tzinfo=None, microsecond=0)
    return Order(rows, seed, out, moment, tuple(only), file_format)


def generate(wanted: Order, report: Report | None = None) -> dict[str, object]:
    """Write the files and ``truth.json``; return the truth."""
    wanted.out.mkdir(parents=True, exist_ok=True)
    connection = _open(wanted)
    counts = sizes.tables(wanted.rows)
    truth: dict[str, object] = {
        "_": {
            "pack": PACK, "label": LABEL, "seed": wanted.seed, "rows": wanted.rows,
            "at": wanted.at.isoformat(), "format": wanted.file_format,
        }
    }  # fmt: skip
    try:
        for slug in wanted.only or counts:
            planting = plantings().get(slug, Planting())
            files = _write(connection, wanted, slug, counts[slug], report)
            truth[slug] = {**planting.truth(counts[slug]), "files": files}
    finally:
        connection.close()
    text = json.dumps(truth, ensure_ascii=False, indent=2)
    (wanted.out / "truth.json").write_text(text + "\n", encoding="utf-8")
    return truth


def _open(wanted: Order) -> "duckdb.DuckDBPyConnection":
    """Return an engine with the macros and the shared tables in it."""
    import duckdb

    connection = duckdb.connect(
        config={
            "memory_limit": wanted.memory,
            "temp_directory": str(wanted.out / ".scratch"),
            "preserve_insertion_order": True,
        }
    )
    for name in ("macros", "base"):
        connection.execute(_filled((SQL / f"{name}.sql").read_text(encoding="utf-8"), wanted))
    return connection


def _filled(sql: str, wanted: Order) -> str:
    values = {"seed": wanted.seed, "at": f"{wanted.at:%Y-%m-%d %H:%M:%S}"}
    return Template(sql).substitute(values | sizes.parameters(wanted.rows))


@cache
def sections() -> dict[str, str]:
    """Return slug → the query that makes right rows."""
    found: dict[str, str] = {}
    for family in FAMILIES:
        text = (SQL / f"{family}.sql").read_text(encoding="utf-8")
        parts = re.split(r"^-- slug: (\w+)$", text, flags=re.M)
        found.update(zip(parts[1::2], parts[2::2], strict=True))
    return found


def _write(
    connection: "duckdb.DuckDBPyConnection",
    wanted: Order,
    slug: str,
    rows: int,
    report: Report | None,
) -> list[str]:
    """Write one table; return its files, relative to the folder."""
    clean = _filled(sections()[slug], wanted)
    planting = plantings().get(slug, Planting())
    columns = _columns(connection, _rows(planting, 0, 1) + f", clean AS ({clean})", planting)
    files = []
    for low in range(0, rows, CHUNK):
        high = min(low + CHUNK, rows)
        name = slug if rows <= CHUNK else f"{slug}/part-{low // CHUNK + 1:05}"
        target = wanted.out / f"{name}.{wanted.file_format}"
        target.parent.mkdir(parents=True, exist_ok=True)
        query = f"{_rows(planting, low, high)}, clean AS ({clean}) SELECT {columns} FROM clean"  # noqa: S608  (our own files)
        path = str(target).replace("'", "''")
        connection.execute(f"COPY ({query}) TO '{path}' ({FORMATS[wanted.file_format]})")
        files.append(f"{name}.{wanted.file_format}")
        if report is not None:
            report(slug, high, rows)
    return files


def _rows(planting: Planting, low: int, high: int) -> str:
    """Return ``rows``: p is a row's place, i what its values are drawn by."""
    draw = "range"
    if planting.duplicates:
        places = ", ".join(map(str, planting.duplicates))
        draw = f"CASE WHEN range % {planting.per} IN ({places}) THEN range - 1 ELSE range END"
    return f"WITH rows AS (SELECT range AS p, {draw} AS i FROM range({low}, {high}))"  # noqa: S608  (numbers)


def _columns(connection: "duckdb.DuckDBPyConnection", head: str, planting: Planting) -> str:
    """Return the columns in order, each of its own type, wrong where it is planted so."""
    described = connection.execute(f"DESCRIBE {head} SELECT * FROM clean").fetchall()  # noqa: S608  (our own files)
    written = []
    for name, kind, *_ in described:
        cases = "".join(
            f" WHEN _p % {planting.per} IN ({', '.join(map(str, defect.places))})"
            f" THEN {defect.values[name]}"
            for defect in planting.defects
            if name in defect.values
        )
        if name != "_p":
            value = f"CAST(CASE{cases} ELSE {name} END AS {kind})" if cases else name
            written.append(f"{value} AS {name}")
    return ", ".join(written)
