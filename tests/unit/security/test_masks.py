"""Masks, on the engine that applies them: what stays, what goes, and that it is always the same."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongqu.security.domain.masks import mask_expression
from tongqu.security.vocabulary import Mask

duckdb = pytest.importorskip("duckdb", reason="the engine is not installed")
ENGINE = duckdb.connect()
SALT = "一个'盐\\"
CHANGING = [mask for mask in Mask if mask is not Mask.NONE]


def masked(mask: Mask, *values: object, column: str = "x", salt: str = SALT) -> list[object]:
    """Return the values as the engine masks them, in order."""
    sql = mask_expression(mask, column, salt=salt).sql(dialect="duckdb")
    quoted = '"' + column.replace('"', '""') + '"'
    pairs = f"SELECT unnest(range({len(values)})) AS n, unnest(?::VARCHAR[]) AS {quoted}"
    rows = ENGINE.execute(f"SELECT {sql} FROM ({pairs}) ORDER BY n", [list(values)]).fetchall()
    return [row[0] for row in rows]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("13812345678", "138****5678"),
        ("11010119900307451X", "110***********451X"),
        ("京A12345", "京A***45"),
        ("沪AD12345", "沪A****45"),
        ("张三", "张*"),
        ("欧阳三丰", "欧***"),
        ("zhang@example.com", "z***@example.com"),
        ("ab@example.com", "***@example.com"),
        ("12345678", "12****78"),
        ("12345", "1***5"),
        ("a", "*"),
        ("", ""),
        ("😀😀😀", "😀**"),
        (None, None),
    ],
)
def test_covering_keeps_what_the_shape_allows(value: str | None, expected: str | None) -> None:
    assert masked(Mask.COVER, value) == [expected]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("37", "30~40"), ("-4.5", "-5~-4"), ("0", "0"), ("0.037", "0.03~0.04"),
        ("116.397128", "116.40"), ("2026-09-24", "2026-09"), ("2026-09-24 10:00:00", "2026-09"),
        ("江西省南昌市", "江西**"), ("甲", "*"), ("", ""), ("nan", "***"), (None, None),
    ],
)  # fmt: skip
def test_generalising_gives_bands_months_and_grids(value: str | None, expected: str | None) -> None:
    assert masked(Mask.GENERALISE, value) == [expected]


def test_truncating_keeps_the_first_third_at_most_six() -> None:
    assert masked(Mask.TRUNCATE, "13812345678", "1" * 60, "ab", None) == ["138", "1" * 6, "", None]


def test_replacing_and_emptying_leave_nothing_of_the_value() -> None:
    assert masked(Mask.REPLACE, "张三", None) == ["[已替换]", None]
    assert masked(Mask.NULLIFY, "张三", None) == [None, None]


def test_no_mask_leaves_the_value() -> None:
    assert masked(Mask.NONE, "张三", None) == ["张三", None]


def test_hashing_is_salted() -> None:
    one, two = masked(Mask.HASH, "a")[0], masked(Mask.HASH, "a", salt="other")[0]

    assert one != two
    assert re.fullmatch("[0-9a-f]{64}", str(one))
    assert masked(Mask.HASH, None) == [None]


def test_noise_stays_near_and_only_numbers_have_it() -> None:
    values = [str(number) for number in (*range(-300, 300, 7), 1.25, 99.5)]

    found = masked(Mask.NOISE, *values)

    for value, noisy in zip(values, found, strict=True):
        assert isinstance(noisy, float)
        assert abs(noisy - float(value)) <= max(abs(float(value)) * 0.05, 1.5) + 0.5
    assert sum(float(v) != n for v, n in zip(values, found, strict=True)) > len(values) / 2
    assert masked(Mask.NOISE, "张三", "", "nan", "inf", None) == [None] * 5


@pytest.mark.parametrize(
    ("value", "shape"),
    [
        ("13812345678", r"\d{11}"), ("京A12345", r"京A\d{5}"), ("11010119900307451X", r"\d{17}X"),
        ("00", r"\d\d"), ("9" * 30, r"\d{30}"), ("138-1234-5678", r"[0-9a-f]{13}"),
        ("7", r"[0-9a-f]"),
    ],
)  # fmt: skip
def test_the_digit_exchange_keeps_the_format(value: str, shape: str) -> None:
    found = str(masked(Mask.FPE, value)[0])

    assert re.fullmatch(shape, found)


def test_the_digit_exchange_is_one_to_one_and_keyed() -> None:
    numbers = [f"{number:04d}" for number in range(10_000)]

    found = masked(Mask.FPE, *numbers)

    assert sorted(map(str, found)) == numbers
    assert found != masked(Mask.FPE, *numbers, salt="other")
    assert masked(Mask.FPE, None, "") == [None, ""]


@pytest.mark.parametrize("mask", CHANGING)
def test_the_same_value_has_the_same_mask_wherever_it_stands(mask: Mask) -> None:
    values = ["13812345678", "张三", "12.5", "2026-09-24", "", None]

    alone = [masked(mask, value)[0] for value in values]

    assert masked(mask, *values * 50) == alone * 50


@pytest.mark.parametrize("mask", list(Mask))
@pytest.mark.parametrize(
    "column", ['a"b', "x; DROP TABLE t; --", "列 名", "select", "v", "salt", "'", "a.b", "x\\"]
)
def test_a_column_name_cannot_break_out(mask: Mask, column: str) -> None:
    assert len(masked(mask, "13812345678", column=column)) == 1


@pytest.mark.parametrize("mask", [Mask.HASH, Mask.FPE, Mask.NOISE])
@pytest.mark.parametrize("salt", ["'; DROP TABLE t; --", "\\'", "$$", "", "%s"])
def test_a_salt_cannot_break_out(mask: Mask, salt: str) -> None:
    assert len(masked(mask, "13812345678", salt=salt)) == 1


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])),
        min_size=1,
        max_size=20,
    )
)
def test_any_text_can_be_masked_and_long_ones_do_not_come_through(values: list[str]) -> None:
    for mask in (Mask.COVER, Mask.GENERALISE, Mask.HASH, Mask.FPE, Mask.TRUNCATE):
        found = masked(mask, *values)

        assert None not in found
        if mask is Mask.COVER:
            assert all(
                len(str(f)) == len(v) for f, v in zip(found, values, strict=True) if "@" not in v
            )
        if mask is not Mask.FPE:  # an exchange may map a short number to itself
            leaked = [v for f, v in zip(found, values, strict=True) if f == v and len(v) > 3]
            assert [v for v in leaked if set(v) != {"*"}] == []


def test_numbers_and_dates_can_be_masked_as_they_are() -> None:
    with duckdb.connect() as connection:
        for mask in Mask:
            sql = mask_expression(mask, "x", salt=SALT).sql(dialect="duckdb")
            for literal in ("13812345678", "1.5", "DATE '2026-09-24'", "true", "NULL",
                            "TIMESTAMP '2026-09-24 10:00:00'"):  # fmt: skip
                rows = connection.execute(f"SELECT {sql} FROM (SELECT {literal} AS x)").fetchall()
                assert len(rows) == 1


@pytest.mark.parametrize("key", ["k", "a" * 64, "钥" * 40])
def test_a_pseudonym_is_the_hmac_of_the_value_under_the_zones_key(key: str) -> None:
    import hmac

    values = ["EX00000001", "张示例", ""]

    expected = [hmac.new(key.encode(), v.encode(), "sha256").hexdigest() for v in values]

    assert masked(Mask.PSEUDONYM, *values, None, salt=key) == [*expected, None]
