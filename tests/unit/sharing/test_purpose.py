"""A purpose of nothing is no purpose (article 12)."""

import pytest

from tongqu.sharing.domain.purpose import is_meaningful


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="blank"),
        pytest.param("　　　　　　　　　　　　", id="only blanks"),
        pytest.param("应急处置使用", id="six characters"),
        pytest.param("用用用用用用用用用用用用", id="one character repeated"),
        pytest.param("测试测试测试测试测试测试", id="two characters repeated"),
        pytest.param("，。！？，。！？，。！？", id="only punctuation"),
        pytest.param("1234567890123", id="only digits"),
        pytest.param("应急。。。。。。。。。。。", id="punctuation fills it up"),
    ],
)
def test_a_text_that_says_nothing_is_refused(text: str) -> None:
    assert not is_meaningful(text)


@pytest.mark.parametrize(
    "text",
    [
        "恶劣天气下航班延误旅客疏运调度",
        "用于 12345 热线投诉核查与反馈",
        "Monthly flight delay statistics",
    ],
)
def test_a_text_that_says_what_for_is_accepted(text: str) -> None:
    assert is_meaningful(text)
