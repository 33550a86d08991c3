"""The rules of a scan over real files find the dirt that their READMEs state, to the row.

Statements are those of a scan, asked of an engine of the test's own: reading the files through
the ledger is tried next door.
"""

import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from tests.conftest import SHARED
from tongqu.kernel.clock import FixedClock
from tongqu.quality.actions import language
from tongqu.quality.domain import plan as plans

DATA = SHARED / "data"
pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason="the real data are not beside the repository"
)
NOW = datetime(2026, 9, 24, tzinfo=UTC)
BEIJING = "POLYGON ((115.4 39.4, 117.6 39.4, 117.6 41.1, 115.4 41.1, 115.4 39.4))"
Rules = list[dict[str, Any]]


class Hand:
    """A table as ``t``, others under the names that rules know them by."""

    def __init__(self) -> None:
        self.connection = duckdb.connect(config={"threads": 1})

    def lay(self, path: Path, columns: str = "*", view: str = "t", **how: Any) -> None:
        said = ", ".join(
            f"{key} = {value!r}" for key, value in {"all_varchar": True, **how}.items()
        )
        source = f"SELECT {columns} FROM read_csv('{path}', {said})"
        self.connection.execute(f'CREATE OR REPLACE TABLE "{view}" AS {source}')

    def wrong(self, *rules: dict[str, Any]) -> list[int]:
        """Return how many each rule finds wrong."""
        parsed = language.read(
            [{"code": f"r{at}", "title": "规则", **rule} for at, rule in enumerate(rules)]
        )
        schema = self.connection.sql("SELECT * FROM t LIMIT 0").to_arrow_table().schema
        others = {
            str(rule.limits["table"]): self.connection.sql(
                f'SELECT * FROM "r_{rule.limits["table"]}" LIMIT 0'
            ).to_arrow_table().schema
            for rule in parsed if rule.kind == "related"
        }  # fmt: skip
        rights = language.rights_of(parsed, schema, others)
        plan = plans.compile_scan(parsed, now=NOW, rights=rights, prunes=True)
        for view, shape in plan.given.items():
            self.connection.register(view, pa.table(dict(shape.columns)))
        row = self.connection.execute(plan.sql, plan.parameters).to_arrow_table().to_pylist()[0]
        return [row[f"w{at}"] for at in range(len(rules))]


@pytest.fixture(scope="module")
def hand() -> Hand:
    return Hand()


@pytest.fixture(autouse=True)
def still(at: FixedClock, db: None) -> None:
    """The language of checks asks what time it is, and which code tables there are."""


def test_taxis_repeat_stray_and_jump(hand: Hand) -> None:
    hand.lay(
        DATA / "trajectories_beijing_tdrive/tdrive_1000_taxis.csv.gz",
        "column0 AS taxi, column1::TIMESTAMP AS at, column2::DOUBLE AS lon,"
        " column3::DOUBLE AS lat, 'B' AS _batch_id, now() AS _load_time,"
        " row_number() OVER () AS _line",
        header=False,
    )
    place = {"lon": "lon", "lat": "lat"}

    found = hand.wrong(
        {"kind": "unique", "columns": ["taxi", "at", "lon", "lat"]},
        {"kind": "inside", "wkt": BEIJING, **place},
        {"kind": "expression", "columns": [], "sql": "lon <> 0 AND lat <> 0"},
        {"kind": "sequence", "columns": ["taxi"], "time": "at"},
        {"kind": "expression", "columns": [],
         "sql": "NOT (lon BETWEEN 39.4 AND 41.1 AND lat BETWEEN 115.4 AND 117.6)"},
        {"kind": "speed", "columns": ["taxi"], "time": "at", "max": 200, **place},
    )  # fmt: skip

    repeated, strays, zeros, back, swapped, jumps = found
    assert (repeated, strays, zeros, back) == (122_676, 16_957, 8_260, 0)
    assert swapped == 0  # nobody exchanged the two, here
    assert jumps > 8_260  # to a zero and back; the README gives no number


def test_other_files_hold_what_is_said_of_them(hand: Hand) -> None:
    hand.lay(DATA / "register_ships_imo/imo_vessel_codes.csv.gz", ignore_errors=True)
    ships = hand.wrong(
        {"kind": "check_digit", "columns": ["imo"], "algorithm": "imo"},
        {"kind": "unique", "columns": ["imo"]},
        {"kind": "pattern", "column": "mmsi", "pattern": "[0-9]{9}"},
        {"kind": "not_null", "column": "flag"},
    )
    # The README says 8,262: whoever counted took Namibia's "NA" for nothing, twelve times.
    assert ships == [1_388, 5_452, 208, 8_262 - 12]

    hand.lay(DATA / "ais_us_20220103/ais_99999.csv.gz", "SOG::DOUBLE AS sog,"
             " Heading::INT AS heading, COG::DOUBLE AS cog, IMO AS imo")  # fmt: skip
    ais = hand.wrong(
        {"kind": "range", "column": "sog", "max": 50},
        {"kind": "range", "column": "heading", "min": 0, "max": 510},
        {"kind": "range", "column": "cog", "min": 0, "max": 359.9},
        {"kind": "not_null", "column": "imo"},
    )
    assert ais == [177, 52_249, 14_023, 44_901]

    hand.lay(
        DATA / "trajectories_shenzhen_taxi/taxi_28249_one_day.csv.gz",
        "trim(column1)::TIME AS at, column0 AS v", header=False,
    )  # fmt: skip
    assert hand.wrong({"kind": "unique", "columns": ["v", "at"]}) == [16_539]


def test_a_feed_that_was_broken_on_purpose(hand: Hand, tmp_path: Path) -> None:
    with zipfile.ZipFile(DATA / "gtfs_samples/bart-errors.zip") as feed:
        feed.extractall(tmp_path)
    for name in ("stop_times", "trips", "routes", "calendar", "stops"):
        hand.lay(tmp_path / f"{name}.txt", view=f"r_ods_{name}")

    def refers(table: str, key: str) -> dict[str, Any]:
        return {"kind": "reference", "column": key, "table": f"ods_{table}", "key": key}

    hand.lay(tmp_path / "stop_times.txt")
    assert hand.wrong(refers("stops", "stop_id"), refers("trips", "trip_id")) == [0, 0]
    hand.lay(tmp_path / "trips.txt")
    assert hand.wrong(
        refers("routes", "route_id"), refers("calendar", "service_id"),
        refers("stop_times", "trip_id"),
    ) == [0, 0, 0]  # fmt: skip
    hand.lay(tmp_path / "stops.txt", "* REPLACE (stop_lat::DOUBLE AS stop_lat,"
             " stop_lon::DOUBLE AS stop_lon)")  # fmt: skip
    earth = {"kind": "inside", "lon": "stop_lon", "lat": "stop_lat",
             "wkt": "POLYGON ((-180 -90, 180 -90, 180 90, -180 90, -180 -90))"}  # fmt: skip
    assert hand.wrong(earth, refers("stop_times", "stop_id")) == [1, 1]  # served by no trip
    hand.connection.execute("DELETE FROM r_ods_stops WHERE stop_id = '12TH'")
    lost = hand.connection.sql("SELECT count(*) FROM r_ods_stop_times WHERE stop_id = '12TH'")
    hand.lay(tmp_path / "stop_times.txt")
    assert hand.wrong(refers("stops", "stop_id")) == [lost.fetchall()[0][0]]
