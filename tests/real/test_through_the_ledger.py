"""Real files through the product's own doors: registered, scanned, loaded, in the books.

One folder a format and every feed; what the READMEs say must be found is counted by the rules of
a load, or by a query over what it stored. What no rule of a load can see: that a table of a feed
is missing, that a row refers to nothing in another table (both belong to quality), that a map is
cut at its edge.
"""

import zipfile
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import SHARED
from tests.world import World
from tongqu.catalog.vocabulary import DataType
from tongqu.ingest import public as ingest
from tongqu.ingest.models import Batch
from tongqu.ingest.vocabulary import BatchState, BatchView, ColumnSpec
from tongqu.kernel import clock
from tongqu.kernel.problems import Rejected
from tongqu.lake import public as lake

DATA = SHARED / "data"
pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason="the real data are not beside the repository"
)
WGS84 = {"crs": "WGS84"}


@dataclass
class Hub:
    """A department's hands: register, look, agree on keys, load."""

    world: World

    def register(self, code: str, columns: tuple[ColumnSpec, ...] = (), *,
                 checks: tuple[dict[str, Any], ...] = (), **how: Any) -> None:  # fmt: skip
        ingest.register_source(
            code=code, name=f"示例·{code}", columns=columns, by=self.world.actor("cataloguer"),
            provider_id=self.world.organisations["990000-MH"].pk,
            options=ingest.parse_options(how), checks=ingest.parse_checks(checks, where=code),
        )  # fmt: skip

    def scan(self, code: str, path: Path, keys: tuple[str, ...] = ()) -> tuple[ColumnSpec, ...]:
        """Agree on what the file shows; ``keys`` are words, whatever they look like."""
        by = self.world.actor("cataloguer")
        ingest.scan(code, path, by=by)
        found = ingest.source(code)
        assert found is not None
        columns = tuple(
            replace(c, is_key=True, nullable=False, data_type=DataType.STRING)
            if c.name in keys else c
            for c in found.columns
        )  # fmt: skip
        ingest.set_columns(code, columns, by=by)
        return columns

    def load(self, code: str, path: Path) -> BatchView:
        batch = ingest.load(code, path, by=self.world.actor("cataloguer"))
        assert batch.is_balanced, batch
        return batch

    def take(self, code: str, path: Path, keys: tuple[str, ...] = (), **how: Any) -> BatchView:
        self.register(code, **how)
        self.scan(code, path, keys)
        batch = self.load(code, path)
        assert batch.state is BatchState.CLOSED, batch
        return batch


@pytest.fixture
def hub(world: World, lake: Path, at: clock.FixedClock) -> Hub:
    return Hub(world)


def ask(code: str, what: str, where: str = "true") -> Any:
    query = f"SELECT {what} FROM t WHERE {where}"
    ref = lake.ods_ref(f"ods_{code}")
    return lake.engine().relation(query, tables={"t": ref}).scalar()


def figures(batch: BatchView) -> tuple[int, int, int, int]:
    return batch.received, batch.stored, batch.rejected, batch.duplicate


def packed(target: Path, *files: Path) -> Path:
    with zipfile.ZipFile(target, "w") as archive:
        for path in files:
            archive.write(path, path.name)
    return target


def test_one_folder_of_every_format_is_in_the_books(hub: Hub, tmp_path: Path) -> None:
    take = hub.take
    fines = take("fines", DATA / "enforcement_parking_fines_de/essen_owi_juli_2022.csv.gz",
                 header=False)  # fmt: skip
    assert figures(fines) == (30_714, 9_137, 0, 21_577)
    assert ask("fines", "count(*)", "column_3 = '0'") == 3  # read by OCR

    trains = take("trains", DATA / "railway_china/train_g.txt.gz", header=False, delimiter=":")
    assert figures(trains) == (3_164, 3_164, 0, 0)
    assert ask("trains", "count(*)", "column_2 LIKE '%北京%'") > 0  # it came in GBK

    metro = take("metro", DATA / "metro_guangzhou_shenzhen/guangzhou_metro.json.gz", records="*")
    assert figures(metro) == (24, 23, 1, 0)
    catalogue = take("catalogue", DATA / "catalogues_gov/us_dot_catalogue.jsonl.gz")
    assert figures(catalogue) == (167, 167, 0, 0)

    cities = take("cities", DATA / "admin_boundaries_cn/jiangxi_cities.geojson.gz", crs="GCJ-02")
    assert figures(cities) == (11, 11, 0, 0)
    assert ask("cities", "count(wkt_cgcs2000)") == 11
    folder = DATA / "ev_charging_shenzhen/stevcdp_districts"
    districts = take("districts", packed(tmp_path / "districts.zip", *folder.iterdir()))
    assert figures(districts) == (491, 491, 0, 0)
    assert 113.7 < ask("districts", "min(lon_cgcs2000)") < 114.7

    with pytest.raises(Rejected) as refused:  # a map in Protocolbuffers is no table
        take("map", DATA / "osm_gtfs_sao_paulo_centre/spo_osm.pbf")
    assert refused.value.problem.code in {"NOT_WHAT_IT_SAYS", "FORMAT_UNKNOWN"}


def test_the_nodes_and_edges_of_a_road_graph_are_two_sources_of_one_file(hub: Hub) -> None:
    graph = DATA / "road_graph_shenzhen_osm/shenzhen_drive.graphml.gz"

    nodes = hub.take("nodes", graph, keys=("@id",), format="xml", records="node", x="x", y="y",
                     **WGS84)  # fmt: skip
    edges = hub.take("edges", graph, format="xml", records="edge")

    assert figures(nodes) == (1_751, 1_751, 0, 0)
    assert (edges.received, edges.rejected) == (4_009, 0)
    assert 113.99 < ask("nodes", "min(lon_cgcs2000)") < ask("nodes", "max(lon_cgcs2000)") < 114.05
    assert (ask("edges", "count(maxspeed)"), ask("edges", "count(lanes)")) == (28, 720)
    pairs = 'count(DISTINCT ("@source", "@target"))'
    assert ask("edges", "count(*)") - ask("edges", pairs) == 44  # parallel ones


def test_the_second_snapshot_of_the_roadworks_withdraws_what_it_no_longer_names(
    hub: Hub, at: clock.FixedClock
) -> None:
    folder = DATA / "roadworks_highways_england"
    first = hub.take(
        "roadworks", folder / "he_roadworks_2016_02_29.xml.gz", keys=("reference_number",),
        crs="EPSG:27700", x="centre_easting", y="centre_northing", full_state=True,
        withdraw_most=50,  # roadworks end: 864 of 2196 within the week
    )  # fmt: skip
    assert figures(first) == (2_196, 2_196, 0, 0)
    day = clock.today()
    at.instant += timedelta(days=7)

    second = hub.load("roadworks", folder / "he_roadworks_2016_03_07.xml.gz")

    # 849 new and 599 changed; 733 as they were; 864 withdrawn, in a batch of their own.
    assert figures(second) == (2_181, 849 + 599, 0, 733)
    assert second.facts["withdrawn"] == 864
    gone = Batch.objects.get(number=second.facts["withdrawal"])
    assert (gone.received, gone.stored) == (864, 864)
    ref = lake.ods_ref("ods_roadworks")
    assert lake.as_of(ref, day).arrow().num_rows == 2_196
    assert lake.as_of(ref, clock.today()).arrow().num_rows == 2_181
    assert ask("roadworks", "count(*)", "_op = 'D' AND lon_cgcs2000 IS NOT NULL") == 864


FEEDS = {  # rows of stops, trips, calendar; the day on which the last service is over
    "gtfs_samples/bart.zip": (50, 2_525, 3, 20190701),
    "gtfs_samples/bart-errors.zip": (48, 2_513, 3, 20101231),
    "gtfs_samples/caltrain.zip": (64, 185, 3, 20191006),
    "gtfs_samples/cdmx.zip": (6_021, 1_741, 99, 20191231),
    "gtfs_samples/saopaulo.zip": (3_039, 92, 6, 20200101),
    "gtfs_samples/cairns_gtfs.zip": (416, 1_339, 4, 20141228),
    "osm_gtfs_sao_paulo_centre/spo_gtfs.zip": (654, 36, 6, 20200501),
}
OVER = {
    "code": "SERVICE-OVER", "title": "运行日历应未到期", "kind": "range", "columns": ["end_date"],
    "min": 20260924, "effect": "warn", "remedy": "请报送有效期内的运行图",
}  # fmt: skip
PLACE = {"x": "stop_lon", "y": "stop_lat", "area": "-180,-60,180,75", **WGS84}


def test_every_feed_is_in_the_books_and_each_of_its_calendars_is_told_to_be_over(
    hub: Hub,
) -> None:
    for n, (name, (stops, trips, services, last)) in enumerate(FEEDS.items()):
        feed = DATA / name
        found = hub.take(f"stops{n}", feed, ("stop_id",), member="stops.txt", **PLACE)
        assert figures(found) == (stops, stops, 0, 0), name
        # planted: a stop at 200 degrees south and west
        strays = {"PLACE_OUTSIDE": 1} if "errors" in name else {}
        assert found.warnings == strays, name
        assert hub.take(f"trips{n}", feed, ("trip_id",), member="trips.txt").stored == trips
        columns = _calendar(hub, n, feed)
        hub.register(f"calendar{n}", columns, checks=(OVER,), member="calendar.txt")
        calendar = hub.load(f"calendar{n}", feed)
        assert calendar.warnings == {"SERVICE-OVER": services}, name
        assert ask(f"calendar{n}", "max(end_date)") == last, name


def _calendar(hub: Hub, n: int, feed: Path) -> tuple[ColumnSpec, ...]:
    hub.register(f"look{n}", member="calendar.txt")
    return tuple(
        replace(c, data_type=DataType.INTEGER) if c.name.endswith("_date") else c
        for c in hub.scan(f"look{n}", feed, ("service_id",))
    )


def test_planted_errors_are_found_where_a_rule_can_see_them(hub: Hub) -> None:
    """Beside what every feed is asked above: hours beyond midnight, and tables that are lost."""
    feed = DATA / "gtfs_samples/bart-errors.zip"

    times = hub.take("times", feed, member="stop_times.txt")
    assert figures(times) == (31_932, 31_932, 0, 0)
    assert ask("times", "count(*)", "arrival_time >= '24'") == 870
    with pytest.raises(Rejected):  # a table that the feed lost
        hub.take("dates", feed, member="calendar_dates.txt")


def test_ships_with_a_wrong_check_digit_are_counted_by_the_rule_for_imo_numbers(
    hub: Hub,
) -> None:
    columns = tuple(ColumnSpec(name) for name in ("imo", "mmsi", "name", "flag", "type"))
    check = {
        "code": "IMO", "title": "IMO 编号校验码", "kind": "check_digit", "columns": ["imo"],
        "algorithm": "imo", "effect": "warn", "remedy": "核对编号",
    }  # fmt: skip
    hub.register("ships", columns, checks=(check,))

    batch = hub.load("ships", DATA / "register_ships_imo/imo_vessel_codes.csv.gz")

    assert (batch.received, batch.warnings) == (64_117, {"IMO": 1_388})
    repeated = ask("ships", "count(*) - count(DISTINCT imo)")
    assert repeated + batch.duplicate == 5_452
