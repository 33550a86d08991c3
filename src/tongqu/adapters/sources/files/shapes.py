"""Shapefiles (a zip of shp, dbf, shx, prj, cpg) as the raw table of text."""

import io
import struct
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Any

import duckdb

from tongqu.adapters.sources.files import sql
from tongqu.adapters.sources.files.detect import not_what_it_says, shape_parts
from tongqu.adapters.sources.files.documents import GEOMETRY
from tongqu.adapters.sources.files.guards import chunks
from tongqu.adapters.sources.files.reading import Raw, check_header, create_bad, number
from tongqu.adapters.sources.files.staging import fits
from tongqu.ingest.ports import Unreadable
from tongqu.ingest.vocabulary import SYSTEMS, FileOptions

# What the reader of shapes stumbles with over bytes that lie about lengths, counts and kinds.
HARMED = (ValueError, LookupError, OSError, TypeError, AttributeError, ArithmeticError,
          AssertionError, RuntimeError, MemoryError, zipfile.BadZipFile)  # fmt: skip
STRETCH = 20_000  # records turned into columns at a time
_ENCODINGS = {"utf8": "utf-8", "65001": "utf-8", "gbk": "gb18030", "936": "gb18030",
              "gb2312": "gb18030", "gb18030": "gb18030"}  # fmt: skip


def read_shapes(
    con: duckdb.DuckDBPyConnection, path: Path, member: str, options: FileOptions
) -> tuple[Raw, str, str]:
    """Return the rows, the encoding of their words, and the text of the projection file.

    Raises: ``Unreadable`` SHAPEFILE_PARTS, CRS_MISSING, CRS_UNKNOWN, NOT_WHAT_IT_SAYS.
    """
    import shapefile
    from shapely.errors import ShapelyError

    parts = _parts(path, member)
    if missing := [kind for kind in ("shp", "dbf") if kind not in parts]:
        raise shape_parts(missing)
    projection = _projection(parts.get("prj", b"")) if not options.crs else ""
    encoding = _encoding(parts, options.encoding)
    streams = {kind: io.BytesIO(parts[kind]) for kind in ("shp", "dbf", "shx") if kind in parts}
    try:
        with shapefile.Reader(**streams, encoding=encoding) as reader:
            raw = _take(con, reader, options)
    except (shapefile.ShapefileException, ShapelyError, struct.error, *HARMED):
        raise not_what_it_says("Shapefile", "损坏或不完整的 Shapefile") from None
    return raw, encoding, projection


def _parts(path: Path, member: str) -> dict[str, bytes]:
    """Return the parts that share the member's name, by their kind."""
    stem = str(PurePosixPath(member).with_suffix("")).casefold()
    found: dict[str, bytes] = {}
    packed = path.stat().st_size
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            kind = PurePosixPath(name).suffix.lower().lstrip(".")
            if kind in {"shp", "dbf", "shx", "prj", "cpg"} and (
                str(PurePosixPath(name).with_suffix("")).casefold() == stem
            ):
                with archive.open(name) as stream:
                    found[kind] = b"".join(chunks(stream, packed=packed))
    return found


def _projection(text: bytes) -> str:
    """Return the projection as a text that can be turned from; refuse to guess."""
    if not text.strip():
        raise Unreadable(
            "CRS_MISSING", "Shapefile 没有 prj 文件，看不出坐标系。",
            f"请补上 prj 文件，或在来源中声明坐标系：{'、'.join(SYSTEMS.values())}。",
        )  # fmt: skip
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        known = CRS.from_wkt(text.decode("utf-8", "replace").strip("\ufeff\x00 \r\n"))
    except CRSError:
        raise Unreadable(
            "CRS_UNKNOWN", "prj 文件写的坐标系无法识别。",
            f"请在来源中声明坐标系：{'、'.join(SYSTEMS.values())}。",
        ) from None  # fmt: skip
    code = known.to_epsg()
    return f"EPSG:{code}" if code in (4326, 4490, 3857, 27700) else known.to_wkt()


def _encoding(parts: dict[str, bytes], declared: str) -> str:
    """Return the encoding in which the whole attribute table can be read.

    A cpg file is often copied along and wrong: it is believed only while it fits.
    """
    said = "".join(c for c in parts.get("cpg", b"").decode("ascii", "ignore").lower()
                   if c.isalnum())  # fmt: skip
    start = int.from_bytes(parts["dbf"][8:10], "little")  # length of the header
    body = parts["dbf"][start:].rstrip(b"\x1a\x00")
    for name in (declared, _ENCODINGS.get(said, ""), "utf-8", "gb18030"):
        if name and fits(body, name):
            return name
    raise not_what_it_says("Shapefile", "无法识别编码的属性表（dbf）")


def _take(con: duckdb.DuckDBPyConnection, reader: Any, options: FileOptions) -> Raw:
    import pyarrow as pa

    names = [field[0] for field in reader.fields if field[0] != "DeletionFlag"]
    columns = check_header([*names, *(g if g not in names else f"shape_{g}" for g in GEOMETRY)])
    width = len(columns)
    kinds = ", ".join(f"{sql.raw(n)} VARCHAR" for n in range(width))
    con.execute(f"CREATE OR REPLACE TEMP TABLE raw ({kinds})")
    nulls = {"", *options.null_values}
    count = 0
    for stretch in _stretches(reader):
        values = list(zip(*(record for record, _ in stretch), strict=True)) or [()] * len(names)
        cells = [pa.array([_cell(v, nulls) for v in column], pa.string()) for column in values]
        cells += _places([shape for _, shape in stretch])
        con.register("stretch", pa.table(cells, names=[sql.raw(n) for n in range(width)]))
        con.execute("INSERT INTO raw SELECT * FROM stretch")
        con.unregister("stretch")
        count += len(stretch)
    create_bad(con)
    return Raw(columns, count, 1, number(con, [], 1))


def _stretches(reader: Any) -> Iterator[list[tuple[Sequence[Any], Any]]]:
    pairs = ((row.record, row.shape) for row in reader.iterShapeRecords())
    while stretch := list(islice(pairs, STRETCH)):
        yield stretch


def _cell(value: Any, nulls: set[str]) -> str | None:
    match value:
        case None:
            return None
        case bool():
            return "true" if value else "false"
        case date():
            return value.isoformat()
        case float() if value.is_integer() and abs(value) < 1 << 53:
            return str(int(value))
    text = str(value)
    return None if text in nulls else text


def _places(found: Sequence[Any]) -> list[Any]:
    """Return type, longitude, latitude and WKT of shapes, in the file's own system."""
    import pyarrow as pa
    import shapely
    from shapely.geometry import shape

    held = [None if one.shapeType == 0 else shape(one.__geo_interface__) for one in found]
    shapes = shapely.force_2d(held)
    kinds = [None if one is None else one.geom_type for one in held]
    words = shapely.to_wkt(shapes, rounding_precision=-1)
    points = [kind == "Point" for kind in kinds]
    return [
        pa.array(kinds, pa.string()),
        pa.array([repr(float(s.x)) if s and p else None for s, p in zip(held, points, strict=True)],
                 pa.string()),
        pa.array([repr(float(s.y)) if s and p else None for s, p in zip(held, points, strict=True)],
                 pa.string()),
        pa.array(list(words), pa.string()),
    ]  # fmt: skip
