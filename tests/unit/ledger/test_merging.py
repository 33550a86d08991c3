"""Which entries look alike, and what their items differ in."""

import pytest

from tongqu.catalog.vocabulary import DataType, ItemView
from tongqu.ledger.domain import merging
from tongqu.ledger.vocabulary import ConflictKind as Kind


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("客运站基本信息", "客运站基本信息"),
        ("甲市客运站基本信息", "客运站基本信息"),
        ("乙市客运站基本信息表", "客运站基本信息"),
        ("客运站 基本信息（数据）", "客运站基本信息"),
    ],
)
def test_a_name_is_read_without_place_and_form(name: str, plain: str) -> None:
    assert merging.normalised(name) == plain


def candidate(code: str, name: str, *items: str) -> merging.Candidate:
    return merging.Candidate(code, name, frozenset(items))


def test_entries_group_by_name_and_items_together() -> None:
    found = merging.groups(
        [
            candidate("a", "甲市客运站基本信息", "名称", "站级"),
            candidate("b", "客运站基本信息表", "名称", "站级", "经度"),
            candidate("c", "客运站票价信息", "票价"),
            candidate("d", "航道水位", "水位"),
        ]
    )

    assert found == [("a", "b")]


def item(name: str, column: str, **given: object) -> ItemView:
    return ItemView(1, name, column, **{"data_type": DataType.STRING} | given)  # type: ignore[arg-type]  # a row of a table


def test_items_are_matched_by_either_name() -> None:
    sources = {"a": [item("站级", "grade")], "b": [item("车站等级", "grade")]}

    found = merging.conflicts(sources)

    assert [(c.item, c.kind, dict(c.values)) for c in found] == [
        ("站级", Kind.NAME, {"a": "站级", "b": "车站等级"})
    ]


def test_what_agrees_is_no_conflict() -> None:
    one = item("名称", "name", length=50)

    assert merging.conflicts({"a": [one], "b": [one]}) == ()


def test_a_merge_never_lowers_a_level_unless_somebody_decides_so() -> None:
    sources = {"a": [item("手机号", "phone", level=2)], "b": [item("手机号", "phone", level=3)]}

    silent = merging.merged(sources, {})
    decided = merging.merged(sources, {("手机号", Kind.LEVEL): "a"})

    assert (silent[0].level, decided[0].level) == (3, 2)


def test_a_dropped_item_is_gone_and_positions_close_up() -> None:
    sources = {"a": [item("名称", "name"), item("备注", "note"), item("站级", "grade")],
               "b": [item("名称", "name"), item("站级", "grade")]}  # fmt: skip

    found = merging.merged(sources, {("备注", Kind.ONLY_IN_SOME): merging.DROP})

    assert [(one.position, one.name_zh) for one in found] == [(1, "名称"), (2, "站级")]
