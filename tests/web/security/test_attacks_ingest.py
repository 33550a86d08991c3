"""Attacks by what a department hands in: others' entries, others' tables, bombs."""

import io
import json
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.factories_catalog import draft_entry, published_entry
from tongqu.catalog.models import Entry
from tongqu.ingest.models import Source

pytestmark = pytest.mark.django_db
API = "/api/v1/ingest/sources"
SHEET = (
    '<?xml version="1.0"?><worksheet xmlns='
    '"http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData>'
    "</worksheet>"
)
FAR_CELLS = (
    '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
)
PARTS = {
    "[Content_Types].xml": '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/'
    'package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
    'relationships+xml"/></Types>',
    "_rels/.rels": '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/'
    'package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/'
    'officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": '<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/'
    'spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships"><sheets><sheet name="s" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<?xml version="1.0"?><Relationships xmlns="http://schemas.'
    'openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.'
    'openxmlformats.org/officeDocument/2006/relationships/worksheet" '
    'Target="worksheets/sheet1.xml"/></Relationships>',
}


def workbook(sheet: str, **more: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in PARTS.items():
            archive.writestr(name, text)
        archive.writestr("xl/worksheets/sheet1.xml", SHEET.format(sheet))
        for name, content in more.items():
            archive.writestr(name, content)
    return made.getvalue()


def register(client, code: str = "roads", **more: object):
    body = {"code": code, "name": "示例路网", **more}
    return client.post(API, json.dumps(body), content_type="application/json")


def scan(client, name: str, content: bytes):
    return client.post(f"{API}/roads/scan", {"file": SimpleUploadedFile(name, content)})


@pytest.fixture
def city(world, browser_of, lake, at):
    """A department of its own, with a cataloguer."""
    from tongqu.identity.models import Assignment
    from tongqu.identity.vocabulary import Role

    person = world.people["city"]
    Assignment.objects.create(person=person, role=Role.CATALOGUER, organisation=person.organisation)
    return browser_of("city")


@pytest.mark.parametrize("make", [published_entry, draft_entry])
def test_a_source_is_not_tied_to_another_departments_entry(world, city, make) -> None:
    """Its loads would say of that entry that data came in, and which columns they have."""
    entry = make(world)

    answer = register(city, entry_code=entry.code)

    assert answer.status_code == 422
    assert answer.json()["code"] == "ENTRY_UNKNOWN"
    assert not Source.objects.exists()
    assert Entry.objects.get(code=entry.code).last_loaded_at is None


def test_an_entry_that_is_none_is_answered_the_same(city) -> None:
    answer = register(city, entry_code="990000-MH-CA-999999-P")

    assert (answer.status_code, answer.json()["code"]) == (422, "ENTRY_UNKNOWN")


@pytest.mark.parametrize(
    "name",
    ["示" * 200 + ".csv", "../../../../tmp/out.csv", "..\\..\\out.csv", "<b>x</b>.csv", "…" * 90],
)
def test_a_name_is_only_a_name(city, settings, name) -> None:
    """Too long in bytes, a way out of the folder, markup: the file is read or refused by it."""
    register(city)

    answer = scan(city, name, "id,name\n1,甲\n".encode())

    assert answer.status_code == (200 if name.endswith(".csv") else 422)
    assert not list(settings.LANDING.parent.glob("out.csv"))
    assert not list((settings.LANDING / "incoming").iterdir())


def test_a_source_cannot_take_the_name_of_anothers_table_of_fixes(city) -> None:
    """``quarantine_roads__fixes`` is where the fixes of ``roads`` lie."""
    assert register(city, code="roads__fixes").status_code == 422
    assert not Source.objects.exists()


def test_a_sheet_with_two_cells_at_its_far_ends_is_refused_unread(city) -> None:
    """Read whole it would be 17,000,000,000 cells."""
    register(city)

    answer = scan(city, "roads.xlsx", workbook(FAR_CELLS))

    assert answer.status_code == 422
    assert answer.json()["code"] == "DECOMPRESSION_BOMB"


def test_a_bomb_inside_a_workbook_is_refused(city) -> None:
    register(city)
    bomb = workbook(
        '<row r="1"><c r="A1"><v>1</v></c></row>', **{"xl/sharedStrings.xml": b" " * (80 << 20)}
    )

    answer = scan(city, "roads.xlsx", bomb)

    assert answer.status_code == 422
    assert answer.json()["code"] == "DECOMPRESSION_BOMB"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("long-name.csv", ("a" * 200_000 + ",b\n1,2\n").encode()),
        ("columns.csv", (",".join(f"c{n}" for n in range(30_000)) + "\n").encode()),
        ("same.csv", (",".join(["c"] * 30_000) + "\n1\n").encode()),
        ("keys.jsonl", json.dumps({f"k{n}": n for n in range(30_000)}).encode()),
        ("deep.json", b"[" * 100_000),
        ("deep.jsonl", b'{"a":' * 50_000 + b"1" + b"}" * 50_000),
    ],
)
def test_a_header_beyond_reason_is_the_files_fault(city, name, content) -> None:
    register(city)

    answer = scan(city, name, content)

    assert answer.status_code in {200, 422}
    if answer.status_code == 422:
        assert answer.json()["code"] not in {"INVALID", "UNREADABLE"}


def test_equal_values_without_end_are_refused_unread(city) -> None:
    """80,000,000 rows in less than a megabyte of Parquet."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    register(city)
    made = io.BytesIO()
    piece = pa.table({"a": pa.array([1] * 1_000_000, pa.int8())})
    with pq.ParquetWriter(made, piece.schema) as writer:
        for _ in range(80):
            writer.write_table(piece)
    assert len(made.getvalue()) < 300_000

    answer = scan(city, "roads.parquet", made.getvalue())

    assert answer.status_code == 422
    assert answer.json()["code"] == "DECOMPRESSION_BOMB"


def test_a_file_beyond_the_memory_ends_its_batch_and_blocks_no_later_one(city, monkeypatch) -> None:
    """Left open, the batch would be begun again before each later load, and fail it."""
    import duckdb

    from tongqu.adapters.sources.files import reading

    columns = [{"name": "id", "data_type": "integer"}, {"name": "name"}]
    register(city, columns=columns)

    def load() -> dict:
        content = "id,name\n1,甲\n".encode()
        file = SimpleUploadedFile("roads.csv", content)
        return city.post(f"{API}/roads/load", {"file": file}).json()

    def exhausted(*_: object, **__: object) -> None:
        raise duckdb.OutOfMemoryException("Out of Memory Error: failed to allocate")

    with monkeypatch.context() as patched:
        patched.setattr(reading, "read_csv", exhausted)
        assert (load()["state"], load()["code"]) == ("quarantined", "TOO_LARGE_TO_READ")
    assert load()["stored"] == 1
