"""Proposing a level from a column's name and a sample: recognised by check digits, not guessed."""

from decimal import Decimal

import pytest

from tongqu.security.domain.detectors import (
    ID_CHECKS,
    ID_WEIGHTS,
    USCC_LETTERS,
    VIN_VALUES,
    VIN_WEIGHTS,
    is_bank_card,
    is_id_card,
    is_uscc,
    is_vin,
    propose_level,
)
from tongqu.security.vocabulary import Mask


def id_card(number: int) -> str:
    """Return a made-up citizen's number with a right check digit (示例, region 990000)."""
    head = (
        f"990000{1950 + number % 50}{number % 12 + 1:02d}{number % 28 + 1:02d}{number % 1000:03d}"
    )
    total = sum(int(c) * w for c, w in zip(head, ID_WEIGHTS, strict=True))
    return head + ID_CHECKS[total % 11]


def luhn(head: str) -> str:
    return next(head + d for d in "0123456789" if is_bank_card(head + d))


def uscc(number: int) -> str:
    head = f"91990000{number:09d}"
    return next(head + letter for letter in USCC_LETTERS if is_uscc(head + letter))


def vin(number: int) -> str:
    blank = f"LSVAM418072{number:06d}"
    total = sum(VIN_VALUES[c] * w for c, w in zip(blank, VIN_WEIGHTS, strict=True))
    return blank[:8] + "0123456789X"[total % 11] + blank[9:]


SAMPLES = {
    "id_card": [id_card(number) for number in range(1000)],
    "bank_card": [luhn(f"622202{number:012d}") for number in range(1000)],
    "uscc": [uscc(number) for number in range(1000)],
    "vin": [vin(number) for number in range(1000)],
    "mobile": [f"138{number:08d}" for number in range(1000)],
    "plate": [f"赣A{number:05d}" for number in range(1000)],
    "email": [f"user{number}@example.com" for number in range(1000)],
}
LEVELS = {"id_card": 4, "bank_card": 4, "uscc": 1, "vin": 3, "mobile": 3, "plate": 3, "email": 3}


@pytest.mark.parametrize("kind", SAMPLES)
def test_a_column_is_recognised_by_its_values(kind: str) -> None:
    proposal = propose_level("column_7", SAMPLES[kind])

    assert (proposal.detector, proposal.level) == (kind, LEVELS[kind])
    assert proposal.share == 1
    assert "1000 个值" in proposal.evidence


@pytest.mark.parametrize("kind", SAMPLES)
def test_the_evidence_quotes_no_value(kind: str) -> None:
    proposal = propose_level("x", SAMPLES[kind])

    assert not any(value in proposal.evidence for value in SAMPLES[kind])


@pytest.mark.parametrize(
    ("name", "sample", "detector", "level"),
    [
        ("驾驶员", ["张三", "李四光", "王五"], "person_name", 3),
        ("driver_name", ["张三", "李四", "", " "], "person_name", 3),
        ("备注", ["张三", "李四光"], "", 1),
        ("carrier_name", ["Endeavor Air Inc.", "American Airlines Inc."], "", 1),
        ("name", ["Lansdowne Airport", "Schaumburg Regional"], "", 1),
        ("经度", ["116.397128", "-73.9"], "longitude", 2),
        ("lat", ["39.9", "40.7"], "latitude", 2),
        ("lat", ["390.9", "400.7"], "", 1),
        ("flight", ["39", "40"], "", 1),
        ("身份证号", [], "id_card", 4),
        ("column", [], "", 1),
        ("联系电话", ["13800000000", "无", "", "8888", "6666"], "mobile", 3),
        ("x", ["13800000000", "无", "8888", "6666"], "", 1),
        ("tailnum", ["N14228", "N24211"], "", 1),
        ("订单号", [str(6222020000000000000 + 7 * n) for n in range(100)], "", 1),
    ],
)
def test_name_and_values_decide_together(
    name: str, sample: list[str], detector: str, level: int
) -> None:
    proposal = propose_level(name, sample)

    assert (proposal.detector, proposal.level) == (detector, level)


def test_the_most_sensitive_kind_wins_and_brings_its_mask() -> None:
    proposal = propose_level("联系人手机", SAMPLES["id_card"])

    assert (proposal.detector, proposal.mask) == ("id_card", Mask.COVER)


def test_the_share_counts_the_values_that_are_there() -> None:
    proposal = propose_level("x", ["13800000000", "13800000001", "无", "", "  "])

    assert proposal.share == Decimal("0.667")


@pytest.mark.parametrize(
    ("check", "right"),
    [(is_id_card, id_card(5)), (is_bank_card, luhn("622202000000000005")), (is_uscc, uscc(5)),
     (is_vin, vin(5))],
)  # fmt: skip
def test_one_wrong_digit_fails_the_check(check: object, right: str) -> None:
    assert callable(check)
    assert check(right)
    wrong = right[:-2] + str((int(right[-2]) + 1) % 10) + right[-1]

    assert not check(wrong)
    assert not check("")
    assert not check(right + "1")
