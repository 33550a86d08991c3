"""Resources 10 to 18: toll flows, roadside facilities, events."""

from datetime import timedelta

import pytest
from django.test import Client

from tests.res.pack import right, rights
from tongqu.quality.vocabulary import Dimension

FLOW, STATION = "toll_station_entry_flow", "toll_station"
FOLLOWING = {
    FLOW: "RES-10-T-STATION", "toll_station_exit_flow": "RES-11-T-STATION",
    "toll_station_control": "RES-17-T-STATION",
}  # fmt: skip


def day_of(station: int, **given: str) -> list[dict[str, str]]:
    """Return a station's day: 24 hours of 100 vehicles each and the day's own figure."""
    hours = [right(FLOW, station, stat_hour=f"{h}", entry_count="100", **given) for h in range(24)]
    return [*hours, right(FLOW, station, stat_hour="99", entry_count="2400", **given)]


@pytest.mark.req("RES-10")
def test_res_10_hours_and_days_of_a_toll_station(res) -> None:
    whole, lacking, negative = day_of(1), day_of(2), day_of(3)
    del lacking[7]
    negative[7] |= {"entry_count": "-1"}
    first = res.load(FLOW, whole)
    assert res.scan(FLOW)["RES-10-R-DAY"] == (25, 0)
    assert res.view.dimensions[Dimension.COMPLETENESS] == 100

    second = res.load(FLOW, [*lacking, *negative])

    assert (first["stored"], second["reasons"]) == (25, {"RES-10-COUNT": 1})
    assert res.scan(FLOW)["RES-10-R-HOURS"] == (73, 2)
    assert res.view.dimensions[Dimension.COMPLETENESS] < 100
    res.run(f"dw_{FLOW}", "dw_toll_station_daily")
    daily = res.read(
        "SELECT station_code, hours, hourly_sum, daily_count, completeness FROM t ORDER BY 1",
        t="dw_toll_station_daily",
    )
    assert [row[1:] for row in daily] == [
        (24, 2400, 2400, 100.0), (23, 2300, 2400, 95.8), (23, 2300, 2400, 95.8),
    ]  # fmt: skip


@pytest.mark.req("RES-12")
def test_res_12_rest_posts(res, at) -> None:
    slug = "highway_rest_post"
    rows = rights(slug, 4)
    rows[1] |= {"lat": "28.7004"}  # 44 m north of the first
    rows[2] |= {"lat": "28.7010"}  # 67 m on
    rows[3] |= {"lat": "28.7002", "route_code": "S36"}  # near, on another road
    res.load(slug, rows)

    assert res.scan(slug)["RES-12-R-NEAR"] == (4, 2)
    assert not res.view.ticket  # a warning, no task

    at.instant += timedelta(days=365)
    page = Client().get(f"/catalog/{res.entries[slug].code}/").content.decode()
    assert "2026-09-24" in page


@pytest.mark.req("RES-13")
def test_res_13_parking_areas(res) -> None:
    slug = "parking_area"
    rows = rights(slug, 6)
    for row in rows[:2]:
        row["route_code"] = "G45"
    rows[5]["is_open"] = "false"
    res.load(slug, rows)
    res.run(f"dw_{slug}", f"svc_{slug}", "svc_parking_area_navigation")

    counts = dict(res.read("SELECT route_code, count(*) AS n FROM t GROUP BY 1", t=f"svc_{slug}"))
    shown = {row["area_code"] for row in res.ask(slug, "svc_parking_area_navigation")}

    assert counts == {"G45": 2, "G60": 4}
    assert shown == {row["area_code"] for row in rows[:5]}


@pytest.mark.req("RES-14")
def test_res_14_toll_stations(res, world) -> None:
    from tongqu.catalog.vocabulary import DataType
    from tongqu.ingest import public as ingest
    from tongqu.ingest.vocabulary import ColumnSpec

    rows = rights(STATION, 3)
    rows[1] |= {"lat": "28.7080"}  # 890 m off the line
    rows[2] |= {"lat": "28.7150"}  # 1.7 km off
    res.load(STATION, rows[:2])
    for slug, rule in FOLLOWING.items():
        res.load(slug, rights(slug, 3))
        assert res.scan(slug)[rule] == (3, 1)  # the third station is nowhere yet
    res.load(STATION, rows[2:])
    line = res.place / "line.csv"
    points = "".join(f"G60,{115.8 + n / 250:.4f},28.7\n" for n in range(51))  # every 390 m
    line.write_text(f"route_code,lon,lat\n{points}")
    by = world.actor("cataloguer")
    ingest.register_source(
        code="road_line", name="示例路线", provider_id=by.organisation_id, by=by,
        columns=(
            ColumnSpec("route_code"), ColumnSpec("lon", DataType.DECIMAL),
            ColumnSpec("lat", DataType.DECIMAL),
        ),
    )  # fmt: skip
    assert res.scan(STATION)["RES-14-R-LINE"] == (0, 0)  # without the lines nothing is checked
    ingest.load("road_line", line, by=by)

    assert res.scan(STATION)["RES-14-R-LINE"] == (3, 1)
    assert res.view.ticket
    for slug, rule in FOLLOWING.items():
        assert res.scan(slug)[rule] == (3, 0)


def test_res_11_the_list_names_the_stations_whose_week_does_not_balance(res) -> None:
    leaving = "toll_station_exit_flow"
    days = [f"2026-09-{d}" for d in range(17, 24)]
    res.load(FLOW, [row for d in days for s in (1, 2) for row in day_of(s, stat_date=d)])
    exits = [
        right(leaving, s, stat_date=d, stat_hour=f"{h}", exit_count="100" if s == 1 else "88")
        for d in days
        for s in (1, 2)
        for h in range(24)
    ]
    res.load(leaving, exits)

    res.run(f"dw_{FLOW}", f"dw_{leaving}", "svc_toll_reconciliation")

    listed = res.read("SELECT station_code, difference, share FROM t", t="svc_toll_reconciliation")
    assert listed == [(right(FLOW, 2)["station_code"], 7 * 24 * 12, 0.06)]
