"""Real files of every folder beside the repository: read whole, with the dirt their READMEs name.

Each case says how a department would register the file and what must come of it. The largest are
read once, without a profile; of folders with many like files one or two stand for the others.
"""

import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.conftest import SHARED
from tongqu.adapters.sources.files.connector import FileConnector
from tongqu.catalog.vocabulary import DataType
from tongqu.ingest.domain.contract import parse_options
from tongqu.ingest.ports import Contract, Sorted, Target, Unreadable
from tongqu.ingest.vocabulary import ColumnSpec

DATA = SHARED / "data"
pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason="the real data are not beside the repository"
)


@dataclass(frozen=True)
class Case:
    """``dirt``: SQL over the accepted rows ``t`` → the number its README gives."""

    path: str
    received: int
    duplicate: int = 0
    rejected: int = 0
    how: dict[str, Any] = field(default_factory=dict)
    dirt: dict[str, int] = field(default_factory=dict)
    warnings: dict[str, int] = field(default_factory=dict)


LOS = {"header": False}
GRID = {"crs": "EPSG:27700"}
CASES = (
    Case("accidents_uk/edinburgh/2010_accident.csv.gz", 1176,
         how={**GRID, "x": "easting", "y": "northing"}),
    Case("accidents_uk/greater_manchester_casualties_2019_2024.csv.gz", 20_435, 769,
         how={"crs": "WGS84", "area": "-3,53,-1.5,54"}),
    Case("admin_boundaries_cn/jiangxi_cities.geojson.gz", 11, how={"crs": "GCJ-02"},
         dirt={"count(*) FILTER (wkt_cgcs2000 IS NOT NULL)": 11}),
    Case("admin_codes_cn/cities.csv.gz", 342),
    Case("ais_us_20220103/ais_99999.csv.gz", 99_999, 1,
         how={"crs": "WGS84", "x": "LON", "y": "LAT", "area": "-180,-15,180,75"},
         # one duplicate row left out
         dirt={"count(*) FILTER (Heading = 511)": 52_248, "count(*) FILTER (COG = 360)": 14_022,
               "count(*) FILTER (SOG > 50)": 177}),
    Case("bus_hangzhou_2015/Busstop.csv.gz", 5_589, 3_726,
         how={"header": False, "delimiter": ";"}),
    Case("bus_lines_beijing_mot/beijing_bus_stops_by_line.csv.gz", 65_154),
    Case("bus_lines_shenzhen/busline_shenzhen.csv.gz", 2_113, 165),
    Case("bus_positions_austin/vehicle_positions/2015-03-08.csv.gz", 12_354, 6,
         how={"crs": "WGS84", "x": "longitude", "y": "latitude", "area": "-99,29,-96,32"}),
    Case("bus_positions_liverpool/route14_outbound.csv", 1_533,
         dirt={"count(*) FILTER (bearing IS NULL)": 399}),
    Case("catalogues_gov/us_dot_catalogue.jsonl.gz", 167),
    Case("checkpoints_shijiazhuang/kakou.csv", 2_683, 1),
    Case("driving_risk_pingan2018/train.csv.gz", 53_284, 52),
    Case("enforcement_parking_fines_de/essen_owi_juli_2022.csv.gz", 30_714, 21_577, how=LOS,
         dirt={"count(*) FILTER (column_3 = '0')": 3}),
    Case("enforcement_parking_fines_de/koeln_dezember_2021.csv.gz", 39_906, 512,
         how={"delimiter": ";"}),
    Case("ev_charging_shenzhen/stevcdp_stations.csv", 1_706,
         how={"crs": "WGS84", "x": "longitude", "y": "latitude"}),
    Case("gov_road_registers_edinburgh/cycle_parking.csv", 300,
         how={**GRID, "x": "Easting", "y": "Northing"}),
    Case("gov_road_registers_edinburgh/list_of_public_roads_in_edinburgh.csv.gz", 5_485, 6),
    Case("highway_facilities_anhui_osm/service_areas_anhui.geojson.gz", 215,
         how={"crs": "WGS84"}),
    Case("insurance_motor/pg17trainclaim.csv.gz", 14_243,
         dirt={"count(*) FILTER (claim_amount < 0)": 1_263}),
    Case("maintenance_cmapss_fd001/RUL_FD001.txt.gz", 100, 29,
         how={"header": False, "delimiter": " "}),
    Case("metro_guangzhou_shenzhen/guangzhou_metro.json.gz", 24, rejected=1,
         how={"records": "*"}),
    Case("permit_process_logs/receipt_permit_log.csv.gz", 8_577,
         dirt={'count(*) FILTER ("case:enddate" IS NULL)': 617,
               'count(*) FILTER ("case:group" IS NULL)': 4_961}),
    Case("railway_china/stations_lonlat_geocoded.csv", 2_826,
         how={"crs": "GCJ-02", "x": "lng", "y": "lat"}),
    Case("railway_china/train_g.txt.gz", 3_164, how={"header": False, "delimiter": ":"}),
    Case("register_ships_imo/container_vessels_with_tonnage.csv.gz", 4_456, 480),
    Case("register_us_authority_revocations/revocation_2024_08_06.csv.gz", 2_244, 55),
    Case("toll_kdd2017/volume_phase2_train.csv.gz", 128_823, 935),
    Case("traffic_flow_loops/metro_interstate_i94_hourly.csv.gz", 48_204, 17,
         dirt={"count(*) FILTER (temp = 0)": 10, "max(rain_1h)::INTEGER": 9_831}),
    Case("traffic_flow_loops/los_sensor_locations.csv", 207),
    Case("trajectories_shanghai_taxi/shanghai_taxi_sample.csv", 611,
         dirt={"count(Title)": 0}),
    Case("trajectories_shenzhen_taxi/taxi_orders_with_fare.csv.gz", 10_619),
)  # fmt: skip


@dataclass
class Read:
    """Reads a file as a department registers it: columns from its profile, or as given."""

    folder: Path
    connector: FileConnector = field(default_factory=FileConnector)

    def __call__(self, path: Path, columns: tuple[ColumnSpec, ...] = (), **how: Any) -> Sorted:
        options = parse_options(how)
        landed = self.connector.land(path, self.folder / "landing", options, name=path.name)
        if not columns:
            contract = Contract("x", options, ())
            with self.connector.open(landed, contract, name=path.name) as opened:
                columns = opened.profile(title="x")[1]
        contract = Contract("x", options, columns)
        with self.connector.open(landed, contract, name=path.name) as opened:
            self.accepted.unlink(missing_ok=True)
            target = Target("PC-1", datetime(2026, 9, 24, tzinfo=UTC), self.accepted,
                            opened.scratch, {})  # fmt: skip
            return opened.sort(target, lambda: None)

    @property
    def accepted(self) -> Path:
        return self.folder / "accepted.parquet"

    def ask(self, what: str) -> Any:
        rows = duckdb.sql(f"SELECT {what} FROM read_parquet('{self.accepted}') AS t").fetchone()
        return rows[0] if rows else None


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Read:
    return Read(tmp_path_factory.mktemp("real"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.path)
def test_a_real_file_is_read_whole_and_its_dirt_is_found(case: Case, read: Read) -> None:
    found = read(DATA / case.path, **case.how)

    assert (found.received, found.duplicate, found.rejected) == (
        case.received, case.duplicate, case.rejected,
    )  # fmt: skip
    assert found.received == found.stored + found.rejected + found.duplicate
    for what, number in case.dirt.items():
        assert read.ask(what) == number, what
    if case.how.get("crs"):
        placed = read.ask("count(lon_cgcs2000)")
        assert placed > 0
        assert found.warnings.get("PLACE_OUTSIDE", 0) < placed / 2


def test_a_million_and_a_half_positions_give_their_duplicates_and_strays(read: Read) -> None:
    columns = (ColumnSpec("column_1", DataType.INTEGER), ColumnSpec("column_2", DataType.DATETIME),
               ColumnSpec("column_3", DataType.DECIMAL), ColumnSpec("column_4", DataType.DECIMAL),
               ColumnSpec("lon_cgcs2000", DataType.DECIMAL),
               ColumnSpec("lat_cgcs2000", DataType.DECIMAL))  # fmt: skip

    found = read(
        DATA / "trajectories_beijing_tdrive" / "tdrive_1000_taxis.csv.gz", columns, header=False,
        crs="WGS84", x="column_3", y="column_4", area="115.4,39.4,117.6,41.1",
    )  # fmt: skip

    assert (found.received, found.duplicate) == (1_527_896, 122_676)
    assert 8_260 <= found.warnings["PLACE_OUTSIDE"] <= 16_957  # without the duplicates


def test_every_table_of_every_feed_is_read_and_hours_beyond_midnight_are_words(read: Read) -> None:
    with zipfile.ZipFile(DATA / "gtfs_samples" / "bart-errors.zip") as feed:
        members = feed.namelist()
    rows, over, late = {}, 0, 0
    for member in members:
        rows[member] = read(DATA / "gtfs_samples" / "bart-errors.zip", member=member).received
        if member == "stop_times.txt":
            late = read.ask("count(*) FILTER (arrival_time >= '24')")
        if member == "calendar.txt":
            over = read.ask("count(*) FILTER (end_date < 20110101)")

    assert (rows["stop_times.txt"], rows["trips.txt"], rows["stops.txt"]) == (31_932, 2_513, 48)
    assert late > 0
    assert over == rows["calendar.txt"] == 3  # planted: every service is over
    assert "calendar_dates.txt" not in members  # planted: a table that is missing


def test_an_error_page_published_as_data_stops_as_another_structure(read: Read, tmp_path) -> None:
    from tongqu.ingest.domain.contract import drift

    folder = DATA / "gov_road_registers_edinburgh"
    connector, options = FileConnector(), parse_options({})
    names = {}
    for name in ("winter_pavement_gritting_routes.csv", "winter_road_gritting_routes.csv"):
        landed = connector.land(folder / name, tmp_path / "landing", options, name=name)
        with connector.open(landed, Contract("x", options, ()), name=name) as opened:
            names[name] = opened.staged.columns
    agreed = [ColumnSpec(name) for name in names["winter_pavement_gritting_routes.csv"]]

    assert drift(agreed, names["winter_road_gritting_routes.csv"])
    with pytest.raises(Unreadable, match="HEADER_WRONG"):  # a column name twice
        read(folder / "priority_parking_areas.csv")


def test_shapes_are_placed_by_their_own_system_or_sent_back(
    read: Read, tmp_path: Path, zipped: Callable[[str], Path]
) -> None:
    assert read(zipped("ev_charging_shenzhen/stevcdp_districts")).stored == 491
    assert 113.7 < read.ask("min(lon_cgcs2000)") < read.ask("max(lon_cgcs2000)") < 114.7
    unplaced = zipped("bus_lines_shenzhen/taz_shenzhen")
    with pytest.raises(Unreadable, match="CRS_MISSING"):
        read(unplaced)
    assert read(unplaced, crs="BD-09").stored == 10


@pytest.fixture
def zipped(tmp_path: Path) -> Callable[[str], Path]:
    def pack(folder: str) -> Path:
        target = tmp_path / f"{Path(folder).name}.zip"
        with zipfile.ZipFile(target, "w") as archive:
            for path in (DATA / folder).iterdir():
                archive.write(path, path.name)
        return target

    return pack


def test_no_folder_with_tables_was_forgotten() -> None:
    read_here = {Path(case.path).parts[0] for case in CASES} | {
        "gtfs_samples", "trajectories_beijing_tdrive", "roadworks_highways_england",
        "osm_gtfs_sao_paulo_centre", "road_graph_shenzhen_osm",  # see test_through_the_ledger
    }  # fmt: skip

    assert {path.name for path in DATA.iterdir() if path.is_dir()} == read_here


def test_stations_that_were_moved_lie_near_their_surveyed_places(read: Read, tmp_path) -> None:
    read(DATA / "railway_china" / "stations_lonlat_geocoded.csv", crs="GCJ-02", x="lng", y="lat")
    moved = duckdb.sql(f"SELECT * FROM read_parquet('{read.accepted}')").to_arrow_table()
    read(DATA / "railway_china" / "stations_lonlat_osm.csv")
    names = duckdb.sql(f"SELECT * FROM read_parquet('{read.accepted}')").columns
    con = duckdb.connect()
    con.register("moved", moved)
    query = f"""SELECT median(abs(m.lng - s.lon)), median(abs(m.lon_cgcs2000 - s.lon)) FROM moved m
        JOIN read_parquet('{read.accepted}') s ON m.column_1 = replace(s.{names[0]}, '站', '')
        WHERE abs(m.lng - s.lon) < 0.1"""
    before, after = con.execute(query).fetchone() or (0, 1)

    assert after < before / 2  # the declared system explains most of the difference
