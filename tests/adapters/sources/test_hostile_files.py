"""Files whose bytes lie about lengths and depth: refused in words, at a price by their size."""

import io
import time
import zipfile
from pathlib import Path
from typing import Any

import duckdb
import pytest
import shapefile

from tongqu.adapters.sources.files.markup import read_xml
from tongqu.adapters.sources.files.shapes import read_shapes
from tongqu.ingest.ports import Unreadable
from tongqu.ingest.vocabulary import FileOptions

WGS84 = (
    'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],'
    'PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]]'
)


def shapes(path: Path, projection: str = WGS84, **changed: tuple[int, bytes]) -> Path:
    """Write a line as a Shapefile, then other bytes into its parts."""
    parts = {kind: io.BytesIO() for kind in ("shp", "dbf", "shx")}
    with shapefile.Writer(**parts, shapeType=shapefile.POLYLINE) as writer:
        writer.field("name", "C", 10)
        writer.line([[[0, 0], [1, 1]]])
        writer.record("a")
    with zipfile.ZipFile(path, "w") as archive:
        for kind, stream in parts.items():
            content = bytearray(stream.getvalue())
            at, bytes_ = changed.get(kind, (0, b""))
            content[at : at + len(bytes_)] = bytes_
            archive.writestr(f"a.{kind}", bytes(content))
        archive.writestr("a.prj", projection)
    return path


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    "changed",
    [
        {"shp": (144, b"\xff\xff\xff\x0f")},  # parts of the shape
        {"shp": (148, b"\xff\xff\xff\x0f")},  # points of the shape
        {"shp": (148, b"\xff\xff\xff\xff")},
        {"shp": (108, b"\x63\0\0\0")},  # a kind that is none
        {"dbf": (8, b"\xff\xff")},  # length of the header
    ],
)
def test_a_shapefile_that_lies_is_refused_in_words(tmp_path: Path, changed: Any) -> None:
    path = shapes(tmp_path / "a.zip", **changed)

    with duckdb.connect() as con, pytest.raises(Unreadable) as refused:
        read_shapes(con, path, "a.shp", FileOptions())

    assert refused.value.code == "NOT_WHAT_IT_SAYS"


def test_a_projection_is_a_text_of_projections_and_opens_no_file(tmp_path: Path) -> None:
    for text in ("+init=/etc/passwd:x", "+proj=longlat +nadgrids=/etc/passwd", "EPSG:4326"):
        with duckdb.connect() as con, pytest.raises(Unreadable) as refused:
            read_shapes(con, shapes(tmp_path / "a.zip", text), "a.shp", FileOptions())
        assert refused.value.code == "CRS_UNKNOWN"


def test_xml_nested_without_end_is_refused_at_once(tmp_path: Path) -> None:
    path, depth = tmp_path / "a.xml", 200_000
    path.write_bytes(b"<r><i>" + b"<a>" * depth + b"</a>" * depth + b"</i></r>")
    started = time.process_time()

    with duckdb.connect() as con, pytest.raises(Unreadable):
        read_xml(con, path, FileOptions())

    assert time.process_time() - started < 5


def test_an_element_that_repeats_costs_by_its_number(tmp_path: Path) -> None:
    path, many = tmp_path / "a.xml", 100_000
    path.write_bytes(b"<r><i>" + b"<a>1</a>" * many + b"</i><i><a>2</a></i></r>")
    started = time.process_time()

    with duckdb.connect() as con:
        raw = read_xml(con, path, FileOptions())
        lengths = con.execute("SELECT length(#1) FROM raw ORDER BY 1").fetchall()

    assert raw.columns == ("a",)
    assert lengths == [(1,), (2 * many - 1,)]
    assert time.process_time() - started < 10
