"""可信采集: signatures, sequences, times (ING-12)."""

import base64
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SM3
from cryptography.hazmat.primitives.hmac import HMAC
from gmssl import sm2

from tests.factories_assets import API, device_body, post, put, sensor_source, signed
from tongqu.assets.models import Device, Message
from tongqu.security.models import SecurityEvent

# The example key of GB/T 32918, published in the standard itself.
SM2_PRIVATE = "3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8"
SM2_PUBLIC = (
    "09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"
    "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13"
)
NOW = "2026-09-24T09:00:00+08:00"


@pytest.fixture
def client(browser_of, world, at, shelf):
    sensor_source(world)
    client = browser_of("cataloguer")
    assert post(client, "/devices", device_body("YB-1")).status_code == 201
    return client


@pytest.fixture
def ed25519(client):
    key = Ed25519PrivateKey.generate()
    public = base64.b64encode(key.public_key().public_bytes_raw()).decode()
    answer = put(client, "/devices/YB-1/key", {"key_kind": "ed25519", "public_key": public})
    assert answer.status_code == 200, answer.content
    return key


def body(sequence: int = 1, when: str = NOW, payload: str = '{"strain": 1}') -> dict[str, object]:
    return {"device": "YB-1", "sequence": sequence, "collected_at": when, "payload": payload}


@pytest.mark.req("ING-12")
def test_a_wrong_signature_is_refused_with_401_and_a_security_event(client, ed25519) -> None:
    good = signed(body(), ed25519.sign)
    forged = [
        {**good, "payload": '{"strain": 9}'},
        {**good, "sequence": 2},
        {**good, "collected_at": "2026-09-24T09:00:01+08:00"},
        signed(body(), Ed25519PrivateKey.generate().sign),
        {**good, "signature": "AAAA"},
        {**good, "signature": "A" * 400},
    ]

    answers = [post(client, "/messages", one) for one in forged]

    assert {(a.status_code, a.json()["code"]) for a in answers} == {(401, "SIGNATURE_WRONG")}
    (event,) = SecurityEvent.objects.all()  # a flood from one device is one event a minute
    assert (event.kind, event.subject) == ("signature_invalid", "YB-1")
    assert event.details == {"source": "sensors", "address": "127.0.0.1"}
    assert not Message.objects.exists()
    assert Device.objects.get().refused == len(forged)
    assert post(client, "/messages", body()).json()["code"] == "UNSIGNED"  # policy=required
    assert post(client, "/messages", good).status_code == 200


def test_the_three_kinds_of_signature_hold(client, ed25519) -> None:
    assert post(client, "/messages", signed(body(1), ed25519.sign)).status_code == 200

    answer = put(client, "/devices/YB-1/key", {"key_kind": "sm2", "public_key": "04" + SM2_PUBLIC})
    assert answer.status_code == 200, answer.content
    crypt = sm2.CryptSM2(public_key=SM2_PUBLIC.lower(), private_key=SM2_PRIVATE.lower())
    by_sm2 = signed(body(2), lambda text: bytes.fromhex(crypt.sign_with_sm3(text)))
    assert post(client, "/messages", by_sm2).status_code == 200
    assert post(client, "/messages", signed(body(3), ed25519.sign)).status_code == 401  # retired

    page = client.post("/manage/devices/YB-1/key/", {"key_kind": "hmac-sm3"})
    secret = page.context["secret"]
    assert page["Cache-Control"] == "no-store"
    assert secret not in client.get("/manage/devices/YB-1/").content.decode()
    assert not Device.objects.filter(key__contains=secret).exists()

    def mac(text: bytes) -> bytes:
        found = HMAC(bytes.fromhex(secret), SM3())
        found.update(text)
        return found.finalize()

    assert post(client, "/messages", signed(body(4), mac)).status_code == 200


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        ("sm2", SM2_PUBLIC[:-1] + "0"),  # a point off the curve
        ("sm2", "00" * 64),
        ("ed25519", "AAAA"),
        ("ed25519", "不是密钥"),
        ("hmac-sm3", ""),
    ],
)
def test_a_key_that_is_none_is_refused(client, kind: str, key: str) -> None:
    answer = put(client, "/devices/YB-1/key", {"key_kind": kind, "public_key": key})

    assert answer.status_code == (200 if kind == "hmac-sm3" else 422)


def test_a_replay_is_refused_and_what_is_odd_is_marked(client, ed25519, at) -> None:
    def send(sequence: int, when: str = NOW):
        return post(client, "/messages", signed(body(sequence, when), ed25519.sign))

    assert send(10).json()["marks"] == []
    again = send(10)
    assert (again.status_code, again.json()["code"]) == (409, "REPLAYED")
    assert send(12).json()["marks"] == []
    assert send(11).json()["marks"] == ["out_of_order"]
    assert send(11).status_code == 409
    assert send(1000).status_code == 200
    assert send(13).status_code == 409  # behind the window nobody can tell it from a replay
    assert send(1001, "2026-09-24T09:10:00+08:00").json()["marks"] == ["future"]
    assert send(1002, "2026-09-22T09:00:00+08:00").json()["marks"] == ["old"]
    assert send(1003, "2026-09-24T09:00:00").status_code == 422  # nobody knows when that is
    assert Message.objects.count() == 6
    page = client.get("/manage/devices/YB-1/").content.decode()
    assert "序号乱序" in page
    assert "采集时间在未来" in page


def test_an_unsigned_message_passes_only_where_the_source_says_so_and_is_marked(
    client, ed25519, at
) -> None:
    plain = {"device": "YB-1", "payload": "{}"}
    assert post(client, "/messages", plain).status_code == 401
    client.post("/manage/devices/YB-1/policy/", {"policy": "optional"})

    assert post(client, "/messages", plain).json()["marks"] == ["unsigned"]
    at.instant += timedelta(minutes=2)
    wrong = {**signed(body(), ed25519.sign), "payload": "{}"}
    assert post(client, "/messages", wrong).status_code == 401  # a wrong one never passes


def test_a_message_with_a_mark_of_secrecy_is_not_kept(client, ed25519) -> None:
    marked = signed(body(payload='{"密级": "秘密★10年", "strain": 1}'), ed25519.sign)

    answer = post(client, "/messages", marked)

    assert (answer.status_code, answer.json()["code"]) == (422, "SECRECY_MARK")
    assert answer.json()["clause"] == "mot-2021-sharing 第二条"
    assert not Message.objects.exists()
    (event,) = SecurityEvent.objects.all()
    assert (event.kind, event.subject) == ("secrecy_mark", "YB-1")
    assert "strain" not in str(event.details)


def test_what_is_too_large_or_unknown_is_refused_before_it_costs_anything(client) -> None:
    assert post(client, "/messages", {"device": "nobody", "payload": "1"}).status_code == 404
    big = {"device": "YB-1", "payload": "测" * 30_000}
    assert post(client, "/messages", big).json()["code"] == "TOO_LARGE"
    claimed = client.generic(
        "POST", f"{API}/messages", b"{}", content_type="application/json",
        CONTENT_LENGTH=str(10 << 30),
    )  # fmt: skip
    assert claimed.status_code in {400, 413}
