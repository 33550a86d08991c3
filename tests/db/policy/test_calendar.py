"""The working-day table: seeded to 2026, entered by hand from then on."""

from datetime import date

import pytest

from tongqu.kernel.problems import Rejected
from tongqu.policy.actions import calendar as actions
from tongqu.policy.actions.calendar import enter_year
from tongqu.policy.models import CalendarYear
from tongqu.policy.public import calendar, on_calendar_changed

pytestmark = pytest.mark.django_db
LINES = ["2027-01-01,放假", "2027-02-05,放假", "2027-02-14,调休上班"]


@pytest.fixture
def told(monkeypatch):
    heard: list[int] = []
    monkeypatch.setattr(actions, "_listeners", [])
    on_calendar_changed(heard.append)
    return heard


def enter(world, lines=LINES, notice="示例：2027 年放假通知"):
    return enter_year(year=2027, notice=notice, source="", lines=lines, by=world.actor("managing"))


def test_the_years_2004_to_2026_are_known(db) -> None:
    assert calendar().known_years == frozenset(range(2004, 2027))


def test_entering_a_year_makes_its_deadlines_certain_and_tells_who_counts(world, told) -> None:
    before = calendar().after(date(2026, 12, 30), 2)

    enter(world)

    after = calendar().after(date(2026, 12, 30), 2)
    assert (before.on, before.provisional) == (date(2027, 1, 1), True)
    assert (after.on, after.provisional) == (date(2027, 1, 4), False)
    assert told == [2027]


def test_one_bad_line_saves_nothing_and_is_named(world, told) -> None:
    with pytest.raises(Rejected) as caught:
        enter(world, ["2027-01-01,放假", "2027-13-01,放假"])

    assert caught.value.problem.code == "BAD_CALENDAR"
    assert list(caught.value.problem.fields) == ["line 2"]
    assert not CalendarYear.objects.filter(year=2027).exists()
    assert told == []


def test_a_year_needs_the_notice_it_rests_on(world) -> None:
    with pytest.raises(Rejected) as caught:
        enter(world, notice="")

    assert "notice" in caught.value.problem.fields


def test_a_corrected_year_is_seen_at_once(world) -> None:
    enter(world)
    assert not calendar().is_working(date(2027, 2, 5))

    enter(world, ["2027-01-01,放假"])

    assert calendar().is_working(date(2027, 2, 5))
    assert calendar().knows(date(2027, 2, 5))
