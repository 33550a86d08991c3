"""Coordinate systems: vectors, inverses, and the places that a load adds beside the originals."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from tongqu.adapters.sources.coordinates import systems
from tongqu.adapters.sources.files.connector import FileConnector
from tongqu.ingest.domain.contract import parse_options
from tongqu.ingest.ports import Contract, Sorted, Target, Unreadable
from tongqu.kernel.problems import Rejected

Read = Callable[..., tuple[Sorted, list[dict[str, Any]]]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Profile a text as a file, then sort it under what the profile proposed."""

    def read_text(text: str, name: str = "points.csv", **given: object):
        path = tmp_path / name
        path.write_text(text, "utf-8")
        connector, options = FileConnector(), parse_options(given)
        landed = connector.land(path, tmp_path / "landing", options, name=name)
        with connector.open(landed, Contract("x", options, ()), name=name) as opened:
            _, columns = opened.profile(title="x")
        with connector.open(landed, Contract("x", options, columns), name=name) as opened:
            target = Target("PC-1", datetime(2026, 9, 24, tzinfo=UTC),
                            tmp_path / "accepted.parquet", opened.scratch, {})  # fmt: skip
            found = opened.sort(target, lambda: None)
        return found, pq.read_table(target.accepted).to_pylist()

    return read_text


@pytest.fixture(scope="module")
def points() -> tuple[np.ndarray, np.ndarray]:
    """100,000 places all over the country."""
    random = np.random.default_rng(20260924)
    return random.uniform(73.6, 135.0, 100_000), random.uniform(3.9, 53.5, 100_000)


def test_the_public_formula_gives_the_vector_of_the_standard() -> None:
    lon, lat = systems.gcj02_from_wgs84(np.array([115.8921]), np.array([28.6765]))

    assert abs(lon[0] - 115.896946) < 1e-6
    assert abs(lat[0] - 28.673131) < 1e-6


@pytest.mark.parametrize("crs", ["GCJ-02", "BD-09"])
def test_the_inverse_errs_by_less_than_a_ten_millionth_degree(crs: str, points) -> None:
    lon, lat = points
    x, y = systems.gcj02_from_wgs84(lon, lat)
    if crs == "BD-09":
        x, y = systems.bd09_from_gcj02(x, y)

    back = systems.to_wgs84(crs, x, y)

    assert max(np.abs(back[0] - lon).max(), np.abs(back[1] - lat).max()) < 1e-7
    assert np.abs(x - lon).max() > 1e-3  # the forward step did move them


def test_the_web_map_and_the_british_grid_agree_with_the_reference_library() -> None:
    from pyproj import Transformer

    x, y = np.linspace(8.2e6, 1.5e7, 50), np.linspace(5e5, 7e6, 50)
    wanted = Transformer.from_crs(3857, 4326, always_xy=True).transform(x, y)
    assert np.allclose(systems.to_wgs84("EPSG:3857", x, y), wanted, atol=1e-9)
    lon, lat = systems.to_wgs84("EPSG:27700", np.array([325525.0]), np.array([674007.0]))
    assert abs(lon[0] + 3.1943) < 1e-3
    assert abs(lat[0] - 55.9533) < 1e-3


def test_outside_the_country_the_formula_moves_nothing_and_gaps_stay_gaps() -> None:
    lon, lat = systems.to_wgs84("GCJ-02", np.array([-3.19, np.nan]), np.array([55.95, 30.0]))

    assert (lon[0], lat[0]) == (-3.19, 55.95)
    assert np.isnan(lon[1])


def test_places_stand_beside_the_originals_and_odd_ones_are_counted_as_warnings(read: Read) -> None:
    found, rows = read(
        "id,lng,lat\n1,115.896946,28.673131\n2,,\n3,28.673131,115.896946\n4,0,0\n",
        crs="gcj02", x="lng", y="lat",
    )  # fmt: skip

    assert (found.received, found.stored, found.rejected) == (4, 4, 0)
    assert found.warnings == {"PLACE_OUTSIDE": 2}  # exchanged, and nought
    first = rows[0]
    assert (first["lng"], first["lat"]) == (115.896946, 28.673131)
    assert abs(first["lon_cgcs2000"] - 115.8921) < 1e-6
    assert abs(first["lat_cgcs2000"] - 28.6765) < 1e-6
    assert rows[1]["lon_cgcs2000"] is None


def test_a_declared_area_takes_the_place_of_the_country(read: Read) -> None:
    text = "lon,lat\n115.9,28.7\n121.5,31.2\n"

    assert read(text, crs="CGCS2000", area="113.57,24.48,118.49,30.09")[0].warnings == {
        "PLACE_OUTSIDE": 1
    }
    assert read(text, crs="CGCS2000")[0].warnings == {}


def test_the_added_places_do_not_make_an_old_row_new(read: Read) -> None:
    text = "lon,lat\n115.9,28.7\n"

    assert read(text, crs="GCJ-02")[1][0]["_row_hash"] == read(text)[1][0]["_row_hash"]


def test_every_vertex_of_a_shape_is_turned(read: Read) -> None:
    document = (
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"片区"},'
        '"geometry":{"type":"Polygon","coordinates":[[[115.896946,28.673131],[115.9,28.67],'
        "[115.9,28.7],[115.896946,28.673131]]]}}]}"
    )

    row = read(document, "area.geojson", crs="GCJ-02")[1][0]

    assert row["wkt"].startswith("POLYGON ((115.896946 28.673131")
    assert row["wkt_cgcs2000"].startswith("POLYGON ((115.8921")
    assert 115.89 < row["lon_cgcs2000"] < 115.9


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"crs": "西安80"}, "CRS_UNKNOWN"),
        ({"x": "lon", "y": "lat"}, "CRS_MISSING"),
        ({"crs": "GCJ-02", "x": "lon"}, "OPTION_WRONG"),
        ({"crs": "GCJ-02", "area": "118,24,113,30"}, "OPTION_WRONG"),
    ],
)
def test_a_system_that_nobody_knows_is_refused_in_words(given: dict[str, object], code) -> None:
    with pytest.raises(Rejected) as refused:
        parse_options(given)

    assert refused.value.problem.code == code
    assert "BD-09" in refused.value.problem.next_step or code == "OPTION_WRONG"


def test_a_file_without_the_columns_of_the_places_says_which_are_missing(read: Read) -> None:
    with pytest.raises(Unreadable) as refused:
        read("a,b\n1,2\n", crs="GCJ-02", x="lng", y="lat")

    assert refused.value.facts == {"missing": ["lng", "lat"]}
