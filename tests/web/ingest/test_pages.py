"""The provider's way through the pages: register, scan, draft, hand in, correct."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tongqu.ingest.models import Batch, Source

GOOD = "id,name,length_km\n1,昌九高速,138.0\n2,沪昆高速,575.2\n"
TASKS = "/manage/ingest/"


def upload(text: str, name: str = "roads.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode(), "text/csv")


def register(client, **changes: str):
    fields = {
        "code": "roads",
        "name": "示例路网",
        "cycle": "daily",
        "delimiter": ",",
        "header": "on",
    }
    return client.post("/manage/ingest/new/", fields | changes)


@pytest.fixture
def provider(browser_of, lake, at):
    client = browser_of("cataloguer")
    register(client)
    client.post(f"{TASKS}roads/upload/", {"file": upload(GOOD), "do": "scan"})
    return client


def test_a_source_is_registered_scanned_and_loaded_by_page(provider) -> None:
    scanned = provider.get(f"{TASKS}roads/").content.decode()
    assert "length_km" in scanned
    assert "起草目录" in scanned

    answer = provider.post(
        f"{TASKS}roads/upload/", {"file": upload(GOOD), "do": "load"}, follow=True
    )

    page = answer.content.decode()
    assert "PC-2026-0924-001" in page
    assert "接收 <b>2</b> = 入湖 <b>2</b> + 隔离 <b>0</b> + 重复 <b>0</b>" in page
    tasks = provider.get(TASKS).content.decode()
    assert "示例路网" in tasks
    assert "成功" in tasks


def test_rejected_rows_are_downloaded_with_reason_and_hint(provider, browser_of) -> None:
    text = GOOD + "3,丙\n四,丁,1\n"
    provider.post(f"{TASKS}roads/upload/", {"file": upload(text), "do": "load"})

    answer = provider.get(f"{TASKS}batches/PC-2026-0924-001/rejected.csv")

    lines = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert lines[0] == ["行号", "规则", "原因", "处理建议", "原始字段"]
    assert [(line[0], line[1]) for line in lines[1:]] == [
        ("4", "TOO_FEW_FIELDS"),
        ("5", "TYPE_MISMATCH"),
    ]
    assert lines[2][4] == "四,丁,1"
    assert "部分成功" in provider.get(TASKS).content.decode()


def test_rejected_rows_are_for_the_producing_department_only(provider, browser_of) -> None:
    provider.post(f"{TASKS}roads/upload/", {"file": upload(GOOD + "x,丙,1\n"), "do": "load"})

    answers = {
        who: browser_of(who).get(f"{TASKS}batches/PC-2026-0924-001/rejected.csv").status_code
        for who in ("managing", "support", "city", "consumer")
    }

    assert answers == {"managing": 403, "support": 403, "city": 404, "consumer": 403}


def test_another_department_neither_sees_nor_loads_a_source(provider, browser_of, world) -> None:
    from tongqu.identity.models import Assignment, Person

    other = world.organisations["990000-YJ"]
    person = Person.objects.create(username="other", display_name="示例·他部门", organisation=other)
    Assignment.objects.create(person=person, role="cataloguer", organisation=other)
    world.people["other"] = person
    client = browser_of("other")

    assert client.get(f"{TASKS}roads/").status_code == 404
    assert (
        client.post(f"{TASKS}roads/upload/", {"file": upload(GOOD), "do": "load"}).status_code
        == 404
    )
    assert Batch.objects.count() == 0


def test_the_support_unit_sees_every_task(provider, browser_of) -> None:
    assert "示例路网" in browser_of("support").get(TASKS).content.decode()


def test_a_refused_file_shows_its_reason_and_returns_to_the_todo_list(provider, world) -> None:
    from tongqu.ingest import public as ingest

    answer = provider.post(
        f"{TASKS}roads/upload/", {"file": upload("id,title,length_km\n1,甲,1\n"), "do": "load"},
        follow=True,
    )  # fmt: skip

    assert "SCHEMA_DRIFT" in answer.content.decode()
    (todo,) = ingest.todos(world.actor("cataloguer"))
    assert (todo.kind, todo.reference) == ("接入退回", "PC-2026-0924-001")


def test_an_empty_upload_is_told_under_the_field(browser_of, lake, at) -> None:
    client = browser_of("cataloguer")
    register(client)

    answer = client.post(f"{TASKS}roads/upload/", {"file": upload(""), "do": "scan"})

    assert answer.status_code == 422
    assert "文件是空的" in answer.content.decode()


def test_a_form_without_a_file_comes_back(provider) -> None:
    assert provider.post(f"{TASKS}roads/upload/", {"do": "load"}).status_code == 422


def test_a_wrong_option_is_told_at_its_field(browser_of, lake, at) -> None:
    answer = register(browser_of("cataloguer"), delimiter="a")

    assert answer.status_code == 200
    assert "分隔符" in answer.content.decode()
    assert Source.objects.count() == 0


def test_nothing_of_an_upload_stays_behind_in_the_incoming_folder(provider, settings) -> None:
    provider.post(f"{TASKS}roads/upload/", {"file": upload(GOOD), "do": "load"})

    assert list((settings.LANDING / "incoming").iterdir()) == []


def test_how_a_file_is_read_is_changed_on_the_sources_page(provider, browser_of) -> None:
    semicolons = GOOD.replace(",", ";")
    link = f"{TASKS}roads/options/"
    assert link in provider.get(f"{TASKS}roads/").content.decode()
    assert provider.get(link).context["form"]["delimiter"].value() == ","
    wrong = provider.post(link, {"delimiter": "ab"})
    assert wrong.status_code == 422
    assert browser_of("consumer").post(link, {"delimiter": ";"}).status_code in {403, 404}

    provider.post(link, {"delimiter": ";", "header": "on"})
    provider.post(f"{TASKS}roads/upload/", {"file": upload(semicolons), "do": "load"})

    assert Source.objects.get().options["delimiter"] == ";"
    assert Batch.objects.get().stored == 2
    door = "/api/v1/ingest/sources/roads/options"
    put = {"content_type": "application/json"}
    assert provider.put(door, {"options": {"full_state": True}}, **put).status_code == 200
    held = Source.objects.get().options
    assert (held["delimiter"], held["full_state"], held["unique_keys"]) == (";", True, True)
    assert provider.put(door, {"options": {"delimeter": ","}}, **put).status_code == 422


def test_every_batch_of_a_source_can_be_reached(provider) -> None:
    source = Source.objects.get()
    fixed = {"source": source, "actor_key": "x", "started_at": source.created_at,
             "ended_at": source.created_at, "state": "failed"}  # fmt: skip
    Batch.objects.bulk_create(Batch(number=f"PC-2026-0923-{n:03d}", **fixed) for n in range(31))

    assert "PC-2026-0923-000" not in provider.get(f"{TASKS}roads/").content.decode()
    assert "PC-2026-0923-000" in provider.get(f"{TASKS}roads/?page=2").content.decode()
