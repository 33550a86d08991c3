"""Generated data hold exactly what is planted, every relation, and one label: 示例."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tongqu.adapters.generator import generate as generator
from tongqu.adapters.generator.sizes import tables
from tongqu.kernel.clock import SHANGHAI
from tongqu.project.packs.reading import Pack, read_pack
from tongqu.standards.public import check_sql
from tongqu.standards.vocabulary import Facts

AT = datetime(2026, 9, 24, 9, tzinfo=SHANGHAI)
SLUGS = tuple(tables(1_000))


def made(out: Path, rows: int = 1_000, seed: int = 7, **given: Any) -> Path:
    generator.generate(generator.order(rows, seed, out, at=AT, **given))
    return out


@pytest.fixture(scope="module")
def pack() -> Pack:
    return read_pack("jiangxi-2026")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("generated"))


@pytest.fixture(scope="module")
def larger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("larger"), rows=300_000, seed=11)


def truth_of(folder: Path) -> dict[str, Any]:
    return dict(json.loads((folder / "truth.json").read_text(encoding="utf-8")))


def shown(folder: Path) -> duckdb.DuckDBPyConnection:
    """Return an engine in which every table of a folder is a view."""
    connection = duckdb.connect()
    for slug, facts in truth_of(folder).items():
        if slug != "_":
            files = [str(folder / file) for file in facts["files"]]
            connection.execute(f"CREATE VIEW {slug} AS FROM read_parquet({files})")
    return connection


def wrong(connection: duckdb.DuckDBPyConnection, pack: Pack, slug: str) -> dict[str, int]:
    """Return check code → rows that fail it, of the codes that any row fails."""
    columns = {name: f'"{name}"' for name in pack.by_slug[slug].columns}
    by_code: dict[str, list[str]] = {}
    for check in pack.checks(slug):
        sql = check_sql(check, columns, facts=Facts(AT, pack.code_tables))
        by_code.setdefault(check.code, []).append(f"({sql})")
    counts = ", ".join(f"count(*) FILTER (NOT ({' AND '.join(s)}))" for s in by_code.values())
    row = connection.execute(f"SELECT {counts} FROM {slug}").fetchone()
    return {code: count for code, count in zip(by_code, row or (), strict=True) if count}


def duplicates(connection: duckdb.DuckDBPyConnection, pack: Pack, slug: str) -> int:
    keys = [str(i["name_en"]) for i in pack.by_slug[slug].items if i.get("is_key")]
    sql = f"SELECT count(*) - count(DISTINCT ({', '.join(keys)})) FROM {slug}"
    return int((connection.execute(sql).fetchone() or (0,))[0])


@pytest.mark.parametrize("slug", SLUGS)
def test_checking_finds_exactly_what_was_planted(folder: Path, pack: Pack, slug: str) -> None:
    truth = truth_of(folder)[slug]
    connection = shown(folder)

    found = wrong(connection, pack, slug)

    assert found == truth["defects"]
    assert found, "every table has something planted"
    assert duplicates(connection, pack, slug) == truth["duplicates"]
    assert connection.execute(f"SELECT count(*) FROM {slug}").fetchone() == (truth["rows"],)


@pytest.mark.parametrize("slug", SLUGS)
def test_a_larger_set_holds_what_was_planted_too(larger: Path, pack: Pack, slug: str) -> None:
    truth = truth_of(larger)[slug]
    connection = shown(larger)

    assert wrong(connection, pack, slug) == truth["defects"]
    assert duplicates(connection, pack, slug) == truth["duplicates"]


def test_the_smallest_set_has_the_numbers_of_the_rows(folder: Path) -> None:
    truth = truth_of(folder)

    positions, vehicles = truth["road_vehicle_realtime_position"], truth["road_vehicle_basic"]
    inspections = truth["road_vehicle_inspection_grading"]

    assert (positions["rows"], positions["duplicates"]) == (1_000, 3)
    assert (positions["defects"]["R-LON"], positions["defects"]["R-TIME"]) == (7, 5)
    assert vehicles["rows"] == 500
    assert (vehicles["defects"]["R-VIN"], vehicles["defects"]["RES-04-KERB"]) == (5, 3)
    assert inspections["defects"] == {"RES-02-VALID": 4, "NOT_IN_CODES": 2}


@pytest.mark.parametrize("slug", SLUGS)
def test_columns_are_the_items_in_order_and_fit_them(folder: Path, pack: Pack, slug: str) -> None:
    connection, entry = shown(folder), pack.by_slug[slug]

    described = connection.execute(f"DESCRIBE {slug}").fetchall()

    assert tuple(row[0] for row in described) == entry.columns
    for item, (name, kind, *_) in zip(entry.items, described, strict=True):
        assert fits(str(item["data_type"]), kind), (name, kind)
        sql = f"SELECT count(*) FILTER ({name} IS NULL), max(length({name}::VARCHAR)) FROM {slug}"
        empty, longest = connection.execute(sql).fetchone() or (0, 0)
        if item["data_type"] == "string" and item.get("length"):
            assert (longest or 0) <= item["length"], name
        assert item.get("nullable", True) or empty == 0, name


def fits(declared: str, kind: str) -> bool:
    words: Mapping[str, tuple[str, ...]] = {
        "string": ("VARCHAR",), "text": ("VARCHAR",), "integer": ("INTEGER", "BIGINT"),
        "decimal": ("DECIMAL",), "date": ("DATE",), "datetime": ("TIMESTAMP",),
        "boolean": ("BOOLEAN",),
    }  # fmt: skip
    return kind.startswith(words[declared])


@pytest.mark.parametrize("size", ["folder", "larger"])
def test_every_relation_holds(size: str, pack: Pack, request: pytest.FixtureRequest) -> None:
    connection = shown(request.getfixturevalue(size))
    rules = [
        (entry.slug, rule)
        for entry in pack.entries
        for rule in entry.rules
        if rule["kind"] == "reference"
    ]

    orphans = {}
    for slug, rule in rules:
        other, key, column = str(rule["table"])[1:], rule["key"], rule["column"]
        sql = f"SELECT count(*) FROM {slug} ANTI JOIN {other} o ON {slug}.{column} = o.{key}"
        count = connection.execute(f"{sql} WHERE {column} IS NOT NULL").fetchone() or (0,)
        orphans[rule["code"]] = count[0]

    assert len(rules) > 20
    assert {code: count for code, count in orphans.items() if count} == {}


def test_counts_agree_across_tables(folder: Path) -> None:
    connection = shown(folder)

    fleets = connection.execute(
        "SELECT count(*) FROM road_transport_operator o JOIN (SELECT owner_uscc, count(*) AS n"
        " FROM road_vehicle_basic GROUP BY owner_uscc) v ON v.owner_uscc = o.uscc"
        " WHERE v.n <> o.vehicle_count"
    ).fetchone()
    days = connection.execute(
        "SELECT count(*) FROM (SELECT station_code, stat_date, vehicle_class, media_type,"
        " sum(exit_count) FILTER (stat_hour < 24) AS hours,"
        " max(exit_count) FILTER (stat_hour = 99) AS day, min(exit_count) AS least,"
        " max(stat_hour) FILTER (stat_hour NOT IN (99)) AS late"
        " FROM toll_station_exit_flow GROUP BY ALL) WHERE hours <> day AND least >= 0 AND late < 24"
    ).fetchone()

    assert fleets == (0,)
    assert days == (0,)


def test_vehicles_move_along_their_road_at_a_plausible_speed(tmp_path: Path) -> None:
    slug = "road_vehicle_realtime_position"
    connection = shown(made(tmp_path, rows=50_000, only=[slug]))

    jumps = connection.execute(
        f"""WITH fixes AS (
            SELECT vehicle_plate, gps_time, gps_speed_kmh, heading_deg, lon_wgs84 AS x,
                lat_wgs84 AS y FROM {slug} WHERE lon_wgs84 < 120 AND gps_speed_kmh < 130
                AND gps_time <= TIMESTAMP '2026-09-24 09:00:00'),
        steps AS (
            SELECT gps_speed_kmh AS told, date_diff('second', gps_time, lead(gps_time) OVER w) AS s,
                sqrt(pow((lead(x) OVER w - x) * 111.32 * cos(radians(y)), 2)
                    + pow((lead(y) OVER w - y) * 111.32, 2)) AS km
            FROM fixes WINDOW w AS (PARTITION BY vehicle_plate ORDER BY gps_time))
        SELECT count(*), count(*) FILTER (km / s * 3600 > 110), count(*) FILTER (km = 0)
        FROM steps WHERE s > 0"""
    ).fetchone()

    assert jumps is not None
    assert jumps[0] > 45_000
    assert jumps[1:] == (0, 0)


def test_the_same_seed_gives_the_same_files_and_another_seed_does_not(tmp_path: Path) -> None:
    one, same, other = (
        digests(made(tmp_path / name, seed=seed)) for name, seed in (("a", 7), ("b", 7), ("c", 8))
    )

    assert one == same
    assert one.keys() == other.keys()
    assert one["road_vehicle_realtime_position.parquet"] != other[
        "road_vehicle_realtime_position.parquet"
    ]  # fmt: skip


def digests(folder: Path) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.glob("*.parquet")}


@pytest.mark.parametrize("slug", SLUGS)
def test_names_that_people_read_say_that_they_are_examples(
    folder: Path, pack: Pack, slug: str
) -> None:
    connection = shown(folder)
    named = [
        str(item["name_en"])
        for item in pack.by_slug[slug].items
        if str(item["name_en"]).endswith(("_name", "authority", "address", "_no", "_unit"))
        and item["data_type"] == "string"
    ]
    marks = " OR ".join(f"regexp_matches({name}, '示例|EX')" for name in named) or "TRUE"

    unmarked = connection.execute(f"SELECT count(*) FROM {slug} WHERE NOT ({marks})").fetchone()

    assert named or slug == "road_vehicle_realtime_position"
    assert unmarked == (0,)


def test_the_truth_says_that_the_data_are_examples(folder: Path) -> None:
    head = truth_of(folder)["_"]

    assert "示例" in head["label"]
    assert (head["seed"], head["rows"], head["at"]) == (7, 1_000, "2026-09-24T09:00:00")


def test_nobody_has_the_numbers_of_people_and_firms(folder: Path) -> None:
    connection = shown(folder)

    people = connection.execute(
        "SELECT count(*) FROM road_transport_staff_assessment WHERE id_no NOT LIKE '360000%'"
    ).fetchone()
    firms = connection.execute(
        "SELECT count(*) FROM road_transport_operator WHERE substr(uscc, 9, 2) <> 'EX'"
    ).fetchone()

    assert (people, firms) == ((0,), (0,))  # a whole province is nobody's division


def test_a_table_of_many_rows_is_written_in_parts(
    tmp_path: Path, pack: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    slug = "road_vehicle_realtime_position"
    monkeypatch.setattr(generator, "CHUNK", 4_500)
    seen: list[tuple[str, int, int]] = []

    wanted = generator.order(10_000, 7, tmp_path, only=[slug], at=AT)
    truth = generator.generate(wanted, lambda *facts: seen.append(facts))

    facts = truth[slug]
    assert isinstance(facts, dict)
    assert facts["files"] == [f"{slug}/part-0000{n}.parquet" for n in (1, 2, 3)]
    assert seen == [(slug, 4_500, 10_000), (slug, 9_000, 10_000), (slug, 10_000, 10_000)]
    assert wrong(shown(tmp_path), pack, slug) == facts["defects"]


@pytest.mark.parametrize(
    ("given", "what"),
    [
        ({"rows": 999}, "行数应在"),
        ({"rows": 100_000_001}, "行数应在"),
        ({"seed": -1}, "种子"),
        ({"only": ["nix"]}, "没有名为 nix"),
        ({"file_format": "xlsx"}, "格式应为"),
    ],
    ids=["few", "many", "seed", "slug", "format"],
)
def test_an_order_that_cannot_be_filled_is_refused(
    tmp_path: Path, given: dict[str, Any], what: str
) -> None:
    with pytest.raises(ValueError, match=what):
        generator.order(**{"rows": 1_000, "seed": 1, "out": tmp_path, "at": AT} | given)
