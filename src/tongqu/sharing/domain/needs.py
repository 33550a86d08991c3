"""Do two departments need the same thing? Names and items, compared without their dress."""

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise

from tongqu.kernel.law import Assumption

SIMILAR = Assumption("名称和信息项相近六成以上的需求提示合并，由主管部门确认")
THRESHOLD = 0.6
FEWEST_ITEMS = 2  # one item in common, such as a name, says nothing
_DRESS = re.compile(r"示例|信息表|数据表|明细|信息|数据|情况|清单|[\W_]")


def plain(name: str) -> str:
    """Return a name without what every name has: 信息, 数据, 表, brackets."""
    text = unicodedata.normalize("NFKC", name).casefold()
    bare = _DRESS.sub("", text)
    return bare.removesuffix("表") or text


def similarity(name: str, items: Sequence[str], other: str, other_items: Sequence[str]) -> float:
    """Return how near two needs are, 0 to 1; items count where both name at least two."""
    by_name = _overlap(_pairs(plain(name)), _pairs(plain(other)))
    mine, theirs = {plain(item) for item in items}, {plain(item) for item in other_items}
    if min(len(mine), len(theirs)) < FEWEST_ITEMS:
        return by_name
    return 0.6 * by_name + 0.4 * _overlap(mine, theirs)


def _pairs(text: str) -> set[str]:
    return {"".join(pair) for pair in pairwise(text)} or {text}


def _overlap(one: set[str], other: set[str]) -> float:
    """Return shared over the smaller of the two: a longer name may say the same more fully."""
    smaller = min(len(one), len(other))
    return len(one & other) / smaller if smaller else 0.0
