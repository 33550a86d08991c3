import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongqu.catalog.domain import identifiers


def _code(serial: int) -> str:
    return identifiers.identifier(division="990000", department="MH", domain="CA", serial=serial)


@pytest.mark.req("CAT-21")
def test_ten_thousand_identifiers_are_unique_and_a_wrong_character_is_always_seen():
    codes = [_code(serial) for serial in range(1, 10_001)]

    assert len(set(codes)) == 10_000
    assert all(identifiers.is_valid(code) for code in codes)
    for code in codes[::500]:
        for place, right in enumerate(code):
            for wrong in identifiers.ALPHABET + "-":
                if wrong != right:
                    assert not identifiers.is_valid(code[:place] + wrong + code[place + 1 :])


@given(st.integers(1, 999_999), st.integers(0, 100), st.sampled_from(identifiers.ALPHABET))
def test_any_single_error_is_detected(serial: int, place: int, wrong: str):
    code = _code(serial)
    place %= len(code)
    if code[place] != wrong:
        assert not identifiers.is_valid(code[:place] + wrong + code[place + 1 :])


def test_an_organisation_without_letters_still_gets_a_department_part():
    assert identifiers.department_of("990100", "990100") == "00"
    assert identifiers.division_of("") == "000000"
