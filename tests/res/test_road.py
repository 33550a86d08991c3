"""Resources 1 to 9: vehicles, their papers, operators, permits, passenger routes."""

from datetime import datetime, timedelta
from time import monotonic

import pytest

from tests.res.pack import right, rights, uscc

POSITION, CERTIFICATE = "road_vehicle_realtime_position", "road_transport_certificate"
START = datetime(2026, 9, 24, 8, 0, 0)  # noqa: DTZ001  # Shanghai wall clock, as terminals send it


def positions(count: int, vehicles: int = 100) -> list[dict[str, str]]:
    """Return fixes of some vehicles, one a minute each; no odometer ever shows the same."""
    rows = []
    for n in range(count):
        at = START + timedelta(seconds=60 * (n // vehicles) + n % vehicles // 2)
        row = right(POSITION, n % vehicles + 1, gps_time=f"{at}", recv_time=f"{at}")
        rows.append(row | {"odometer_km": f"{1000 + n % vehicles * 50 + n // vehicles}"})
    return rows


@pytest.mark.req("RES-01")
def test_res_01_a_thousand_positions(res) -> None:
    rows = positions(997)
    for n in range(7):
        rows[n] |= {"lon_wgs84": "2.35", "lat_wgs84": "48.86"}
    for n in range(7, 12):
        rows[n] |= {"gps_time": "2026-09-24 09:05:00", "recv_time": "2026-09-24 09:05:00"}
    rows += rows[100:103]

    batch = res.load(POSITION, rows)

    assert batch["received"] == 1000
    assert (batch["stored"], batch["rejected"], batch["duplicate"]) == (985, 12, 3)
    assert batch["reasons"] == {"R-LON": 7, "R-TIME": 5}
    started = monotonic()
    res.run(f"dw_{POSITION}", "svc_road_vehicle_latest")
    served = res.ask(POSITION, "svc_road_vehicle_latest")
    assert monotonic() - started < 5
    newest = {row["vehicle_plate"]: int(row["odometer_km"]) for row in rows[12:997]}
    assert len(served) == len(newest) == len(set(newest.values())) == 100
    assert sorted(int(row["odometer_km"]) for row in served) == sorted(newest.values())
    assert {row["vehicle_plate"] for row in served}.isdisjoint(newest)  # masked: level 3


@pytest.mark.req("RES-02")
def test_res_02_inspections(res) -> None:
    slug = "road_vehicle_inspection_grading"
    rows = rights(slug, 20)
    for row in rows[:4]:
        row |= {"inspect_date": "2026-09-01", "valid_to": "2026-08-31"}
    for row in rows[4:6]:
        row["tech_grade"] = "特级"

    batch = res.load(slug, rows)

    assert (batch["stored"], batch["rejected"]) == (14, 6)
    assert batch["reasons"] == {"RES-02-VALID": 4, "NOT_IN_CODES": 2}
    res.build(slug)
    assert res.entries[slug].update_cycle.label == "每日"
    served = {row["inspection_report_no"] for row in res.ask(slug)}
    assert served == {row["inspection_report_no"] for row in rows[6:]}


@pytest.mark.req("RES-03")
def test_res_03_annual_reviews(res) -> None:
    slug = "road_vehicle_annual_review"
    certificates = rights(CERTIFICATE, 4, issue_date="2020-01-15", valid_from="2020-01-15")
    certificates[0]["valid_to"] = "2025-12-31"  # expired before the review
    res.load(CERTIFICATE, certificates)
    rows = rights(slug, 4)
    overdue = {"review_date": "2025-01-15", "review_year": "2025"}
    rows[1] |= overdue | {"next_review_date": "2026-09-23"}
    rows[2] |= overdue | {"next_review_date": "2026-09-24"}
    res.load(slug, rows)

    found = res.scan(slug)

    assert found["RES-03-R-EXPIRED"] == (4, 1)
    assert found["RES-03-T-CERT"] == (4, 0)
    assert res.view.ticket  # the conflict goes to the department as a task
    res.run(f"dw_{slug}", "svc_road_vehicle_overdue_review")
    listed = res.read("SELECT review_no FROM t", t="svc_road_vehicle_overdue_review")
    by_sql = res.read(
        "SELECT review_no FROM t WHERE next_review_date < DATE '2026-09-24'", t=f"ods_{slug}"
    )
    assert listed == by_sql == [(rows[1]["review_no"],)]


@pytest.mark.req("RES-04")
def test_res_04_vehicles(res) -> None:
    slug = "road_vehicle_basic"
    rows = rights(slug, 500)
    for n, row in enumerate(rows[:5]):
        row["vin"] = f"1M8GDM9A{n}KP042788"  # ninth character is the check digit: X is right
    for row in rows[5:8]:
        row |= {"gross_mass_kg": "0"}
    for n, row in enumerate(rows[100:110]):
        row |= {"vehicle_plate": f"赣AD1{n:04}", "plate_color": "94", "fuel_type": "C"}

    batch = res.load(slug, rows)

    assert batch["reasons"] == {"RES-04-MASS": 3}
    assert batch["warnings"] == {"R-VIN": 5}
    assert (batch["stored"], batch["rejected"]) == (497, 3)
    green = res.read("SELECT count(*) AS n FROM t WHERE length(vehicle_plate) = 8", t=f"ods_{slug}")
    assert green == [(10,)]


@pytest.mark.req("RES-05")
def test_res_05_certificates(res) -> None:
    rows = rights(CERTIFICATE, 10)
    rows[0] |= {"issue_date": "2026-06-01", "valid_from": "2026-01-15", "valid_to": "2026-05-31"}
    rows[1]["transport_cert_no"] = "369900000002"
    for row in rows[2:5]:
        row |= {"issue_date": "2025-01-15", "valid_from": "2025-01-15", "valid_to": "2026-09-23"}

    batch = res.load(CERTIFICATE, rows)

    assert batch["reasons"] == {"RES-05-ISSUED": 1, "RES-05-PREFIX": 1}
    seen = positions(4, vehicles=4)  # vehicles 1 to 4; expired are those of 3, 4 and 5
    for row in seen:
        row |= {"gps_time": "2026-09-24 08:30:00", "recv_time": "2026-09-24 08:30:00"}
    old = right(POSITION, 5, gps_time="2026-09-23 08:00:00", recv_time="2026-09-23 08:00:00")
    res.load(POSITION, [*seen, old])
    res.run(f"dw_{CERTIFICATE}", f"dw_{POSITION}", "svc_expired_but_operating")
    listed = res.read("SELECT vehicle_plate FROM t ORDER BY 1", t="svc_expired_but_operating")
    joined = res.read(
        """SELECT DISTINCT c.vehicle_plate FROM c JOIN p USING (vehicle_plate, plate_color)
        WHERE c.valid_to < DATE '2026-09-24' AND p.gps_time > TIMESTAMP '2026-09-23 08:30:00'
        ORDER BY 1""",
        c=f"ods_{CERTIFICATE}", p=f"ods_{POSITION}",
    )  # fmt: skip
    assert listed == joined == [("赣A00003",), ("赣A00004",)]


@pytest.mark.req("RES-08")
def test_res_08_oversize_permits(res) -> None:
    slug = "oversize_transport_permit_application"
    sizes = {
        "total_width_m": "3.5", "total_height_m": "4.3", "total_length_m": "25",
        "total_mass_kg": "90000",
    }  # fmt: skip
    rows = rights(slug, 6)
    rows[0] |= sizes | {"permit_class": "II"}
    rows[1] |= sizes | {"permit_class": "I"}
    rows[2] |= sizes | {"total_height_m": "4.6", "permit_class": "III"}
    rows[3] |= sizes | {"total_height_m": "4.6", "permit_class": "II"}
    rows[4] |= {"move_from": "2026-10-10", "move_to": "2026-10-09"}

    batch = res.load(slug, rows)

    assert batch["reasons"] == {"RES-08-CLASS": 2, "RES-08-TERM": 1}
    kept = dict(res.read("SELECT application_no, permit_class FROM t", t=f"ods_{slug}"))
    assert kept == {rows[n]["application_no"]: rows[n]["permit_class"] for n in (0, 2, 5)}


@pytest.mark.req("RES-09")
def test_res_09_passenger_routes(res, at) -> None:
    from datetime import date

    from tongqu.lake.public import as_of, ods_ref

    slug = "passenger_route"
    at.instant -= timedelta(days=31)  # August
    rows = rights(slug, 5)
    rows[0]["dest_station"] = rows[0]["origin_station"]
    rows[1]["daily_trips"] = "-1"

    batch = res.load(slug, rows)

    assert batch["reasons"] == {"RES-09-ENDS": 1, "RES-09-TRIPS": 1}
    at.instant += timedelta(days=31)  # September: one route changes, one is new
    res.load(slug, [{**rows[2], "daily_trips": "9"}, right(slug, 6)])
    august = as_of(ods_ref(slug), date(2026, 8, 31)).arrow().to_pylist()
    assert {r["route_id"]: r["daily_trips"] for r in august} == {
        rows[n]["route_id"]: 1 for n in (2, 3, 4)
    }
    res.build(slug)
    now = dict(res.read("SELECT route_id, daily_trips FROM t", t=f"svc_{slug}"))
    assert len(now) == 4
    assert now[rows[2]["route_id"]] == 9


@pytest.mark.req("RES-06")
def test_res_06_two_names_of_one_code_and_no_full_identity_number(res) -> None:
    slug = "road_transport_operator"
    rows = rights(slug, 3)
    rows[1]["uscc"] = rows[0]["uscc"]
    rows[2] |= {"party_type": "个体工商户", "uscc": "", "legal_rep_id_no": "11010519491231002X"}
    res.load(slug, rows)

    found = res.scan(slug)

    assert found["RES-06-T-USCC"][1] == 1
    assert res.view.ticket  # the conflict is a task of the department
    res.run(f"dw_{slug}", f"svc_{slug}", "dw_operator_golden")
    golden = res.read("SELECT uscc FROM t WHERE uscc IS NOT NULL", t="dw_operator_golden")
    assert golden == [(uscc(1),)]
    served = res.ask(slug)
    assert len(served) == 3
    assert "11010519491231002X" not in str(served)
