# ruff: noqa: S608  # names are positions or quoted by sql.py; no text of a user is pasted
"""Add places in CGCS2000/WGS-84 degrees to the raw table, beside the columns as they came."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import duckdb

from tongqu.adapters.sources.coordinates.systems import to_wgs84
from tongqu.adapters.sources.files import sql
from tongqu.adapters.sources.files.reading import Raw, scalar
from tongqu.ingest.ports import Contract, Unreadable
from tongqu.ingest.vocabulary import DERIVED, LAT, LON, WKT

if TYPE_CHECKING:
    import pyarrow as pa

BATCH = 250_000  # points turned at a time: memory stays flat


def placed(con: duckdb.DuckDBPyConnection, raw: Raw, contract: Contract, *, is_shape: bool) -> Raw:
    """Return the raw table with ``lon_cgcs2000``, ``lat_cgcs2000`` and, of shapes, their WKT.

    Under an agreement only the columns agreed are added. Raises: ``Unreadable`` PLACE_COLUMN.
    """
    options = contract.options
    geometry = options.geometry or ("wkt" if is_shape and "wkt" in raw.columns else "")
    x, y = options.x, options.y
    if not x and not geometry:
        x, y = "lon", "lat"
    used = [name for name in (x, y, geometry) if name]
    if missing := [name for name in used if name not in raw.columns]:
        raise Unreadable(
            "PLACE_COLUMN", f"文件里没有登记的坐标列：{'、'.join(missing)}。",
            "请在来源的读取选项中改正经度列、纬度列或几何列的名称。", missing=missing,
        )  # fmt: skip
    made = [LON, LAT, WKT] if geometry else [LON, LAT]
    agreed = {column.name for column in contract.columns}
    wanted = [n for n in made if n not in raw.columns and (not agreed or n in agreed)]
    _add(con, raw, _source(raw, x, y, geometry), options.crs)
    columns = (*raw.columns, *wanted)
    here = {name: f"p{DERIVED.index(name)}" for name in wanted}
    renames = "".join(
        f"ALTER TABLE raw RENAME COLUMN {here[name]} TO {sql.raw(len(raw.columns) + n)};"
        for n, name in enumerate(wanted)
    )
    con.execute(renames) if renames else None
    for spare in [n for n in range(len(DERIVED)) if f"p{n}" not in here.values()]:
        con.execute(f"ALTER TABLE raw DROP COLUMN p{spare}")
    return replace(raw, columns=columns, derived=tuple(wanted), outside=_outside(columns, contract))


def _outside(columns: Sequence[str], contract: Contract) -> str:
    west, south, east, north = contract.options.bounds
    places = {spec.name: f"v{n}" for n, spec in enumerate(contract.columns)}
    if LON not in places or LAT not in places or LON not in columns:
        return ""
    lon, lat = places[LON], places[LAT]
    return (f"{lon} NOT BETWEEN {west} AND {east} OR {lat} NOT BETWEEN {south} AND {north}"
            f" OR ({lon} = 0 AND {lat} = 0)")  # fmt: skip


def _source(raw: Raw, x: str, y: str, geometry: str) -> str:
    at = {name: sql.raw(n) for n, name in enumerate(raw.columns)}
    number = "TRY_CAST(trim({}) AS DOUBLE)"
    return ", ".join((
        number.format(at[x]) if x else "NULL::DOUBLE",
        number.format(at[y]) if y else "NULL::DOUBLE",
        at[geometry] if geometry else "NULL::VARCHAR",
    ))  # fmt: skip


def _add(con: duckdb.DuckDBPyConnection, raw: Raw, picks: str, crs: str) -> None:
    """Turn the places in the table's order, a stretch at a time, and join them on by position."""
    con.execute("CREATE OR REPLACE TEMP TABLE places (p0 DOUBLE, p1 DOUBLE, p2 VARCHAR)")
    rows: int = scalar(con, "SELECT count(*) FROM raw")
    for start in range(0, rows, BATCH):
        came = con.execute(
            f"SELECT {picks} FROM raw WHERE rowid >= {start} AND rowid < {start + BATCH}"
            " ORDER BY rowid"
        ).to_arrow_table()
        con.register("turned", _turned(came, crs))
        con.execute("INSERT INTO places SELECT * FROM turned")
        con.unregister("turned")
    own = ", ".join(f"raw.{sql.raw(n)}" for n in range(len(raw.columns)))
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE with_places AS
        SELECT {own}, p0::VARCHAR AS p0, p1::VARCHAR AS p1, p2
        FROM raw POSITIONAL JOIN places"""
    )
    con.execute("DROP TABLE raw; ALTER TABLE with_places RENAME TO raw; DROP TABLE places")


def _turned(came: "pa.Table", crs: str) -> "pa.Table":
    import pyarrow as pa

    x, y = (came.column(n).to_numpy() for n in (0, 1))
    lon, lat = to_wgs84(crs, x, y)
    shapes = came.column(2)
    if shapes.null_count < len(shapes):
        (at_lon, at_lat), shapes = _shapes(shapes, crs)
        lon, lat = _filled(lon, at_lon), _filled(lat, at_lat)
    numbers = [pa.array(values, pa.float64(), from_pandas=True) for values in (lon, lat)]
    return pa.table([*numbers, shapes], names=["p0", "p1", "p2"])


def _filled(values: Any, others: Any) -> Any:
    import numpy as np

    return np.where(np.isnan(values), others, values)


def _shapes(texts: "pa.ChunkedArray", crs: str) -> tuple[tuple[Any, Any], "pa.Array"]:
    """Return a point of each shape and its WKT, vertex by vertex in our system."""
    import numpy as np
    import pyarrow as pa
    import shapely

    shapes = shapely.from_wkt(texts.to_numpy(), on_invalid="ignore")

    def turn(points: Any) -> Any:
        return np.column_stack(to_wgs84(crs, points[:, 0], points[:, 1]))

    turned = shapely.transform(shapes, turn)
    points = shapely.point_on_surface(turned)
    words = shapely.to_wkt(turned, rounding_precision=9)
    return (shapely.get_x(points), shapely.get_y(points)), pa.array(words, pa.string())
