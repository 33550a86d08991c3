"""The portal's own pages, through Django's client."""

from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from django.test import Client, override_settings

from tests.factories_sharing import conditional_entry, filed
from tests.world import World
from tongqu.identity.public import notify
from tongqu.kernel.clock import FixedClock
from tongqu.portal import icons, navigation
from tongqu.portal.http import pages

PUBLIC = ("/", "/help/", "/api-guide/", "/styleguide/")
BrowserOf = Callable[[str], Client]


class Outline(HTMLParser):
    """Headings, and what the content security policy would refuse."""

    def __init__(self) -> None:
        super().__init__()
        self.levels: list[int] = []
        self.refused: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        if tag in {"h1", "h2", "h3", "h4"}:
            self.levels.append(int(tag[1]))
        if tag == "script" and not names.get("src"):
            self.refused.append("inline script")
        self.refused += [name for name in names if name.startswith("on")]
        if (names.get("src") or "").startswith(("http:", "https:", "//")):
            self.refused.append(str(names["src"]))


@pytest.mark.parametrize("path", PUBLIC)
def test_a_public_page_is_ordered_and_keeps_to_the_policy(world: World, path: str) -> None:
    answer = Client().get(path)
    outline = Outline()
    outline.feed(answer.content.decode())

    assert answer.status_code == 200
    assert outline.levels.count(1) == 1
    assert outline.refused == []
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]


def test_the_first_page_counts_what_is_there_and_nothing_else(world: World) -> None:
    empty = Client().get("/").content.decode()
    entry = conditional_entry(world, name="示例·航班运行信息")

    full = Client().get("/").content.decode()

    assert "还没有发布的数据目录" in empty
    assert f"/catalog/{entry.code}/" in full
    assert "还没有发布的数据目录" not in full


@pytest.mark.parametrize(("demo", "shown"), [(True, True), (False, False)])
def test_a_demonstration_says_so_on_every_page(world: World, demo: bool, shown: bool) -> None:
    with override_settings(IS_DEMO=demo):
        text = Client().get("/help/").content.decode()

    assert ("示例环境" in text) is shown


def test_the_desk_lists_what_waits_nearest_limit_first(
    world: World, at: FixedClock, browser_of: BrowserOf
) -> None:
    found = filed(world, conditional_entry(world))

    text = browser_of("support").get("/desk/todo/").content.decode()

    assert found.number in text
    assert "剩 3 个工作日" in text
    assert f"/desk/todo/{found.number}/" in text


def test_nobody_is_shown_what_waits_for_others(world: World, browser_of: BrowserOf) -> None:
    found = filed(world, conditional_entry(world))

    text = browser_of("tourism").get("/desk/todo/").content.decode()

    assert found.number not in text
    assert "没有待办事项。" in text


def test_messages_are_new_until_marked_read(world: World, browser_of: BrowserOf) -> None:
    person = world.people["consumer"].pk
    notify("示例：你单位申请已受理。", key="t-1", kind="申请", person_id=person)
    browser = browser_of("consumer")

    before = browser.get("/desk/messages/").content.decode()
    answer = browser.post("/desk/messages/read/", follow=True)

    assert "未读 1 条" in before
    assert "未读 0 条" in answer.content.decode()


def test_the_public_is_asked_to_log_in_before_the_desk(world: World) -> None:
    answer = Client().get("/desk/")

    assert answer.status_code == 401
    assert "/login/?next=/desk/" in answer.content.decode()


def test_a_link_is_shown_only_to_whom_its_page_is_open(world: World) -> None:
    def places(username: str) -> set[str]:
        sections = navigation.sections(world.actor(username), "/desk/")
        return {link.url for section in sections for link in section.links}

    assert "/sec/audit/" in places("auditor")
    assert "/sec/audit/" not in places("consumer")
    assert "/manage/catalog/" in places("cataloguer")


def test_the_desks_groups_are_short_and_the_current_pages_group_is_open(world: World) -> None:
    actor = world.actor("managing")
    here = navigation.sections(actor, "/manage/standards/code-tables/CT-PCOL/")
    nowhere = navigation.sections(actor, "/no/such/place/")

    assert max(len(places) for places in navigation.DESK.values()) <= 9
    assert [section.title for section in here if section.is_open] == ["标准"]
    assert [link.place.label for s in here for link in s.links if link.is_current] == ["代码集"]
    assert [section.is_open for section in nowhere].index(True) == 0


def test_an_address_that_is_not_there_gets_a_page_that_helps(world: World) -> None:
    answer = Client().get("/nowhere/")

    assert answer.status_code == 404
    assert "没有找到这个页面" in answer.content.decode()


def test_the_page_for_a_bug_needs_neither_request_nor_database() -> None:
    answer = pages.server_error(None)  # type: ignore[arg-type]  # that is the point

    assert answer.status_code == 500
    assert "页面出错" in answer.content.decode()


def test_pages_work_without_the_vendor_files(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    monkeypatch.setattr(icons, "_shapes", dict)

    answer = Client().get("/styleguide/")

    assert answer.status_code == 200
