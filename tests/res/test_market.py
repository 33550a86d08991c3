"""Resources 27 to 35: people and firms of the markets, their grades, lists of credit."""

import pytest

from tests.res.pack import IDCARD, rights, uscc

HIGHWAY, WATERWAY = "highway_construction_enterprise", "waterway_construction_enterprise"


@pytest.mark.req("RES-28")
def test_res_28_one_manager_of_two_running_projects(res) -> None:
    slug = "highway_construction_staff"
    rows = rights(slug, 4, staff_kind="项目经理")
    rows[1]["staff_key"] = rows[0]["staff_key"]
    rows[3] |= {"staff_key": rows[2]["staff_key"], "post_to": "2026-08-31"}  # that one has ended
    res.load(slug, rows)

    assert res.scan(slug)["RES-28-R-POSTS"] == (4, 2)
    assert "一人多岗" in res.titles("RES-28-R-POSTS")


@pytest.mark.req("RES-29")
def test_res_29_expired_certificates_at_the_end_of_the_month(res) -> None:
    slug = "waterway_construction_staff"
    rows = rights(slug, 4, data_month="2026-08")
    for row, day in zip(rows, ("2026-08-30", "2026-08-31", "2026-09-01", ""), strict=True):
        row["cert_valid_to"] = day
    res.load(slug, rows)
    res.run(f"dw_{slug}", f"svc_{slug}", "svc_waterway_staff_expired")

    listed = res.read("SELECT staff_key FROM t", t="svc_waterway_staff_expired")

    assert listed == [(rows[0]["staff_key"],)]
    assert len(served := res.ask(slug)) == 4
    assert IDCARD not in str(served)
    assert IDCARD not in str(res.ask(slug, "svc_waterway_staff_expired"))


@pytest.mark.req("RES-30")
def test_res_30_score_and_grade_of_operators(res) -> None:
    slug = "road_transport_enterprise_assessment"
    rows = rights(slug, 5)  # 860 in all
    rows[0]["credit_grade"] = "A"
    parts = {"safety_score": "300", "operation_score": "200", "service_score": "100"}
    rows[2] |= parts | {"social_score": "99", "bonus_score": "0", "total_score": "699",
                        "credit_grade": "AA"}  # fmt: skip
    rows[3] |= parts | {"social_score": "99", "bonus_score": "0", "total_score": "699",
                        "credit_grade": "A"}  # fmt: skip
    rows[4] |= {"credit_grade": "A", "downgrade_reason": "示例：发生责任事故"}

    batch = res.load(slug, rows)

    assert batch["reasons"] == {"RES-30-GRADE": 2}
    assert batch["stored"] == 3


@pytest.mark.req("RES-31")
def test_res_31_expired_qualifications(res) -> None:
    rows = rights(HIGHWAY, 4)
    rows[0]["valid_to"] = "2026-09-23"
    rows[1]["valid_to"] = "2026-09-24"
    rows[3] |= {"uscc": rows[2]["uscc"], "enterprise_name": rows[2]["enterprise_name"]}
    batch = res.load(HIGHWAY, rows)
    assert batch["stored"] == 4
    res.load(WATERWAY, rights(WATERWAY, 1, first=9))
    res.run(
        f"dw_{HIGHWAY}", f"dw_{WATERWAY}", "dw_highway_construction_qualification",
        "svc_highway_construction_valid", "dw_construction_enterprise",
    )  # fmt: skip

    states = dict(
        res.read(
            "SELECT qualification_no, qualification_state FROM t",
            t="dw_highway_construction_qualification",
        )
    )
    valid = res.read("SELECT qualification_no FROM t", t="svc_highway_construction_valid")

    assert [states[row["qualification_no"]] for row in rows] == ["过期", "有效", "有效", "有效"]
    assert sorted(valid) == sorted((row["qualification_no"],) for row in rows[1:])
    base = res.read("SELECT uscc, count(*) AS n FROM t GROUP BY 1", t="dw_construction_enterprise")
    assert sorted(base) == sorted((uscc(n), 1) for n in (1, 2, 3, 9))


@pytest.mark.req("RES-32")
def test_res_32_bands_of_contractors(res) -> None:
    slug = "highway_construction_contractor_score"
    rows = rights(slug, 7)
    for row, score, grade in zip(
        rows,
        ("95.0", "94.9", "59.9", "94.9", "59.9", "96", "96"),
        ("AA", "A", "D", "AA", "C", "D", "D"),
        strict=True,
    ):
        row |= {"total_score": score, "credit_grade": grade}
    rows[5]["direct_reason"] = "示例：直接定为 D 级的情形"

    batch = res.load(slug, rows)

    assert batch["reasons"] == {"RES-32-GRADE": 3}
    kept = res.read("SELECT total_score, credit_grade FROM t ORDER BY ALL", t=f"ods_{slug}")
    assert kept == [(59.9, "D"), (94.9, "A"), (95.0, "AA"), (96.0, "D")]


@pytest.mark.req("RES-33")
def test_res_33_firms_of_both_markets(res) -> None:
    highway, waterway = rights(HIGHWAY, 2), rights(WATERWAY, 2)
    waterway[0] |= {"qualification_no": "EXSY1", "valid_to": "2026-09-01"}
    waterway[1] |= {"uscc": uscc(1), "qualification_no": "EXSY2"}
    res.load(HIGHWAY, highway)
    res.load(WATERWAY, waterway)
    res.run(
        f"dw_{HIGHWAY}", f"dw_{WATERWAY}", "dw_construction_enterprise",
        "dw_waterway_construction_qualification",
    )  # fmt: skip

    master = res.read(
        "SELECT uscc, highway_qualifications, waterway_qualifications FROM t ORDER BY 1",
        t="dw_construction_enterprise",
    )
    states = dict(
        res.read(
            "SELECT qualification_no, qualification_state FROM t",
            t="dw_waterway_construction_qualification",
        )
    )

    assert master == sorted([(uscc(1), 1, 2), (uscc(2), 1, 0)])
    assert states == {"EXSY1": "过期", "EXSY2": "有效"}


@pytest.mark.req("RES-34")
def test_res_34_two_grades_side_by_side(res) -> None:
    road, water = "highway_construction_contractor_score", "waterway_construction_contractor_score"
    res.load(road, rights(road, 1))
    bad, good = rights(water, 1)[0], rights(water, 1)[0]
    bad |= {"total_score": "84.9", "credit_grade": "A"}
    good |= {"total_score": "84.9", "credit_grade": "B"}
    batch = res.load(water, [bad, good])
    assert batch["reasons"] == {"RES-34-GRADE": 1}
    res.run(f"dw_{road}", f"dw_{water}", "svc_contractor_grades")

    shown = res.product(
        "示例：施工企业信用等级", "svc_contractor_grades", "uscc", "highway_grade", "waterway_grade"
    )

    assert shown == [{"uscc": uscc(1), "highway_grade": "AA", "waterway_grade": "B"}]


def test_res_35_public_lists(res) -> None:
    """The day's list for departments, read through a grant; test_open tries the public's."""
    slug = "credit_red_black_list"
    rows = rights(slug, 5)
    rows[1]["valid_to"] = "2026-09-23"
    rows[2] |= {"public_state": "已移出", "remove_date": "2026-09-01", "remove_reason": "信用修复"}
    rows[3] |= {
        "subject_type": "自然人", "subject_name": "张示例", "person_id_no": IDCARD, "uscc": "",
    }  # fmt: skip
    res.load(slug, rows)
    res.run(f"dw_{slug}", "svc_credit_list_public")

    served = {row["list_no"]: row for row in res.ask(slug, "svc_credit_list_public")}

    assert set(served) == {rows[n]["list_no"] for n in (0, 3, 4)}
    person = served[rows[3]["list_no"]]
    assert "张示例" not in str(served)
    assert IDCARD not in str(served)
    assert "*" in person["subject_name"]
    assert "*" in person["person_id_no"]
