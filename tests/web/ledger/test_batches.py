"""The list for authorised operation: drawn, signed by four, frozen, exported."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.factories_catalog import draft_entry, published_entry
from tests.factories_ledger import four_parties
from tests.world import World
from tongqu.catalog.models import EntryVersion
from tongqu.kernel.clock import FixedClock
from tongqu.ledger.models import OperationBatch
from tongqu.project.packs import loading
from tongqu.project.packs.reading import read_pack

API = "/api/v1/ledger"
ROOT = Path(__file__).resolve().parents[3]
HEADS = ["序号", "提供部门", "名称", "供给方式", "更新周期"]


def call(client: Any, method: str, path: str, body: object = None) -> Any:
    return getattr(client, method)(
        f"{API}{path}", json.dumps(body or {}), content_type="application/json"
    )


def begun(world: World, browser_of: Any) -> Any:
    parties = four_parties(world)
    managing = browser_of("managing")
    body = {"title": "示例：第一批授权运营公共数据资源目录清单", "parties": parties}
    made = call(managing, "post", "/batches", body)
    assert made.status_code == 201, made.content
    return managing


def signed(browser_of: Any) -> OperationBatch:
    digest = OperationBatch.objects.get().digest
    for party in ("data_authority", "transport", "service_office", "implementing"):
        client = browser_of(f"signer-{party}")
        assert "代表本单位会签" in client.get("/manage/batches/1/").content.decode()
        client.post("/manage/batches/1/", {"sign": "", "digest": digest})
    return OperationBatch.objects.get()


def exported(client: Any) -> tuple[list[list[str]], list[list[Any]], list[str]]:
    text = client.get("/manage/batches/1/export/csv/").content.decode("utf-8-sig")
    book = load_workbook(io.BytesIO(client.get("/manage/batches/1/export/xlsx/").content))
    rows = list(book.active.iter_rows())
    links = [row[5].hyperlink.target for row in rows[1:]]
    return list(csv.reader(io.StringIO(text))), [[c.value for c in row] for row in rows], links


@pytest.mark.req("CAT-18")
def test_batch_1_exports_exactly_35_rows_each_linked_to_a_published_entry(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    managing = begun(world, browser_of)
    codes = [published_entry(world, name=f"示例资源{n:02}").code for n in range(1, 36)]
    managing.post("/manage/batches/1/", {"draw": "", "entries": "\n".join(codes)})
    managing.post("/manage/batches/1/", {"send": ""})

    batch = signed(browser_of)
    lines, cells, links = exported(managing)

    assert batch.state == "frozen"
    assert len(batch.digest) == 64
    assert lines[0][:5] == cells[0][:5] == HEADS
    assert len(lines) - 1 == len(cells) - 1 == 35
    assert lines[1][:5] == ["1", "示例省交通运输厅民航处", "示例资源01", "接口", "每日"]
    for code, link in zip(codes, links, strict=True):
        assert link.endswith(f"/catalog/{code}/")
        assert managing.get(f"/catalog/{code}/").status_code == 200
    page = browser_of("managing").get(f"/catalog/{codes[0]}/").content.decode()
    assert "第 1 批" in page


@pytest.mark.req("CAT-18")
def test_the_35_resources_of_the_pack_make_the_list(
    world: World, at: FixedClock, browser_of: Any, lake: Path
) -> None:
    folder = ROOT / "packs" / "jiangxi-2026"
    provider = world.organisations["990000-MH"].pk
    loaded = loading.load_pack(folder, provider_id=provider)
    pack = read_pack(folder)
    assert pack.batch is not None
    ordered = [loaded.codes[row["slug"]] for row in pack.batch["rows"]]
    loading.publish_loaded(
        ordered, cataloguer=world.actor("cataloguer"), reviewer=world.actor("provider")
    )
    managing = begun(world, browser_of)
    supply = dict.fromkeys(ordered, "interface")
    call(managing, "put", "/batches/1/rows", {"codes": ordered, "supply": supply})
    call(managing, "post", "/batches/1/signing")

    signed(browser_of)
    lines, cells, links = exported(managing)

    assert len(lines) - 1 == len(cells) - 1 == len(links) == 35
    assert [line[2] for line in lines[1:]] == [row["name"] for row in pack.batch["rows"]]
    assert {line[3] for line in lines[1:]} == {"接口"}


def test_an_unpublished_entry_is_refused_by_its_code(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    managing = begun(world, browser_of)
    draft = draft_entry(world).code

    drawn = call(managing, "put", "/batches/1/rows", {"codes": [draft]})
    page = managing.post("/manage/batches/1/", {"draw": "", "entries": draft})

    assert drawn.json()["code"] == "NOT_PUBLISHED"
    assert drawn.json()["facts"]["codes"] == [draft]
    assert page.status_code == 422
    assert draft in page.content.decode()


def test_an_entry_stopped_before_the_last_signature_holds_the_list_up(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    managing = begun(world, browser_of)
    code = published_entry(world).code
    call(managing, "put", "/batches/1/rows", {"codes": [code]})
    digest = call(managing, "post", "/batches/1/signing").json()["digest"]
    EntryVersion.objects.filter(entry__code=code).update(state="stopped")

    refused = call(
        browser_of("signer-transport"), "post", "/batches/1/signature", {"digest": digest}
    )

    assert refused.json()["code"] == "NOT_PUBLISHED"


def test_each_party_signs_once_and_only_what_it_saw(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    managing = begun(world, browser_of)
    code = published_entry(world).code
    call(managing, "put", "/batches/1/rows", {"codes": [code]})
    digest = call(managing, "post", "/batches/1/signing").json()["digest"]
    signer = browser_of("signer-transport")

    stranger = call(managing, "post", "/batches/1/signature", {"digest": digest})
    unseen = call(signer, "post", "/batches/1/signature", {"digest": "0" * 64})
    first = call(signer, "post", "/batches/1/signature", {"digest": digest})
    second = call(signer, "post", "/batches/1/signature", {"digest": digest})
    changed = call(managing, "put", "/batches/1/rows", {"codes": []})
    reopened = call(managing, "post", "/batches/1/reopening", {"reason": "示例：更正名称"})

    assert stranger.json()["code"] == "NOT_YOUR_PART"
    assert unseen.status_code == 422
    assert first.status_code == 200
    assert second.json()["code"] == "ALREADY_SIGNED"
    assert changed.json()["code"] == "BATCH_FROZEN"
    assert [party["signed_by"] for party in reopened.json()["parties"]] == ["", "", "", ""]


def test_a_name_that_begins_like_a_formula_stays_a_text(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    managing = begun(world, browser_of)
    code = published_entry(world, name='=HYPERLINK("示例")').code
    call(managing, "put", "/batches/1/rows", {"codes": [code]})

    lines, cells, _ = exported(managing)

    assert lines[1][2] == '\'=HYPERLINK("示例")'
    assert cells[1][2] == '=HYPERLINK("示例")'


def test_signatures_wait_in_the_todo_page(world: World, at: FixedClock, browser_of: Any) -> None:
    managing = begun(world, browser_of)
    call(managing, "put", "/batches/1/rows", {"codes": [published_entry(world).code]})
    call(managing, "post", "/batches/1/signing")

    assert "清单会签" in browser_of("signer-implementing").get("/desk/todo/").content.decode()


def test_an_act_nobody_knows_sends_nothing_to_be_signed(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    managing = begun(world, browser_of)
    call(managing, "put", "/batches/1/rows", {"codes": [published_entry(world).code]})

    answer = managing.post("/manage/batches/1/", {"surprise": ""})

    assert answer.status_code == 422
    assert OperationBatch.objects.get().state == "compiling"
