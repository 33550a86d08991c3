"""Check requests of the operator, objections of data subjects, the register of hardships."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from tests.factories_delivery import PURPOSE, grant, served_entry, served_table
from tests.factories_quality import vehicles
from tests.web.quality.test_loop import API, send, step
from tests.web.quality.test_quality import vehicles_fixed
from tests.world import World
from tongqu.audit.models import AuditEntry
from tongqu.catalog.vocabulary import DataType, ItemView
from tongqu.identity.models import Message
from tongqu.kernel import jobs
from tongqu.kernel.clock import FixedClock
from tongqu.lake.models import LineageEdge
from tongqu.quality.models import CaseEvent, CheckRequest, Objection, Ticket

PLATE_ITEM = (ItemView(1, "号牌", "plate", DataType.STRING, 10, is_key=True),)
pytestmark = pytest.mark.usefixtures("lake", "at")
Open = Callable[[str], Client]


def made_from_it(world: World, name: str = "svc_product") -> Any:
    """Return an entry with a table, and let another table be made from it."""
    served_table()
    served_table(name)
    LineageEdge.objects.create(
        source_table="svc_example", source_column="name", target_table=name,
        target_column="name", transform="direct", job=name,
    )  # fmt: skip
    entry = served_entry(world, name="示例·航班延误情况")
    served_entry(world, table=name, name="示例·延误统计")
    return entry


@pytest.mark.req("QLT-06")
def test_a_check_request_ends_ten_working_days_after_it_was_confirmed(
    world: World, browser_of: Open, at: FixedClock
) -> None:
    entry = made_from_it(world)
    operator, implementer = browser_of("operator"), browser_of("implementer")
    provider = browser_of("provider")
    body = {"entry_code": entry.code, "scenario": "示例·延误险定价", "title": "起飞机场代码有误",
            "item": "origin", "sample": "八月的往返航班"}  # fmt: skip

    assert browser_of("consumer").post(f"{API}/checks", body, "application/json").status_code == 403
    number = send(operator, "/checks", body, 201)["number"]
    address = f"/manage/quality/checks/{number}/"
    assert number in implementer.get("/desk/todo/").content.decode()
    assert send(provider, f"/checks/{number}/confirm", {}, 403)["code"] == "NOT_YOUR_TICKET"
    page = implementer.post(address, {"command": "confirm"}, follow=True).content.decode()

    found = CheckRequest.objects.get()
    assert (found.state, found.confirmed_on, found.due_on) == (
        "fed_back", date(2026, 9, 24), date(2026, 10, 15)
    )  # fmt: skip
    assert "2026-10-15" in page
    ticket = Ticket.objects.get()
    assert (ticket.channel, ticket.due_on) == ("operator", found.due_on)
    assert ticket.number in provider.get("/desk/todo/").content.decode()
    assert step(provider, ticket.number, "dismiss", 422, note="不成立不成立")["code"] == (
        "CONFIRMED_ALREADY"
    )

    wanted = {"note": "需向航司核实", "until": "2026-10-30"}
    early = provider.post(address, wanted | {"command": "propose", "until": "2026-10-01"})
    assert early.status_code == 422
    assert "须晚于现在的截止日" in early.content.decode()
    send(provider, f"/checks/{number}/propose", wanted, 200)
    refused = send(provider, f"/checks/{number}/consent", {}, 409)
    assert refused["code"] == "EXTENSION_NEEDS_BOTH"
    found.refresh_from_db()
    assert found.due_on == date(2026, 10, 15)  # without the implementing body nothing moves
    agreed = send(implementer, f"/checks/{number}/consent", {}, 200)
    assert (agreed["state"], agreed["due_on"]) == ("negotiated", "2026-10-30")
    ticket.refresh_from_db()
    assert ticket.due_on == date(2026, 10, 30)

    at.instant = FixedClock.on(date(2026, 10, 20)).instant
    step(provider, ticket.number, "correct")
    assert send(implementer, f"/checks/{number}/pass", {}, 409)["code"] == "PRODUCTS_STALE"
    shown = implementer.get(address).content.decode()
    assert "示例·延误统计" in shown
    assert "待重算" in shown
    back = send(operator, f"/checks/{number}/return", {"note": "往返航班仍有误"}, 200)
    assert (back["state"], back["due_on"]) == ("returned", "2026-11-03")
    step(provider, ticket.number, "confirm")
    step(provider, ticket.number, "correct")
    served_table("svc_product", seq=2)  # computed anew
    closed = send(implementer, f"/checks/{number}/pass", {}, 200)

    assert closed["state"] == "closed"
    assert Ticket.objects.get().state == "closed"
    assert "待重算" not in implementer.get(address).content.decode()
    assert [event["label"] for event in closed["events"]] == [
        "提出", "确认", "反馈省厅", "提出延期", "同意延期", "已更正或修复", "复核退回",
        "已更正或修复", "复核通过",
    ]  # fmt: skip


@pytest.mark.req("QLT-07")
def test_an_objection_is_marked_everywhere_until_its_subject_was_told(
    world: World, browser_of: Open
) -> None:
    entry = made_from_it(world)
    held = grant(world, entry)
    subject, provider = browser_of("firm"), browser_of("provider")
    said = {"entry_code": entry.code, "item": "phone", "record": "记录编号 7",
            "claim": "手机号应为 13912340000"}  # fmt: skip
    consumer = browser_of("consumer")

    def outputs() -> list[str]:
        rows = consumer.get(f"/api/v1/data/{held.number}/rows?purpose={PURPOSE}&limit=1")
        assert rows.status_code == 200, rows.content
        page = Client().get(f"/catalog/{entry.code}/").content.decode()
        return [*rows.json()["notes"], *(["page"] if "有异议，正在核实" in page else [])]

    nobody = Client().post("/objections/", said)
    assert nobody.status_code == 422
    assert "须登录并完成实名核验" in nobody.content.decode()
    world.people["firm"].assurance = 1
    world.people["firm"].save()
    assert send(subject, "/objections", said, 403)["code"] == "IDENTITY_NOT_VERIFIED"
    world.people["firm"].assurance = 2
    world.people["firm"].save()
    filed = subject.post("/objections/", said, follow=True).content.decode()
    found = Objection.objects.get()
    address = f"/manage/quality/objections/{found.number}/"
    assert found.number in filed
    assert "2026-10-15" in filed
    assert outputs() == []  # not before somebody took it up
    assert found.number in provider.get("/desk/todo/").content.decode()

    send(browser_of("implementer"), f"/objections/{found.number}/accept", {}, 200)
    marks = outputs()
    assert marks[-1] == "page"
    assert "手机号" in marks[0]
    assert found.number in marks[0]
    upheld = {"command": "uphold", "note": "与运营商实名信息核对"}
    assert "请填写原值" in provider.post(address, upheld).content.decode()
    values = {"old_value": "13800075678", "new_value": "13912340000"}
    assert provider.post(address, upheld | values).status_code == 302
    ticket = Ticket.objects.get()
    assert ticket.channel == "subject"
    step(provider, ticket.number, "correct")
    assert outputs() != []  # what was made from the wrong value still stands
    served_table("svc_product", seq=2)
    assert jobs.run("quality.watch")["told"] == 1

    assert outputs() == []
    check_chain(browser_of, found, subject)


def check_chain(browser_of: Open, found: Objection, subject: Client) -> None:
    """Who filed, who verified, both values, what was affected, who was told; nothing leaks."""
    told = subject.get(f"{API}/objections/{found.number}").json()
    assert (told["state"], told["is_upheld"]) == ("closed", True)
    assert told["filed_by"].endswith("示例·firm")
    assert told["verified_by"].endswith("provider")
    assert (told["said"]["old"], told["said"]["new"]) == ("13800075678", "13912340000")
    assert [one["table"] for one in told["affected"]] == ["svc_product"]
    assert told["affected"][0]["recomputed_at"]
    assert told["told"] == ["示例省应急管理厅"]
    page = subject.get(f"/objections/{found.number}/").content.decode()
    assert "13912340000" in page
    assert "示例省应急管理厅" in page
    assert "数据已更正" in subject.get("/desk/messages/").content.decode()
    assert [event["command"] for event in told["events"]] == [
        "file", "accept", "uphold", "tell", "done"
    ]  # fmt: skip
    watching = browser_of("implementer").get(f"{API}/objections/{found.number}").json()
    assert (watching["said"], watching["filed_by"]) == ({}, "数据主体")
    assert browser_of("tourism").get(f"{API}/objections/{found.number}").status_code == 404
    found.refresh_from_db()
    kept = [found.sealed, *CaseEvent.objects.values_list("note", flat=True),
            *Message.objects.values_list("text", flat=True),
            *(str(row.details) for row in AuditEntry.objects.all())]  # fmt: skip
    assert not any(value in text for text in kept for value in ("13912340000", "13800075678"))


@pytest.mark.req("GEN-13")
def test_a_hardship_is_offered_a_rule_pack_and_followed_until_it_is_cured(
    world: World, browser_of: Open
) -> None:
    entry = vehicles(world, empty_keys=0, bad_plates=3, repeated=0)
    consumer, support = browser_of("consumer"), browser_of("support")
    # The plate in one system has to be the plate in the other.
    rule = {"code": "plate.same", "title": "号牌与登记库一致", "kind": "reference",
            "column": "plate", "table": "svc_register", "key": "plate"}  # fmt: skip
    served_table("svc_register", rows=[{"plate": "赣A12345"}], items=PLATE_ITEM)
    url = f"{API}/entries/{entry.code}"
    assert support.put(f"{url}/rules", {"rules": [rule]}, "application/json").status_code == 200

    logged = consumer.post(
        "/manage/quality/register/", {"title": "跨系统数据不一致", "entry_code": entry.code},
        follow=True,
    ).content.decode()  # fmt: skip
    number = consumer.get(f"{API}/hardships").json()[0]["number"]
    path = f"/manage/quality/register/{number}/"
    assert all(word in logged for word in ("信息化环境复杂", "深层应用需求不足", "数据质量不高",
                                           "安全与监管不足"))  # fmt: skip
    classed = consumer.post(path, {"command": "class", "hardship": "quality"}, follow=True)
    assert "一致性规则包" in classed.content.decode()
    offers = consumer.get(f"{API}/hardships").json()[0]["offered"]
    assert (offers[0]["code"], offers[0]["dimensions"]) == ("pack-consistency", ["consistency"])
    treat = {"remedy": "pack-consistency", "entry_code": entry.code}
    assert send(consumer, f"/hardships/{number}/treat", {"remedy": "audit"}, 422)["code"] == (
        "REMEDY_UNKNOWN"
    )
    treated = send(consumer, f"/hardships/{number}/treat", treat, 200)
    assert (treated["state"], treated["pack_version"]) == ("treating", 1)

    close = {"note": "两库已对齐"}
    assert send(consumer, f"/hardships/{number}/close", close, 409)["code"] == "NOT_CURED"
    assert support.post(f"{url}/scan").json()["ticket"]
    assert send(consumer, f"/hardships/{number}/close", close, 409)["code"] == "NOT_CURED"
    vehicles_fixed(entry.code)
    support.post(f"{url}/scan")
    closed = send(consumer, f"/hardships/{number}/close", close, 200)

    assert closed["state"] == "closed"
    assert "通过；两库已对齐" in closed["outcome"]
    assert Ticket.objects.get().state == "closed"  # the scan closed it, nobody clicked
    assert [event["command"] for event in closed["events"]] == ["log", "class", "treat", "close"]
    assert "已销账" in support.get("/manage/quality/register/").content.decode()
    assert browser_of("provider").get(path).status_code == 404  # another unit's
