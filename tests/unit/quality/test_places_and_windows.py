"""Rules about places, about the row before and about a table as a whole."""

from datetime import UTC, datetime

import duckdb
import pyarrow as pa
import pytest

from tongqu.quality.domain import plan as plans
from tongqu.quality.domain.places import lines_of, polygon
from tongqu.quality.domain.rules import BadRule, Rule, parse

NOW = datetime(2026, 9, 24, tzinfo=UTC)
# A square of a degree with a hole in its middle, and a triangle beside it.
AREA = (
    "MULTIPOLYGON (((114 26, 115 26, 115 27, 114 27, 114 26),"
    " (114.4 26.4, 114.6 26.4, 114.6 26.6, 114.4 26.6, 114.4 26.4)),"
    " ((116 26, 117 26, 116.5 27, 116 26)))"
)
ROAD = "LINESTRING (114.0 26.5, 114.2 26.5, 114.2 26.7)"
FIXES = """
    ('a', '2026-09-01 08:00:00', 114.05, 26.50, '赣A12345', '2', 1),   -- on the road
    ('a', '2026-09-01 08:01:00', 114.06, 26.50, '赣A12345', '2', 2),   -- a kilometre on: 60 km/h
    ('a', '2026-09-01 08:01:00', 114.06, 26.50, '赣A12345', '94', 3),  -- the key again; too short
    ('a', '2026-09-01 08:02:00', 114.50, 26.50, '赣AD12345', '94', 4), -- a jump into the hole
    ('b', '2026-09-01 08:00:00', 26.50, 114.05, '赣AD12345', '1', 5),  -- swapped; eight places
    ('b', '2026-09-01 07:00:00', 116.50, 26.50, '赣A1234I', '2', 6),   -- back in time; triangle
    ('b', '2026-09-01 09:00:00', NULL, 26.50, NULL, '2', 7),
    ('c', '2026-09-01 09:00:00', 'NaN'::DOUBLE, 26.50, '赣A12345', '0', 8),
    ('c', '2026-09-01 09:00:10', 114.2003, 26.60, '赣A12345', NULL, 9)  -- 30 m beside the road
"""


@pytest.fixture(scope="module")
def fixes() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute(
        "CREATE TABLE t AS SELECT v, time::TIMESTAMP AS time, lon, lat, plate, color,"
        " 'B' AS _batch_id, line AS _line, TIMESTAMPTZ '2026-09-22 00:00:00+00' AS _load_time"
        f" FROM (VALUES {FIXES}) AS f(v, time, lon, lat, plate, color, line)"
    )
    return connection


def ask(con: duckdb.DuckDBPyConnection, plan: plans.Plan) -> list[dict]:
    cursor = con.cursor()
    for view, shape in plan.given.items():
        cursor.register(view, pa.table(dict(shape.columns)))
    return cursor.execute(plan.sql, plan.parameters).to_arrow_table().to_pylist()


def rule(**said: object) -> Rule:
    return parse([{"code": str(said.get("kind")), "title": "规则", **said}])[0]


PLACE = {"lon": "lon", "lat": "lat"}
RULES = [
    (rule(kind="inside", wkt=AREA, **PLACE), (8, 3), [4, 5, 8]),
    (rule(kind="near", wkt=ROAD, metres=50, **PLACE), (8, 4), [4, 5, 6, 8]),
    (rule(kind="near", code="far", wkt=ROAD, metres=20, **PLACE), (8, 5), [4, 5, 6, 8, 9]),
    (rule(kind="speed", columns=["v"], time="time", max=120, **PLACE), (5, 3), [4, 5, 9]),
    (rule(kind="sequence", columns=["v"], time="time"), (6, 1), [6]),
    (rule(kind="unique", columns=["v", "time"]), (9, 1), [3]),
    (rule(kind="unique", code="alone", columns=["v", "lat"]), (9, 4), None),
    (rule(kind="plate", column="plate", color="color"), (7, 3), [3, 5, 6]),
    (rule(kind="volume", min=10), (1, 1), None),
    (rule(kind="volume", code="enough", min=5, max=9), (1, 0), None),
]  # fmt: skip


def test_each_kind_counts_and_places_what_it_says_alone_and_all_in_one(fixes) -> None:
    for one, counts, lines in RULES:
        (row,) = ask(fixes, plans.compile_scan([one], now=NOW))
        assert (row["n"], row["c0"], row["w0"]) == (9, *counts), one.code
        sample = plans.compile_samples(one, limit=9)
        if lines is not None:
            assert sample is not None
            assert [place["_line"] for place in ask(fixes, sample)] == lines, one.code

    together = plans.compile_scan([one for one, _, _ in RULES], now=NOW)
    (row,) = ask(fixes, together)

    assert [(row[f"c{i}"], row[f"w{i}"]) for i in range(len(RULES))] == [c for _, c, _ in RULES]
    assert together.sql.count("OVER (PARTITION BY") == 3 + 1  # the key is counted with the speed


def test_columns_asked_by_themselves_say_the_same(fixes) -> None:
    rules = [
        rule(kind="range", column="lon", min=114, max=117),
        rule(kind="codes", column="color", codes=["1", "2"]),
        rule(kind="range", code="lon2", column="lon", min=0),
        rule(kind="not_null", column="v"),
        rule(kind="drift", column="lat", edges=[30], within=0.2),
    ]

    whole, pruned = (plans.compile_scan(rules, now=NOW, prunes=p) for p in (False, True))

    assert ask(fixes, whole) == ask(fixes, pruned)
    assert whole.sql != pruned.sql


def test_a_distribution_is_counted_by_bins_and_the_rest_is_left(fixes) -> None:
    rules = [
        rule(kind="drift", column="lat", edges=[26.5, 30], within=0.2),
        rule(kind="drift", code="colors", column="color", codes=["1", "2"], within=0.2),
    ]

    (row,) = ask(fixes, plans.compile_scan(rules, now=NOW))

    assert [row[f"s0_{i}"] for i in range(3)] == [0, 8, 1]
    assert [row[f"s1_{i}"] for i in range(2)] == [1, 4]


def test_a_polygon_says_the_same_as_geometry_does_for_many_points() -> None:
    shapely = pytest.importorskip("shapely")
    star = [(114 + (0.5 + 0.4 * (i % 2)) * x, 26 + (0.5 + 0.4 * (i % 2)) * y)
            for i, (x, y) in enumerate(circle(40))]  # fmt: skip
    wkt = shapely.Polygon(star).wkt
    con = duckdb.connect()
    con.execute(
        "CREATE TABLE t AS SELECT 113 + hash(i) % 1000003 / 500000.0 AS lon,"
        " 25 + hash(i + 100000) % 1000003 / 500000.0 AS lat FROM range(20000) AS r(i)"
    )

    (row,) = ask(con, plans.compile_scan([rule(kind="inside", wkt=wkt, **PLACE)], now=NOW))

    points = con.execute("SELECT lon, lat FROM t").fetchnumpy()
    inside = shapely.contains_xy(shapely.Polygon(star), points["lon"], points["lat"]).sum()
    assert row["w0"] == 20_000 - inside
    assert 0 < inside < 20_000


def test_a_rectangle_is_an_area_though_two_of_its_edges_are_level(fixes) -> None:
    box = "POLYGON ((114 26, 115 26, 115 27, 114 27, 114 26))"

    (row,) = ask(fixes, plans.compile_scan([rule(kind="inside", wkt=box, **PLACE)], now=NOW))

    assert row["w0"] == 3  # swapped, the triangle's, no number


def circle(corners: int) -> list[tuple[float, float]]:
    from math import cos, pi, sin

    return [(cos(2 * pi * i / corners), sin(2 * pi * i / corners)) for i in range(corners)]


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ({"kind": "inside", **PLACE}, "位于辖区内规则须有 wkt 或 table"),
        ({"kind": "speed", "columns": ["v"], "time": "t", "max": 0, **PLACE}, "max 的值不对"),
        ({"kind": "drift", "column": "x", "within": 0.2, "edges": [2, 1]}, "edges 的值不对"),
        ({"kind": "drift", "column": "x", "within": 0.2, "edges": [1], "codes": ["1"]},
         "分布规则只能有 codes 或 edges 之一"),
        ({"kind": "volume"}, "数据量规则须有 within 或 min 或 max"),
        ({"kind": "near", "wkt": ROAD, "metres": "x", **PLACE}, "metres 的值不对"),
        ({"kind": "not_null", "column": "x", "indicator": "0999"}, "indicator 的值不对"),
        ({"kind": "not_null", "column": "x", "indicator": "0301", "dimension": "timeliness"},
         "指标 0301 不属于维度 timeliness"),
    ],
    ids=lambda said: said["kind"] if isinstance(said, dict) else "",
)  # fmt: skip
def test_what_cannot_be_carried_out_is_refused(said: dict[str, object], what: str) -> None:
    with pytest.raises(BadRule) as refused:
        rule(**said)

    assert refused.value.what == what


@pytest.mark.parametrize("wkt", ["POINT (1 2)", "POLYGON ((1 2, x 3))", "POLYGON ((1 2, 2 2))"])
def test_what_is_no_shape_is_refused(wkt: str) -> None:
    with pytest.raises(ValueError, match=r"应为|至少"):
        polygon(lines_of(wkt))
