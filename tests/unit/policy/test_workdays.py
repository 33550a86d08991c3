"""Working days: the vectors of the calendar of 2026, and what must hold for any calendar."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongqu.kernel.workdays import DayKind, Deadline, WorkingCalendar, add_months


def seeded() -> WorkingCalendar:
    from chinese_calendar import constants

    days = dict.fromkeys(constants.holidays, DayKind.HOLIDAY)
    days |= dict.fromkeys(constants.workdays, DayKind.MAKEUP)
    return WorkingCalendar(days, frozenset(d.year for d in constants.holidays))


CALENDAR = seeded()
NO_EXCEPTIONS = WorkingCalendar({}, frozenset(range(1900, 2200)))
# filing day → {working days: last day}
VECTORS = {
    "2026-02-11": {3: "2026-02-14", 7: "2026-02-27", 10: "2026-03-03", 20: "2026-03-17"},
    "2026-02-12": {3: "2026-02-24", 5: "2026-02-26", 7: "2026-02-28", 10: "2026-03-04",
                   20: "2026-03-18"},
    "2026-02-13": {3: "2026-02-25", 7: "2026-03-02", 10: "2026-03-05", 20: "2026-03-19"},
    "2026-04-30": {3: "2026-05-08", 5: "2026-05-11", 7: "2026-05-13", 10: "2026-05-18",
                   20: "2026-06-01"},
    "2026-07-06": {3: "2026-07-09", 5: "2026-07-13", 7: "2026-07-15", 10: "2026-07-20",
                   20: "2026-08-03"},
    "2026-09-18": {3: "2026-09-22", 7: "2026-09-29", 10: "2026-10-09", 20: "2026-10-22"},
    "2026-09-24": {3: "2026-09-30", 5: "2026-10-09", 7: "2026-10-12", 10: "2026-10-15",
                   20: "2026-10-29"},
    "2026-09-29": {3: "2026-10-09", 5: "2026-10-12", 7: "2026-10-14", 10: "2026-10-19",
                   20: "2026-11-02"},
    "2026-09-30": {3: "2026-10-10", 7: "2026-10-15", 10: "2026-10-20", 20: "2026-11-03"},
}  # fmt: skip
CASES = [(start, n, end) for start, ends in VECTORS.items() for n, end in ends.items()]


@pytest.mark.parametrize(("start", "days", "end"), CASES)
def test_a_term_ends_on_the_day_that_the_announced_calendar_gives(start, days, end) -> None:
    found = CALENDAR.after(date.fromisoformat(start), days)

    assert found == Deadline(date.fromisoformat(end), provisional=False)


@pytest.mark.parametrize("year", [2025, 2026])
def test_a_year_has_248_working_days(year) -> None:
    assert CALENDAR.between(date(year - 1, 12, 31), date(year, 12, 31)) == 248


@pytest.mark.parametrize(
    "day", ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"]
)
def test_a_weekend_day_worked_in_exchange_is_a_working_day(day) -> None:
    assert CALENDAR.is_working(date.fromisoformat(day))


def test_a_term_into_a_year_not_announced_is_marked_provisional() -> None:
    found = CALENDAR.after(date(2026, 12, 29), 5)

    assert found == Deadline(date(2027, 1, 5), provisional=True)
    assert str(found) == "2027-01-05（暂定）"


def test_a_term_that_ends_on_the_last_known_day_is_certain() -> None:
    assert CALENDAR.after(date(2026, 12, 30), 1) == Deadline(date(2026, 12, 31))


def test_the_day_of_receipt_is_not_counted_even_on_a_holiday() -> None:
    assert CALENDAR.after(date(2026, 10, 3), 1).on == date(2026, 10, 8)


def test_a_negative_term_is_a_bug() -> None:
    with pytest.raises(ValueError, match="negative"):
        CALENDAR.after(date(2026, 1, 1), -1)


days = st.dates(date(2004, 1, 1), date(2026, 6, 30))
terms = st.integers(0, 60)


@given(days, terms)
def test_counting_back_from_a_deadline_gives_the_term(start, term) -> None:
    assert CALENDAR.between(start, CALENDAR.after(start, term).on) == term


@given(days, terms)
def test_a_deadline_is_a_working_day(start, term) -> None:
    end = CALENDAR.after(start, term).on

    assert term == 0 or CALENDAR.is_working(end)


@given(days, terms, st.integers(0, 30))
def test_a_longer_term_or_a_later_start_never_ends_earlier(start, term, more) -> None:
    end = CALENDAR.after(start, term).on

    assert CALENDAR.after(start, term + more).on >= end
    assert CALENDAR.after(start + timedelta(days=more), term).on >= end


@given(days, days)
def test_between_is_its_own_opposite(one, other) -> None:
    assert CALENDAR.between(one, other) == -CALENDAR.between(other, one)


@given(days, terms)
def test_without_exceptions_five_working_days_are_a_week(start, weeks) -> None:
    weekday = start - timedelta(days=start.weekday())

    assert NO_EXCEPTIONS.after(weekday, 5 * weeks).on == weekday + timedelta(weeks=weeks)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2026-08-31", 3, "2026-11-30"),
        ("2026-11-30", 3, "2027-02-28"),
        ("2026-12-15", 1, "2027-01-15"),
        ("2026-03-31", -1, "2026-02-28"),
        ("2026-01-15", -2, "2025-11-15"),
        ("2026-05-31", 6, "2026-11-30"),
        ("2026-05-31", 0, "2026-05-31"),
        ("2026-10-31", 14, "2027-12-31"),
    ],
)
def test_months_end_on_the_same_day_number_or_the_months_last(day, months, expected) -> None:
    assert add_months(date.fromisoformat(day), months) == date.fromisoformat(expected)


@given(days, st.integers(0, 36))
def test_adding_months_never_skips_a_month(day, months) -> None:
    found = add_months(day, months)

    assert (found.year - day.year) * 12 + found.month - day.month == months
    assert found.day <= day.day
