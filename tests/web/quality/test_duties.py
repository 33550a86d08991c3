"""Standards of departments, incentives, stars of users, entries beside what arrived."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.factories_catalog import draft_entry, published_entry
from tests.factories_delivery import grant
from tests.factories_quality import vehicles
from tests.world import World
from tongqu.catalog.models import Entry
from tongqu.catalog.vocabulary import DataType
from tongqu.identity.models import Assignment, Person
from tongqu.identity.vocabulary import Role
from tongqu.kernel import clock, jobs
from tongqu.kernel.actor import PLATFORM
from tongqu.kernel.clock import FixedClock
from tongqu.quality.models import PointEntry, Scan

pytestmark = pytest.mark.usefixtures("lake")
Open = Callable[[str], Client]
JSON = "application/json"
STANDARD = {
    "title": "示例·航班数据质量标准", "owner": "示例·质量岗",
    "standard": "航程为正数，起降机场使用三字代码。", "guideline": "每日核对，当日整改，次日复核。",
    "rules": [{"code": "flight.distance", "title": "航程应为正", "kind": "range",
               "column": "distance", "min": 1}],
}  # fmt: skip


@pytest.mark.req("QLT-01")
def test_a_dataset_without_a_rule_pack_warns_and_blocks_if_it_is_important(
    world: World, browser_of: Open, at: FixedClock
) -> None:
    cataloguer, provider = browser_of("cataloguer"), browser_of("provider")
    plain, grave = draft_entry(world), draft_entry(world, name="示例航班重要数据")
    url = f"/api/v1/catalog/entries/{grave.code}"
    graded = {"grade": "important", "reason": "示例：列入重要数据目录"}
    assert cataloguer.put(f"{url}/grade", graded, JSON).status_code == 403
    assert provider.put(f"{url}/grade", graded, JSON).status_code == 200

    def check(code: str) -> tuple[bool, dict[str, str]]:
        report = cataloguer.post(f"/api/v1/catalog/entries/{code}/check").json()
        found = {f["rule"]: f["severity"] for f in report["findings"]}
        return report["passed"], {rule: s for rule, s in found.items() if "QLT-01" in rule}

    assert check(plain.code) == (True, {"QLT-01W": "warn"})
    published = provider.post(f"/api/v1/catalog/entries/{plain.code}/publish")
    assert published.status_code == 200, published.content
    assert check(grave.code) == (False, {"QLT-01": "block"})

    foreign = published_entry(world, owner=world.organisations["990100"], name="示例·公交线路")
    body = STANDARD | {"entry_codes": [grave.code, foreign.code]}
    refused = provider.post("/api/v1/quality/standards", body, JSON)
    assert (refused.status_code, refused.json()["code"]) == (403, "NOT_YOUR_DATASET")
    body["entry_codes"] = [grave.code]
    made = provider.post("/api/v1/quality/standards", body, JSON)
    assert made.json()["version"] == 1, made.content
    assert check(grave.code) == (True, {})
    assert provider.post(f"{url}/publish").status_code == 200

    code = made.json()["code"]
    page = provider.get(f"/manage/quality/standards/{code}/").content.decode()
    assert "当日整改" in page
    form = {"title": "示例·航班数据质量标准（修订）", "owner": "示例·质量岗",
            "standard": STANDARD["standard"], "guideline": STANDARD["guideline"],
            "rules": "[{", "entry_codes": grave.code}  # fmt: skip
    bad = provider.post(f"/manage/quality/standards/{code}/", form)
    assert (bad.status_code, "不是 JSON" in bad.content.decode()) == (422, True)
    form["rules"] = '[{"code": "flight.near", "title": "航程", "kind": "range",' \
                    ' "column": "distance", "min": 2}]'  # fmt: skip
    assert provider.post(f"/manage/quality/standards/{code}/", form).status_code == 302
    listed = browser_of("consumer").get("/manage/quality/standards/").content.decode()
    assert "（修订）" in listed
    from tongqu.quality.models import RulePack

    newest = RulePack.objects.filter(entry_code=grave.code).first()
    assert newest is not None
    assert [rule["code"] for rule in newest.rules] == ["flight.near"]


@pytest.mark.req("QLT-10")
def test_ten_tickets_fixed_in_time_earn_ten_times_the_rule(
    world: World, browser_of: Open, at: FixedClock
) -> None:
    support, provider, managing = (browser_of(w) for w in ("support", "provider", "managing"))
    entry = vehicles(world, empty_keys=0, bad_plates=0, repeated=0)
    wrong = provider.put("/api/v1/quality/points/rules/ticket_in_time", {"value": 7}, JSON)
    assert wrong.status_code == 403
    rule = managing.put("/api/v1/quality/points/rules/ticket_in_time", {"value": 7}, JSON)
    assert (rule.status_code, rule.json()["version"]) == (200, 1)
    numbers = []
    for turn in range(12):
        filer = provider if turn == 11 else support  # the last one against itself
        told = {"entry_code": entry.code, "title": f"第 {turn} 批编号有误，请核对"}
        number = filer.post("/api/v1/quality/tickets", told, JSON).json()["number"]
        for command in ("accept", "confirm", "correct"):
            if command == "correct" and turn == 10:
                at.instant += timedelta(days=60)  # the last one comes too late
            step = f"/api/v1/quality/tickets/{number}/{command}"
            assert provider.post(step, {}, JSON).status_code == 200
        verified = filer.post(f"/api/v1/quality/tickets/{number}/verify", {}, JSON)
        assert verified.status_code == 200, verified.content
        numbers.append(number)

    assert jobs.run("quality.index")["awarded"] == 10
    assert jobs.run("quality.index")["awarded"] == 0

    ledger = managing.get("/api/v1/quality/points").json()
    (sums,) = ledger["sums"]
    assert (sums["count"], sums["value"], sums["points"]) == (10, 7, 70)
    assert sorted(row["evidence"] for row in ledger["lines"]) == sorted(numbers[:10])
    managing.put("/api/v1/quality/points/rules/ticket_in_time", {"value": 9}, JSON)
    assert managing.get("/api/v1/quality/points").json()["sums"] == [sums]  # what is earned stays
    shown = provider.get("/manage/quality/points/").content.decode()
    assert "<b>+70</b>" in shown
    assert f"/manage/quality/issues/{numbers[0]}/" in shown
    with pytest.raises(TypeError):
        PointEntry.objects.all()[0].save()


def vote(client: Client, code: str, stars: int, **more: Any) -> Any:
    body = {"stars": stars, "needs_met": 2, "data_quality": 2, "effect": 2} | more
    return client.put(f"/api/v1/quality/entries/{code}/stars", body, JSON)


def user(world: World, number: int) -> Client:
    person = Person.objects.create(
        username=f"user{number}", display_name=f"示例·用户{number}", assurance=2, is_example=True,
        organisation=world.organisations["990000-YJ"],
    )  # fmt: skip
    Assignment.objects.create(
        person=person, role=Role.CONSUMER, organisation=world.organisations["990000-YJ"]
    )
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.req("QLT-14")
def test_machine_98_and_users_2_show_a_divergence_from_five_votes_on(
    world: World, browser_of: Open, at: FixedClock
) -> None:
    entry = published_entry(world)
    Scan.objects.create(
        number="JC-示例", entry_code=entry.code, table="svc.svc_flights", snapshot_id=1, rows=10,
        score=98, dimensions={"completeness": "98.0"}, at=clock.now(), actor_key="示例",
    )  # fmt: skip
    page = f"/catalog/{entry.code}/"
    assert vote(browser_of("consumer"), entry.code, 2).status_code == 403  # no grant yet
    assert "为这项数据评分" not in browser_of("consumer").get(page).content.decode()
    grant(world, entry)

    for number in range(4):
        assert vote(user(world, number), entry.code, 2).status_code == 200
    consumer = browser_of("consumer")
    form = {"stars": "5", "needs_met": "2", "data_quality": "2", "effect": "2"}
    assert "为这项数据评分" in consumer.get(page).content.decode()
    assert vote(browser_of("tourism"), entry.code, 1).status_code == 403
    assert vote(consumer, entry.code, 6).status_code == 422
    before = browser_of("provider").get(page).content.decode()
    assert "分歧" not in before  # four votes
    answer = consumer.post(f"/catalog/{entry.code}/stars/", form)
    assert answer.status_code == 302
    assert "2.6" in browser_of("provider").get(page).content.decode()
    form["stars"] = "2"  # he thinks it over: one vote, changed
    assert consumer.post(f"/catalog/{entry.code}/stars/", form).status_code == 302

    shown = browser_of("provider").get(page).content.decode()

    assert "98" in shown
    assert "5 票" in shown
    assert "<b>2.0</b>" in shown
    assert "机器得分与用户评分分歧，待复核" in shown
    overview = browser_of("managing").get("/manage/quality/").content.decode()
    assert "分歧待复核" in overview
    assert vote(browser_of("provider"), entry.code, 5).status_code == 403


def test_an_entry_that_is_not_what_arrived_becomes_a_case_that_leads_on(
    world: World, browser_of: Open, at: FixedClock
) -> None:
    from tongqu.catalog.public import mark_connected, record_observation

    entry = published_entry(world)
    names = [item.name_en for item in entry.items]
    same = dict.fromkeys(names, DataType.STRING)
    record_observation(entry.code, {**same, "gate_no": DataType.STRING}, by=PLATFORM)
    mark_connected(entry.code, rows=100, at=clock.now(), table="svc_flights", by=PLATFORM)
    at.instant += timedelta(days=3)  # it is declared to come daily
    support, provider = browser_of("support"), browser_of("provider")

    assert jobs.run("quality.reality") == {"opened": 2, "closed": 0}
    assert jobs.run("quality.reality") == {"opened": 0, "closed": 0}

    cases = {c["aspect"]: c for c in provider.get("/api/v1/quality/reality").json()}
    assert (cases["fields"]["declared"], cases["fields"]["actual"]) == ("6 项", "多 gate_no")
    assert cases["cycle"]["actual"] == "3 天未更新"
    assert browser_of("city").get("/api/v1/quality/reality").json() == []
    listing = "/manage/quality/reality/"
    late = {"number": cases["cycle"]["number"], "command": "ticket"}
    assert provider.post(listing, late).status_code == 403
    assert support.post(listing, late).status_code == 302
    body = {"command": "change"}
    number = cases["fields"]["number"]
    changed = support.post(f"/api/v1/quality/reality/{number}", body, JSON)
    assert (changed.status_code, changed.json()["state"]) == (200, "changing")
    again = support.post(f"/api/v1/quality/reality/{number}", body, JSON)
    assert again.status_code == 409
    cases = {c["aspect"]: c for c in support.get("/api/v1/quality/reality").json()}
    assert cases["cycle"]["ticket"].startswith("DQ-")
    assert Entry.objects.get(code=entry.code).versions.get().state == "to_update"
    assert cases["cycle"]["ticket"] in support.get(listing).content.decode()

    mark_connected(entry.code, rows=100, at=clock.now(), by=PLATFORM)
    record_observation(entry.code, same, by=PLATFORM)
    assert jobs.run("quality.reality") == {"opened": 0, "closed": 2}
    assert {c["state"] for c in support.get("/api/v1/quality/reality").json()} == {"closed"}
