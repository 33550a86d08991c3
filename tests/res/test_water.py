"""Resources 23 to 26: ships, their certificates, waterway enterprises and licences."""

import pytest

from tests.res.pack import right, rights, uscc

SHIP, FIRM = "ship_basic", "waterway_enterprise"


@pytest.mark.req("RES-23")
def test_res_23_ships(res) -> None:
    rows = rights(SHIP, 5)
    rows[0]["imo_no"] = "9074729"
    rows[1]["imo_no"] = "9074728"
    rows[2] |= {"loa_m": "50", "lbp_m": "56"}
    rows[3] |= {"net_tonnage": "1001"}

    batch = res.load(SHIP, rows)

    assert batch["reasons"] == {"R-IMO": 1, "RES-23-LENGTH": 1, "RES-23-TONNAGE": 1}
    res.build(SHIP)
    served = res.ask(SHIP)
    assert {row["ship_key"] for row in served} == {rows[0]["ship_key"], rows[4]["ship_key"]}
    assert all(row["loa_m"] >= row["lbp_m"] for row in served)
    assert all(row["gross_tonnage"] >= row["net_tonnage"] for row in served)


@pytest.mark.req("RES-25")
def test_res_25_enterprises(res) -> None:
    rows = rights(FIRM, 3)
    rows[0]["ship_count"] = "2"
    rows[1]["ship_count"] = "2"
    rows[2]["ship_count"] = "0"
    res.load(FIRM, rows)
    res.load(SHIP, [right(SHIP, n, operator_uscc=uscc(1 if n < 3 else 2)) for n in (1, 2, 3)])

    assert res.scan(FIRM)["RES-25-R-SHIPS"] == (3, 1)  # the second says two and has one
    counts = res.read(
        """SELECT count(*) AS n FROM f LEFT JOIN
        (SELECT operator_uscc, count(*) AS ships FROM s GROUP BY 1) AS k
        ON k.operator_uscc = f.uscc WHERE f.ship_count <> coalesce(k.ships, 0)""",
        f=f"ods_{FIRM}", s=f"ods_{SHIP}",
    )  # fmt: skip
    assert counts == [(1,)]
    res.build(FIRM)
    served = res.ask(FIRM)
    assert len(served) == 3
    assert all("*" in row["contact_phone"] for row in served)


@pytest.mark.req("RES-26")
def test_res_26_licences(res) -> None:
    slug = "domestic_waterway_licence"
    rows = rights(slug, 4)
    rows[0]["licence_no"] = "交赣XK0001"
    rows[1]["licence_no"] = "赣XK0001"
    rows[3]["valid_to"] = "2026-09-23"
    twice = {**rows[2], "uscc": uscc(9)}

    batch = res.load(slug, [*rows, twice])

    assert batch["reasons"] == {"R-WLIC": 1, "KEY_TWICE": 2}
    assert res.read("SELECT licence_no FROM t ORDER BY 1", t=f"ods_{slug}")[0] == ("交赣XK0001",)
    res.load(slug, [{**rows[0], "uscc": uscc(9)}])  # another day, another holder
    assert res.scan(slug)["RES-26-R-HOLDER"] == (3, 2)
    assert res.view.ticket
    res.load(slug, [{**rows[0], "enterprise_name": "示例改名"}])  # the holder's own news
    res.build(slug)
    (held,) = res.ask(slug, licence_no="交赣XK0001")
    assert (held["uscc"], held["enterprise_name"]) == (rows[0]["uscc"], "示例改名")
    assert uscc(9) not in str(res.ask(slug))  # the second holder's row goes no further
    res.run(f"dw_{slug}", "svc_waterway_licence_expired")
    listed = res.read("SELECT licence_no FROM t", t="svc_waterway_licence_expired")
    by_sql = res.read(
        "SELECT licence_no FROM t WHERE valid_to < DATE '2026-09-24'", t=f"ods_{slug}"
    )
    assert listed == by_sql == [(rows[3]["licence_no"],)]
