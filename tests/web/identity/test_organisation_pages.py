"""The administration of organisations and people as pages."""

import pytest

from tongqu.identity.models import Assignment, Organisation, Person

pytestmark = pytest.mark.django_db
NEW = "/sys/organisations/new/"
FORM = {"code": "990300", "name": "示例省丙市交通运输局", "kind": "government", "level": "city",
        "parent_code": "990000-KJ"}  # fmt: skip


def test_everybody_of_staff_reads_the_tree(world, browser_of) -> None:
    page = browser_of("auditor").get("/sys/organisations/").content.decode()

    assert "示例省应急管理厅" in page
    assert "新建组织" not in page


def test_an_administrator_creates_an_organisation_in_the_tree(world, browser_of) -> None:
    answer = browser_of("sysadmin").post(NEW, FORM)

    assert answer.url == "/sys/organisations/990300/"
    assert Organisation.objects.get(code="990300").parent.code == "990000-KJ"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"kind": "authorised_society"}, "请填写授权依据"),
        ({"code": "990100"}, "组织代码已被使用"),
        ({"name": "示例省应急管理厅"}, "已有同名组织"),
        ({"name": ""}, "请填写此项"),
    ],
)
def test_what_is_wrong_is_said_under_the_field_and_nothing_is_lost(
    world, browser_of, changes, says
) -> None:
    answer = browser_of("sysadmin").post(NEW, FORM | changes)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert says in page
    assert 'aria-invalid="true"' in page
    assert f'value="{(FORM | changes)["code"]}"' in page


def test_a_first_password_is_shown_once_and_opens_the_account(world, browser_of) -> None:
    from django.test import Client

    browser = browser_of("sysadmin")
    shown = browser.post(
        "/sys/organisations/990100/people/", {"username": "jia-01", "display_name": "示例·甲"}
    )
    password = shown.context["password"]

    assert password in shown.content.decode()
    assert password not in browser.get("/sys/organisations/990100/").content.decode()
    assert Client().post("/login/", {"login": "jia-01", "password": password}).status_code == 302


def test_an_office_is_given_and_ended(world, browser_of) -> None:
    browser = browser_of("sysadmin")
    url = "/sys/organisations/990000-YJ/roles/"

    browser.post(url, {"person": "consumer", "role": "cataloguer", "until": "2099-12-31"})
    held = Assignment.objects.get(person__username="consumer", role="cataloguer")
    browser.post(f"{url}{held.pk}/end/")

    assert not Assignment.objects.filter(pk=held.pk).exists()
    assert Person.objects.get(username="consumer").assignments.count() == 1


def test_somebody_of_another_organisation_cannot_be_appointed_here(world, browser_of) -> None:
    answer = browser_of("sysadmin").post(
        "/sys/organisations/990000-YJ/roles/", {"person": "tourism", "role": "consumer"}
    )

    assert answer.status_code == 422
