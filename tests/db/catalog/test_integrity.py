"""What the database itself refuses, and what is kept in one transaction."""

import pytest
from django.db import IntegrityError, transaction

from tests.factories_catalog import draft_entry, published_entry
from tongqu.audit.models import AuditEntry
from tongqu.catalog import public
from tongqu.catalog.actions.draft import next_serial
from tongqu.catalog.domain.states import ENTRY, RECEIPT, Command
from tongqu.catalog.models import Entry, EntryVersion
from tongqu.catalog.vocabulary import (
    ColumnProfile,
    DataType,
    EntryState,
    ReceiptState,
    SourceProfile,
)
from tongqu.kernel import clock
from tongqu.kernel.actor import PLATFORM
from tongqu.kernel.problems import IllegalStep, Rejected


@pytest.mark.parametrize(
    ("column", "value"),
    [("name", ""), ("category", ""), ("source_system", ""), ("level", None), ("formats", []),
     ("manners", []), ("provider_id", None), ("update_cycle", ""), ("sharing_type", ""),
     ("scope", ""), ("passed_report_id", None), ("valid_from", None), ("published_by", "")],
)  # fmt: skip
def test_a_published_version_cannot_lack_anything(column: str, value: object, world, at):
    entry = published_entry(world)

    with pytest.raises(IntegrityError), transaction.atomic():
        EntryVersion.objects.filter(pk=entry.version_id).update(**{column: value})


def test_conditional_needs_conditions_and_withheld_a_basis_in_the_database(world, at):
    entry = published_entry(world)
    row = EntryVersion.objects.filter(pk=entry.version_id)

    for kind in ("conditional", "withheld"):
        with pytest.raises(IntegrityError), transaction.atomic():
            row.update(sharing_type=kind)


def test_a_fourth_type_and_a_second_version_in_force_are_refused(world, at):
    entry = published_entry(world)
    version = EntryVersion.objects.get(pk=entry.version_id)

    with pytest.raises(IntegrityError), transaction.atomic():
        EntryVersion.objects.filter(pk=version.pk).update(sharing_type="secret")
    version.pk, version.minor = None, 1
    with pytest.raises(IntegrityError), transaction.atomic():
        version.save(force_insert=True)


def test_a_serial_is_never_given_twice_not_even_after_its_entry_is_gone(world, at):
    by = world.actor("cataloguer")
    first = public.new_draft(name="示例一", owner_id=by.organisation_id, by=by, fields={})
    EntryVersion.objects.all().delete()
    Entry.objects.all().delete()

    second = public.new_draft(name="示例二", owner_id=by.organisation_id, by=by, fields={})

    assert first.code != second.code
    assert [next_serial("示例"), next_serial("示例")] == [1, 2]


def test_a_refused_step_leaves_no_trace_and_a_done_one_is_recorded(world, at):
    entry = published_entry(world)

    with pytest.raises(Rejected):
        public.issue_receipt(entry.code, by=world.actor("cataloguer"))
    public.mark_connected(entry.code, rows=3, at=clock.now(), by=world.actor("cataloguer"))
    public.issue_receipt(entry.code, by=world.actor("cataloguer"))

    actions = list(AuditEntry.objects.values_list("action", flat=True))
    assert actions == ["catalog.entry.connected", "catalog.receipt.issued"]


def test_a_scan_becomes_a_draft_with_items_levels_and_observed_columns(world, at):
    from decimal import Decimal

    by = world.actor("cataloguer")
    columns = (
        ColumnProfile("tailnum", DataType.STRING, True, Decimal("0.01"), 4043, 6, level=2,
                      mask="cover"),
        ColumnProfile("起飞时间", DataType.DATETIME, False, Decimal(0), 100, 0),
        ColumnProfile("2nd", DataType.INTEGER, True, Decimal(0), 10, 0),
    )  # fmt: skip
    profile = SourceProfile("flights", "示例航班系统", 336_776, columns)

    draft = public.draft_from_profile(
        profile=profile, name="示例航班信息", provider_id=by.organisation_id, by=by,
        defaults={"domain": "CA", "update_cycle": "daily", "category": "民航"},
    )  # fmt: skip
    rules = {f.rule for f in public.submit_for_check(draft.code, by=by).findings}

    assert [item.name_en for item in draft.items] == ["tailnum", "item_2", "item_3"]
    assert [item.name_zh for item in draft.items] == ["", "起飞时间", ""]
    assert draft.level == 2
    assert draft.sharing_type == "unconditional"
    assert "CAT-R31" in rules
    assert "CAT-R53" not in rules, "the scan was recorded as an observation"


def test_todos_go_to_who_can_act(world, at):
    entry = draft_entry(world, source_system="")
    public.submit_for_check(entry.code, by=world.actor("cataloguer"))

    mine = public.todos(world.actor("cataloguer"))
    others = [public.todos(world.actor(name)) for name in ("provider", "consumer", "city")]

    assert [item.reference for item in mine] == [entry.code]
    assert mine[0].url.endswith("/edit/")
    assert others == [[], [], []]


def test_the_tables_of_states_are_whole(world):
    assert ENTRY.final == {EntryState.ARCHIVED}
    assert RECEIPT.final == {ReceiptState.VOID}
    with pytest.raises(IllegalStep):
        ENTRY.step(EntryState.DRAFT, Command.APPROVE)


def test_a_published_entry_whose_table_changed_becomes_a_task_of_its_department(world, at):
    entry = published_entry(world)

    done = [public.mark_to_update(entry.code, by=PLATFORM, cause="示例") for _ in range(2)]

    assert done == [True, False]

    assert public.published(entry.code).state == "to_update"
    assert [t.title for t in public.todos(world.actor("cataloguer"))] == [
        f"{entry.name} 1.0 版：待更新"
    ]
