"""Article 14: a provider may entrust its review to the support unit and is told the results."""

import json
from datetime import date
from typing import Any

import pytest

from tests.factories_sharing import conditional_entry, filed
from tests.world import World
from tongqu.delivery import public as delivery
from tongqu.identity.models import Message
from tongqu.identity.vocabulary import Role
from tongqu.kernel import jobs
from tongqu.kernel.clock import FixedClock
from tongqu.policy.clauses import measures_2021 as law
from tongqu.sharing import public as sharing
from tongqu.sharing.models import ReviewDigest


def move(at: FixedClock, day: date, hour: int = 9) -> None:
    at.instant = FixedClock.on(day, hour).instant


@pytest.mark.req("SHR-14")
def test_the_support_unit_decides_both_steps_and_the_provider_gets_a_monthly_digest(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    support, provider = browser_of("support"), browser_of("provider")

    def step(browser: Any, number: str, name: str, **body: Any) -> Any:
        address = f"/api/v1/sharing/requests/{number}/{name}"
        return browser.post(address, json.dumps(body), content_type="application/json")

    def waiting(who: str) -> list[str]:
        return [item.reference for item in sharing.todos(world.actor(who))]

    entry, other = conditional_entry(world), conditional_entry(world)
    form = {"entrust": "1", "entry_code": entry.code, "starts_on": "2026-09-24"}
    wrong = provider.post("/manage/entrust/", form | {"ends_on": "2026-09-01"})
    made = provider.post("/manage/entrust/", form | {"ends_on": "2026-12-31"})
    twice = provider.post("/manage/entrust/", form | {"ends_on": "2026-12-31"})
    assert [a.status_code for a in (wrong, made, twice)] == [422, 302, 422]
    assert "已有委托" in twice.content.decode()

    granted, refused, failed = (filed(world, entry).number for _ in range(3))
    unentrusted = filed(world, other).number
    for number in (granted, refused, unentrusted):
        step(support, number, "pass", reason="材料齐全。")
    step(support, failed, "fail", reason="用途与职责不符。")
    assert set(waiting("support")) == {granted, refused}
    assert waiting("provider") == [unentrusted]
    assert step(provider, granted, "approve").json()["code"] == "ENTRUSTED"
    assert step(support, unentrusted, "approve").json()["code"] == "NOT_ENTRUSTED"
    assert step(provider, unentrusted, "approve").status_code == 200
    desk = support.get(f"/desk/todo/{granted}/").content.decode()
    assert all(f'value="{word}"' in desk for word in ("approve", "approve_part", "refuse"))
    done = support.post(
        f"/desk/todo/{granted}/",
        {"decision": "approve_part", "items": ["flight"], "reason": "仅需航班号。"},
    )
    no = step(support, refused, "refuse", basis=law.NON_SECRET.code, reason="不符合共享条件。")
    told = support.get(f"/api/v1/sharing/requests/{granted}").json()
    assert (done.status_code, no.json()["state"], told["state"]) == (302, "refused", "granted")
    assert {row["by"].split()[0] for row in told["decisions"]} == {"示例省交通运输厅信息中心"}
    assert delivery.grant(told["grant"]) is not None

    move(at, date(2026, 9, 30))
    jobs.run("sharing.digest")
    assert not ReviewDigest.objects.exists()  # of August: nothing was entrusted then
    move(at, date(2026, 10, 1))
    jobs.run("sharing.digest")
    jobs.run("sharing.digest")
    digest = provider.get("/api/v1/sharing/digests").json()
    assert [(row["month"], len(row["decisions"])) for row in digest] == [("2026-09", 5)]
    rows = {(row["number"], row["stage"], row["label"]) for row in digest[0]["decisions"]}
    assert rows == {
        (granted, "初审", "通过初审"), (refused, "初审", "通过初审"),
        (failed, "初审", "初审不通过"), (granted, "提供部门审核", "部分同意"),
        (refused, "提供部门审核", "不予共享"),
    }  # fmt: skip
    message = Message.objects.get(key__startswith="sharing.digest.")
    assert (message.organisation_id, message.role) == (entry.provider_id, Role.PROVIDER_REVIEWER)
    page = provider.get("/manage/entrust/").content.decode()
    assert "2026 年 9 月月报" in page
    assert "用途与职责不符" in page

    # Taken back: what is not decided is the provider's again.
    last = filed(world, entry).number
    step(support, last, "pass")
    key = provider.get("/api/v1/sharing/entrustments").json()[0]["id"]
    assert provider.post("/manage/entrust/", {"end": key}).status_code == 302
    assert last in waiting("provider")
    assert step(support, last, "approve").json()["code"] == "NOT_ENTRUSTED"
    assert step(provider, last, "approve").json()["state"] == "granted"
