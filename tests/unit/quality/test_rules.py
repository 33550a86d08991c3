"""Rules are data; what is not understood is an error, not a pass."""

from datetime import UTC, datetime
from decimal import Decimal

import duckdb
import pytest

from tongqu.quality.domain import plan as plans
from tongqu.quality.domain import scores
from tongqu.quality.domain.rules import BadRule, Declared, implied, parse
from tongqu.quality.domain.states import TICKETS
from tongqu.quality.vocabulary import Dimension, TicketState

NOW = datetime(2026, 9, 24, tzinfo=UTC)
GOOD = {"code": "r", "title": "应填写", "kind": "not_null", "column": "id"}


@pytest.mark.parametrize(
    ("change", "what"),
    [
        pytest.param({"colum": "id"}, "不认识的键 colum", id="a mistyped key"),
        pytest.param({"kind": "notnull"}, "没有名为 notnull 的规则种类", id="an unknown kind"),
        pytest.param({"title": " "}, "缺少 title", id="no title"),
        pytest.param({"column": ""}, "缺少 column", id="no column"),
        pytest.param({"kind": "pattern"}, "缺少 pattern", id="a kind without its limit"),
        pytest.param(
            {"kind": "path", "columns": ["id"], "steps": ["a"]}, "steps 的值不对", id="no steps"
        ),
        pytest.param({"kind": "range"}, "值域规则须有 min 或 max", id="a range without ends"),
    ],
)
def test_a_rule_that_is_not_understood_is_refused(change: dict[str, object], what: str) -> None:
    with pytest.raises(BadRule) as caught:
        parse([GOOD | change])

    assert caught.value.what == what


def test_a_code_is_given_to_one_rule_only() -> None:
    with pytest.raises(BadRule, match="规则编码重复"):
        parse([GOOD, GOOD])


def test_the_catalogue_itself_implies_rules() -> None:
    items = [
        Declared("id", "编号", is_nullable=False, is_key=True, length=8),
        Declared("note", "备注", is_nullable=True, is_key=False, length=None),
    ]

    kinds = [rule.kind.value for rule in implied("E", items)]

    assert kinds == ["not_null", "length", "unique"]


RULES = [
    ({"kind": "not_null", "column": "id"}, (6, 2)),
    ({"kind": "unique", "column": "id"}, (6, 1)),
    ({"kind": "unique", "columns": ["id", "n"]}, (6, 0)),
    ({"kind": "pattern", "column": "id", "pattern": "a[0-9]"}, (5, 2)),
    ({"kind": "length", "column": "id", "max": 2}, (5, 1)),
    ({"kind": "codes", "column": "id", "codes": ["a1", "a2"]}, (5, 2)),
    ({"kind": "range", "column": "n", "min": 1, "max": 4}, (6, 2)),
    ({"kind": "order", "column": "n", "not_after": "m"}, (5, 2)),
    ({"kind": "reference", "column": "id", "table": "dw_known", "key": "k"}, (5, 2)),
    ({"kind": "fresh", "hours": 26}, (1, 1)),
    (
        {"kind": "path", "column": "m", "columns": ["id"], "steps": {"": ["1"], "1": ["2"]}},
        (6, 2),  # 1 after 1, and a first state of 4
    ),
]


def table() -> duckdb.DuckDBPyConnection:
    """Six rows: one id NULL, one blank, one repeated; n from 0 to 5; m lags behind n twice."""
    connection = duckdb.connect()
    connection.execute(
        "CREATE TABLE t AS SELECT * FROM (VALUES"
        " ('a1', 0, 1, 'b', 1), ('a1', 1, 1, 'b', 2), ('a2', 2, 1, 'b', 3),"
        " (NULL, 3, 4, 'b', 4), ('', 4, NULL, 'b', 5), ('xxx', 5, 1, 'b', 6)"
        ") AS v(id, n, m, _batch_id, _line),"
        " (SELECT TIMESTAMPTZ '2026-09-22 00:00:00+00' AS _load_time)"
    )
    connection.execute(
        "CREATE VIEW r_dw_known AS SELECT 'a1' AS k UNION SELECT 'a2' UNION SELECT NULL"
    )
    return connection


@pytest.mark.parametrize(("given", "expected"), RULES, ids=lambda x: str(x)[:40])
def test_each_kind_counts_what_it_says(given: dict[str, object], expected: tuple[int, int]) -> None:
    rules = parse([{"code": "r", "title": "规则", **given}])
    plan = plans.compile_scan(rules, now=NOW)

    n, checked, wrong = table().execute(plan.sql, plan.parameters).fetchall()[0]

    assert (n, (checked, wrong)) == (6, expected)


def test_any_number_of_rules_is_one_statement_with_the_same_answers() -> None:
    rules = parse(
        [{"code": f"r{i}", "title": "规则", **given} for i, (given, _) in enumerate(RULES)]
    )
    plan = plans.compile_scan(rules, now=NOW)

    row = table().execute(plan.sql, plan.parameters).fetchall()[0]

    assert list(zip(row[1::2], row[2::2], strict=True)) == [expected for _, expected in RULES]


@pytest.mark.parametrize(("given", "expected"), RULES, ids=lambda x: str(x)[:40])
def test_samples_name_as_many_places_as_there_are_wrong_rows(
    given: dict[str, object], expected: tuple[int, int]
) -> None:
    (rule,) = parse([{"code": "r", "title": "规则", **given}])
    plan = plans.compile_samples(rule, limit=50)
    if plan is None:
        assert rule.kind == "fresh"
        return

    places = table().execute(plan.sql, plan.parameters).fetchall()

    assert len(places) == expected[1]


@pytest.mark.parametrize(
    ("within", "days", "expected"),
    [("0.05", 7, (3, 2)), ("0.10", 7, (3, 0)), ("0.05", 8, (3, 0))],
    ids=["beyond the share", "within it", "over a longer time"],
)
def test_totals_of_some_days_are_reconciled_by_group(
    within: str, days: int, expected: tuple[int, int]
) -> None:
    """Two of three groups lose 8 of 100 a day, but nothing on the first of eight days."""
    rule = {
        "code": "r", "title": "对账", "kind": "reconcile", "table": "dw_came", "group": ["g"],
        "sum": "gone", "other_sum": "came", "day": "day", "days": days, "within": within,
    }  # fmt: skip
    connection = duckdb.connect()
    connection.execute(
        "CREATE TABLE r_dw_came AS SELECT g, DATE '2026-09-01' + d::INTEGER AS day, 100 AS came"
        " FROM range(3) AS a(g), range(9) AS b(d)"  # the ninth day has not been told by t
    )
    connection.execute(
        "CREATE TABLE t AS SELECT g, day, CASE WHEN g = 0 OR day = DATE '2026-09-01'"
        " THEN 100 ELSE 92 END AS gone FROM r_dw_came WHERE day < DATE '2026-09-09'"
    )
    rules = parse([rule])
    plan, sample = plans.compile_scan(rules, now=NOW), plans.compile_samples(rules[0], limit=5)

    assert connection.execute(plan.sql, plan.parameters).fetchall()[0][1:] == expected
    assert sample is not None
    assert [name for name, _ in connection.execute(sample.sql).fetchall()] == ["1", "2"]


def test_tombstones_are_no_rows() -> None:
    connection = duckdb.connect()
    connection.execute("CREATE TABLE all_t AS SELECT * FROM (VALUES (1, 'I'), (2, 'D')) v(n, _op)")

    for sql in ("SELECT count(*) FROM t", "WITH a AS (SELECT * FROM t) SELECT count(*) FROM a"):
        assert connection.execute(plans.living(sql, ["t"])).fetchall() == [(1,)]


def test_a_name_from_outside_never_becomes_sql() -> None:
    evil = 'id" OR 1=1 --'
    (rule,) = parse([{"code": "r", "title": "规则", "kind": "not_null", "column": evil}])

    with pytest.raises(duckdb.BinderException, match="Referenced column"):
        table().execute(plans.compile_scan([rule], now=NOW).sql)


def test_a_dimension_without_a_rule_has_no_score() -> None:
    found = scores.by_dimension([(Dimension.COMPLETENESS, Decimal("0.955"))])

    assert found[Dimension.COMPLETENESS] == Decimal("95.5")
    assert found[Dimension.TIMELINESS] is None
    assert scores.total(found) == Decimal("95.5")


def test_no_rows_have_no_share() -> None:
    assert scores.share(0, 0) is None
    assert scores.total(scores.by_dimension([])) is None


def test_tickets_end_closed_and_every_state_is_reached() -> None:
    reached = {TICKETS.initial} | {step.target for step in TICKETS.steps}

    assert reached == set(TicketState)
    assert TICKETS.final == {TicketState.CLOSED}  # what was found unfounded may be appealed


def test_only_the_platform_and_whoever_filed_it_close_a_ticket() -> None:
    closing = {step.actor for step in TICKETS.steps if step.target is TicketState.CLOSED}

    assert closing == {"platform", "filer"}  # never the department that corrects
