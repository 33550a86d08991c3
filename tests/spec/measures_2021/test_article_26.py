"""第二十六条: in force from 15 April 2021, and only then."""

from datetime import date

import pytest
from django.test import Client

from tongqu.policy.clauses.measures_2021 import MEASURES
from tongqu.policy.public import terms_on

pytestmark = pytest.mark.django_db


def test_the_measures_apply_from_the_day_of_effect() -> None:
    assert terms_on(MEASURES.effective_from).profile == "mot-2021"
    assert MEASURES.effective_from == date(2021, 4, 15)


@pytest.mark.parametrize(("day", "status"), [("2021-04-14", 404), ("2021-04-15", 200)])
def test_on_the_day_before_there_is_no_rule_to_judge_by(day, status) -> None:
    assert Client().get("/api/v1/policy/terms", {"on": day}).status_code == status
