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


def test_two_items_of_one_name_keep_decisions_of_their_own() -> None:
    here = [item("日期", "valid_from", level=2), item("日期", "valid_to", level=2)]
    there = [item("日期", "valid_from", level=3), item("日期", "valid_to", level=3)]
    sources = {"b": there, "a": here}

    labels = [c.item for c in merging.conflicts(sources)]
    kept = merging.merged(
        {"a": here, "b": there}, {("日期（2）", Kind.LEVEL): "a", ("日期", Kind.LEVEL): "b"}
    )

    assert labels == ["日期", "日期（2）"]
    assert [(i.name_en, i.level) for i in kept] == [("valid_from", 3), ("valid_to", 2)]


def test_a_key_item_named_like_a_dropped_one_is_not_dropped_with_it() -> None:
    key = item("编号", "permit_no", is_key=True)
    sources = {"a": [item("编号", "old_no"), key], "b": [item("证号", "permit_no")]}

    kept = merging.merged(sources, {("编号", Kind.ONLY_IN_SOME): merging.DROP})

    assert [i.name_en for i in kept] == ["permit_no"]


def test_the_order_in_which_sources_are_named_changes_no_label() -> None:
    one, other = [item("站级", "grade")], [item("车站等级", "grade")]

    first = merging.conflicts({"a": one, "b": other})
    second = merging.conflicts({"b": other, "a": one})

    assert [c.item for c in first] == [c.item for c in second] == ["站级"]


def test_a_long_name_makes_a_label_that_fits() -> None:
    twice = [item("长" * 200, "a"), item("长" * 200, "b")]

    labels = [c.item for c in merging.conflicts({"a": twice, "b": []})]

    assert len(set(labels)) == 2
    assert max(map(len, labels)) <= merging.LONGEST_LABEL
