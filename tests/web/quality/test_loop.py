"""The loop of tickets: from whoever finds a problem to whoever can mend it, and back."""

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.factories_catalog import published_entry
from tests.factories_delivery import grant
from tests.factories_quality import PLATES, vehicles
from tests.world import World
from tongqu.audit.models import AuditEntry
from tongqu.catalog.vocabulary import DataType, ItemView
from tongqu.identity.models import Message
from tongqu.kernel import jobs
from tongqu.kernel.clock import FixedClock
from tongqu.quality.models import Ticket
from tongqu.supervision.models import RectificationDraft

pytestmark = pytest.mark.usefixtures("lake", "at")
Open = Callable[[str], Client]
API = "/api/v1/quality"
ROADS = (
    ItemView(1, "编号", "id", DataType.STRING, 20, nullable=False, is_key=True),
    ItemView(2, "里程", "km", DataType.INTEGER, 10, nullable=False),
    ItemView(3, "名称", "name", DataType.STRING, 40, element="DE-ROAD"),
)


def send(client: Client, path: str, body: dict[str, Any], status: int) -> dict[str, Any]:
    answer = client.post(f"{API}{path}", body, "application/json")
    assert answer.status_code == status, answer.content.decode()
    found: dict[str, Any] = answer.json()
    return found


def step(client: Client, number: str, command: str, status: int = 200, **body: str) -> Any:
    return send(client, f"/tickets/{number}/{command}", body, status)


@pytest.mark.req("QLT-05", "SUP-05")
def test_a_problem_left_alone_past_its_day_reaches_the_office_with_a_draft(
    world: World, browser_of: Open, at: FixedClock
) -> None:
    entry = vehicles(world, empty_keys=5, bad_plates=0, repeated=0)
    assert browser_of("support").post(f"{API}/entries/{entry.code}/scan").status_code == 201
    said = {"entry_code": entry.code, "title": "三辆车的号牌与登记不一致", "item": "plate"}
    consumer, provider = browser_of("consumer"), browser_of("provider")

    without = send(consumer, "/tickets", said, 403)
    grant(world, entry)
    page = consumer.post("/manage/quality/issues/new/", said, follow=True).content.decode()
    other = send(consumer, "/tickets", said | {"title": "另有两辆车的号牌为空"}, 201)

    assert without["code"] == "NOT_GRANTED"
    filed = Ticket.objects.get(title=said["title"])
    assert filed.number in page
    assert "2026-10-15" in page
    assert Ticket.objects.filter(entry_code=entry.code).count() == 3  # the scan's is another
    assert (other["provider"], other["channel"]) == ("示例省交通运输厅民航处", "user")

    at.instant = FixedClock.on(date(2026, 10, 15)).instant
    assert jobs.run("quality.watch")["escalated"] == 0  # its last day is still a day
    at.instant = FixedClock.on(date(2026, 10, 16)).instant
    assert jobs.run("quality.watch")["escalated"] == 3
    assert jobs.run("quality.watch")["escalated"] == 0

    draft = RectificationDraft.objects.get(evidence__ticket=filed.number)
    assert (draft.case, draft.organisation_id) == ("四", filed.provider_id)
    assert draft.evidence["due_on"] == "2026-10-15"
    office = browser_of("managing")
    assert filed.number in office.get("/desk/todo/").content.decode()
    assert "已超期" in office.get("/desk/messages/").content.decode()
    overdue = office.get("/manage/quality/issues/?only=overdue").content.decode()
    assert "超期 3 件" in overdue
    step(browser_of("tourism"), filed.number, "accept", 403)  # another department's

    step(provider, filed.number, "accept")
    assert step(provider, filed.number, "dismiss", 422, note="否")["code"] == "NOTE_REQUIRED"
    step(provider, filed.number, "dismiss", note="与车辆登记系统核对一致")
    step(provider, filed.number, "appeal", 403, note="不是提出人，不能申诉")
    again = step(consumer, filed.number, "appeal", note="登记系统本身有误，附照片")
    assert (again["state"], again["due_on"]) == ("checking", "2026-10-30")
    step(provider, filed.number, "dismiss", note="再次核对仍一致")
    assert step(consumer, filed.number, "appeal", 409, note="仍不同意")["code"] == (
        "APPEALED_ALREADY"
    )

    for command in ("accept", "confirm", "correct"):
        step(provider, other["number"], command)
    news = consumer.get(f"{API}/corrections").json()
    assert [one["ticket"] for one in news] == [other["number"]]
    assert other["number"] in consumer.get("/desk/todo/").content.decode()  # to be verified
    back = step(consumer, other["number"], "dispute", note="仍有一辆车为空")
    assert (back["state"], back["reopened"]) == ("checking", 1)
    for command in ("confirm", "correct"):
        step(provider, other["number"], command)
    at.instant = FixedClock.on(date(2026, 10, 23)).instant  # five working days after the 16th
    assert jobs.run("quality.watch")["lapsed"] == 0
    at.instant = FixedClock.on(date(2026, 10, 26)).instant
    assert jobs.run("quality.watch")["lapsed"] == 1  # silence is consent; the scan's stays open
    chain = consumer.get(f"{API}/tickets/{other['number']}").json()
    assert [event["command"] for event in chain["events"]] == [
        "open", "route", "escalate", "accept", "confirm", "correct", "dispute", "confirm",
        "correct", "lapse",
    ]  # fmt: skip


def load(client: Client, text: str) -> dict[str, Any]:
    file = SimpleUploadedFile("roads.csv", text.encode())
    answer = client.post("/api/v1/ingest/sources/roads/load", {"file": file})
    assert answer.status_code in {201, 200}, answer.content.decode()
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.req("QLT-04")
def test_rejected_rows_go_back_to_their_department_and_come_corrected(
    world: World, browser_of: Open
) -> None:
    entry = published_entry(world, items=ROADS, table="", domain="RT")
    cataloguer, provider = browser_of("cataloguer"), browser_of("provider")
    made = cataloguer.post(
        "/api/v1/ingest/sources", {"code": "roads", "entry_code": entry.code}, "application/json"
    )
    assert made.status_code == 201, made.content
    good = "".join(f"甲路{n},{n},R{n}\n" for n in range(7))
    wrong = '"=乙,路",x7,R7\n=丙路,,R8\n丁路,9,\n'  # a type, an empty item, an empty key

    batch = load(cataloguer, f"name,km,id\n{good}{wrong}")  # not in the order of the agreement

    assert (batch["stored"], batch["rejected"]) == (7, 3)
    ticket = Ticket.objects.get()
    assert (ticket.channel, ticket.provider_id) == ("load", entry.provider_id)
    page = provider.get(f"/manage/quality/issues/{ticket.number}/").content.decode()
    assert f"/manage/quality/issues/{ticket.number}/rows.xlsx" in page
    answer = provider.get(f"{API}/tickets/{ticket.number}/rows.csv")
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 1 + 3
    assert "TYPE_MISMATCH" in lines[1]
    assert ",x7," in lines[1]
    assert "按信息项的类型改正" in lines[1]
    assert "'=丙路" in lines[2]  # no spreadsheet runs it
    rows = sheet(provider.get(f"/manage/quality/issues/{ticket.number}/rows.xlsx").content)
    assert [row[1] for row in rows[1:]] == [9, 10, 11]
    assert AuditEntry.objects.filter(action="quality.ticket.list", rows=3).count() == 2
    for who, status in (("managing", 403), ("support", 403), ("tourism", 404)):
        refused = browser_of(who).get(f"{API}/tickets/{ticket.number}/rows.csv")
        assert refused.status_code == status, who

    load(cataloguer, 'name,km,id\n甲路8,8,R99\n"乙,路",7,R7\n')  # one of three, and another row
    ticket.refresh_from_db()
    assert ticket.state == "assigned"
    assert ticket.batches.get().left == 2
    load(cataloguer, "name,km,id\n丙路,8,R8\n丁路,9,R9\n")

    ticket.refresh_from_db()
    assert (ticket.state, ticket.batches.get().left) == ("closed", 0)
    shown = provider.get(f"{API}/tickets/{ticket.number}").json()["events"]
    assert {event["actor"] for event in shown[-3:]} == {"共享平台"}  # nobody clicked


def sheet(content: bytes) -> list[list[Any]]:
    from openpyxl import load_workbook

    found = load_workbook(io.BytesIO(content)).active
    return [list(row) for row in found.iter_rows(values_only=True)]


def test_rows_found_by_a_scan_are_listed_with_their_values(world: World, browser_of: Open) -> None:
    entry = vehicles(world, empty_keys=2, bad_plates=1, repeated=0)
    support = browser_of("support")
    support.put(f"{API}/entries/{entry.code}/rules", {"rules": [PLATES]}, "application/json")
    number = support.post(f"{API}/entries/{entry.code}/scan").json()["ticket"]

    text = browser_of("provider").get(f"{API}/tickets/{number}/rows.csv").content.decode()

    lines = text.splitlines()
    assert len(lines) == 1 + 3
    plate = next(line for line in lines if "plate" in line)
    assert "赣O1234I" in plate
    assert "核对号牌后重报" in plate
    trail = " ".join(str(row.details) for row in AuditEntry.objects.all())
    assert "赣O1234I" not in trail


def test_a_ticket_follows_the_one_source_and_outlives_its_department(
    world: World, browser_of: Open
) -> None:
    entry = published_entry(world, items=ROADS, table="", domain="RT")
    office, support = browser_of("managing"), browser_of("support")
    source = {"datum": "DE-ROAD", "name": "路名", "system": "路网系统", "standard": "GB 917",
              "department": "990100"}  # fmt: skip
    answer = office.post("/api/v1/onesource/authorities", source, "application/json")
    assert answer.status_code == 201, answer.content
    said = {"entry_code": entry.code, "title": "路名与标志牌不一致"}

    named = send(office, "/tickets", said | {"item": "name"}, 201)
    whole = send(office, "/tickets", said | {"title": "部分路段缺失"}, 201)
    moved = send(
        support, f"/tickets/{whole['number']}/route",
        {"department": "990100", "note": "该路段由市局管养"}, 200,
    )  # fmt: skip
    ended = office.post(
        "/sys/organisations/990100/end/",
        {"successor_code": "990000-MH", "reason": "示例：机构改革方案"},
    )

    assert named["provider"] == "示例省甲市交通运输局"
    assert whole["provider"] == "示例省交通运输厅民航处"
    assert moved["provider"] == "示例省甲市交通运输局"
    assert ended.status_code == 302, ended.content.decode()
    assert set(Ticket.objects.values_list("provider__code", flat=True)) == {"990000-MH"}
    assert Message.objects.filter(text__contains="转由你单位办理").count() == 2
    page = browser_of("provider").get(f"/manage/quality/issues/{named['number']}/")
    assert "已撤销，由示例省交通运输厅民航处承接" in page.content.decode()

    office.post("/sys/organisations/990000-MH/end/", {"reason": "示例：再次改革"})
    assert set(Ticket.objects.values_list("provider__code", flat=True)) == {"990000-KJ"}
    later = send(office, "/tickets", said | {"title": "另有路名写错"}, 201)
    assert later["provider"] == "示例省交通运输厅科技处"
    assert step(office, later["number"], "accept")["state"] == "checking"
