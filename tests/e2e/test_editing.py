"""The edit page in a browser: a draft saves itself, and a second editor is told."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.e2e.conftest import Province, Visit


def test_a_draft_saves_itself_and_the_button_still_works(
    page_at: Callable[..., Visit], province: Province
) -> None:
    address = f"/manage/catalog/{province['draft']}/edit/"
    visit = page_at(address, who="cataloguer")
    page = visit.page

    page.get_by_label("来源系统").fill("示例自动保存系统")
    expect(page.locator("[data-autosave-note]")).to_contain_text("已自动保存")
    page.get_by_label("责任人").fill("示例·值班岗")
    page.get_by_role("button", name="保存，下一步").click()
    page.wait_for_url("**step=items")
    again = page_at(address, who="cataloguer").page

    expect(again.get_by_label("来源系统")).to_have_value("示例自动保存系统")
    expect(again.get_by_label("责任人")).to_have_value("示例·值班岗")
    assert visit.complaints == []


def test_the_second_of_two_editors_is_told_and_sees_both_texts(
    page_at: Callable[..., Visit], province: Province
) -> None:
    address = f"/manage/catalog/{province['draft']}/edit/"
    first, second = (page_at(address, who="cataloguer").page for _ in range(2))

    first.get_by_label("摘要").fill("示例：先写的摘要")
    expect(first.locator("[data-autosave-note]")).to_contain_text("已自动保存")
    second.get_by_label("摘要").fill("示例：后写的摘要")
    expect(second.locator("[data-autosave-note]")).to_contain_text("他人已修改")
    second.get_by_role("button", name="保存草稿").click()

    expect(second.get_by_role("heading", level=1)).to_have_text("这份草稿已被他人修改")
    expect(second.get_by_text("示例：先写的摘要")).to_be_visible()
    expect(second.get_by_text("示例：后写的摘要")).to_be_visible()
    second.get_by_role("button", name="用我填写的内容覆盖").click()
    second.wait_for_url("**step=basic")
    expect(second.get_by_label("摘要")).to_have_value("示例：后写的摘要")
