"""Shapefiles, XML, nested JSON and large collections as files of a source."""

import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import shapefile
from pyproj import CRS

from tongqu.adapters.sources.files.connector import FileConnector
from tongqu.ingest.domain.contract import parse_options
from tongqu.ingest.ports import Contract, Sorted, Target, Unreadable
from tongqu.security.public import secrecy_mark

Read = Callable[..., tuple[Sorted, list[dict[str, Any]]]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def read_file(path: Path, **given: object):
        connector, options = FileConnector(), parse_options(given)
        landed = connector.land(path, tmp_path / "landing", options, name=path.name)
        with connector.open(landed, Contract("x", options, ()), name=path.name) as opened:
            _, columns = opened.profile(title="x")
        with connector.open(landed, Contract("x", options, columns), name=path.name) as opened:
            target = Target("PC-1", datetime(2026, 9, 24, tzinfo=UTC),
                            tmp_path / "accepted.parquet", opened.scratch, {})  # fmt: skip
            found = opened.sort(target, lambda: None)
        return found, pq.read_table(target.accepted).to_pylist() if found.stored else []

    return read_file


def shape_zip(folder: Path, *, encoding: str = "utf-8", prj: str = "", cpg: str = "",
              without: str = "", name: str = "南昌示例站") -> Path:  # fmt: skip
    """Write three stations as a zipped shapefile."""
    stem = folder / "stations"
    with shapefile.Writer(str(stem), shapeType=shapefile.POINT, encoding=encoding) as writer:
        writer.field("名称", "C", 40)
        writer.field("rows", "N", 10)
        for n in range(3):
            writer.point(12901000.0 + n, 3335000.0)
            writer.record(f"{name}{n}", n)
    if prj:
        stem.with_suffix(".prj").write_text(prj)
    if cpg:
        stem.with_suffix(".cpg").write_text(cpg)
    packed = folder / "stations.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for kind in ("shp", "dbf", "shx", "prj", "cpg"):
            part = stem.with_suffix(f".{kind}")
            if part.exists() and kind != without:
                archive.write(part, part.name)
    return packed


def test_a_shapefile_is_read_in_its_own_system_and_encoding(read: Read, tmp_path: Path) -> None:
    prj = CRS.from_epsg(3857).to_wkt("WKT1_ESRI")
    path = shape_zip(tmp_path, encoding="gbk", prj=prj, cpg="UTF-8")  # a cpg that lies

    found, rows = read(path)

    assert (found.stored, found.rejected) == (3, 0)
    assert [row["名称"] for row in rows] == ["南昌示例站0", "南昌示例站1", "南昌示例站2"]
    assert rows[0]["lon"] == 12901000.0
    assert abs(rows[0]["lon_cgcs2000"] - 115.8920) < 1e-3


def test_a_shapefile_without_projection_is_sent_back_until_its_system_is_declared(
    read: Read, tmp_path: Path
) -> None:
    path = shape_zip(tmp_path)

    with pytest.raises(Unreadable) as refused:
        read(path)
    assert refused.value.code == "CRS_MISSING"
    assert "声明坐标系" in refused.value.next_step
    assert read(path, crs="EPSG:3857")[0].stored == 3


def test_a_shapefile_without_its_attributes_names_what_is_missing(read: Read, tmp_path) -> None:
    with pytest.raises(Unreadable) as refused:
        read(shape_zip(tmp_path, without="dbf"), crs="EPSG:3857")

    assert refused.value.facts == {"missing": ["dbf"]}


def test_a_mark_in_attributes_or_member_names_is_seen_before_anything_is_copied(
    tmp_path: Path,
) -> None:
    connector, options = FileConnector(), parse_options({})
    marked = shape_zip(tmp_path, encoding="gbk", name="机密★10年")
    assert any(secrecy_mark(page) for page in connector.first_pages(marked, options))
    named = tmp_path / "pack.zip"
    with zipfile.ZipFile(named, "w") as archive:
        archive.writestr("a.csv", "id\n1\n")
        archive.writestr("绝密★启用前.csv", "id\n1\n")
    assert any(secrecy_mark(page) for page in connector.first_pages(named, options))


def test_like_elements_of_xml_are_rows(read: Read, tmp_path: Path) -> None:
    path = tmp_path / "works.xml"
    path.write_bytes(
        '<?xml version="1.0" encoding="GB2312"?><works><head>x</head>'
        '<work id="1"><road>昌九高速</road><where><km>12.5</km></where></work>'
        '<work id="2"><road></road><tag>a</tag><tag>b</tag></work></works>'.encode("gb18030")
    )

    found, rows = read(path)

    assert found.stored == 2
    assert (rows[0]["@id"], rows[0]["road"], rows[0]["where.km"]) == (1, "昌九高速", 12.5)
    assert (rows[1]["road"], rows[1]["tag"]) == (None, "a;b")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('<!DOCTYPE a [<!ENTITY b "cc">]><a><r>&b;</r></a>', "DECOMPRESSION_BOMB"),
        ("<a><r>1</r>", "NOT_WHAT_IT_SAYS"),
        ("<html><body>报错</body></html>", "NOT_WHAT_IT_SAYS"),
    ],
)
def test_xml_that_is_torn_or_wants_more_is_refused(read: Read, tmp_path, text, code) -> None:
    path = tmp_path / "x.xml"
    path.write_text(f'<?xml version="1.0"?>{text}' if "<html" not in text else text, "utf-8")

    with pytest.raises(Unreadable) as refused:
        read(path)
    assert refused.value.code == code


def test_records_inside_a_document_are_found_by_their_path(read: Read, tmp_path: Path) -> None:
    path = tmp_path / "answer.json"
    path.write_text(
        json.dumps({"data": {"items": [{"id": 1, "a": {"b": 2}}, {"id": 2}]}}, indent=1)
    )

    found, rows = read(path, records="data.items")

    assert found.stored == 2
    assert [row["id"] for row in rows] == [1, 2]
    assert json.loads(rows[0]["a"]) == {"b": 2}


def test_a_collection_keeps_its_rows_whatever_stands_around_its_features(read: Read, tmp_path):
    feature = '{"type":"Feature","properties":{"id":1},"geometry":null}'
    for n, text in enumerate((
        f'{{"type":"FeatureCollection","name":"x","features" : [\n{feature}\n]\n}}\n',
        f'{{"features":[{feature}],"type":"FeatureCollection"}}',
    )):  # fmt: skip
        path = tmp_path / f"{n}.geojson"
        path.write_text(text)
        assert read(path)[0].stored == 1
    torn = tmp_path / "torn.geojson"
    torn.write_text('{"type":"FeatureCollection","features":[{"type":"Feature","prop')
    with pytest.raises(Unreadable):
        read(torn)
