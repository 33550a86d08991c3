"""Bulk import through the door: all or nothing for each document."""

from typing import Any

import pytest

from tests.world import World
from tongqu.catalog import public
from tongqu.catalog.models import Entry, InformationItem
from tongqu.catalog.vocabulary import EntryState, ImportOutcome, SearchFilters
from tongqu.kernel.problems import Rejected


def document(n: int, **given: Any) -> dict[str, Any]:
    return {
        "name": f"示例航班运行信息{n}",
        "category": "综合交通/民航/航班运行",
        "formats": ["table"],
        "update_cycle": "daily",
        "sharing_type": "unconditional",
        "scope": "all",
        "manners": ["query", "download"],
        "source_system": "示例系统",
        "level": 2,
        "domain": "CA",
        "items": [
            {"name_zh": "航班号", "name_en": "flight", "is_key": True, "nullable": False},
            {"name_zh": "航程", "name_en": "distance", "data_type": "integer", "length": 8},
        ],
    } | given


def load(world: World, *documents: dict[str, Any], **given: Any):
    provider = world.organisations["990000-MH"]
    return public.import_documents(
        documents, by=world.actor("cataloguer"), provider_id=provider.pk, **given
    )


def test_good_documents_become_drafts_and_a_broken_one_writes_nothing(world: World, at) -> None:
    broken = document(2, level=9, items=[{"name_en": "a"}, {"name_en": "A", "colour": "red"}])

    one, two, three = load(world, document(1), broken, document(3))

    assert one.outcome is three.outcome is ImportOutcome.DRAFTED
    assert [error.where for error in two.errors] == [
        "level", "items[2].colour", "items[1].name_en", "items[2].name_en",
    ]  # fmt: skip
    assert all(error.message and error.remedy for error in two.errors)
    assert (two.code, two.outcome) == ("", ImportOutcome.FAILED)
    assert Entry.objects.count() == 2
    assert InformationItem.objects.count() == 4
    first = public.entry(one.code)
    assert first is not None
    assert first.state is EntryState.DRAFT
    assert [item.name_en for item in first.items] == ["flight", "distance"]
    assert first.items[0].is_key
    assert not first.items[0].nullable
    assert public.search("航班", SearchFilters(), by(world)).total == 2


def by(world: World):
    return world.actor("cataloguer")


def test_a_name_that_stands_already_makes_no_second_entry(world: World, at) -> None:
    (first,) = load(world, document(1))

    again, other, twin = load(world, document(1), document(2), document(2))

    assert (again.code, again.outcome) == (first.code, ImportOutcome.EXISTING)
    assert other.outcome is ImportOutcome.DRAFTED
    assert twin.errors[0].message.startswith("与第 2 个条目同名")
    assert Entry.objects.count() == 2


def test_identifiers_of_a_batch_follow_each_other_and_are_never_given_twice(
    world: World, at
) -> None:
    codes = [row.code for row in load(world, *(document(n) for n in range(5)))]

    assert len(set(codes)) == 5
    assert [int(code.split("-")[3]) for code in codes] == [1, 2, 3, 4, 5]


def test_a_dry_run_tells_the_same_and_writes_nothing(world: World, at) -> None:
    rows = load(world, document(1), document(2, name=""), dry_run=True)

    assert [row.outcome for row in rows] == [ImportOutcome.DRAFTED, ImportOutcome.FAILED]
    assert not Entry.objects.exists()


def test_nobody_imports_for_another_department(world: World, at) -> None:
    provider = world.organisations["990000-YJ"]

    with pytest.raises(Rejected) as refused:
        public.import_documents([document(1)], by=by(world), provider_id=provider.pk)

    assert refused.value.problem.code == "NOT_YOUR_ENTRY"


def test_departments_may_be_named_and_unknown_ones_are_faults(world: World, at) -> None:
    known = document(1, scope="listed", scope_codes=["示例省应急管理厅"], provider_code="990000-MH")
    wrong = document(2, scope="listed", scope_codes=["没有的厅"], provider_code="990000-YJ")

    one, two = load(world, known, wrong)

    found = public.entry(one.code)
    assert found is not None
    assert found.scope_codes == ("990000-YJ",)
    assert [error.where for error in two.errors] == ["provider_code", "scope_codes"]


@pytest.mark.parametrize("junk", [None, [], "文字", 7, {"items": 5}, {"name": "甲\x00"}, {1: 2}])
def test_what_is_no_document_is_a_fault_and_no_crash(world: World, at, junk) -> None:
    (row,) = load(world, junk)

    assert row.outcome is ImportOutcome.FAILED
    assert row.errors


def test_row_checks_are_read_by_standards_before_anything_is_written(world: World, at) -> None:
    good = {
        "code": "R-1", "title": "航班号须填写", "kind": "required", "columns": ["flight"],
        "effect": "reject", "remedy": "补填航班号", "basis": "示例",
    }  # fmt: skip

    one, two, three = load(
        world,
        document(1, checks=[good]),
        document(2, checks=[good | {"kind": "strange"}]),
        document(3, checks=[good | {"columns": ["nowhere"]}]),
    )

    assert one.outcome is ImportOutcome.DRAFTED, one.errors
    assert [e.where for e in (*two.errors, *three.errors)] == ["checks", "checks"]
