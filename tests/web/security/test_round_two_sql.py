"""Attacks by the SQL of a check: what is kept here is carried out at every load."""

import json
from datetime import UTC, datetime

import pytest

from tests.factories_catalog import draft_entry
from tongqu.catalog.models import EntryVersion
from tongqu.standards.domain.expressions import expression_sql
from tongqu.standards.public import parse_checks
from tongqu.standards.vocabulary import BadDocument

COLUMNS = {"a": '"a"', "b": '"b"'}
NOW = datetime(2026, 9, 24, tzinfo=UTC)


@pytest.mark.parametrize(
    "sql",
    [
        'extract("day from (select 1)) --" from a) > 1',
        'extract("year from a)) or (1=1)) --" from a) > 1',
        "extract(abs(a) from a) > 1",
        "extract('day from (select 1)) --' from a) > 1",
        'date_diff("x) --", a, b) > 1',
        "date_diff(a, a, b) > 1",
        'a::decimal("1)) or (select 1)--", 2) = 1',
        "a::decimal(b, 2) = 1",
        "cast(a as decimal(1000000, 3)) > 1",
        "cast(a as decimal(38999999, 3)) > 1",
    ],
)
def test_a_unit_or_a_size_carries_no_sql_into_the_engine(sql) -> None:
    """A quoted name may hold anything, and units reach the engine without quotes."""
    with pytest.raises(BadDocument):
        expression_sql(sql, COLUMNS, now=NOW, where="示例")


@pytest.mark.parametrize(
    "sql",
    [
        "- " * 450 + "a > 1", "-" * 990 + "a>1", "not " * 200 + "a", "(" * 400 + "a=1" + ")" * 400,
        "a" + "+1" * 480 + ">1", "a=1 or " * 140 + "a=1", "a = '\ud800'",
        "regexp_full_match(a, 'x', 'y')",
    ],
    ids=lambda sql: ascii(sql[:12]),
)  # fmt: skip
def test_an_expression_that_no_load_could_carry_out_is_refused_when_it_is_kept(sql) -> None:
    row = {"code": "R-1", "title": "示例", "kind": "expression", "sql": sql}

    with pytest.raises(BadDocument):
        parse_checks([row], where="示例")


@pytest.mark.parametrize(
    "sql",
    [
        "extract(year from a) > 2000", "date_diff('day', a, b) <= 3",
        "date_diff('minute', a, b) < 9",
        "a + interval 3 days > b", "a + interval '1 day' > b", "cast(a as decimal(18, 3)) > 1",
        "cast(a as varchar(10)) = 'x'", "a >= b and (a is not null or b < now())",
        "regexp_full_match(a, '[A-Z]+')", " or ".join(f"a = {n}" for n in range(40)),
    ],
    ids=lambda sql: sql[:30],
)  # fmt: skip
def test_a_plain_expression_is_kept(sql) -> None:
    assert expression_sql(sql, COLUMNS, now=NOW, where="示例")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "given",
    [
        {"kind": "expression", "sql": 'extract("day from (select 1)) --" from flight) > 1'},
        {"kind": "expression", "sql": "- " * 450 + "flight > 1"},
        {"kind": "pattern", "columns": ["flight"], "pattern": "((a{1000}){1000}){1000}"},
        {"kind": "range", "columns": ["flight"], "max": 10**400},
        {"kind": "codes", "columns": ["flight"], "codes": ["x\ud800"]},
        {"kind": "required", "columns": ["flight"], "title": "t\udc00"},
    ],
    ids=lambda given: ascii(list(given.values())[-1])[:30],
)  # fmt: skip
def test_an_entry_keeps_no_check_that_no_load_could_carry_out(world, at, browser_of, given) -> None:
    entry = draft_entry(world)
    check = {"code": "R-1", "title": "示例"} | given

    answer = browser_of("cataloguer").patch(
        f"/api/v1/catalog/entries/{entry.code}",
        json.dumps({"checks": [check]}),
        content_type="application/json",
    )

    assert answer.status_code == 422, answer.content
    assert EntryVersion.objects.get().checks == []
