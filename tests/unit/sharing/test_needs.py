"""Two needs are the same in what they say, not in how they are dressed."""

import pytest

from tongqu.sharing.domain.needs import THRESHOLD, similarity


@pytest.mark.parametrize(
    ("name", "items", "other", "other_items", "is_same"),
    [
        ("客运站班次信息", ["站名", "票价"], "公路客运站班次数据表", ["票价", "站名"], True),
        ("客运站班次", [], "示例·客运站班次明细表", [], True),
        ("客运站班次", ["站名"], "客运站班次", ["发车时间"], True),  # people look at the items
        ("客运站班次", [], "客运站名录", [], False),
        ("桥梁技术状况", [], "桥梁养护计划", [], False),
        ("客运站班次", ["站名"], "客运站名录", ["站名"], False),
        ("信息", [], "数据", [], False),
    ],
)
def test_needs_are_compared_by_name_and_items(
    name: str, items: list[str], other: str, other_items: list[str], is_same: bool
) -> None:
    there = similarity(name, items, other, other_items)
    back = similarity(other, other_items, name, items)

    assert (there >= THRESHOLD) == is_same
    assert there == back
    assert 0 <= there <= 1
