"""API clients: registered by their department, a secret shown once, tokens that hold or not."""

import base64
from datetime import UTC, datetime

import pytest
from django.test import Client

from tongqu.audit.models import AuditEntry
from tongqu.identity.actions.clients import register_client, rotate_secret, switch_client
from tongqu.identity.models import ApiClient
from tongqu.identity.vocabulary import Permission
from tongqu.kernel.problems import Rejected

pytestmark = pytest.mark.django_db
TOKEN_URL = "/identity/o/api/token"
ME = "/api/v1/identity/me"


@pytest.fixture
def consumer(world):
    return world.actor("consumer")


def token_for(client_id: str, secret: str) -> str:
    basic = base64.b64encode(f"{client_id}:{secret}".encode()).decode()
    answer = Client().post(
        TOKEN_URL, {"grant_type": "client_credentials"}, headers={"Authorization": f"Basic {basic}"}
    )
    assert answer.status_code == 200, answer.content
    return str(answer.json()["access_token"])


def call(token: str, address: str = "10.1.2.3"):
    return Client().get(ME, headers={"Authorization": f"Bearer {token}"}, REMOTE_ADDR=address)


def test_a_registered_system_gets_a_token_and_acts_for_its_department(consumer) -> None:
    client, secret = register_client(
        system_name="示例预警系统", networks=["10.1.0.0/16"], by=consumer
    )

    answer = call(token_for(client.client_id, secret))

    assert answer.status_code == 200
    me = answer.json()
    assert me["kind"] == "client"
    assert me["organisation_code"] == "990000-YJ"
    assert Permission.DELIVERY_DATA_USE in me["permissions"]
    assert Permission.IDENTITY_CLIENT_MANAGE not in me["permissions"]


def test_the_call_is_in_the_trail_under_the_systems_name(consumer) -> None:
    client, secret = register_client(system_name="示例预警系统", networks=[], by=consumer)

    call(token_for(client.client_id, secret))

    entry = AuditEntry.objects.filter(action="GET api/v1/identity/me").latest("pk")
    assert (entry.actor_kind, entry.actor_key) == ("client", client.client_id)


def test_a_wrong_secret_gets_no_token(consumer) -> None:
    client, _ = register_client(system_name="示例预警系统", networks=[], by=consumer)

    with pytest.raises(AssertionError, match="invalid_client"):
        token_for(client.client_id, "not the secret")


def spoil_expire(client, secret, by):
    from allauth.idp.oidc.models import Token

    Token.objects.update(expires_at=datetime(2020, 1, 1, tzinfo=UTC))


def spoil_stop(client, secret, by):
    switch_client(client.client_id, is_active=False, by=by)


def spoil_rotate(client, secret, by):
    rotate_secret(client.client_id, by=by)


def spoil_owner(client, secret, by):
    client.owner.is_active = False
    client.owner.save()


def spoil_unregister(client, secret, by):
    ApiClient.objects.all().delete()


@pytest.mark.parametrize(
    "spoil", [spoil_expire, spoil_stop, spoil_rotate, spoil_owner, spoil_unregister],
    ids=["expired", "system stopped", "secret rotated", "owner gone", "client of another service"],
)  # fmt: skip
def test_a_token_that_no_longer_holds_is_401_with_a_reason(consumer, spoil) -> None:
    client, secret = register_client(system_name="示例预警系统", networks=[], by=consumer)
    token = token_for(client.client_id, secret)

    spoil(client, secret, consumer)
    answer = call(token)

    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert answer.json()["code"] == "TOKEN_INVALID"
    assert answer.json()["next_step"]


@pytest.mark.parametrize("path", [ME, "/api/v1/policy/clauses", "/policies/"])
def test_an_invented_token_is_refused_even_where_the_public_may_read(db, path) -> None:
    answer = Client().get(path, headers={"Authorization": "Bearer invented"})

    assert answer.status_code == 401


def test_a_call_from_outside_the_registered_network_is_403_and_recorded(consumer) -> None:
    client, secret = register_client(
        system_name="示例预警系统", networks=["10.1.0.0/16"], by=consumer
    )
    token = token_for(client.client_id, secret)

    answer = call(token, address="192.0.2.7")

    assert answer.status_code == 403
    assert answer.json()["code"] == "ENV_NOT_REGISTERED"
    entry = AuditEntry.objects.filter(code="ENV_NOT_REGISTERED").get()
    assert (entry.actor_key, entry.address) == (client.client_id, "192.0.2.7")


def test_a_network_that_is_none_is_refused_by_its_line(consumer) -> None:
    with pytest.raises(Rejected) as caught:
        register_client(system_name="示例", networks=["10.1.0.0/16", "甲地"], by=consumer)

    assert caught.value.problem.code == "BAD_NETWORK"
    assert "第 2 行" in caught.value.problem.fields["networks"]


class TestPage:
    def test_the_secret_is_shown_once_and_kept_nowhere(self, world, browser_of) -> None:
        browser = browser_of("consumer")

        shown = browser.post("/sys/clients/", {"system_name": "示例预警系统", "networks": ""})
        later = browser.get("/sys/clients/")

        secret = shown.context["secret"]
        assert secret in shown.content.decode()
        assert secret not in later.content.decode()
        assert "示例预警系统" in later.content.decode()
        assert TOKEN_URL in later.content.decode()
        assert "no-store" in shown.headers["Cache-Control"]
        assert not any(secret in str(e.details) for e in AuditEntry.objects.all())

    def test_another_departments_systems_are_not_seen_or_touched(self, world, browser_of) -> None:
        client, _ = register_client(
            system_name="示例预警系统", networks=[], by=world.actor("consumer")
        )
        browser = browser_of("tourism")

        page = browser.get("/sys/clients/").content.decode()
        answer = browser.post(f"/sys/clients/{client.client_id}/rotate/")

        assert client.client_id not in page
        assert answer.status_code == 404

    def test_a_system_is_stopped_and_resumed(self, world, browser_of) -> None:
        client, _ = register_client(
            system_name="示例预警系统", networks=[], by=world.actor("consumer")
        )
        browser = browser_of("consumer")

        for to, expected in (("off", False), ("on", True)):
            browser.post(f"/sys/clients/{client.client_id}/switch/", {"to": to})
            client.refresh_from_db()
            assert client.is_active is expected


class TestForgery:
    """A browser's session proves who acts, not that the person meant the call."""

    PATH = "/api/v1/sharing/requests"

    def browser(self, world) -> Client:
        client = Client(enforce_csrf_checks=True)
        client.force_login(
            world.people["consumer"], backend="django.contrib.auth.backends.ModelBackend"
        )
        return client

    def unsafe(self) -> str:
        """Return the path of some unsafe API operation that a consumer may call."""
        from tests.endpoints import operations
        from tongqu.identity.permissions import permissions_of

        may = permissions_of(frozenset({"consumer"}))
        found = [o for o in operations() if o.method == "POST" and o.permission in may]
        if not found:
            pytest.skip("no unsafe operation of a consumer is built yet")
        return found[0].filled()

    def test_an_unsafe_call_by_session_needs_the_token(self, world) -> None:
        answer = self.browser(world).post(self.unsafe(), {}, content_type="application/json")

        assert answer.status_code == 403
        assert answer.json()["code"] == "CSRF_FAILED"

    def test_with_the_token_it_passes(self, world) -> None:
        browser = self.browser(world)
        browser.get("/sys/clients/")
        token = browser.cookies["csrftoken"].value

        answer = browser.post(
            self.unsafe(), {}, content_type="application/json", headers={"X-CSRFToken": token}
        )

        assert answer.json().get("code") != "CSRF_FAILED"

    def test_a_call_by_bearer_token_needs_none(self, world) -> None:
        client, secret = register_client(
            system_name="示例预警系统", networks=[], by=world.actor("consumer")
        )
        token = token_for(client.client_id, secret)

        answer = Client(enforce_csrf_checks=True).post(
            self.unsafe(), {}, content_type="application/json",
            headers={"Authorization": f"Bearer {token}"},
        )  # fmt: skip

        assert answer.json().get("code") != "CSRF_FAILED"
        assert answer.status_code not in {401, 403}

    def test_safe_calls_by_session_need_none(self, world) -> None:
        assert self.browser(world).get(ME).status_code == 200
