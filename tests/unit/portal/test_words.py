"""How long and of what type, in the words of the screens."""

import pytest

from tongqu.portal.domain.words import lasting, type_of


@pytest.mark.parametrize(
    ("seconds", "word"),
    [(None, "—"), (0, "0 秒"), (59.4, "59 秒"), (60, "1 分"), (725, "12 分 5 秒"),
     (12_000, "3 小时 20 分"), (3_600, "1 小时"), (187_200, "2 日 4 小时")],
)  # fmt: skip
def test_a_time_is_told_in_its_two_largest_units(seconds: float | None, word: str) -> None:
    assert lasting(seconds) == word


@pytest.mark.parametrize(
    ("name", "word"),
    [("string", "字符型"), ("decimal(18, 2)", "数值型"), ("timestamptz", "日期时间型"),
     ("list<string>", "列表"), ("geometry", "geometry")],
)  # fmt: skip
def test_a_type_of_the_lake_has_the_catalogues_word(name: str, word: str) -> None:
    assert type_of(name) == word
