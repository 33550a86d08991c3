"""感知设备: registry, health, the door for messages (ING-04, ING-18)."""

import io
from datetime import timedelta
from threading import Thread

import httpx
import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.testcases import LiveServerThread, QuietWSGIRequestHandler, _StaticFilesHandler
from django.test.testcases import ThreadedWSGIServer as Server

from tests.factories_assets import API, device_body, post, put, sensor_source
from tests.factories_catalog import published_entry
from tongqu.assets import public as assets
from tongqu.assets.actions import collect as collecting
from tongqu.assets.models import Device, Message
from tongqu.audit.public import entries
from tongqu.ingest import public as ingest
from tongqu.kernel import jobs
from tongqu.kernel.actor import PLATFORM

HEADINGS = ("设备编码", "名称", "设备类型", "来源代码", "上报周期（秒）", "通信路径")


def sheet_of(rows: list[tuple[object, ...]]) -> SimpleUploadedFile:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet("设备")
        for n, row in enumerate([HEADINGS, *rows]):
            page.write_row(n, 0, row)
    return SimpleUploadedFile("设备清单.xlsx", out.getvalue())


@pytest.fixture
def bridge(world, at, shelf):
    """An entry with a source that takes unsigned messages, too."""
    entry = published_entry(world, name="示例桥梁应变监测")
    sensor_source(world, entry=entry)
    return entry


@pytest.mark.req("ING-04")
def test_five_of_a_hundred_sensors_fall_silent_and_their_dataset_is_less_complete(
    browser_of, bridge, at
) -> None:
    client = browser_of("cataloguer")
    rows = [(f"YB-{n:03}", f"示例应变计 {n}", "应变计", "sensors", 60, "5G") for n in range(100)]
    answer = client.post("/manage/devices/sheet/", {"file": sheet_of(rows)}, follow=True)
    assert "登记 100 台设备" in answer.content.decode()
    put(client, "/policies/sensors", {"policy": "optional"})
    speak = [{"device": row[0], "payload": '{"strain": 1.5}'} for row in rows]
    assert {post(client, "/messages", body).status_code for body in speak} == {200}
    at.instant += timedelta(seconds=120)
    for body in speak[5:]:
        assert post(client, "/messages", body).status_code == 200

    assert jobs.run("assets.health") == 0  # two periods are not three
    at.instant += timedelta(seconds=60)
    assert jobs.run("assets.health") == 5

    found = client.get(f"{API}/devices?state=offline").json()
    assert found["states"] == {"online": 95, "offline": 5, "alarm": 0, "disabled": 0}
    assert [row["code"] for row in found["devices"]] == [row[0] for row in rows[:5]]
    whole = client.get(f"{API}/completeness?entry={bridge.code}").json()
    assert whole == [{"entry_code": bridge.code, "expected": 100, "reporting": 95, "share": 0.95}]
    page = client.get(f"/catalog/{bridge.code}/").content.decode()
    assert "95.0%" in page
    assert "5 台设备离线" in page
    assert jobs.run("assets.health") == 0


def test_messages_reach_the_lake_once_and_what_is_no_row_is_kept_apart(
    browser_of, bridge, at
) -> None:
    client = browser_of("cataloguer")
    put(client, "/policies/sensors", {"policy": "optional"})
    post(client, "/devices", device_body("YB-1"))
    for n, payload in enumerate(('{"strain": 1.10}', "garbage", '{"other": 1}', "[1]")):
        body = {"device": "YB-1", "payload": payload, "sequence": n}
        assert post(client, "/messages", body).status_code == 200

    (batch,) = assets.collect(by=PLATFORM)

    assert (batch.received, batch.stored, batch.rejected) == (4, 1, 3)
    assert batch.reasons == {"BAD_JSON": 3}
    assert not Message.objects.exists()
    assert assets.collect(by=PLATFORM) == []
    rejected = client.get(f"/api/v1/ingest/batches/{batch.number}/rejected")
    text = b"".join(rejected.streaming_content).decode()
    assert "不是 JSON 对象" in text
    assert "有未登记的字段" in text


def test_a_kill_between_the_batch_and_the_inbox_doubles_nothing(
    browser_of, bridge, at, monkeypatch
) -> None:
    client = browser_of("cataloguer")
    put(client, "/policies/sensors", {"policy": "optional"})
    post(client, "/devices", device_body("YB-1"))
    for n in range(3):
        post(
            client, "/messages", {"device": "YB-1", "payload": f'{{"strain": {n}}}', "sequence": n}
        )
    kept = list(Message.objects.values())
    assets.collect(by=PLATFORM)
    Message.objects.bulk_create(Message(**row) for row in kept)  # as a kill would leave it

    (again,) = assets.collect(by=PLATFORM)

    assert (again.received, again.stored, again.duplicate) == (3, 0, 3)
    assert ingest.batches("sensors")[-1].stored == 3


def test_a_file_that_was_sent_back_is_tried_again_after_an_hour_and_holds_up_nobody(
    browser_of, bridge, at, monkeypatch
) -> None:
    client = browser_of("cataloguer")
    put(client, "/policies/sensors", {"policy": "optional"})
    post(client, "/devices", device_body("YB-1"))
    post(client, "/messages", {"device": "YB-1", "payload": '{"strain": 1}', "sequence": 1})
    monkeypatch.setattr(collecting, "_line", lambda row, names: '{"strain": 1, "new": 2}\n')

    (batch,) = assets.collect(by=PLATFORM)

    assert (batch.state, batch.code) == ("quarantined", "SCHEMA_DRIFT")
    assert Message.objects.exists()
    monkeypatch.undo()
    assert assets.collect(by=PLATFORM) == []
    at.instant += timedelta(minutes=61)
    assert jobs.run("assets.collect") == 1
    assert not Message.objects.exists()
    assert [found.state for found in ingest.batches("sensors")] == ["closed", "quarantined"]


def test_a_sheet_with_one_fault_registers_nothing_and_names_the_line(browser_of, bridge) -> None:
    rows = [
        ("YB-1", "示例", "应变计", "sensors", 60, "4G"),
        ("YB-2", "示例", "应变计", "nobody", 60, "4G"),
        ("../x", "示例", "应变计", "sensors", "often", "马车"),
    ]

    page = browser_of("cataloguer").post("/manage/devices/sheet/", {"file": sheet_of(rows)})

    text = page.content.decode()
    assert page.status_code == 422
    assert "没有登记这个来源" in text
    assert "通信路径：" in text
    assert not Device.objects.exists()


def test_a_disabled_device_is_not_heard_and_not_missed(browser_of, bridge, at) -> None:
    client = browser_of("cataloguer")
    put(client, "/policies/sensors", {"policy": "optional"})
    post(client, "/devices", device_body("YB-1"))
    body = {"device": "YB-1", "payload": "{}"}
    assert post(client, "/messages", {**body, "alarm": "示例：应变超限"}).status_code == 200
    assert client.get(f"{API}/devices/YB-1").json()["state"] == "alarm"
    client.post("/manage/devices/YB-1/switch/", {"command": "disable"})

    assert post(client, "/messages", body).json()["code"] == "DEVICE_DISABLED"
    at.instant += timedelta(days=1)
    assert jobs.run("assets.health") == 0
    assert client.get(f"{API}/completeness?entry={bridge.code}").json() == []
    client.post("/manage/devices/YB-1/switch/", {"command": "report"})  # the platform's alone
    assert Device.objects.get(code="YB-1").state == "disabled"
    client.post("/manage/devices/YB-1/switch/", {"command": "enable"})
    assert Device.objects.get(code="YB-1").state == "offline"


def test_a_department_sees_and_changes_its_own_devices_alone(browser_of, bridge, world) -> None:
    post(browser_of("cataloguer"), "/devices", device_body("YB-1"))

    stranger = world.people["provider"]
    stranger.organisation = world.organisations["990100"]
    stranger.save()
    stranger.assignments.update(organisation=stranger.organisation)
    assert browser_of("provider").get(f"{API}/devices/YB-1").status_code == 404
    assert browser_of("consumer").get("/manage/devices/").status_code == 403
    assert browser_of("supervisor").get(f"{API}/devices/YB-1").status_code == 200
    assert post(browser_of("supervisor"), "/devices", device_body("YB-2")).status_code == 403


class _Ipv6(LiveServerThread):
    """Django's own test server, bound to ::1."""

    def _create_server(self, connections_override=None):
        return Server(
            (self.host, self.port),
            QuietWSGIRequestHandler,
            ipv6=True,
            allow_reuse_address=False,
            connections_override=connections_override,
        )


def _is_in_memory(connection) -> bool:
    return connection.vendor == "sqlite" and connection.is_in_memory_db()


@pytest.fixture
def ipv6_url(transactional_db, settings):
    from django.db import connections

    settings.ALLOWED_HOSTS = ["*"]
    shared = {c.alias: c for c in connections.all() if _is_in_memory(c)}
    for connection in shared.values():
        connection.inc_thread_sharing()
    server: Thread = _Ipv6("::1", _StaticFilesHandler, connections_override=shared)
    server.daemon = True
    server.start()
    server.is_ready.wait(20)
    if server.error:
        pytest.skip(f"no IPv6 on this machine: {server.error}")
    yield f"http://[::1]:{server.port}"
    server.terminate()
    server.join()
    for connection in shared.values():
        connection.dec_thread_sharing()


@pytest.mark.req("ING-18", "ING-21")
def test_a_device_posts_over_ipv6_and_its_address_is_audited_in_full(
    ipv6_url, world, shelf, at
) -> None:
    sensor_source(world)
    by = world.actor("cataloguer")
    for code, path in (("YB-6", "5g"), ("YB-BD", "beidou")):
        assets.register_device(assets.DeviceSpec(**device_body(code, path_type=path)), by=by)
    assets.set_policy("sensors", assets.Policy.OPTIONAL, by=by)

    answer = httpx.post(
        f"{ipv6_url}{API}/messages",
        json={"device": "YB-6", "payload": '{"strain": 2}', "path_type": "ipv6"},
    )

    full = "0000:0000:0000:0000:0000:0000:0000:0001"
    assert answer.status_code == 200, answer.text
    found = Device.objects.get(code="YB-6")
    assert (found.last_address, found.path_type) == (full, "ipv6")
    assert Device.objects.get(code="YB-BD").path_type == "beidou"
    audited = entries().filter(address=full, subject="YB-6")
    assert [row.code for row in audited] == [""]
