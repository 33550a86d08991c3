"""Checks are read strictly: what is not understood names its place; expressions are safe."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.standards.engine import FACTS, check, judge_rows
from tongqu.standards.domain.checks import check_sql, parse_checks
from tongqu.standards.domain.types import fits
from tongqu.standards.vocabulary import BadDocument, CheckKind, Effect, ElementType

BASE = {"code": "R-X", "title": "示例", "columns": ["a"]}


def parse(**document):
    return parse_checks([BASE | document], where="目录甲", columns=["a", "b", "day"])


@pytest.mark.parametrize(
    ("document", "says"),
    [
        ({"kind": "pattern", "pattern": "x", "colour": 1}, "不认识的键 colour"),
        ({"kind": "regex"}, "kind 不认识 regex"),
        ({}, "kind 不认识 None"),
        ({"kind": "required", "columns": ["c"]}, "没有名为 c 的信息项"),
        ({"kind": "required", "columns": []}, "缺少 columns"),
        ({"kind": "required", "columns": "a"}, "columns 应为"),
        ({"kind": "required", "effect": "stop"}, "effect 不认识 stop"),
        ({"kind": "required", "title": ""}, "缺少 title"),
        ({"kind": "pattern"}, "缺少 pattern"),
        ({"kind": "pattern", "pattern": "(?<=a)b"}, "环视"),
        ({"kind": "pattern", "pattern": r"(a)\1"}, "反向引用"),
        ({"kind": "pattern", "pattern": "(?P=n)"}, "环视、条件"),
        ({"kind": "pattern", "pattern": "a++"}, "占有量词"),
        ({"kind": "pattern", "pattern": "["}, "不是正确的正则"),
        ({"kind": "pattern", "pattern": r"\Ga"}, r"不支持的写法 \G"),
        ({"kind": "length"}, "应有 max 或 min"),
        ({"kind": "length", "max": "8"}, "max 应为"),
        ({"kind": "length", "max": True}, "max 应为"),
        ({"kind": "range", "min": 5, "max": 1}, "min 大于 max"),
        ({"kind": "range", "min": float("nan")}, "有限的数"),
        ({"kind": "range", "min": 1, "max": "2026-01-01"}, "应同为数或同为日期"),
        ({"kind": "range", "min": "gestern"}, "样式的日期"),
        ({"kind": "codes"}, "应有 codes 或 table"),
        ({"kind": "codes", "codes": ["1"], "table": "CT"}, "只能写一个"),
        ({"kind": "codes", "codes": [1]}, "请加引号"),
        ({"kind": "codes", "codes": ["1", "1"]}, "重复的代码"),
        ({"kind": "check_digit", "algorithm": "crc"}, "algorithm 不认识"),
        ({"kind": "division", "on": "day", "ever": True}, "只能写一个"),
        ({"kind": "division", "on": "when"}, "没有名为 when 的信息项"),
        ({"kind": "not_after", "other": "z"}, "没有名为 z 的信息项"),
        ({"kind": "not_after", "other": "b", "columns": ["a", "b"]}, "只能有一个信息项"),
        ({"kind": "not_future", "seconds": -1}, "seconds 应为"),
        ({"kind": "expression"}, "缺少 sql"),
    ],
)
def test_what_is_not_understood_names_its_place(document, says) -> None:
    with pytest.raises(BadDocument) as refused:
        parse(**document)

    assert says in str(refused.value)
    assert refused.value.where.startswith("目录甲 R-X")


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("a = (SELECT 1)", "不允许的成分"),
        ("a IN (SELECT b FROM t)", "不能含子查询"),
        ("EXISTS (SELECT 1)", "不允许的成分"),
        ("read_text('/etc/passwd') = a", "未列入的函数 read_text"),
        ("getenv('HOME') = a", "未列入的函数 getenv"),
        ("random() > 0.5", "不允许的成分"),
        ("t.a = 1", "不能写 t.a"),
        ("c = 1", "没有名为 c 的信息项"),
        ("a", "应得出“是”或“否”"),
        ("a + 1", "应得出“是”或“否”"),
        ("1 = 1", "没有引用任何信息项"),
        ("a = 1; DROP TABLE x", "只能是一个表达式"),
        ("a = ", "不是能够解析的表达式"),
        ("a = $1", "不允许的成分"),
        ("CAST(a AS BLOB) = b", "不能转换为类型"),
        ("a[1] = 'x'", "不允许的成分"),
        ("a = '" + "x" * 1000 + "'", "1 到 1000 个字符"),
        ("(" * 499 + "a = 1" + ")" * 490, ""),
        ("regexp_full_match(a, b)", "须是文字"),
        ("regexp_full_match(a, '(x)\\1')", "反向引用"),
        ("a OVER (ORDER BY b) = 1", ""),
        ("count(a) > 1", "不允许的成分"),
    ],
)
def test_an_expression_uses_listed_parts_alone(sql, says) -> None:
    with pytest.raises(BadDocument) as refused:
        parse(kind="expression", sql=sql, columns=[])

    assert says in str(refused.value)


@pytest.mark.parametrize(
    ("sql", "row", "is_right"),
    [
        ("a >= b", {"a": 1, "b": 2}, False),
        ("a >= b", {"a": None, "b": 2}, True),
        ("a / (b - b) > 1", {"a": 1, "b": 2}, True),  # nothing to judge: no quotient
        ("CASE WHEN a > 10 THEN b IS NOT NULL ELSE TRUE END", {"a": 11, "b": None}, False),
        ("date_diff('day', day, now()) <= 30", {"day": date(2026, 9, 1)}, True),
        ("date_diff('day', day, current_date) <= 30", {"day": date(2026, 7, 1)}, False),
        ("a IN (1, 2) OR b BETWEEN 5 AND 6", {"a": 3, "b": 7}, False),
        ("abs(a) + coalesce(b, 0) = 3", {"a": -3, "b": None}, True),
        ("a * 9223372036854775807 > 0", {"a": 9}, True),  # too large to say
        ("day + INTERVAL 1 DAY > DATE '2026-01-01'", {"day": date(2026, 1, 1)}, True),
    ],
)
def test_an_expression_judges_rows(sql, row, is_right) -> None:
    rule = check(kind="expression", sql=sql, columns=[])

    found = judge_rows(rule, [row], {"a": "BIGINT", "b": "BIGINT", "day": "DATE"})

    assert found == [is_right]


def test_columns_are_written_as_the_caller_gives_them() -> None:
    rule = check(kind="expression", sql="a > 1 AND length(b) < 3", columns=[])
    given = {"a": 'TRY_CAST("甲 x" AS BIGINT)', "b": 'work."c2"'}

    sql = check_sql(rule, given, facts=FACTS)

    assert '(TRY_CAST("甲 x" AS BIGINT)) > 1' in sql
    assert 'LENGTH((work."c2"))' in sql


def test_order_and_leeway_of_two_moments() -> None:
    rule = check(kind="not_after", other="b", seconds=60)
    rows = [{"a": f"2026-09-24 08:{m}", "b": "2026-09-24 08:00:00"} for m in ("01:00", "01:01")]

    assert judge_rows(rule, rows, {"a": "TIMESTAMP", "b": "TIMESTAMP"}) == [True, False]
    plain = check(kind="not_after", other="b")
    days = [{"a": date(2026, 1, 2), "b": date(2026, 1, 1)}, {"a": date(2026, 1, 2), "b": None}]
    assert judge_rows(plain, days, {"a": "DATE", "b": "DATE"}) == [False, True]


def test_a_check_comes_back_from_its_own_document() -> None:
    given = parse(kind="range", min=date(2026, 1, 1), effect="warn", remedy="核对")[0]

    assert parse_checks([given.document], where="x") == (given,)
    assert (given.kind, given.effect) == (CheckKind.RANGE, Effect.WARN)
    assert given.limits == {"min": "2026-01-01"}
    assert given.basis == "约定（待确认）"


def test_a_code_is_given_once() -> None:
    with pytest.raises(BadDocument, match="目录甲 R-X：校验编码重复"):
        parse_checks([BASE | {"kind": "required"}] * 2, where="目录甲")


@pytest.mark.parametrize("rows", [None, "x", {"code": "R"}, 5, [1]])
def test_what_is_no_list_of_checks_is_refused(rows) -> None:
    with pytest.raises(BadDocument):
        parse_checks(rows, where="目录甲")


def test_a_chinese_range_in_a_pattern_is_read_as_the_engine_writes_it() -> None:
    rule = check(kind="pattern", pattern=r"[\u4e00-\u9fa5]{2}")

    assert rule.limits["pattern"] == r"[\x{4e00}-\x{9fa5}]{2}"
    assert judge_rows(rule, [{"a": "张三"}, {"a": "ab"}], {"a": "VARCHAR"}) == [True, False]


SOUP = st.one_of(
    st.text(max_size=20), st.text("ab[]()*+?{}|^$.\\\\\\\\-0123,:=<>!Pdw汉pNx\x80 ", max_size=14)
)


@settings(deadline=None, max_examples=100)
@given(text=SOUP)
def test_a_pattern_that_is_kept_is_one_that_the_engine_reads(text) -> None:
    try:
        rule = check(kind="pattern", pattern=text)
    except BadDocument:
        return
    assert judge_rows(rule, [{"a": "x"}], {"a": "VARCHAR"}) in ([True], [False])


@settings(deadline=None, max_examples=30)
@given(value=st.text(max_size=20).filter(lambda t: "\0" not in t))
def test_a_code_is_quoted_whatever_it_holds(value) -> None:
    if not value or any("\ud800" <= letter <= "\udfff" for letter in value):
        return
    rule = check(kind="codes", codes=[value])

    assert judge_rows(rule, [{"a": value}, {"a": value + "x"}], {"a": "VARCHAR"}) == [True, False]


@pytest.mark.parametrize(
    ("document", "types", "says"),
    [
        ({"kind": "range", "min": 1}, {"a": "string"}, "值域校验不适用于字符型"),
        ({"kind": "not_future"}, {"a": "integer"}, "不适用于整数型"),
        ({"kind": "not_after", "other": "b"}, {"a": "date", "b": "string"}, "不能比较先后"),
        ({"kind": "check_digit", "algorithm": "imo"}, {"a": "date"}, "不适用于日期型"),
        ({"kind": "division", "on": "b"}, {"a": "string", "b": "string"}, "on 应是日期"),
    ],
)
def test_a_check_that_does_not_suit_its_columns_is_said_before_a_load(
    document, types, says
) -> None:
    rule = check(**document)

    with pytest.raises(BadDocument, match=says):
        fits(rule, {name: ElementType(kind) for name, kind in types.items()}, where="目录甲")
