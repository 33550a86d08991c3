"""The holidays of a year come in lines, and each bad line is named."""

import pytest

from tongqu.kernel.workdays import DayKind
from tongqu.policy.domain.calendar import read_days


def test_good_lines_give_the_days_of_the_year() -> None:
    days, errors = read_days(["日期,类型", "2027-01-01,放假", "", "2027-01-09,调休上班"], 2027)

    assert errors == ()
    assert {d.isoformat(): k for d, k in days.items()} == {
        "2027-01-01": DayKind.HOLIDAY,
        "2027-01-09": DayKind.MAKEUP,
    }


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("2027-01-01", "应为两列：日期、类型"),
        ("2027年1月1日,放假", "日期应写成 2027-01-01"),
        ("2027-02-30,放假", "日期应写成 2027-01-01"),
        ("2026-01-01,放假", "日期不在 2027 年内"),
        ("2027-01-01,也许", "类型应为“放假”或“调休上班”"),
        ("2027-01-04,调休上班", "调休上班日应为周六或周日"),
    ],
)
def test_a_bad_line_is_named_by_its_number(line, says) -> None:
    _, errors = read_days(["2027-10-01,放假", line], 2027)

    assert [(e.line, e.says) for e in errors] == [(2, says)]


def test_a_day_given_twice_is_an_error() -> None:
    _, errors = read_days(["2027-10-01,放假", "2027-10-01,放假"], 2027)

    assert [e.line for e in errors] == [2]
