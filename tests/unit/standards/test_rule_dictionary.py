"""The rules of the transport field, each with its vectors, on the engine that judges loads."""

from datetime import date, datetime
from typing import Any

import duckdb
import pytest

from tests.unit.standards.engine import check, judge

LETTERS = "A-HJ-NP-Z"
PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
PLATE = (
    f"[{PROVINCES}][{LETTERS}](?:[{LETTERS}0-9]{{4}}[{LETTERS}0-9挂学警港澳]"
    f"|[DABCEFGHJK][{LETTERS}0-9][0-9]{{4}}|[0-9]{{5}}[DABCEFGHJK])"
)
TEL = r"1[3-9]\d{9}|0\d{2,3}-?\d{7,8}(-\d{1,5})?|12\d{3}"
NAME = r"[\u4e00-\u9fa5·]{2,25}|[A-Za-z][A-Za-z .'-]{1,49}"
CASE = r"[\u4e00-\u9fa5]{2,14}[〔\[（(]\d{4}[〕\]）)]第?\d{1,7}号"
DOCUMENT = r"[\u4e00-\u9fa5]{2,14}〔\d{4}〕\d{1,5}号"


def pattern(text: str) -> dict[str, Any]:
    return {"kind": "pattern", "pattern": text}


def digit(algorithm: str, **more: Any) -> dict[str, Any]:
    return {"kind": "check_digit", "algorithm": algorithm, **more}


# rule, document, right values, wrong values
RULES = [
    ("R-PLATE", pattern(PLATE), ["赣A12345", "赣AD12345", "赣A12345D", "赣A1234挂", "粤Z1234港"],
     ["赣A1234I", "赣O12345", "赣A123456", "赣AO2345", "赣A1234", "赣A12345 ", "赣A12345\n"]),
    ("R-USCC", digit("uscc"), ["91350100M000100Y43"],
     ["91350100M000100Y44", "91350100m000100Y43", "91350100M000100Y4", "91350100M000100I43", ""]),
    ("R-IDC", digit("idcard", division=True), ["11010519491231002X"],
     ["110105194912310021", "11010519491331002X", "11010519491231002x", "1101051949123100"]),
    ("R-VIN", digit("vin"), ["1M8GDM9AXKP042788"],
     ["1M8GDM9A1KP042788", "1M8GDM9AXKP04278I", "1M8GDM9AXKP04278"]),
    ("R-IMO", digit("imo"), ["9074729"], ["9074728", "907472", "907472９"]),
    ("R-MMSI", pattern(r"41[234]\d{6}"), ["413123456"], ["41312345", "415123456"]),
    ("R-SHIPID", pattern(r"CN\d{11}"), ["CN20191234567"], ["CN2019123456", "cn20191234567"]),
    ("R-DIV", {"kind": "division"}, ["360100"], ["369900", "3601", "360122"]),
    ("R-TEL", pattern(TEL), ["13812345678", "0791-88888888", "079188888888", "12328", "12122"],
     ["12345678", "11812345678", "123"]),
    ("R-NAME", pattern(NAME), ["张三", "阿依古丽·买买提", "John Smith"], ["张", "张3", "1"]),
    ("R-CERT", pattern(r"\d{12}"), ["360100123456"], ["36010012345", "36010012345A"]),
    ("R-WLIC", pattern(r"交[\u4e00-\u9fa5]{1,3}XK\d{4,6}"), ["交赣XK0001"],
     ["赣XK0001", "交赣XK01"]),
    ("R-ROUTE", pattern(r"[GSXYCZ]\d{1,4}(\d{6})?"), ["G60", "G6001", "S36", "X123360121"],
     ["A1", "G", "G60 "]),
    ("R-STAKE", pattern(r"[KAB]\d{1,4}\+\d{3}(\.\d{1,3})?"), ["K123+456", "K0+000"],
     ["K12+3456", "123+456"]),
    ("R-CASE", pattern(CASE), ["赣交执罚〔2026〕001号", "洪交运罚[2025]12号"],
     ["赣交罚2026-1"]),
    ("R-DOCNO", pattern(DOCUMENT), ["交科技发〔2017〕58号"], ["交科技发2017第58号"]),
]  # fmt: skip


@pytest.mark.parametrize(("document", "right", "wrong"), [row[1:] for row in RULES],
                         ids=[row[0] for row in RULES])  # fmt: skip
def test_a_rule_of_the_field_passes_what_is_right_and_nothing_else(document, right, wrong) -> None:
    rule = check(**document)

    assert judge(rule, *right) == [True] * len(right)
    assert judge(rule, *wrong) == [False] * len(wrong)
    assert judge(rule, None) == [True]


def test_a_position_outside_the_province_is_a_warning_and_outside_the_country_a_refusal() -> None:
    province = check(kind="range", min=113.57, max=118.49, effect="warn")
    country = check(kind="range", min=73.5, max=135.1)

    assert judge(province, 115.8921, 120.0, None, kind="DOUBLE") == [True, False, True]
    assert judge(country, 115.8921, 120.0, 0.0, kind="DOUBLE") == [True, True, False]
    assert (province.effect, country.effect) == ("warn", "reject")


def test_null_island_is_no_place() -> None:
    rule = check(kind="expression", sql="NOT (a = 0)")

    assert judge(rule, 0.0, 115.9, None, kind="DOUBLE") == [False, True, True]


def test_the_thirtieth_of_february_is_no_day() -> None:
    rule = check(kind="type", data_type="date")

    assert judge(rule, "2026-02-30", "2026-02-28", None) == [False, True, True]


def test_a_moment_lies_after_1900_and_not_in_the_future() -> None:
    old, future = check(kind="range", min="1900-01-01"), check(kind="not_future", seconds=60)
    nine = datetime(2026, 9, 24, 9, 0, 30)  # noqa: DTZ001  (a wall clock of Shanghai)

    assert judge(old, date(1899, 12, 31), date(1900, 1, 1), kind="DATE") == [False, True]
    assert judge(future, nine, nine.replace(minute=2), kind="TIMESTAMP") == [True, False]
    assert judge(future, date(2026, 9, 24), date(2026, 9, 25), kind="DATE") == [True, False]


def test_a_merged_district_was_valid_in_its_time() -> None:
    from tests.unit.standards.engine import judge_rows

    on = check(kind="division", on="day")
    ever = check(kind="division", ever=True)
    rows = [
        {"a": "360122", "day": date(2015, 7, 31)}, {"a": "360122", "day": date(2015, 8, 1)},
        {"a": "360112", "day": date(2015, 7, 31)}, {"a": "360112", "day": date(2015, 8, 1)},
        {"a": "360122", "day": None}, {"a": "369900", "day": None},
    ]  # fmt: skip

    assert judge_rows(on, rows, {"a": "VARCHAR", "day": "DATE"}) == [
        True, False, False, True, True, False,
    ]  # fmt: skip
    assert judge(ever, "360122", "369900") == [True, False]


def test_plate_colour_seven_is_in_no_table() -> None:
    rule = check(kind="codes", table="CT-PCOL")

    assert judge(rule, "1", "91", "7", "8", None) == [True, True, False, False, True]
    assert judge(rule, 1, 7, kind="INTEGER") == [True, False]


def test_a_long_table_judges_as_a_short_one() -> None:
    from tests.unit.standards.engine import FACTS
    from tongqu.standards.domain.checks import check_sql
    from tongqu.standards.vocabulary import Code, CodeTable, Facts

    codes = tuple(Code(f"{n:06}", "示例") for n in range(360000, 363200))
    facts = Facts(FACTS.now, {"CT-DIV": CodeTable("CT-DIV", "示例", "1", codes)})
    sql = check_sql(check(kind="division"), {"a": '"a"'}, facts=facts)

    with duckdb.connect() as con:
        con.execute("CREATE TABLE t AS SELECT unnest(['360100', '363200', NULL]) AS a")
        found = con.execute(f"SELECT CASE WHEN NOT ({sql}) THEN 'x' ELSE '' END FROM t").fetchall()
        counted = con.execute(f"SELECT count(*) FILTER (NOT ({sql})) FROM t").fetchone()

    assert [row[0] for row in found] == ["", "x", ""]
    assert counted == (1,)
