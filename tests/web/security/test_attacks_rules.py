"""Attacks by what is kept and carried out later: rules, models, conditions."""

import json

import pytest

from tests.factories_catalog import published_entry
from tongqu.catalog.vocabulary import DataType
from tongqu.delivery.domain.filters import why_not
from tongqu.delivery.vocabulary import Operator
from tongqu.quality.models import RulePack

pytestmark = pytest.mark.django_db
RULE = {"code": "a", "title": "示例", "kind": "not_null", "column": "flight"}


@pytest.mark.parametrize(
    "given",
    [
        {"kind": "range", "min": [1]}, {"kind": "range", "min": {"a": 1}},
        {"kind": "range", "max": True}, {"kind": "range", "max": 10**40},
        {"kind": "length", "max": "x"}, {"kind": "fresh", "hours": "9" * 5000},
        {"kind": "pattern", "pattern": "("}, {"kind": "pattern", "pattern": "(?=a)b"},
        {"kind": "pattern", "pattern": r"(a)\1"}, {"kind": "pattern", "pattern": ["a"]},
        {"kind": "codes", "codes": "abc"}, {"kind": "codes", "codes": [{"a": 1}]},
        {"kind": "unique", "columns": [["a"]]}, {"tolerance": "abc"}, {"tolerance": "NaN"},
        {"tolerance": -1}, {"dimension": "zzz"}, {"dimension": ["x"]}, {"code": "\ud800"},
        {"title": "长" * 300}, {"column": ["a"]}, {"column": "a\0b"}, {"remedy": {"a": 1}},
    ],
    ids=lambda given: json.dumps(given)[:40],
)  # fmt: skip
def test_a_rule_that_no_scan_could_carry_out_is_not_kept(world, at, browser_of, given) -> None:
    """Kept, it would make every later scan of the entry fail."""
    entry = published_entry(world)

    answer = browser_of("support").put(
        f"/api/v1/quality/entries/{entry.code}/rules",
        json.dumps({"rules": [RULE | given]}),
        content_type="application/json",
    )

    assert answer.status_code in {400, 422}, answer.content
    assert not RulePack.objects.exists()


@pytest.mark.parametrize(
    "given",
    [
        {"tolerance": "0.05", "dimension": "accuracy", "remedy": "示例"},
        {"kind": "range", "min": 0, "max": 24.5}, {"kind": "range", "min": "2013-01-01"},
        {"kind": "length", "max": 10}, {"kind": "codes", "codes": ["A", "B"]},
        {"kind": "pattern", "pattern": r"[A-Z]{2}\d+(?:-\d+)?"},
        {"kind": "unique", "columns": ["flight", "carrier"]}, {"kind": "fresh", "hours": 24},
    ],
    ids=lambda given: json.dumps(given)[:40],
)  # fmt: skip
def test_a_plain_rule_is_kept(world, at, browser_of, given) -> None:
    entry = published_entry(world)

    answer = browser_of("support").put(
        f"/api/v1/quality/entries/{entry.code}/rules",
        json.dumps({"rules": [RULE | given]}),
        content_type="application/json",
    )

    assert answer.status_code == 200, answer.content


def test_sql_nested_without_end_is_no_query(browser_of) -> None:
    deep = "(" * 9000 + "1" + ")" * 9000
    model = f"-- layer: dw\n-- name: dw_a\nSELECT {deep} AS a"

    answer = browser_of("support").post(
        "/api/v1/lake/models/validate",
        json.dumps({"files": [{"name": "a.sql", "sql": model}]}),
        content_type="application/json",
    )

    assert answer.status_code == 422


@pytest.mark.parametrize("text", ["\ud800", "a\0"])
def test_half_a_character_is_no_condition(text) -> None:
    """Bound by the job of a download, it made the job fail."""
    assert why_not(DataType.STRING, Operator.EQ, (text,))
