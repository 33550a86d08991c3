"""The search through its pages and its API, as people and programs use it."""

import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories_catalog import published_entry
from tongqu.catalog import ports
from tongqu.catalog.models import SavedSearch, SearchOutbox

pytestmark = pytest.mark.usefixtures("at")
MOST_STATEMENTS = 20


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content[:500]
    return answer.content.decode()


def test_the_page_tells_the_words_and_the_api_the_sequence(world) -> None:
    published_entry(world, name="示例营运车辆年审信息")

    shown = page(Client(), "/catalog/?q=營運车辆 信息")
    answer = Client().get("/api/v1/catalog/entries?q=yyc").json()

    assert "示例营运车辆年审信息" in shown
    assert "<b>营运车辆</b>" in shown
    assert "<b>信息</b>" in shown
    assert [entry["name"] for entry in answer["entries"]] == ["示例营运车辆年审信息"]
    assert answer["as_of_sequence"] == SearchOutbox.objects.latest("id").sequence
    assert (answer["is_behind"], answer["is_from_database"]) == (False, False)


def test_page_and_api_say_when_the_database_answers(world) -> None:
    published_entry(world)
    index = ports.search_index()
    ports.use_index(None)

    try:
        shown = page(Client(), "/catalog/")
        answer = Client().get("/api/v1/catalog/entries").json()
    finally:
        ports.use_index(index)

    assert "检索索引正在重建" in shown
    assert (answer["total"], answer["is_from_database"]) == (1, True)
    assert answer["as_of_sequence"] is None


def test_names_are_suggested_while_typing(world) -> None:
    for n in range(12):
        published_entry(world, name=f"示例航道水深信息{n}")
    published_entry(world, name="示例船闸调度信息")

    found = Client().get("/api/v1/catalog/suggest?q=hdss").json()
    fragment = Client().get("/catalog/?q=船", headers={"HX-Target": "suggestions"})

    assert len(found) == 10
    assert all("航道水深" in row["text"] for row in found)
    assert "<html" not in fragment.content.decode()
    assert "示例船闸调度信息" in fragment.content.decode()
    assert Client().get("/api/v1/catalog/suggest?q=").json() == []


def test_a_search_that_finds_nothing_shows_a_way_out(world) -> None:
    published_entry(world, name="示例航道水深信息")

    shown = page(Client(), "/catalog/?q=航道 潜艇&level=1")

    assert "没有找到符合条件的目录" in shown
    assert "不含“潜艇”" not in shown  # level 1 still stands in the way
    assert "不限安全分级" not in page(Client(), "/catalog/?q=潜艇&level=1")
    assert "不含“潜艇”（1 项）" in page(Client(), "/catalog/?q=航道 潜艇")
    assert "不限安全分级（1 项）" in page(Client(), "/catalog/?q=航道&level=1")


def test_a_person_keeps_a_search_and_sees_what_is_new(world, browser_of) -> None:
    consumer, other = browser_of("consumer"), browser_of("tourism")
    published_entry(world, name="示例航道水深信息")
    conditions = {"conditions": "q=航道&sharing_type=unconditional", "title": "航道数据"}

    kept = consumer.post("/desk/searches/", conditions, follow=True).content.decode()
    published_entry(world, name="示例航道里程信息")
    later = page(consumer, "/desk/searches/")
    address = later.split('<th scope="row"><a href="')[1].split('"')[0].replace("&amp;", "&")
    results = page(consumer, address)
    after = page(consumer, "/desk/searches/")

    assert "航道数据" in kept
    assert "1 项" in later
    assert "示例航道里程信息" in results
    assert "已收藏为“航道数据”" in results
    assert "1 项" not in after
    assert "航道数据" not in page(other, "/desk/searches/")

    other.post("/desk/searches/", {"drop": SavedSearch.objects.get().pk})
    assert SavedSearch.objects.count() == 1
    consumer.post("/desk/searches/", {"drop": SavedSearch.objects.get().pk})
    assert SavedSearch.objects.count() == 0


@pytest.mark.parametrize("address", ["/catalog/", "/catalog/?q=航道&level=2&domain=CA",
                                     "/catalog/?q=没有 的&level=1", "/desk/searches/"])  # fmt: skip
def test_a_search_page_takes_few_statements_whatever_the_size(world, browser_of, address) -> None:
    browser = browser_of("consumer")
    for n in range(30):
        published_entry(world, name=f"示例航道信息{n}")
        query = {"conditions": f"q=航道{n}", "title": f"{n}"}
        browser.post("/desk/searches/", query)
    page(browser, "/catalog/")

    with CaptureQueriesContext(
        connection,
    ) as statements:
        page(browser, address)

    told = json.dumps([row["sql"][:120] for row in statements], ensure_ascii=False, indent=1)
    assert len(statements) <= MOST_STATEMENTS, told
