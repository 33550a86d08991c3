"""The provider's desk: reviews, late updates, tickets and changes in one list with their days."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.factories_catalog import draft_entry, published_entry
from tests.factories_sharing import conditional_entry, filed
from tests.world import World
from tongqu.catalog import public as catalog
from tongqu.catalog.vocabulary import ChangeReason
from tongqu.kernel.clock import FixedClock
from tongqu.quality import public as quality
from tongqu.sharing import public as sharing


@pytest.mark.req("SHR-31")
def test_a_provider_finds_all_that_it_owes_in_one_list_by_its_last_day(
    world: World, at: FixedClock, browser_of: Any, django_assert_max_num_queries: Any
) -> None:
    cataloguer, support = world.actor("cataloguer"), world.actor("support")
    today = at.instant
    at.instant = FixedClock.on(date(2026, 9, 10)).instant
    late = published_entry(world, name="示例·航班计划")
    fresh = published_entry(world, name="示例·机场名录", update_cycle="monthly")
    for entry in (late, fresh):
        catalog.mark_connected(entry.code, rows=3, at=at.instant, by=cataloguer)
    others = published_entry(world, name="示例·别家数据", owner=world.organisations["990000-XX"],
                             provider=world.organisations["990000-XX"])  # fmt: skip
    catalog.mark_connected(others.code, rows=3, at=at.instant, by=support)
    at.instant = today
    reviewed = filed(world, conditional_entry(world, name="示例·旅客疏运"))
    sharing.pass_first_review(reviewed.number, by=support)
    filed(world, conditional_entry(world))  # in first review: not the provider's turn
    ticket = quality.file_ticket(fresh.code, title="示例：机场代码重复", by=world.actor("managing"))
    catalog.register_change(
        fresh.code, reason=ChangeReason.DATA_CHANGE, explanation="增加廊桥数", by=cataloguer,
        effective_on=date(2026, 12, 25),
    )  # fmt: skip
    draft_entry(world)
    browser = browser_of("provider")
    browser.get("/desk/provider/")

    with django_assert_max_num_queries(20):
        page = browser.get("/desk/provider/").content.decode()
    rows = browser.get("/api/v1/sharing/provider-desk").json()
    found = {row["kind"]: row for row in rows}

    assert rows[0]["kind"] == "数据更新"
    assert [row["due_on"] for row in rows] == sorted(row["due_on"] for row in rows)
    assert set(found) == {"数据更新", "共享审核", "质量工单", "变更登记"}
    assert len(rows) == 4
    assert (found["数据更新"]["reference"], found["数据更新"]["is_overdue"]) == (late.code, True)
    assert found["数据更新"]["due_on"] == str((FixedClock.on(date(2026, 9, 10)).instant
                                           + timedelta(hours=26)).date())  # fmt: skip
    assert (found["共享审核"]["reference"], found["共享审核"]["due_on"]) == (
        reviewed.number, "2026-10-12",
    )  # fmt: skip
    assert (found["质量工单"]["reference"], found["质量工单"]["due_on"]) == (
        ticket.number, str(ticket.due_on),
    )  # fmt: skip
    assert (found["变更登记"]["reference"], found["变更登记"]["due_on"]) == (
        fresh.code, "2026-12-25",
    )  # fmt: skip
    table = page[page.index("<tbody>") :]
    places = [table.index(row["url"]) for row in rows]
    assert places == sorted(places)
    one = browser.get("/desk/provider/", {"kind": "质量工单"}).content.decode()
    assert ticket.number in one
    assert reviewed.number not in one
    assert browser_of("consumer").get("/desk/provider/").status_code == 403
