"""Article 19: who manages and who uses is answerable; grades decide what is shown."""

import pytest

from tests import factories_delivery as make
from tests.world import World
from tongqu.audit.models import AuditEntry

pytestmark = pytest.mark.usefixtures("at", "lake")


def test_every_use_is_on_the_trail_with_who_and_what_for(world: World, browser_of) -> None:
    make.served_table()
    number = make.grant(world).number

    browser_of("consumer").get(f"/api/v1/data/{number}/rows", {"purpose": make.PURPOSE})

    call = AuditEntry.objects.get(kind="call", grant=number)
    assert (call.actor_key, call.organisation_code) == ("consumer", "990000-YJ")
    assert call.purpose == make.PURPOSE
    assert call.rows is not None
    assert call.rows > 0


def test_a_refused_use_is_on_the_trail_too(world: World, browser_of) -> None:
    make.served_table()
    number = make.grant(world).number

    browser_of("tourism").get(f"/api/v1/data/{number}/rows", {"purpose": make.PURPOSE})

    call = AuditEntry.objects.get(kind="call", outcome="refused")
    assert (call.actor_key, call.code) == ("tourism", "NO_GRANT")


def test_without_an_identity_nothing_is_handed_out(world: World, client) -> None:
    make.served_table()
    number = make.grant(world).number

    answer = client.get(f"/api/v1/data/{number}/rows", {"purpose": make.PURPOSE})

    assert (answer.status_code, answer.json()["code"]) == (401, "NOT_LOGGED_IN")
