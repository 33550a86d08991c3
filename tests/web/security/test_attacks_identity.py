"""Attacks on who one is: borrowed assurance, self-given offices, doors of the log-in library."""

import base64
import json

import pytest
from django.test import Client

from tests.factories_catalog import published_entry
from tests.factories_sharing import PURPOSE, conditional_entry
from tongqu.identity.actions.clients import register_client, rotate_secret
from tongqu.identity.models import Assignment
from tongqu.identity.vocabulary import Role
from tongqu.kernel.problems import Rejected
from tongqu.sharing.actions.review import pass_first_review
from tongqu.sharing.models import ShareRequest
from tongqu.sharing.vocabulary import State

pytestmark = pytest.mark.django_db
TOKEN_URL = "/identity/o/api/token"


def bearer(client_id: str, secret: str) -> dict[str, str]:
    basic = base64.b64encode(f"{client_id}:{secret}".encode()).decode()
    answer = Client().post(
        TOKEN_URL, {"grant_type": "client_credentials"}, headers={"Authorization": f"Basic {basic}"}
    )
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


def file_by_token(entry, headers):
    return Client().post(
        "/api/v1/sharing/requests",
        json.dumps({"entry_code": entry.code, **PURPOSE}),
        content_type="application/json",
        headers=headers,
    )


def test_an_unverified_person_gains_nothing_by_sending_a_system_of_its_own(world, at) -> None:
    """Registering a system must not turn assurance 1 into the 2 that grants by itself need."""
    person = world.people["consumer"]
    person.assurance = 1
    person.save()
    client, secret = register_client(
        system_name="示例系统", networks=[], by=world.actor("consumer")
    )

    answer = file_by_token(published_entry(world), bearer(client.client_id, secret))

    assert answer.status_code == 201, answer.content
    assert answer.json()["state"] == State.VERIFYING
    assert ShareRequest.objects.get().grant_number == ""


def test_who_files_through_a_system_does_not_decide_the_case(world, at) -> None:
    """The support unit asks for data, too: its reviewer files by a system, then reviews."""
    support = world.people["support"]
    Assignment.objects.create(person=support, role=Role.CONSUMER, organisation=support.organisation)
    reviewer = world.actor("support")
    client, secret = register_client(system_name="示例系统", networks=[], by=reviewer)
    number = file_by_token(conditional_entry(world), bearer(client.client_id, secret)).json()[
        "number"
    ]

    with pytest.raises(Rejected) as refused:
        pass_first_review(number, by=reviewer)

    assert refused.value.problem.code == "SEPARATION"


def moves_away(world) -> None:
    person = world.people["consumer"]
    person.organisation = world.organisations["990000-WL"]
    person.save()


def leaves_office(world) -> None:
    world.people["consumer"].assignments.all().delete()


@pytest.mark.parametrize("happens", [moves_away, leaves_office])
def test_who_left_takes_no_data_with_the_key_that_is_left(world, at, happens) -> None:
    client, secret = register_client(
        system_name="示例系统", networks=[], by=world.actor("consumer")
    )
    headers = bearer(client.client_id, secret)
    assert Client().get("/api/v1/identity/me", headers=headers).status_code == 200

    happens(world)

    assert Client().get("/api/v1/identity/me", headers=headers).status_code == 401
    assert (
        Client().get("/api/v1/identity/me", headers=bearer(client.client_id, secret)).status_code
        == 401
    )


def test_who_changes_the_secret_keeps_the_system_from_then_on(world, at) -> None:
    """An unverified colleague gains nothing by changing the secret of a verified one's system."""
    client, _ = register_client(system_name="示例系统", networks=[], by=world.actor("consumer"))
    colleague = world.people["tourism"]
    colleague.organisation, colleague.assurance = world.organisations["990000-YJ"], 1
    colleague.save()
    colleague.assignments.update(organisation=colleague.organisation)

    _, secret = rotate_secret(client.client_id, by=world.actor("tourism"))
    answer = file_by_token(published_entry(world), bearer(client.client_id, secret))

    assert answer.json()["state"] == State.VERIFYING


def test_nobody_gives_himself_an_office(world, browser_of) -> None:
    unit = world.organisations["990000-XX"]

    answer = browser_of("sysadmin").post(
        f"/sys/organisations/{unit.code}/roles/", {"person": "sysadmin", "role": "support"}
    )

    assert answer.status_code == 422
    assert not Assignment.objects.filter(
        person=world.people["sysadmin"], role=Role.SUPPORT
    ).exists()


@pytest.mark.parametrize("code", ["a/b", "../x", "new/", "<b>", "a b", "。", "-a"])
def test_a_code_that_is_no_part_of_an_address_is_refused(world, browser_of, code) -> None:
    """One with a slash broke the list of organisations for everybody."""
    managing = browser_of("managing")

    answer = managing.post(
        "/sys/organisations/new/",
        {"code": code, "name": "示例单位", "kind": "government", "level": "province"},
    )

    assert answer.status_code == 422
    assert managing.get("/sys/organisations/").status_code == 200


def test_a_system_has_no_endless_list_of_networks(browser_of) -> None:
    """Each call of the system is held against each of them."""
    networks = "\n".join(["10.0.0.0/8"] * 20_000)

    answer = browser_of("consumer").post(
        "/sys/clients/", {"system_name": "示例系统", "networks": networks}
    )

    assert answer.status_code == 422


@pytest.mark.parametrize(
    "path",
    ["/password/set/", "/password/reset/", "/email/", "/confirm-email/", "/signup/",
     "/login/code/confirm/", "/identity/o/device", "/identity/o/authorize",
     "/identity/o/api/device/code"],
)  # fmt: skip
def test_what_the_log_in_library_offers_beside_our_need_is_shut(browser_of, path) -> None:
    """An account without password (a demonstration's) must not be given one by a visitor;
    the hub writes no e-mail; systems log in by client credentials alone."""
    browser = browser_of("consumer")

    assert browser.get(path).status_code == 404
    assert browser.post(path, {"email": "a@example.cn", "action_add": ""}).status_code == 404
