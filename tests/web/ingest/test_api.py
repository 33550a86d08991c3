"""The same by API."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

API = "/api/v1/ingest"


def post(client, path: str, body: dict):
    return client.post(f"{API}{path}", json.dumps(body), content_type="application/json")


def file_of(text: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("roads.csv", text.encode())


@pytest.fixture
def provider(browser_of, lake, at):
    client = browser_of("cataloguer")
    answer = post(client, "/sources", {
        "code": "roads", "name": "示例路网", "cycle": "daily",
        "columns": [{"name": "id", "data_type": "integer", "is_key": True}, {"name": "name"}],
    })  # fmt: skip
    assert answer.status_code == 201, answer.content
    return client


def test_a_source_is_registered_and_loaded_by_api(provider) -> None:
    answer = provider.post(f"{API}/sources/roads/load", {"file": file_of("id,name\n1,甲\nx,乙\n")})

    batch = answer.json()
    assert (batch["received"], batch["stored"], batch["rejected"]) == (2, 1, 1)
    assert batch["is_balanced"] is True
    assert provider.get(f"{API}/batches/{batch['number']}").json() == batch
    rejected = provider.get(f"{API}/batches/{batch['number']}/rejected")
    assert "TYPE_MISMATCH" in b"".join(rejected.streaming_content).decode()


def test_a_scan_answers_the_profile(provider) -> None:
    answer = provider.post(f"{API}/sources/roads/scan", {"file": file_of("id,name\n1,甲\n2,乙\n")})

    profile = answer.json()
    assert profile["rows"] == 2
    assert [c["data_type"] for c in profile["columns"]] == ["integer", "string"]


def test_an_unknown_option_is_named(browser_of, lake, at) -> None:
    answer = post(
        browser_of("cataloguer"), "/sources",
        {"code": "roads", "name": "示例", "options": {"delimitor": ";"}},
    )  # fmt: skip

    assert answer.status_code == 422
    problem = answer.json()
    assert problem["code"] == "OPTION_UNKNOWN"
    assert "delimitor" in problem["title"]


def test_the_same_registration_again_changes_nothing_and_another_is_refused(provider) -> None:
    same = {
        "code": "roads", "name": "示例路网", "cycle": "daily",
        "columns": [{"name": "id", "data_type": "integer", "is_key": True}, {"name": "name"}],
    }  # fmt: skip

    assert post(provider, "/sources", same).status_code == 201
    assert post(provider, "/sources", same | {"name": "另一个"}).status_code == 409


def test_who_may_not_load_is_told_why(provider, browser_of) -> None:
    answer = browser_of("consumer").post(
        f"{API}/sources/roads/load", {"file": file_of("id,name\n")}
    )

    assert answer.status_code == 403
    assert answer.json()["code"] == "NOT_PERMITTED"


def test_an_unknown_source_or_batch_is_not_found(provider) -> None:
    assert provider.post(f"{API}/sources/none/load", {"file": file_of("a\n")}).status_code == 404
    assert provider.get(f"{API}/batches/PC-2026-0924-999").status_code == 404
