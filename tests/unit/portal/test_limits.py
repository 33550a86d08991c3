"""How a limit reads: what is left, and which days count."""

from datetime import date

import pytest

from tongqu.kernel.workdays import DayKind, WorkingCalendar
from tongqu.portal.domain import limits, pages, words

# 2026-09-19 is a Saturday, 2026-09-20 a make-up Sunday, 09-25 and 26 the Mid-Autumn holiday.
CALENDAR = WorkingCalendar(
    exceptions={
        date(2026, 9, 20): DayKind.MAKEUP,
        date(2026, 9, 25): DayKind.HOLIDAY,
        date(2026, 9, 26): DayKind.HOLIDAY,
    },
    known_years=frozenset({2026}),
)
LAST_DAY = date(2026, 9, 24)


@pytest.mark.parametrize(
    ("today", "tone", "text"),
    [
        (date(2026, 9, 18), "", "剩 5 个工作日"),
        (date(2026, 9, 21), "soon", "剩 3 个工作日"),
        (LAST_DAY, "soon", "今日 24:00 截止"),
        (date(2026, 9, 25), "over", "已超期"),
        (date(2026, 9, 28), "over", "已超期 1 个工作日"),
    ],
)
def test_what_is_left_is_told_in_working_days(today: date, tone: str, text: str) -> None:
    left = limits.remaining(LAST_DAY, today, CALENDAR)

    assert (left.tone, left.text) == (tone, text)


def test_what_is_done_is_told_against_its_last_day() -> None:
    early = limits.remaining(LAST_DAY, date(2026, 9, 22), CALENDAR, is_done=True)
    late = limits.remaining(LAST_DAY, date(2026, 9, 28), CALENDAR, is_done=True)

    assert (early.tone, early.text) == ("ok", "提前 2 个工作日办结")
    assert (late.tone, late.text) == ("over", "逾期办结")


def test_the_strip_shows_every_day_and_counts_only_working_ones() -> None:
    strip = limits.days(date(2026, 9, 16), LAST_DAY, date(2026, 9, 22), CALENDAR)

    assert [day.note for day in strip] == [
        "收到", "第 1 日", "第 2 日", "休", "班 第 3 日", "第 4 日", "今日 5", "第 6 日", "截止 7",
    ]  # fmt: skip
    assert [day.css for day in strip] == [
        "past", "past", "past", "off", "past", "past", "today", "", "end",
    ]  # fmt: skip


def test_a_year_without_an_announcement_is_marked_unknown() -> None:
    strip = limits.days(date(2027, 1, 4), date(2027, 1, 8), date(2027, 1, 5), CALENDAR)

    assert not any(day.is_known for day in strip)


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "—"), (0, "0"), (9999, "9,999"), (12345, "1.23 万"), (183642, "18.4 万"),
     (10_000_000, "1,000 万"), (6_180_000_000, "61.8 亿"), (-25000, "−2.5 万")],
)  # fmt: skip
def test_large_numbers_are_told_in_wan_and_yi(value: int | None, text: str) -> None:
    assert words.wan(value) == text


def test_a_pager_keeps_the_query_and_shows_first_last_and_around() -> None:
    found = pages.links(pages.of(200, 20, 5), [("q", "车辆"), ("offset", "80")], "offset")

    assert [link.label for link in found] == ["‹", "1", "", "3", "4", "5", "6", "7", "", "10", "›"]
    assert found[-1].url == "?q=%E8%BD%A6%E8%BE%86&offset=100"
    assert [link.label for link in found if link.is_current] == ["5"]


def test_a_list_that_fits_one_page_has_one_page() -> None:
    assert pages.of(0, 20, 7) == pages.Pages(total=0, size=20, number=1, count=1)
