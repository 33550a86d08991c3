"""五跨: what a flow crosses, as a pure function of its two ends."""

import pytest

from tongqu.ledger.domain.crossings import Place, crossings
from tongqu.ledger.vocabulary import Crossing as C

CITY = Place("ganzhou", "city", "360700")
CASES = {
    "a city to another department of its province": (
        CITY, Place("yj", "province", "360000"), {C.DEPARTMENT, C.LEVEL},
    ),
    "one city to another": (CITY, Place("nc", "city", "360100"), {C.DEPARTMENT, C.REGION}),
    "a county to its city": (
        Place("x", "county", "360702"), CITY, {C.DEPARTMENT, C.LEVEL},
    ),
    "one province to another": (
        Place("a", "province", "360000"), Place("b", "province", "440000"),
        {C.DEPARTMENT, C.REGION},
    ),
    "inside one department": (
        Place("jt", "province", "360000"), Place("jt", "province", "360000"), set(),
    ),
    "between systems and businesses of one department": (
        Place("jt", "province", "360000", "甲系统", "transport"),
        Place("jt", "province", "360000", "乙系统", "safety"), {C.SYSTEM, C.BUSINESS},
    ),
    "what is unknown crosses nothing": (
        Place("jt", "province", "", "", "transport"), Place("jt", "", "360000", "乙", ""), set(),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_flow_is_flagged_by_its_two_ends(case: str) -> None:
    source, target, expected = CASES[case]

    assert set(crossings(source, target)) == expected
    assert set(crossings(target, source)) == expected  # a flow back crosses the same
