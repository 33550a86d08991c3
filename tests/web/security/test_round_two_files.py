"""Attacks by files that are handed in: each is answered, soon, and nothing else happens."""

import io
import json
import time
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tongqu.catalog.models import Entry, ImportRun

pytestmark = pytest.mark.django_db
SOON = 60.0  # seconds: each took minutes, or hours; the first one also loads the readers


def handed_in(browser: Any, content: bytes, name: str) -> Any:
    began = time.monotonic()
    answer = browser.post("/api/v1/catalog/imports", {"file": SimpleUploadedFile(name, content)})
    assert time.monotonic() - began < SOON
    return answer


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b'[{"name":"x","level":Infinity}]', "a.json"), (b'[{"level":1e999}]', "a.json"),
        (b'[{"items":[{"length":-Infinity,"level":NaN}]}]', "a.json"),
        (b"[" * 100_000, "a.json"), (b'[{"name":"\\ud800","summary":"\\u0000"}]', "a.json"),
        (b"a: !!timestamp x", "a.yaml"), (b"a: !!python/object/apply:os.system [id]", "a.yaml"),
        (b"a: &a [x]\nb: &b [*a,*a]\nc: [*b,*b]", "a.yaml"),
        (b'a: "&*"\nb: ' + b"[" * 100_000, "a.yaml"), (b"- a\n" * 400_000, "a.yaml"),
        (b'{"@context":"http://169.254.169.254/x"}', "a.jsonld"),
        (b'{"@context":{"@import":"file:///etc/passwd"}}', "a.json"),
    ],
    ids=lambda part: ascii(part[:24]),
)  # fmt: skip
def test_a_hostile_file_is_answered_and_drafts_nothing(
    world, at, browser_of, content: bytes, name: str
) -> None:
    answer = handed_in(browser_of("cataloguer"), content, name)

    assert answer.status_code in {200, 422}, answer.content
    assert not Entry.objects.exists()


def test_a_hundred_thousand_unknown_keys_are_not_told_one_by_one(world, at, browser_of) -> None:
    content = json.dumps([{f"k{n}": n for n in range(100_000)}]).encode()

    answer = handed_in(browser_of("cataloguer"), content, "a.json")

    assert len(answer.json()["failures"][0]["errors"]) < 100
    assert len(answer.content) < 100_000


def test_a_document_assigns_nothing_that_the_hub_decides(world, at, browser_of) -> None:
    given = {"name": "示例", "state": "published", "owner_id": 1, "code": "990000-X", "id": 1,
             "is_example": False, "connected_rows": 9, "valid_from": "2020-01-01",
             "provider_id": world.organisations["990000-YJ"].pk}  # fmt: skip
    for name in list(given)[1:]:
        content = json.dumps([{"name": "示例", name: given[name]}]).encode()
        answer = handed_in(browser_of("cataloguer"), content, "a.json").json()
        assert answer["failed"] == 1, name
    assert not Entry.objects.exists()


def test_one_departments_imports_are_nobody_elses(world, at, browser_of) -> None:
    handed_in(browser_of("city"), b'[{"name":"","bad":1}]', "a.json")
    run = ImportRun.objects.get()
    other = browser_of("cataloguer")

    for path in ("", "/failures"):
        assert other.get(f"/api/v1/catalog/imports/{run.pk}{path}").status_code == 404
    assert other.post(f"/api/v1/catalog/imports/{run.pk}/confirm").status_code == 404
    assert other.get("/api/v1/catalog/imports").json() == []
    assert other.get(f"/manage/catalog/import/{run.pk}/").status_code == 404


@pytest.mark.parametrize("page", ["/manage/functions/import/", "/manage/systems/import/"])
def test_a_sheet_of_two_cells_far_apart_is_refused_before_it_fills_the_memory(
    world, at, browser_of, page: str
) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "名称"
    book.active["XFD1048576"] = "示例"
    target = io.BytesIO()
    book.save(target)
    upload = SimpleUploadedFile("a.xlsx", target.getvalue())

    answer = browser_of("cataloguer").post(page, {"file": upload})

    assert answer.status_code == 422
    assert "异常庞大" in answer.content.decode()
