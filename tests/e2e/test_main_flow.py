"""The main job, by the people who do it, in a browser: find, apply, review, grant, use."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Province
from tests.e2e.hands import Hand, Keyboard, Mouse

ENTRY = "示例·旅客疏运资源"
PURPOSE = "恶劣天气航班大面积延误时调度旅客疏运运力"


@pytest.mark.parametrize("hand_of", [Mouse, Keyboard], ids=["mouse", "keyboard"])
def test_a_request_goes_from_search_to_data(
    browser: Browser, province: Province, hand_of: Callable[[Page], Hand]
) -> None:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, base_url=province.url)
    context.set_default_timeout(30_000)  # the first question opens the lake
    hand = hand_of(context.new_page())
    try:
        _log_in(hand, "示例·使用部门 示例省应急管理厅")
        number = _apply(hand)
        _change_to(hand, "示例·技术支持 ")
        _decide(hand, number, "通过初审", "材料齐全，用途明确。")
        _change_to(hand, "示例·提供部门审核人 ")
        _decide(hand, number, "同意", "")
        _change_to(hand, "示例·使用部门 示例省应急管理厅")
        _use(hand, number)
    finally:
        context.close()


def _log_in(hand: Hand, who: str) -> None:
    hand.page.goto("/login/")
    hand.press(hand.page.get_by_role("button", name=re.compile(f"^{who}")).first)
    expect(hand.page.get_by_role("heading", name="我的概览", level=1)).to_be_visible()


def _change_to(hand: Hand, who: str) -> None:
    """Leave through the account menu, and come back as somebody else."""
    hand.page.goto("/desk/")
    hand.press(hand.page.locator(".menu > summary"))
    hand.press(hand.page.get_by_role("button", name="退出登录"))
    expect(hand.page).to_have_url(re.compile(r"/$"))
    _log_in(hand, who)


def _apply(hand: Hand) -> str:
    """Search, open the entry, fill in the request; return its number."""
    page = hand.page
    page.goto("/")
    hand.fill(page.get_by_role("searchbox", name="检索数据目录"), "疏运")
    page.keyboard.press("Enter")
    hand.press(page.get_by_role("heading", name=ENTRY).get_by_role("link"))
    hand.press(page.get_by_role("link", name="申请共享").first)
    hand.choose(page.get_by_label("履职事项"), "应急处置")
    hand.fill(page.get_by_label("使用用途"), PURPOSE)
    hand.fill(page.get_by_label("履职依据"), "示例：突发事件应对职责规定")
    hand.fill(page.get_by_label("接收系统"), "示例应急指挥系统")
    hand.choose(page.get_by_label("使用频次"), "每天")
    hand.choose(page.get_by_label("留存期限"), "6 个月")
    hand.press(page.get_by_role("button", name="提交申请"))
    expect(page).to_have_url(re.compile(r"/desk/applications/GX-"))
    return page.url.rstrip("/").rsplit("/", 1)[-1]


def _decide(hand: Hand, number: str, decision: str, reason: str) -> None:
    page = hand.page
    page.goto("/desk/todo/")
    hand.press(page.locator("a.todo", has_text=number))
    hand.tick(page.get_by_role("radio", name=re.compile(f"^{decision}")))
    if reason:
        hand.fill(page.get_by_label("意见或理由"), reason)
    hand.press(page.get_by_role("button", name="提交决定"))
    expect(page.locator("a.todo", has_text=number)).to_have_count(0)


def _use(hand: Hand, number: str) -> None:
    """The consumer sees the decision, finds its grant, and looks at rows, masked."""
    page = hand.page
    page.goto(f"/desk/applications/{number}/")
    expect(page.get_by_text("已授权").first).to_be_visible()
    grant = page.get_by_role("link", name=re.compile("^授权 SQ-"))
    hand.press(grant)
    expect(page).to_have_url(re.compile(r"/desk/grants/SQ-"))
    form = page.get_by_role("form", name="试查")
    hand.tick(form.get_by_role("checkbox"))
    hand.press(form.get_by_role("button", name=re.compile("查询")))
    rows = page.locator("#trial tbody tr")
    expect(rows).to_have_count(20)
    expect(page.locator("#trial")).not_to_contain_text("secret-")
    expect(page.locator("#trial")).to_contain_text("****")
