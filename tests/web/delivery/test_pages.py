"""My grants, one grant and how to use it, running services."""

import pytest

from tests import factories_delivery as make
from tests.world import World
from tongqu.audit.models import AuditEntry
from tongqu.delivery.models import Download, GrantUsage
from tongqu.delivery.vocabulary import Filter, Operator

pytestmark = pytest.mark.usefixtures("at", "lake")


@pytest.fixture
def number(world: World, lake: object) -> str:
    make.served_table()
    return make.grant(world).number


def test_my_grants_lists_what_my_department_holds_and_nothing_else(
    world: World, browser_of, number
) -> None:
    theirs = make.grant(world, consumer_id=world.organisations["990000-WL"].pk).number

    page = browser_of("consumer").get("/desk/grants/").content.decode()

    assert number in page
    assert theirs not in page


def test_a_department_without_grants_is_shown_the_way_to_the_catalogue(browser_of) -> None:
    page = browser_of("tourism").get("/desk/grants/").content.decode()

    assert "你单位还没有授权" in page
    assert 'href="/catalog/"' in page


def test_a_grants_page_shows_items_with_masks_and_how_to_call(browser_of, number) -> None:
    page = browser_of("consumer").get(f"/desk/grants/{number}/").content.decode()

    assert "遮盖" in page
    assert "不提供" in page
    assert f"/api/v1/data/{number}/rows?purpose={make.PURPOSE}" in page
    assert "操作将留痕" in page
    assert "无偿使用" in page


def test_a_grants_page_says_which_rows_it_is_limited_to(world: World, browser_of, number) -> None:
    only = (Filter("origin", Operator.IN, ("JFK", "LGA")),)
    limited = make.grant(world, row_filter=only, purpose_code="planning").number

    pages = [
        browser_of("consumer").get(f"/desk/grants/{one}/").content.decode()
        for one in (number, limited)
    ]

    assert "<dt>行范围</dt><dd>不限</dd>" in pages[0]
    assert "属于 JFK、LGA" in pages[1]


def test_another_departments_grant_is_refused_with_the_way_on(browser_of, number) -> None:
    answer = browser_of("tourism").get(f"/desk/grants/{number}/")

    assert answer.status_code == 403
    assert "没有可用于本次调用的授权" in answer.content.decode()


def test_the_provider_sees_the_grant_of_its_data_but_cannot_take_them(browser_of, number) -> None:
    browser = browser_of("provider")

    page = browser.get(f"/desk/grants/{number}/").content.decode()
    tried = browser.post(f"/desk/grants/{number}/try/", {"purpose": make.PURPOSE})

    assert "查询前 20 行" not in page
    assert tried.status_code == 403


def test_trying_shows_the_first_rows_masked_and_is_counted_and_on_record(
    browser_of, number
) -> None:
    answer = browser_of("consumer").post(
        f"/desk/grants/{number}/try/",
        {"purpose": make.PURPOSE, "item": "origin", "operator": "eq", "value": "JFK"},
    )

    page = answer.content.decode()
    assert answer.status_code == 200
    assert page.count("138****5678") == 10
    assert "secret-" not in page
    assert GrantUsage.objects.get().query_rows == 10
    entry = AuditEntry.objects.filter(kind="call").latest("pk")
    assert (entry.grant, entry.purpose, entry.rows) == (number, make.PURPOSE, 10)


def test_trying_without_confirming_the_purpose_keeps_what_was_typed(browser_of, number) -> None:
    answer = browser_of("consumer").post(
        f"/desk/grants/{number}/try/", {"item": "name", "operator": "prefix", "value": "示例·1"}
    )

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "每次调用都须声明使用用途" in page
    assert 'value="示例·1"' in page


def test_a_faulty_condition_is_told_beside_its_field(browser_of, number) -> None:
    answer = browser_of("consumer").post(
        f"/desk/grants/{number}/try/",
        {"purpose": make.PURPOSE, "item": "id", "operator": "eq", "value": "七"},
    )

    page = answer.content.decode()
    assert 'aria-describedby="value-e"' in page
    assert "值应为整数型" in page


@pytest.mark.parametrize("file_format", ["parquet", "csv", "xlsx"])
def test_a_download_goes_from_the_form_over_its_progress_to_the_file(
    browser_of, number, file_format
) -> None:
    browser = browser_of("consumer")

    asked = browser.post(
        f"/desk/grants/{number}/downloads/", {"purpose": make.PURPOSE, "format": file_format}
    )
    progress = browser.get(asked["Location"]).content.decode()
    download = Download.objects.get()
    file = browser.get(f"{asked['Location']}file")

    assert "文件已就绪" in progress
    assert download.sha256 in progress
    assert len(b"".join(file.streaming_content)) == download.size
    assert AuditEntry.objects.filter(kind="call").latest("pk").rows == 30


def test_a_download_still_in_preparation_asks_again_by_itself(
    browser_of, number, monkeypatch
) -> None:
    monkeypatch.setattr("tongqu.kernel.jobs.enqueue", lambda *_, **__: None)
    browser = browser_of("consumer")

    asked = browser.post(
        f"/desk/grants/{number}/downloads/", {"purpose": make.PURPOSE, "format": "csv"}
    )
    page = browser.get(asked["Location"]).content.decode()

    assert 'hx-trigger="every 2s"' in page
    assert "刷新状态" in page


def test_the_support_unit_sees_all_running_services(world: World, browser_of, number) -> None:
    browser_of("consumer").get(f"/api/v1/data/{number}/rows", {"purpose": make.PURPOSE})

    page = browser_of("support").get("/share/services/").content.decode()

    assert number in page
    assert "示例省应急管理厅" in page


@pytest.mark.parametrize("address", ["/desk/grants/", "/share/services/"])
def test_lists_need_few_statements_however_long(
    world: World, browser_of, django_assert_max_num_queries, address
) -> None:
    entry = make.served_entry(world)
    for _ in range(25):
        make.grant(world, entry)
    browser = browser_of("consumer")

    with django_assert_max_num_queries(20):
        assert browser.get(address).status_code == 200
