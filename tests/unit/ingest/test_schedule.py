"""Schedules in words."""

import pytest

from tongqu.ingest.domain import schedule


@pytest.mark.parametrize(
    ("cron", "words"),
    [
        ("0 2 * * *", "每天 2:00"),
        ("5 13 * * 1", "每周一 13:05"),
        ("30 8 * * 7", "每周日 8:30"),
        ("15 * * * *", "每小时第 15 分"),
        ("*/5 * * * *", ""),
        ("0 2 1 * *", ""),
        ("0 2 * * 1-5", ""),
        ("", ""),
    ],
)
def test_a_simple_schedule_is_told_in_words_and_another_is_not(cron: str, words: str) -> None:
    assert schedule.told(cron) == words
