"""Resources 19 to 22: enforcement cases, their ships, vehicles and parties."""

import pytest

from tests.res.pack import IDCARD, rights

CASE = "enforcement_case"
RESULT = {
    "case_no", "case_name", "enforce_field", "decision_no", "decision_date", "penalty_kinds",
    "fine_yuan", "violated_clause", "penalty_clause", "authority_name", "close_date", "case_state",
}  # fmt: skip


@pytest.mark.req("RES-19")
def test_res_19_cases(res) -> None:
    rows = rights(CASE, 6)
    rows[0] |= {"decision_date": "2026-01-14"}  # filed on the 15th
    rows[1] |= {"penalty_clause": ""}
    rows[2] |= {"violated_clause": ""}

    batch = res.load(CASE, rows)

    assert batch["reasons"] == {"RES-19-DECIDED": 1, "RES-19-BASIS": 2}
    res.run(f"dw_{CASE}", "svc_enforcement_case_result")
    served = res.ask(CASE, "svc_enforcement_case_result")
    assert len(served) == 3
    assert all(set(row) <= RESULT for row in served)
    assert {"decision_no", "penalty_kinds", "fine_yuan"} <= set(served[0])


@pytest.mark.req("RES-20")
def test_res_20_ships_of_cases(res) -> None:
    slug = "case_ship"
    res.load(CASE, rights(CASE, 2))
    rows = rights(slug, 5, ship_id_no="CN20191234567", mmsi="413123456")
    rows[3]["mmsi"] = "41312345"
    rows[4]["mmsi"] = "477123456"

    batch = res.load(slug, rows)

    assert batch["reasons"] == {"R-MMSI": 1, "RES-20-MMSI": 1}
    assert res.scan(slug)["RES-20-T-CASE"] == (3, 1)  # the third case is not there yet
    res.load(CASE, rights(CASE, 3, first=3))
    assert res.scan(slug)["RES-20-T-CASE"] == (3, 0)
    orphans = res.read(
        "SELECT count(*) AS n FROM s ANTI JOIN c USING (case_no)", s=f"ods_{slug}", c=f"ods_{CASE}"
    )
    assert orphans == [(0,)]


@pytest.mark.req("RES-21")
def test_res_21_vehicles_of_cases(res) -> None:
    slug = "case_vehicle"
    res.load(CASE, rights(CASE, 3))
    rows = rights(slug, 4)  # 60 t on 49 t: 22.45 %
    rows[1]["overload_rate"] = "22.5"
    rows[2]["overload_rate"] = "22.6"
    rows[3] |= {"actual_mass_kg": "40000", "overload_rate": "0"}

    batch = res.load(slug, rows)

    assert batch["reasons"] == {"RES-21-RATE": 1}
    assert res.scan(slug)["RES-21-T-CASE"] == (3, 1)  # the fourth case is not there yet
    res.load(CASE, rights(CASE, 1, first=4))
    assert res.scan(slug)["RES-21-T-CASE"] == (3, 0)


@pytest.mark.req("RES-22")
def test_res_22_parties_are_masked_without_the_right(res) -> None:
    slug = "case_party"
    person = {
        "party_type": "自然人", "id_type": "111", "id_no": IDCARD, "uscc": "", "gender": "女",
        "birth_date": "1949-12-31",
    }  # fmt: skip
    rows = rights(slug, 110)
    for row in rows[:100]:
        row.update(person)
    for row in rows[100:]:
        row |= {"party_type": "法人"}
    batch = res.load(slug, rows)
    assert (batch["stored"], batch["findings"]) == (110, [])
    res.build(slug)

    served = res.ask(slug)

    people = [row for row in served if row["party_type"] == "自然人"]
    firms = [row for row in served if row["party_type"] == "法人"]
    assert (len(people), len(firms)) == (100, 10)
    assert sum(row["id_no"] != IDCARD and "*" in row["id_no"] for row in people) == 100
    assert sum(row["phone"] != "13900000000" and "*" in row["phone"] for row in people) == 100
    assert {row["uscc"] for row in firms} == {row["uscc"] for row in rows[100:]}
