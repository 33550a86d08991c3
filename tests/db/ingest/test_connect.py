"""From a scanned file to a draft entry, and from the entry to the agreement."""

import pytest

from tests.db.ingest.test_load import GOOD
from tongqu.catalog import public as catalog
from tongqu.catalog.vocabulary import DataType
from tongqu.ingest import public as ingest
from tongqu.ingest.vocabulary import FileOptions
from tongqu.kernel.problems import Rejected

pytestmark = pytest.mark.usefixtures("at")
FILE = (
    "plate,code,length_km,at\n"
    "赣A12345,007,1.5,2026-01-02 03:04:05\n赣B00001,010,,2026-01-03 00:00:00\n"
)


def test_a_scan_proposes_types_keys_levels_and_a_draft_comes_from_it(
    register, write, world
) -> None:
    register(columns=(), cycle="monthly")
    actor = world.actor("cataloguer")

    profile = ingest.scan("roads", write(FILE), by=actor)
    entry = ingest.draft("roads", by=actor, name="示例车辆信息")

    kinds = {column.name: column.data_type for column in profile.columns}
    assert kinds == {
        "plate": DataType.STRING, "code": DataType.STRING,  # a leading zero is no number
        "length_km": DataType.DECIMAL, "at": DataType.DATETIME,
    }  # fmt: skip
    plate = profile.columns[0]
    assert plate.level >= 2
    assert plate.is_key_candidate
    assert plate.shapes[0] == "文A99999"
    assert [item.source_column or item.name_en for item in entry.items] == list(kinds)
    assert entry.update_cycle == "monthly"
    source = ingest.source("roads")
    assert source.entry_code == entry.code
    assert "plate" in source.columns[0].fixes


def test_a_scan_of_the_same_file_is_answered_from_the_last(
    register, write, world, monkeypatch
) -> None:
    register(columns=())
    actor = world.actor("cataloguer")
    path = write(FILE)
    first = ingest.scan("roads", path, by=actor)

    def parse(*_, **__):
        pytest.fail("the file was parsed again")

    monkeypatch.setattr("tongqu.adapters.sources.files.connector.FileConnector.open", parse)

    assert ingest.scan("roads", path, by=actor) == first


def test_connecting_takes_types_and_keys_from_the_entry(register, deliver, write, world) -> None:
    from dataclasses import replace

    register(columns=())
    actor = world.actor("cataloguer")
    ingest.scan("roads", write(GOOD), by=actor)
    entry = ingest.draft("roads", by=actor)
    items = [replace(item, is_key=item.name_en == "id", length=4) for item in entry.items]
    catalog.edit_draft(entry.code, by=actor, fields={"items": items})

    view = ingest.connect("roads", entry.code, by=actor)
    batch = deliver("id,name,length_km\n,甲,1\n2,名称太长了,1\n3,乙,1\n")

    assert [c.is_key for c in view.columns] == [True, False, False]
    assert batch.reasons == {"KEY_MISSING": 1, "TOO_LONG": 1}
    assert catalog.entry(entry.code).connected_rows == 1


def test_only_a_load_with_rows_connects_an_entry(register, deliver, write, world) -> None:
    register(columns=())
    actor = world.actor("cataloguer")
    ingest.scan("roads", write(GOOD), by=actor)
    entry = ingest.draft("roads", by=actor)

    deliver("id,name,length_km\n", "header-only.csv")
    assert catalog.entry(entry.code).connected_at is None

    deliver(GOOD)
    connected = catalog.entry(entry.code)
    assert connected.connected_at is not None
    assert connected.connected_rows == 3


def test_a_scan_of_a_bad_file_is_refused_with_the_reason(register, write, world) -> None:
    register(columns=(), options=FileOptions(encoding="gb18030"))

    with pytest.raises(Rejected) as refused:
        ingest.scan("roads", write(GOOD), by=world.actor("cataloguer"))

    assert refused.value.problem.code == "WRONG_ENCODING"


def test_another_department_cannot_register_for_us(world, lake) -> None:
    with pytest.raises(Rejected) as refused:
        ingest.register_source(
            code="roads", name="示例", provider_id=world.organisations["990000-YJ"].pk,
            by=world.actor("cataloguer"),
        )  # fmt: skip

    assert refused.value.problem.code == "NOT_YOUR_SOURCE"


def test_a_load_before_any_agreement_is_refused(register, deliver) -> None:
    register(columns=())

    with pytest.raises(Rejected) as refused:
        deliver(GOOD)

    assert refused.value.problem.code == "NOT_SCANNED"
