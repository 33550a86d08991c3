"""Check digits in SQL beside plain Python, over values that nobody chose."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.standards.engine import check, judge

USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"
VIN = {**{c: int(c) for c in "0123456789"},
       **dict(zip("ABCDEFGH", range(1, 9), strict=True)),
       **dict(zip("JKLMN", range(1, 6), strict=True)), "P": 7, "R": 9,
       **dict(zip("STUVWXYZ", range(2, 10), strict=True))}  # fmt: skip
EXAMPLES = 20  # each example judges many values in one statement


def uscc_of(head: str) -> str:
    total = sum(USCC.index(c) * pow(3, i, 31) for i, c in enumerate(head))
    return head + USCC[(31 - total % 31) % 31]


def id_of(head: str) -> str:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return head + "10X98765432"[sum(int(c) * w for c, w in zip(head, weights, strict=True)) % 11]


def vin_of(text: str) -> str:
    weights = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
    rest = sum(VIN[c] * w for c, w in zip(text, weights, strict=True)) % 11
    return text[:8] + "0123456789X"[rest] + text[9:]


def imo_of(head: str) -> str:
    return head + str(sum(int(c) * (7 - i) for i, c in enumerate(head)) % 10)


def luhn_of(head: str) -> str:
    total = sum(
        digit if i % 2 else (2 * digit - 9 if digit > 4 else 2 * digit)
        for i, digit in enumerate(int(c) for c in reversed(head))
    )
    return head + str(-total % 10)


digits = "0123456789"
heads = {
    "uscc": st.builds(
        lambda a, b, c: uscc_of(a + b + c),
        st.text(USCC, min_size=2, max_size=2), st.text(digits, min_size=6, max_size=6),
        st.text(USCC, min_size=9, max_size=9),
    ),
    "idcard": st.builds(
        lambda a, day, c: id_of(f"{a}{day:%Y%m%d}{c}"),
        st.integers(110000, 659999), st.dates(date(1900, 1, 1), date(2026, 9, 24)),
        st.text(digits, min_size=3, max_size=3),
    ),
    "vin": st.text("".join(VIN), min_size=17, max_size=17).map(vin_of),
    "imo": st.text(digits, min_size=6, max_size=6).map(imo_of),
    "luhn": st.text(digits, min_size=11, max_size=18).map(luhn_of),
}  # fmt: skip
POSITIONS = {"uscc": range(18), "idcard": range(18), "imo": range(7), "vin": (8,)}


@pytest.mark.parametrize("algorithm", heads)
@settings(max_examples=EXAMPLES, deadline=None)
@given(data=st.data())
def test_a_value_with_its_right_digit_passes(algorithm, data) -> None:
    values = data.draw(st.lists(heads[algorithm], min_size=1, max_size=20))

    assert judge(check(kind="check_digit", algorithm=algorithm), *values) == [True] * len(values)


@pytest.mark.parametrize("algorithm", ["uscc", "idcard"])
@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_any_single_changed_character_fails(algorithm, data) -> None:
    value = data.draw(heads[algorithm])
    letters = USCC + "IOSVZ" if algorithm == "uscc" else digits + "X"
    changed = [value[:i] + letter + value[i + 1 :]
               for i in range(len(value)) for letter in letters if letter != value[i]]  # fmt: skip

    assert not any(judge(check(kind="check_digit", algorithm=algorithm), *changed))


@pytest.mark.parametrize("algorithm", ["vin", "imo", "luhn"])
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_every_other_check_digit_fails(algorithm, data) -> None:
    value = data.draw(heads[algorithm])
    place = 8 if algorithm == "vin" else len(value) - 1
    letters = digits + ("X" if algorithm == "vin" else "")
    changed = [value[:place] + c + value[place + 1 :] for c in letters if c != value[place]]

    assert not any(judge(check(kind="check_digit", algorithm=algorithm), *changed))


@settings(max_examples=EXAMPLES, deadline=None)
@given(values=st.lists(st.text(min_size=0, max_size=25), min_size=1, max_size=10))
@pytest.mark.parametrize("algorithm", heads)
def test_no_text_whatever_stops_the_engine(algorithm, values) -> None:
    kept = [value.replace("\0", "") for value in values]

    found = judge(check(kind="check_digit", algorithm=algorithm), *kept)

    assert all(answer in (True, False) for answer in found)


def test_a_birth_day_that_is_none_or_still_to_come_fails() -> None:
    rule = check(kind="check_digit", algorithm="idcard")
    values = [id_of("36010020230230001"), id_of("36010020260924001"), id_of("36010020260925001")]

    assert judge(rule, *values) == [False, True, False]
