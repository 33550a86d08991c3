"""Log-in: a password, a second factor, example accounts in a demonstration only; and a form
whose session expired loses nothing."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.world import PASSWORD
from tongqu.identity.models import Person
from tongqu.identity.public import seed_example
from tongqu.kernel.actor import PLATFORM

pytestmark = pytest.mark.django_db
FORM = "/sys/organisations/new/"
TYPED = {"code": "990300", "name": "示例省丙市交通运输局", "kind": "government", "level": "city"}


def csrf_of(page: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert found
    return found[1]


def test_a_person_logs_in_with_a_password_and_lands_on_the_desk(world) -> None:
    answer = Client().post("/login/", {"login": "consumer", "password": PASSWORD})

    assert answer.status_code == 302
    assert answer.url == "/desk/"


def test_the_log_in_page_is_ours_and_in_chinese(db) -> None:
    page = Client().get("/login/").content.decode()

    assert "<h1>登录</h1>" in page
    assert "示例账号" not in page
    assert page.count("<h1") == 1


def test_a_wrong_password_is_said_above_the_form(world) -> None:
    answer = Client().post("/login/", {"login": "consumer", "password": "不对的口令"})

    assert answer.status_code == 200
    assert "callout-bad" in answer.content.decode()


@pytest.mark.parametrize("path", ["/2fa/", "/2fa/totp/activate/", "/logout/", "/password/change/"])
def test_second_factor_and_log_out_are_reachable_in_our_design(world, browser_of, path) -> None:
    answer = browser_of("consumer").get(path, follow=True)

    assert answer.status_code == 200
    assert "通衢" in answer.content.decode()


class TestDemonstration:
    @pytest.fixture(autouse=True)
    def demonstration(self, db, settings) -> None:
        settings.IS_DEMO = True
        seed_example(by=PLATFORM)

    def test_the_page_offers_one_account_for_each_role(self) -> None:
        from tongqu.identity.vocabulary import Role

        page = Client().get("/login/").content.decode()

        offered = set(re.findall(r'name="username" value="(demo-[a-z-]+)"', page))
        people = Person.objects.filter(username__in=offered)
        roles = set(people.values_list("assignments__role", flat=True))
        assert roles == set(Role) - {Role.PUBLIC}

    def test_one_click_logs_in_and_goes_on_to_where_one_was_going(self) -> None:
        client = Client()

        answer = client.post("/login/demo/", {"username": "demo-consumer", "next": "/desk/"})

        assert answer.url == "/desk/"
        assert client.get("/api/v1/identity/me").json()["key"] == "demo-consumer"

    def test_it_never_leads_to_another_site(self) -> None:
        answer = Client().post(
            "/login/demo/", {"username": "demo-consumer", "next": "https://example.org/"}
        )

        assert answer.url == "/desk/"

    def test_it_opens_no_account_but_an_example(self) -> None:
        Person.objects.create_user("real-person", password=PASSWORD, display_name="甲")

        assert Client().post("/login/demo/", {"username": "real-person"}).status_code == 404

    def test_it_opens_no_administrator_of_the_framework(self) -> None:
        Person.objects.filter(username="demo-sysadmin").update(is_superuser=True)

        assert Client().post("/login/demo/", {"username": "demo-sysadmin"}).status_code == 404

    def test_outside_a_demonstration_it_is_not_there(self, settings) -> None:
        settings.IS_DEMO = False

        assert Client().post("/login/demo/", {"username": "demo-consumer"}).status_code == 404

    def test_example_accounts_have_no_password(self) -> None:
        assert not any(p.has_usable_password() for p in Person.objects.filter(is_example=True))


class TestExpiredSession:
    def expired(self, world) -> Client:
        """Return a browser that opened the form while logged in; then the session ended."""
        client = Client(enforce_csrf_checks=True)
        client.force_login(
            world.people["managing"], backend="django.contrib.auth.backends.ModelBackend"
        )
        self.token = csrf_of(client.get(FORM).content.decode())
        del client.cookies["sessionid"]
        return client

    def test_what_was_typed_is_back_after_logging_in(self, world) -> None:
        client = self.expired(world)

        sent_away = client.post(FORM, TYPED | {"csrfmiddlewaretoken": self.token})
        login = client.get(sent_away.url).content.decode()
        back = client.post(
            sent_away.url,
            {"login": "managing", "password": PASSWORD, "csrfmiddlewaretoken": csrf_of(login)},
        )
        page = client.get(back.url).content.decode()

        assert sent_away.status_code == 302
        assert sent_away.url == f"{reverse('account_login')}?next=%2Fsys%2Forganisations%2Fnew%2F"
        assert "你填写的内容已经保留" in login
        assert back.url == FORM
        assert 'value="990300"' in page
        assert "示例省丙市交通运输局" in page

    def test_it_is_given_back_once(self, world) -> None:
        client = self.expired(world)
        client.post(FORM, TYPED | {"csrfmiddlewaretoken": self.token})
        client.force_login(
            world.people["managing"], backend="django.contrib.auth.backends.ModelBackend"
        )

        first, second = client.get(FORM).content.decode(), client.get(FORM).content.decode()

        assert 'value="990300"' in first
        assert 'value="990300"' not in second

    def test_it_is_given_to_nobody_else_who_logs_in_on_this_computer(self, world) -> None:
        client = self.expired(world)
        client.post(FORM, TYPED | {"csrfmiddlewaretoken": self.token})
        client.force_login(
            world.people["sysadmin"], backend="django.contrib.auth.backends.ModelBackend"
        )

        page = client.get(FORM)

        assert page.status_code == 200
        assert 'value="990300"' not in page.content.decode()
        assert "tongqu.resumed" not in client.session

    def test_secrets_are_not_kept(self, world) -> None:
        client = self.expired(world)

        client.post(FORM, TYPED | {"password": "x1", "api_token": "x2",
                                   "csrfmiddlewaretoken": self.token})  # fmt: skip

        kept = client.session["tongqu.resumed"]["fields"]
        assert set(kept) == set(TYPED)

    def test_nothing_was_done_by_the_expired_post(self, world) -> None:
        from tongqu.identity.models import Organisation

        client = self.expired(world)

        client.post(FORM, TYPED | {"csrfmiddlewaretoken": self.token})

        assert not Organisation.objects.filter(code="990300").exists()
