"""Idle grants and missing feedback (article 17)."""

from datetime import date

import pytest

from tongqu.sharing.domain.use import Idle, feedback_clock, idleness

GRANTED = date(2026, 1, 15)


@pytest.mark.parametrize(
    ("today", "found"),
    [
        (date(2026, 3, 14), Idle.NO),
        (date(2026, 3, 15), Idle.WARNED),
        (date(2026, 4, 15), Idle.WARNED),  # the last day belongs to the consumer
        (date(2026, 4, 16), Idle.REVOCABLE),
    ],
)
def test_a_grant_may_be_revoked_when_three_months_have_passed(today: date, found: Idle) -> None:
    assert idleness(GRANTED, today, warning_months=2, idle_months=3) is found


@pytest.mark.parametrize(
    ("today", "misses"),
    [
        (date(2026, 4, 15), 0),
        (date(2026, 4, 16), 1),
        (date(2026, 7, 15), 1),
        (date(2026, 7, 16), 2),
        (date(2026, 10, 16), 3),
    ],
)
def test_every_cycle_without_feedback_is_one_miss(today: date, misses: int) -> None:
    found = feedback_clock(GRANTED, today, months=3)

    assert (found.misses, found.is_noticed) == (misses, misses >= 2)
