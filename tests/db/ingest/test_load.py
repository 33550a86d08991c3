"""A file is loaded once, and its ledger balances."""

import gzip
from pathlib import Path

import pytest

from tests.db.ingest.conftest import count, rows
from tests.factories_catalog import published_entry
from tongqu.catalog import public
from tongqu.identity.models import Message
from tongqu.ingest.vocabulary import BatchState

pytestmark = pytest.mark.usefixtures("at")
GOOD = "id,name,length_km\n1,昌九高速,138.0\n2,沪昆高速,575.2\n3,大广高速,\n"


def test_a_good_file_is_stored_and_its_ledger_balances(register, deliver) -> None:
    register()

    batch = deliver(GOOD)

    assert batch.number == "PC-2026-0924-001"
    assert batch.state is BatchState.CLOSED
    assert (batch.received, batch.stored, batch.rejected, batch.duplicate) == (3, 3, 0, 0)
    assert rows("ods_roads", "id, name, length_km, _batch_id, _line, _source") == [
        (1, "昌九高速", 138.0, batch.number, 2, "roads"),
        (2, "沪昆高速", 575.2, batch.number, 3, "roads"),
        (3, "大广高速", None, batch.number, 4, "roads"),
    ]


@pytest.mark.parametrize("name", ["roads.csv", "another-name.csv"])
def test_the_same_file_again_changes_nothing_and_says_so(register, deliver, name) -> None:
    register()
    first = deliver(GOOD)

    again = deliver(GOOD, name)

    assert again.state is BatchState.CLOSED
    assert (again.received, again.stored, again.duplicate) == (3, 0, 3)
    assert first.number in again.note
    assert count("ods_roads") == 3


def test_rows_seen_before_are_duplicates_also_inside_one_file(register, deliver) -> None:
    register()
    deliver(GOOD)

    batch = deliver(GOOD + "4,济广高速,300\n4,济广高速,300\n", "more.csv")

    assert (batch.received, batch.stored, batch.rejected, batch.duplicate) == (5, 1, 0, 4)
    assert count("ods_roads") == 4


def test_a_packed_copy_of_the_same_rows_is_all_duplicates(register, deliver) -> None:
    register()
    deliver(GOOD)

    batch = deliver(gzip.compress(GOOD.encode()), "roads.csv.gz")

    assert (batch.received, batch.stored, batch.duplicate) == (3, 0, 3)


def test_wrong_rows_are_kept_apart_with_line_and_reason(register, deliver) -> None:
    register()
    text = (
        "id,name,length_km\n1,甲,1\n\n2,乙\n3,丙,1,2\n,丁,1\n五,戊,1\n6,己,一公里\n"
        "7,这是一个超过二十个字的高速公路名称不应该被接收,1\n8,辛,8\n9,壬,9,\n"
    )

    batch = deliver(text)

    assert batch.state is BatchState.CLOSED
    assert (batch.received, batch.stored, batch.rejected, batch.duplicate) == (9, 2, 7, 0)
    assert batch.reasons == {
        "KEY_MISSING": 1, "TOO_FEW_FIELDS": 1, "TOO_LONG": 1, "TOO_MANY_FIELDS": 2,
        "TYPE_MISMATCH": 2,
    }  # fmt: skip
    found = rows("quarantine_roads", "line, rule, reason, raw, batch")
    assert [(line, rule) for line, rule, *_ in found] == [
        (4, "TOO_FEW_FIELDS"), (5, "TOO_MANY_FIELDS"), (6, "KEY_MISSING"), (7, "TYPE_MISMATCH"),
        (8, "TYPE_MISMATCH"), (9, "TOO_LONG"), (11, "TOO_MANY_FIELDS"),
    ]  # fmt: skip
    assert found[3][2:] == ("id：与登记的类型不符", "五,戊,1", batch.number)
    assert rows("ods_roads", "id, _line") == [(1, 2), (8, 10)]


def test_a_renamed_column_sends_the_whole_file_back(register, deliver) -> None:
    register()
    deliver(GOOD)

    batch = deliver("id,title,length_km\n9,新路,1\n", "renamed.csv")

    assert batch.state is BatchState.QUARANTINED
    assert batch.code == "SCHEMA_DRIFT"
    assert batch.facts == {"missing": ["name"], "added": ["title"]}
    assert "name" in batch.note
    assert "title" in batch.note
    assert count("ods_roads") == 3


@pytest.mark.parametrize(
    ("header", "facts"),
    [
        ("id,name", {"missing": ["length_km"], "added": []}),
        ("id,name,length_km,note", {"missing": [], "added": ["note"]}),
    ],
    ids=["missing", "added"],
)
def test_a_missing_or_added_column_sends_the_whole_file_back(
    register, deliver, header, facts
) -> None:
    register()

    batch = deliver(header + "\n" + ",".join("1" * len(header.split(","))) + "\n")

    assert (batch.code, batch.facts) == ("SCHEMA_DRIFT", facts)
    assert count("ods_roads") == 0


def test_another_order_of_the_same_columns_is_no_drift(register, deliver) -> None:
    register()

    batch = deliver("length_km,id,name\n1.5,1,甲\n")

    assert batch.stored == 1
    assert rows("ods_roads", "id, name, length_km") == [(1, "甲", 1.5)]


def test_a_file_with_only_a_header_reports_zero_rows(register, deliver) -> None:
    register()

    batch = deliver("id,name,length_km\n")

    assert batch.state is BatchState.CLOSED
    assert batch.received == 0
    assert "只有表头" in batch.note


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "roads.csv", "EMPTY_FILE"),
        (b"\n\n", "roads.csv", "EMPTY_FILE"),
        (b"PK\x03\x04whatever", "roads.csv", "NOT_WHAT_IT_SAYS"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "roads.csv", "NOT_WHAT_IT_SAYS"),
        (b"id,name,length_km\n1,\x00\x00,1\n", "roads.csv", "NOT_WHAT_IT_SAYS"),
        (b"id,name,length_km\n1,a,1\n", "roads.csv.gz", "NOT_WHAT_IT_SAYS"),
        (gzip.compress(b"id,name,length_km\n1,a,1\n")[:-6], "roads.csv.gz", "NOT_WHAT_IT_SAYS"),
        (b"id,id,length_km\n1,a,1\n", "roads.csv", "HEADER_WRONG"),
        ("id,name,length_km\n1,路,1\n".encode("utf-16"), "roads.csv", "WRONG_ENCODING"),
    ],
    ids=["empty", "blank", "zip", "png", "nul", "not-gz", "torn-gz", "header", "utf-16"],
)
def test_a_file_that_is_not_what_it_says_is_sent_back_with_a_clear_reason(
    register, deliver, content, name, code
) -> None:
    register()

    batch = deliver(content, name)

    assert (batch.state, batch.code) == (BatchState.QUARANTINED, code)
    assert batch.note
    assert count("ods_roads") == 0


def test_a_gbk_file_is_recognised(register, deliver) -> None:
    register()

    batch = deliver(GOOD.encode("gbk"))

    assert batch.stored == 3
    assert rows("ods_roads", "name")[0] == ("大广高速",)


def test_a_wrongly_declared_encoding_names_what_the_file_looks_like(register, deliver) -> None:
    from tongqu.ingest.vocabulary import FileOptions

    register(options=FileOptions(encoding="utf-8"))

    batch = deliver(GOOD.encode("gbk"))

    assert batch.code == "WRONG_ENCODING"
    assert "GBK" in batch.note


def test_landing_keeps_no_working_file_after_a_load(register, deliver, settings) -> None:
    register()

    deliver(GOOD)

    left = {p.parent.name for p in Path(settings.LANDING).rglob("*") if p.is_file()}
    assert {name for name in left if name.startswith(("work-", "in-"))} == set()


@pytest.mark.req("QLT-11")
def test_a_plate_is_normalised_its_original_kept_and_the_fix_counted(register, deliver) -> None:
    from tongqu.catalog.vocabulary import DataType
    from tongqu.ingest.vocabulary import ColumnSpec, Fix

    register(
        columns=[
            ColumnSpec("plate", is_key=True, fixes=(Fix.TRIM, Fix.HALF_WIDTH, Fix.PLATE)),
            ColumnSpec("seats", DataType.INTEGER),
            ColumnSpec("type", codes=("K1", "K2"), code_map={"大型": "K1"}),
        ]
    )

    batch = deliver('plate,seats,type\n"赣a·12345 ",５２,K1\n赣B00001, 19 ,大型\n赣C2,1,K9\n')

    assert rows("ods_roads", "plate, seats, type") == [
        ("赣A12345", 52, "K1"),
        ("赣B00001", 19, "K1"),
    ]
    assert (batch.received, batch.stored, batch.rejected, batch.fixed) == (3, 2, 1, 2)
    assert batch.fixes == {"code_map": 1, "half_width": 1, "plate": 1, "trim": 1}
    assert batch.reasons == {"NOT_IN_CODES": 1}
    fixes = rows("quarantine_roads__fixes", 'line, "column", rule, "before", "after"', "1, 2")
    assert fixes == [
        (2, "plate", "plate", "赣a·12345 ", "赣A12345"),
        (2, "seats", "half_width", "５２", "52"),
        (3, "seats", "trim", " 19 ", "19"),
        (3, "type", "code_map", "大型", "K1"),
    ]


def test_an_open_quote_does_not_swallow_the_rest_of_the_file(register, deliver) -> None:
    register()

    batch = deliver('id,name,length_km\n1,甲,1\n2,"乙,2\n3,丙,3\n4,"丁 ""路""",4\n')

    assert (batch.received, batch.stored, batch.rejected) == (4, 3, 1)
    assert batch.reasons == {"BAD_QUOTE": 1}
    assert rows("ods_roads", "id, name, _line") == [
        (1, "甲", 2), (3, "丙", 4), (4, '丁 "路"', 5),
    ]  # fmt: skip
    assert rows("quarantine_roads", "line, raw") == [(3, '2,"乙,2')]


def test_line_ends_of_every_kind_are_read(register, deliver) -> None:
    register()

    batch = deliver(b"id,name,length_km\r\n1,a,1\n2,b\r\n3,c,3\r\n")

    assert (batch.received, batch.stored, batch.rejected) == (3, 2, 1)
    assert rows("ods_roads", "id, _line") == [(1, 2), (3, 4)]


@pytest.mark.req("CAT-04")
def test_a_file_without_a_column_turns_the_published_entry_to_update(
    register, deliver, world
) -> None:
    entry = published_entry(world)
    register(entry_code=entry.code)

    deliver("id,name\n1,昌九高速\n")

    assert public.published(entry.code).state == "to_update"
    told = Message.objects.get(kind="联动更新", organisation__code="990000-MH")
    assert "length_km" in told.text
