"""视频句柄: short-lived, watermarked, audited (ING-05)."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from tests import factories_assets as files
from tests.factories_assets import API, post
from tests.factories_catalog import published_entry
from tests.factories_delivery import grant
from tongqu.assets.models import Camera, Handle
from tongqu.audit.public import entries
from tongqu.delivery import public as delivery
from tongqu.policy.clauses import measures_2021 as law


@pytest.fixture
def frame(tmp_path: Path, settings) -> Path:
    settings.SCAN_ALLOWED = (str(tmp_path),)
    path = tmp_path / "secret-gateway-frame.jpg"
    path.write_bytes(files.jpeg())
    return path


@pytest.fixture
def camera(browser_of, world, at, shelf, frame):
    entry = published_entry(world, name="示例大桥视频")
    answer = post(browser_of("cataloguer"), "/cameras", {
        "code": "CAM-1", "name": "示例主桥北塔", "place": "示例大桥 K12+300", "protocol": "gb28181",
        "stream": f"file://{frame}", "longitude": 115.9, "latitude": 28.7,
        "entry_code": entry.code,
    })  # fmt: skip
    assert answer.status_code == 201, answer.content
    return entry


def ask(client):
    return post(client, "/cameras/CAM-1/handles", {"purpose": "示例：值班查看"})


@pytest.mark.req("ING-05")
def test_a_granted_user_gets_a_signed_address_that_is_audited_and_ends(
    browser_of, camera, world, at
) -> None:
    client = browser_of("consumer")
    assert ask(client).json()["code"] == "NO_VIDEO_GRANT"
    held = grant(world, camera)

    answer = ask(client)

    assert answer.status_code == 201
    handle = answer.json()
    assert (Handle.objects.get().expires_at - at.instant).total_seconds() == 300
    shown = client.get(handle["url"])
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/jpeg")
    assert shown["Cache-Control"] == "no-store"
    plain = Image.open(io.BytesIO(files.jpeg())).convert("RGB")
    marked = Image.open(io.BytesIO(shown.content)).convert("RGB")
    corners = [(0, 0, 320, 240), (320, 0, 640, 240), (0, 240, 320, 480), (320, 240, 640, 480)]
    for corner in corners:  # no quarter can be cut out without the watermark
        difference = ImageChops.difference(plain.crop(corner), marked.crop(corner))
        assert max(high for _, high in difference.getextrema()) > 40
    assert "consumer" in handle["watermark"]
    (seen,) = entries().filter(action="assets.handle.viewed")
    assert (seen.subject, seen.grant, seen.actor_key) == ("CAM-1", held.number, "consumer")
    at.instant += timedelta(seconds=299)
    assert client.get(handle["url"]).status_code == 200
    at.instant += timedelta(seconds=1)
    late = client.get(handle["url"])
    assert (late.status_code, late.json()["code"]) == (403, "HANDLE_EXPIRED")
    assert entries().filter(action="assets.handle.viewed").count() == 2


def test_an_address_cannot_be_made_or_stretched(browser_of, camera, world, at) -> None:
    grant(world, camera)
    client = browser_of("consumer")
    url = ask(client).json()["url"]
    at.instant += timedelta(seconds=301)

    longer = url.replace("expires=20260924", "expires=20270924")
    for forged in (
        longer,
        url[:-1] + ("0" if url[-1] != "0" else "1"),
        url.replace("/play/", "/play/x"),
    ):
        answer = client.get(forged)
        assert (answer.status_code, answer.json()["code"]) == (403, "HANDLE_INVALID"), forged


def test_a_revoked_grant_ends_its_handles_at_once(browser_of, camera, world, at) -> None:
    held = grant(world, camera)
    client = browser_of("consumer")
    url = ask(client).json()["url"]
    delivery.revoke_grant(held.number, by=world.actor("provider"), reason="示例：不再需要",
                          basis=law.IDLE_GRANT)  # fmt: skip

    answer = client.get(url)

    assert (answer.status_code, answer.json()["code"]) == (403, "NO_VIDEO_GRANT")


def test_a_camera_that_is_switched_off_shows_nothing_until_it_is_on_again(
    browser_of, camera, world, at
) -> None:
    owner, address = browser_of("cataloguer"), "/manage/cameras/CAM-1/"
    shown = ask(owner).json()["url"]
    assert browser_of("cataloguer").get(shown).status_code == 200
    assert 'value="off"' in owner.get(address).content.decode()

    assert owner.post(address, {"switch": "off"}).status_code == 302

    assert ask(owner).json()["code"] == "NO_VIDEO_GRANT"
    assert owner.get(shown).status_code == 403  # a handle that was out already
    assert "停用" in owner.get(address).content.decode()
    stranger = browser_of("consumer").post(address, {"switch": "on"})
    assert stranger.status_code in {403, 404}
    assert not Camera.objects.get().is_enabled
    assert owner.post(address, {"switch": "on"}).status_code == 302
    assert ask(owner).status_code == 201
    assert entries().filter(action="assets.camera.disabled").count() == 1


def test_the_stream_is_shown_nowhere(browser_of, camera, world, frame) -> None:
    grant(world, camera)
    assert frame.name not in Camera.objects.get().stream
    for who in ("cataloguer", "consumer", "support"):
        client = browser_of(who)
        ask(client)
        for path in ("/manage/cameras/", "/manage/cameras/CAM-1/", f"{API}/cameras"):
            assert frame.name not in client.get(path).content.decode()
    assert not any(frame.name in str(row.details) for row in entries())
    frame.unlink()
    answer = browser_of("consumer").get(ask(browser_of("consumer")).json()["url"])
    assert (answer.status_code, answer.json()["code"]) == (503, "RELAY_MISSING")
    assert frame.name not in answer.content.decode()


@pytest.mark.parametrize(
    "stream", ["file:///etc/passwd", "http://169.254.169.254/", "rtsp://x/1", "javascript:1"]
)
def test_a_stream_leads_only_where_the_operators_said(browser_of, world, frame, at, stream) -> None:
    answer = post(browser_of("cataloguer"), "/cameras", {
        "code": "CAM-2", "name": "示例", "place": "示例", "protocol": "http", "stream": stream,
        "longitude": 1, "latitude": 1,
    })  # fmt: skip

    assert answer.status_code == 422
    assert set(answer.json()["fields"]) == {"stream"}


def test_the_page_hands_out_a_picture(browser_of, camera, world, at) -> None:
    grant(world, camera)

    page = browser_of("consumer").post("/manage/cameras/CAM-1/", {"purpose": "示例：值班查看"})

    assert page.context["issued"].url.replace("&", "&amp;") in page.content.decode()
    assert "操作将留痕" in page.content.decode()
