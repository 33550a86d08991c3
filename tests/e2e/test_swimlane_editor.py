"""The editor of swim-lane charts, by mouse and by keyboard, against a real server."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Province, Visit


def _open(page_at: Callable[..., Visit], province: Province) -> Visit:
    return page_at(f"/manage/swimlanes/{province['chart']}/", who="cataloguer")


def _state(page: Page, text: str) -> None:
    expect(page.locator(".sw-state")).to_have_text(text)


def test_a_chart_is_edited_and_saved_without_a_mouse(
    page_at: Callable[..., Visit], province: Province
) -> None:
    visit = _open(page_at, province)
    page, keys = visit.page, visit.page.keyboard
    page.get_by_role("button", name=re.compile("^环节 环节6")).focus()

    keys.press("Enter")  # to its name
    keys.press("Control+A")
    keys.insert_text("出具意见")
    keys.press("Enter")  # back to the part
    keys.press("Shift+ArrowDown")  # into the lane below
    expect(page.locator(":focus")).to_have_attribute(
        "aria-label", re.compile("^环节 出具意见，泳道 <信息中心>")
    )
    keys.press("Control+z")
    expect(page.locator(":focus")).to_have_attribute("aria-label", re.compile("泳道 民航处"))
    _state(page, "有未保存的修改")
    keys.press("Control+s")
    _state(page, "已保存")
    page.reload()

    assert page.get_by_role("button", name=re.compile("^环节 出具意见，泳道 民航处")).count() == 1
    assert visit.complaints == []


def test_an_activity_is_added_connected_linked_and_deleted(
    page_at: Callable[..., Visit], province: Province
) -> None:
    visit = _open(page_at, province)
    page = visit.page
    page.get_by_role("button", name=re.compile("^环节 环节5")).click()

    page.get_by_role("button", name="添加环节").click()
    page.keyboard.insert_text("登记入库")
    page.keyboard.press("Enter")
    properties = page.get_by_role("region", name="属性")
    properties.get_by_label("关系").select_option(label="归档")
    properties.get_by_label("检索目录").fill("延误")
    page.locator(".sw-found button").first.click()
    added = page.get_by_role("button", name=re.compile("^环节 登记入库，.*归档 "))
    expect(added).to_have_count(1)
    expect(page.get_by_role("button", name="连线 环节5 到 登记入库")).to_have_count(1)
    page.get_by_role("button", name="保存", exact=True).click()
    _state(page, "已保存")
    added.focus()
    page.keyboard.press("Delete")
    expect(added).to_have_count(0)
    page.get_by_role("button", name="保存", exact=True).click()
    _state(page, "已保存")

    assert visit.complaints == []


def test_the_later_of_two_editors_is_told_what_to_do(
    page_at: Callable[..., Visit], province: Province
) -> None:
    first, second = _open(page_at, province), _open(page_at, province)
    for visit, name in ((first, "先改"), (second, "后改")):
        visit.page.get_by_role("button", name=re.compile("^环节 环节0")).click()
        visit.page.get_by_label("名称").first.fill(name)
        visit.page.get_by_label("名称").first.press("Enter")
        visit.page.keyboard.press("Control+s")

    _state(first.page, "已保存")
    note = second.page.locator(".sw-note")
    expect(note).to_contain_text("已被他人修改")
    with second.page.expect_download() as download:
        note.get_by_role("button", name="下载我的修改").click()
    assert download.value.suggested_filename.endswith(".json")
