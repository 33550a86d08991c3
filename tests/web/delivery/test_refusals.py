"""Why data does not leave: each refusal has its reason, its clause and its row in the trail."""

import json
from datetime import date
from typing import Any

import pytest
from django.test import Client

from tests import factories_delivery as make
from tests.world import World
from tongqu.audit.models import AuditEntry
from tongqu.catalog.vocabulary import Manner
from tongqu.delivery.actions.download import chunks, clear_downloads, path_of
from tongqu.delivery.models import Download, GrantUsage
from tongqu.delivery.public import resume_grant, revoke_grant, suspend_grant
from tongqu.delivery.vocabulary import DownloadState
from tongqu.policy.clauses import measures_2021 as law
from tongqu.security.models import SecurityEvent

pytestmark = pytest.mark.usefixtures("at", "lake")


@pytest.fixture(autouse=True)
def table(lake: object) -> None:
    make.served_table()


def rows(client: Client, number: str, **query: Any):
    query = {"purpose": make.PURPOSE} | query
    return client.get(f"/api/v1/data/{number}/rows", query)


def refused(answer) -> tuple[int, str]:
    document = answer.json()
    assert document["clause"]
    assert document["next_step"]
    assert answer["Content-Type"].startswith("application/problem+json")
    return answer.status_code, document["code"]


def last_call() -> AuditEntry:
    return AuditEntry.objects.filter(kind="call").latest("pk")


def test_nobody_logged_in_gets_401(world: World) -> None:
    number = make.grant(world).number

    assert refused(rows(Client(), number)) == (401, "NOT_LOGGED_IN")


@pytest.mark.req("GEN-09")
def test_no_grant_and_an_expired_grant_are_refused_and_audited(
    world: World, browser_of, at
) -> None:
    number = make.grant(world, valid_until=date(2026, 12, 31)).number

    other = rows(browser_of("tourism"), number)
    first = last_call()
    unknown = rows(browser_of("consumer"), "SQ-2026-0924-999")
    at.instant = at.instant.replace(year=2027, month=1, day=2)
    late = rows(browser_of("consumer"), number)
    second = last_call()

    assert refused(other) == refused(unknown) == (403, "NO_GRANT")
    assert other.json()["title"] == unknown.json()["title"]
    assert (first.outcome, first.code, first.actor_key) == ("refused", "NO_GRANT", "tourism")
    assert refused(late) == (403, "GRANT_EXPIRED")
    assert (second.outcome, second.code, second.grant) == ("refused", "GRANT_EXPIRED", number)
    assert second.purpose == make.PURPOSE


@pytest.mark.req("SHR-15")
def test_another_purpose_is_refused_and_becomes_a_misuse_event(world: World, browser_of) -> None:
    number = make.grant(world).number

    answer = rows(browser_of("consumer"), number, purpose="statistics")

    assert refused(answer) == (403, "PURPOSE_MISMATCH")
    assert answer.json()["clause"] == law.PURPOSE_BOUND.code
    event = SecurityEvent.objects.get()
    assert event.kind == "purpose_mismatch"
    assert event.subject == number
    assert last_call().code == "PURPOSE_MISMATCH"
    assert not GrantUsage.objects.exists()


def test_a_call_without_a_purpose_is_refused(world: World, browser_of) -> None:
    number = make.grant(world).number

    assert refused(rows(browser_of("consumer"), number, purpose="")) == (422, "PURPOSE_REQUIRED")


def test_a_manner_not_granted_is_refused_with_those_that_are(world: World, browser_of) -> None:
    number = make.grant(world, manners=(Manner.DOWNLOAD,)).number

    answer = rows(browser_of("consumer"), number)

    assert refused(answer) == (403, "MANNER_NOT_GRANTED")
    assert answer.json()["facts"]["granted"] == ["download"]


def test_a_call_from_an_unregistered_network_is_refused(world: World, browser_of) -> None:
    inside = make.grant(world, networks=("127.0.0.0/8",)).number
    outside = make.grant(world, networks=("10.9.0.0/16",)).number

    assert rows(browser_of("consumer"), inside).status_code == 200
    assert refused(rows(browser_of("consumer"), outside)) == (403, "ENV_NOT_REGISTERED")


def test_the_daily_quota_stops_at_its_last_row_and_says_when_it_resets(
    world: World, browser_of, at
) -> None:
    number = make.grant(world, quota_rows_per_day=12).number
    client = browser_of("consumer")

    first = rows(client, number, limit=10).json()
    second = rows(client, number, limit=10, cursor=first["next_cursor"]).json()
    third = rows(client, number, limit=10, cursor=second["next_cursor"])
    at.instant = at.instant.replace(day=25)
    tomorrow = rows(client, number, limit=10, cursor=second["next_cursor"])

    assert (first["count"], second["count"]) == (10, 2)
    assert refused(third) == (429, "QUOTA_EXCEEDED")
    assert third.json()["facts"]["resets_at"] == "2026-09-25T00:00:00+08:00"
    assert tomorrow.json()["count"] == 10


def test_a_download_beyond_the_quota_fails_with_its_reason(world: World, browser_of) -> None:
    number = make.grant(world, quota_rows_per_day=12).number

    asked = _download(browser_of("consumer"), number).json()

    assert asked["state"] == "failed"
    assert "上限" in asked["problem"]


def test_revocation_ends_every_manner_at_once(world: World, browser_of) -> None:
    number = make.grant(world).number
    client = browser_of("consumer")
    file = _download(client, number).json()["file"]
    place = path_of(Download.objects.get())
    assert rows(client, number).status_code == 200

    revoke_grant(number, by=world.actor("provider"), basis=law.IDLE_GRANT, reason="示例：已无需要")

    for path in ("rows", "changes"):
        answer = client.get(f"/api/v1/data/{number}/{path}", {"purpose": make.PURPOSE})
        assert refused(answer) == (403, "GRANT_REVOKED")
    assert refused(_download(client, number)) == (403, "GRANT_REVOKED")
    assert refused(client.get(file)) == (403, "GRANT_REVOKED")
    assert clear_downloads() == 1
    assert not place.exists()
    assert Download.objects.get().state == DownloadState.EXPIRED


def test_a_file_on_its_way_stops_when_the_grant_ends(world: World, browser_of, monkeypatch) -> None:
    monkeypatch.setattr("tongqu.delivery.actions.download.CHUNK", 100)
    number = make.grant(world).number
    _download(browser_of("consumer"), number)
    download = Download.objects.get()
    stream = chunks(download, 0, download.size or 0)

    assert len(next(stream)) == 100
    revoke_grant(number, by=world.actor("provider"), basis=law.IDLE_GRANT, reason="示例：已无需要")

    assert list(stream) == []


def test_a_suspended_grant_waits_until_it_is_resumed(world: World, browser_of) -> None:
    number = make.grant(world).number
    by = world.actor("managing")

    suspend_grant(number, by=by, basis=law.LOST_CONTROL, reason="示例：核实用途")
    stopped = rows(browser_of("consumer"), number)
    resume_grant(number, by=by, reason="示例：核实无误")

    assert refused(stopped) == (403, "GRANT_SUSPENDED")
    assert rows(browser_of("consumer"), number).status_code == 200


@pytest.mark.req("GEN-07")
@pytest.mark.parametrize("thing", ["price", "bill", "invoice"])
@pytest.mark.parametrize("method", ["get", "post", "put"])
def test_any_price_or_bill_of_a_grant_is_answered_free_by_policy(
    world: World, browser_of, thing: str, method: str
) -> None:
    number = make.grant(world).number

    answer = getattr(browser_of("consumer"), method)(f"/api/v1/grants/{number}/{thing}")

    assert refused(answer) == (409, "FREE_BY_POLICY")
    assert answer.json()["clause"] == law.FREE_OF_CHARGE.code


def test_another_departments_grant_has_no_price_to_ask_about(world: World, browser_of) -> None:
    number = make.grant(world).number

    answer = browser_of("tourism").get(f"/api/v1/grants/{number}/price")

    assert refused(answer) == (403, "NO_GRANT")


@pytest.mark.parametrize("name", ["nothing", "identity_number", "phone", "_seq", "phone__prefix"])
def test_a_filter_on_unknown_hidden_or_masked_items_is_refused_alike(
    world: World, browser_of, name: str
) -> None:
    number = make.grant(world).number

    answer = rows(browser_of("consumer"), number, **{name: "1"})

    assert refused(answer) == (422, "FILTER_NOT_ALLOWED")
    allowed = sorted(set(make.SHARED) - {"phone"})
    assert answer.json()["facts"]["allowed"] == allowed


@pytest.mark.parametrize(
    ("name", "value"),
    [("id", "seven"), ("id", "9" * 30), ("id__between", "1"), ("id__in", ""), ("day", "2013-13-01"),
     ("delay", "nan"), ("id__prefix", "1"), ("name", "x" * 201)],
)  # fmt: skip
def test_a_condition_that_cannot_be_read_is_refused(
    world: World, browser_of, name: str, value: str
) -> None:
    number = make.grant(world).number

    answer = rows(browser_of("consumer"), number, **{name: value})

    assert refused(answer) == (422, "FILTER_INVALID")
    assert len(value) < 4 or value not in answer.content.decode()


def test_a_cursor_is_worth_nothing_with_another_grant_or_other_conditions(
    world: World, browser_of
) -> None:
    entry = make.served_entry(world)
    one, two = make.grant(world, entry).number, make.grant(world, entry).number
    client = browser_of("consumer")
    cursor = rows(client, one, limit=5).json()["next_cursor"]

    for answer in (
        rows(client, two, cursor=cursor),
        rows(client, one, cursor=cursor, origin="JFK"),
        rows(client, one, cursor=cursor[:-4] + "AAAA"),
        rows(client, one, cursor="不是游标"),
    ):
        assert refused(answer) == (422, "CURSOR_INVALID")


def test_an_entry_without_data_has_nothing_to_give_yet(world: World, browser_of) -> None:
    number = make.grant(world, make.served_entry(world, table="")).number

    assert refused(rows(browser_of("consumer"), number)) == (409, "NO_SERVICE_TABLE")


def test_another_departments_download_is_not_to_be_found(world: World, browser_of) -> None:
    number = make.grant(world).number
    theirs = make.grant(world, consumer_id=world.organisations["990000-WL"].pk).number
    file_id = _download(browser_of("consumer"), number).json()["id"]

    answer = browser_of("tourism").get(f"/api/v1/data/{theirs}/downloads/{file_id}/file")

    assert refused(answer) == (404, "DOWNLOAD_NOT_FOUND")


def test_refused_calls_are_not_counted_as_use(world: World, browser_of) -> None:
    number = make.grant(world).number

    rows(browser_of("consumer"), number, phone="13800015678")
    rows(browser_of("consumer"), number, cursor="x")

    assert not GrantUsage.objects.exists()


def _download(client: Client, number: str):
    return client.post(
        f"/api/v1/data/{number}/downloads",
        json.dumps({"purpose": make.PURPOSE, "format": "csv"}),
        content_type="application/json",
    )
