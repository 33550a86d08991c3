"""A security event is kept, recorded in the trail and told to those who must know."""

import pytest
from django.test import Client
from django.urls import reverse

from tests import world as worlds
from tongqu.audit.models import AuditEntry
from tongqu.identity.models import Message
from tongqu.security.models import SecurityEvent
from tongqu.security.public import mask_salt, raise_event
from tongqu.security.vocabulary import EVENT_LABELS, EventKind

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", list(EventKind))
def test_an_event_is_recorded_and_told(world: worlds.World, at: object, kind: EventKind) -> None:
    told = world.organisations["990000-MH"]

    event = raise_event(
        kind, by=world.actor("consumer"), subject="MH/0001", details={"part": "首页"},
        organisations=[told.pk],
    )  # fmt: skip

    entry = AuditEntry.objects.latest("pk")
    assert (entry.action, entry.code, entry.outcome) == (
        "security.event", kind.value.upper(), "refused",
    )  # fmt: skip
    assert event.label == EVENT_LABELS[kind]
    messages = Message.objects.filter(key__startswith=f"security-event-{event.pk}-")
    assert {(m.organisation_id, m.role) for m in messages} == {
        (None, "security_officer"), (told.pk, ""),
    }  # fmt: skip


def test_events_are_listed_for_those_who_watch(world: worlds.World, browser_of: object) -> None:
    assert callable(browser_of)
    for number in range(3):
        raise_event(
            EventKind.OUT_OF_BAND, by=world.actor("support"), subject=f"S-{number}", details={}
        )
    officer: Client = browser_of("security")

    first = officer.get("/api/v1/security/events", {"limit": 2}).json()
    rest = officer.get("/api/v1/security/events", {"before": first["next_before"]}).json()
    page = officer.get(reverse("security:events"), {"kind": "out_of_band"}).content.decode()

    assert [item["subject"] for item in first["items"] + rest["items"]] == ["S-2", "S-1", "S-0"]
    assert rest["next_before"] is None
    assert "S-0" in page
    assert "绕开平台取数" in page
    assert officer.get("/api/v1/security/events", {"kind": "quota_exceeded"}).json()["items"] == []
    assert browser_of("consumer").get(reverse("security:events")).status_code == 403


def test_an_unknown_kind_is_refused_by_the_database(world: worlds.World, at: object) -> None:
    from django.db import IntegrityError, transaction

    event = raise_event(EventKind.OUT_OF_BAND, by=world.actor("support"), subject="S", details={})
    with pytest.raises(IntegrityError), transaction.atomic():
        SecurityEvent.objects.filter(pk=event.pk).update(kind="something")


def test_the_salt_of_the_masks_stays(settings: object) -> None:
    assert mask_salt() == mask_salt()
    assert len(mask_salt()) == 64


def test_everybody_may_read_the_public_keys(db: None) -> None:
    from tongqu.audit.public import sign

    signature = sign(b"x")

    keys = Client().get("/api/v1/security/keys").json()["items"]

    assert keys[0]["key_id"] == signature.key_id
    assert set(keys[0]) == {"algorithm", "key_id", "raw"}


def test_a_burst_of_refusals_is_raised_once(
    world: worlds.World, browser_of: object, at: object
) -> None:
    from datetime import timedelta

    from tongqu.kernel.clock import FixedClock
    from tongqu.kernel.jobs import run

    assert callable(browser_of)
    assert isinstance(at, FixedClock)
    consumer: Client = browser_of("consumer")
    for _ in range(49):
        consumer.get("/api/v1/audit/entries")
    quiet = run("security.denied_burst")
    consumer.get("/api/v1/audit/entries")

    raised = [run("security.denied_burst"), run("security.denied_burst")]
    at.instant += timedelta(minutes=11)

    assert quiet == 0
    assert raised == [1, 0]
    assert run("security.denied_burst") == 0
    event = SecurityEvent.objects.get()
    assert (event.kind, event.actor_key, event.details["被拒次数"]) == (
        "denied_burst", "consumer", 50,
    )  # fmt: skip
