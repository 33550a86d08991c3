"""The trail over the web: what is recorded, what is not, and what happens when it cannot be."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection
from django.test import Client
from django.urls import reverse

from tests import world as worlds
from tongqu.audit import append_only
from tongqu.audit.models import AuditEntry
from tongqu.audit.public import anchor, record, verify_file
from tongqu.audit.vocabulary import Kind, Outcome
from tongqu.kernel.actor import PLATFORM

Browser = Callable[[str], Client]
ENTRIES = "/api/v1/audit/entries"
# Made-up values of the highest level, sent in every place a caller can put them.
L4 = "11010119900307451X"
CARD = "6222020000000000000"


@pytest.fixture
def clients(browser_of: Browser) -> dict[str, Client]:
    found = {name: browser_of(name) for name in ("auditor", "consumer", "managing")}
    return found | {"public": Client()}


def mixed(clients: dict[str, Client], number: int) -> None:
    """Make one call of many kinds: served, refused, unknown, malformed, failed log-in."""
    auditor, consumer, public = (clients[name] for name in ("auditor", "consumer", "public"))
    calls = (
        lambda: auditor.get(ENTRIES, {"subject": L4}),
        lambda: consumer.get(ENTRIES, {"actor": CARD}),
        lambda: public.get(ENTRIES),
        lambda: auditor.get(f"/api/v1/audit/proof/{10**9 + number}"),
        lambda: auditor.get(ENTRIES, {"since": L4}),
        lambda: public.get(f"/api/v1/{L4}/{number}"),
        lambda: auditor.post("/api/v1/audit/verify", {"file": SimpleUploadedFile(L4, L4.encode())}),
        lambda: auditor.get(reverse("audit:trail"), {"subject": L4}),
        lambda: clients["managing"].post(
            reverse("audit:evidence"), {"do": "file", "file": SimpleUploadedFile("x", L4.encode())}
        ),
        lambda: public.post(reverse("audit:evidence"), {"do": "chain", "note": CARD}),
        lambda: public.post(f"/{L4}/", {"id_card": L4}),
        lambda: consumer.get("/api/v1/security/keys"),
    )
    calls[number % len(calls)]()


@pytest.mark.req("AUD-01")
def test_a_thousand_mixed_calls_leave_a_thousand_rows_without_l4_values(
    clients: dict[str, Client], at: object
) -> None:
    before = AuditEntry.objects.filter(kind=Kind.CALL).count()

    for number in range(1000):
        mixed(clients, number)

    rows = AuditEntry.objects.filter(kind=Kind.CALL)
    assert rows.count() - before == 1000
    assert {outcome: rows.filter(outcome=outcome).exists() for outcome in Outcome} == {
        Outcome.DONE: True, Outcome.REFUSED: True, Outcome.FAILED: False,
    }  # fmt: skip
    for entry in AuditEntry.objects.all():
        told = json.dumps(entry.facts(), default=str, ensure_ascii=False)
        assert L4 not in told
        assert CARD not in told


@pytest.mark.parametrize(
    ("who", "path", "status"),
    [
        ("auditor", ENTRIES, 200),
        ("consumer", ENTRIES, 403),
        ("public", ENTRIES, 401),
        ("auditor", "/api/v1/audit/proof/999999", 404),
        ("auditor", f"{ENTRIES}?limit=x", 422),
        ("auditor", "/api/v1/nothing/here", 404),
    ],
)
def test_a_call_is_recorded_with_its_outcome(
    clients: dict[str, Client], who: str, path: str, status: int
) -> None:
    response = clients[who].get(path)

    entry = AuditEntry.objects.latest("pk")
    outcome = Outcome.DONE if status == 200 else Outcome.REFUSED
    assert response.status_code == status
    assert (entry.kind, entry.outcome, entry.details["status"]) == (Kind.CALL, outcome, status)
    assert entry.actor_key == who
    assert "nothing" not in entry.action


def test_a_refusal_names_its_code_and_clause(clients: dict[str, Client]) -> None:
    clients["consumer"].get(ENTRIES)

    entry = AuditEntry.objects.latest("pk")
    assert entry.code == "NOT_PERMITTED"
    assert entry.basis.startswith("mot-2021-sharing")
    assert entry.organisation_code == "990000-YJ"


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise DatabaseError(f"disk full while writing {L4}")

    monkeypatch.setattr("tongqu.audit.http.middleware.record", fail)


def test_nothing_leaves_when_the_call_cannot_be_recorded(
    clients: dict[str, Client], full_disk: None, caplog: pytest.LogCaptureFixture
) -> None:
    api = clients["auditor"].get(ENTRIES)
    page = clients["auditor"].get(reverse("audit:trail"))

    assert api.status_code == page.status_code == 503
    assert api["Content-Type"] == "application/problem+json"
    assert api.json()["code"] == "AUDIT_UNAVAILABLE"
    assert "items" not in api.json()
    assert "审计记录未能写入" in page.content.decode()
    assert L4 not in caplog.text


def test_a_page_that_hands_out_nothing_needs_no_row(
    clients: dict[str, Client], full_disk: None
) -> None:
    assert clients["auditor"].get("/").status_code == 200


def test_log_in_and_log_out_are_recorded(world: worlds.World) -> None:
    client = Client()

    client.post("/login/", {"login": "auditor", "password": worlds.PASSWORD})
    client.post("/logout/")

    entries = AuditEntry.objects.filter(kind=Kind.FACT).order_by("pk")
    told = [(e.action, e.actor_key, e.organisation_code, e.outcome) for e in entries]
    assert told == [
        ("identity.login", "auditor", "990000-KJ", "done"),
        ("identity.logout", "auditor", "990000-KJ", "done"),
    ]


@pytest.mark.parametrize(
    ("name", "recorded"), [("auditor", "auditor"), (f"my-secret-{CARD}", "unknown")]
)
def test_a_failed_log_in_keeps_no_typed_value(
    world: worlds.World, name: str, recorded: str
) -> None:
    Client().post("/login/", {"login": name, "password": L4})

    entry = AuditEntry.objects.filter(action="identity.login").get()
    assert (entry.outcome, entry.actor_key, entry.code) == ("refused", recorded, "LOGIN_FAILED")
    for each in AuditEntry.objects.all():
        assert CARD not in str(each.facts())
        assert L4 not in str(each.facts())


def test_the_trail_is_searched_by_time_actor_organisation_subject_and_outcome(
    clients: dict[str, Client], at: object
) -> None:
    record("示例.一", by=PLATFORM, subject="MH/0001", outcome=Outcome.REFUSED)
    record("示例.二", by=PLATFORM, subject="MH/0002")
    auditor = clients["auditor"]

    def found(**query: str) -> list[str]:
        items = auditor.get(ENTRIES, query | {"kind": "fact", "actor": "platform"}).json()["items"]
        return [item["action"] for item in items]

    assert found() == ["示例.二", "示例.一"]
    assert found(subject="0001") == ["示例.一"]
    assert found(outcome="refused") == ["示例.一"]
    assert found(since="2026-09-24", until="2026-09-24") == ["示例.二", "示例.一"]
    assert found(since="2026-09-25") == []
    assert found(until="2026-09-23") == []
    assert found(organisation="990000-YJ") == []
    assert auditor.get(ENTRIES, {"subject": "a\x00b"}).status_code == 400
    assert found(since="0001-01-01", until="9999-12-31") == ["示例.二", "示例.一"]
    assert found(until="0001-01-01") == found(since="9999-12-31") == []


def test_the_trail_is_read_page_by_page(clients: dict[str, Client]) -> None:
    for number in range(5):
        record(f"示例.{number}", by=PLATFORM)
    query: dict[str, object] = {"kind": "fact", "actor": "platform", "limit": 2}

    seen = []
    while True:
        page = clients["auditor"].get(ENTRIES, query).json()
        seen += [item["action"] for item in page["items"]]
        if page["next_before"] is None:
            break
        query["before"] = page["next_before"]

    assert seen == [f"示例.{number}" for number in reversed(range(5))]


def test_the_search_page_shows_entries_and_pages_on(clients: dict[str, Client]) -> None:
    for number in range(51):
        record("示例.页", by=PLATFORM, subject=f"第{number}件")

    first = clients["auditor"].get(reverse("audit:trail"), {"actor": "platform"})
    text = first.content.decode()
    following = text.split('href="?actor=platform')[1].split('"')[0].replace("&amp;", "&")
    second = clients["auditor"].get(f"{reverse('audit:trail')}?actor=platform{following}")

    assert "第50件" in text
    assert "第0件" not in text
    assert "第0件" in second.content.decode()


def test_a_wrong_date_is_said_under_its_field(clients: dict[str, Client]) -> None:
    response = clients["auditor"].get(reverse("audit:trail"), {"since": "昨天"})

    assert response.status_code == 200
    assert 'id="id_since_err"' in response.content.decode()


@pytest.mark.parametrize("path", ["audit:trail", "audit:evidence", "audit:export"])
def test_the_trail_is_closed_to_those_without_the_post(
    clients: dict[str, Client], path: str
) -> None:
    assert clients["consumer"].get(reverse(path)).status_code == 403


@pytest.fixture
def owner(db: None) -> Iterator[None]:
    append_only.uninstall(connection)
    yield
    append_only.install(connection)


@pytest.mark.req("AUD-02")
def test_an_altered_row_is_placed_and_its_proof_verifies_offline(
    clients: dict[str, Client], at: object, owner: None, tmp_path: Path
) -> None:
    entries = [record("示例", by=PLATFORM, subject=str(number)) for number in range(6)]
    first = AuditEntry.objects.order_by("pk")[0].pk
    anchor()
    position = entries[3].pk - first + 1
    proof = clients["auditor"].get(f"/api/v1/audit/proof/{entries[1].pk}")
    (tmp_path / "proof.json").write_bytes(proof.content)
    AuditEntry.objects.filter(pk=entries[3].pk).update(subject="改")

    chain = clients["auditor"].post("/api/v1/audit/verify").json()

    assert (chain["ok"], chain["chain"]["first_bad_position"]) == (False, position)
    assert chain["chain"]["kind"] == "entry_altered"
    assert all(finding.ok for finding in verify_file(tmp_path / "proof.json"))
    page = clients["auditor"].post(reverse("audit:evidence"), {"do": "chain"}).content.decode()
    assert f"第 {position} 位" in page


def test_the_evidence_page_signs_and_checks_a_file(clients: dict[str, Client], at: object) -> None:
    auditor, url = clients["auditor"], reverse("audit:evidence")
    entry = record("示例", by=PLATFORM)

    signed = auditor.post(url, {"do": "anchor"}, follow=True).content.decode()
    whole = auditor.get(reverse("audit:proof", args=[entry.pk])).content
    broken = whole.replace(b"\xe7\xa4\xba", b"\xe7\xa4\xbb", 1)
    good = auditor.post(url, {"do": "file", "file": SimpleUploadedFile("p.json", whole)})
    bad = auditor.post(url, {"do": "file", "file": SimpleUploadedFile("p.json", broken)})

    assert "已封存签名" in signed
    assert "不符</span>" not in good.content.decode()
    assert "不符</span>" in bad.content.decode()
    assert auditor.post(url, {"do": "file"}).status_code == 422


def test_the_downloaded_evidence_verifies(
    clients: dict[str, Client], at: object, tmp_path: Path
) -> None:
    record("示例", by=PLATFORM)
    anchor()

    response = clients["auditor"].get(reverse("audit:export"))
    (tmp_path / "evidence.jsonl").write_bytes(b"".join(response.streaming_content))

    assert all(finding.ok for finding in verify_file(tmp_path / "evidence.jsonl"))


def test_everybody_may_keep_the_signed_heads(db: None, at: object) -> None:
    record("示例", by=PLATFORM)
    head = anchor()

    items = Client().get("/api/v1/audit/heads").json()["items"]

    assert head is not None
    assert items[0]["root"] == head.root
    assert items[0]["signature"] == head.signature


def test_a_proof_not_yet_signed_says_what_to_do(clients: dict[str, Client]) -> None:
    entry = record("示例", by=PLATFORM)

    response = clients["auditor"].get(f"/api/v1/audit/proof/{entry.pk}")

    assert (response.status_code, response.json()["code"]) == (409, "NOT_SEALED_YET")
    assert "封存" in response.json()["next_step"]
