"""Article 16: data are used for the purpose granted, by the department granted, by nobody else."""

import pytest

from tests import factories_delivery as make
from tests.factories_sharing import PURPOSE, filed
from tests.world import World
from tongqu.delivery import public
from tongqu.delivery.vocabulary import GrantState
from tongqu.policy.clauses import measures_2021 as law
from tongqu.security.models import SecurityEvent
from tongqu.sharing import public as sharing
from tongqu.sharing.models import ShareRequest

pytestmark = pytest.mark.usefixtures("at", "lake")


def rows(client, number: str, purpose: str = make.PURPOSE):
    return client.get(f"/api/v1/data/{number}/rows", {"purpose": purpose})


def test_a_grant_is_bound_to_its_purpose(world: World, browser_of) -> None:
    make.served_table()
    number = make.grant(world).number

    other = rows(browser_of("consumer"), number, "planning")

    assert other.json()["code"] == "PURPOSE_MISMATCH"
    assert other.json()["clause"] == law.PURPOSE_BOUND.code
    event = SecurityEvent.objects.get()
    assert event.subject == number
    assert rows(browser_of("consumer"), number).status_code == 200


def test_a_new_purpose_takes_a_new_grant_and_the_old_one_stays_as_it_was(
    world: World, browser_of
) -> None:
    make.served_table()
    entry = make.served_entry(world)
    old = make.grant(world, entry).number

    new = make.grant(world, entry, purpose_code="planning", purpose_text="示例：规划分析").number

    client = browser_of("consumer")
    assert rows(client, new, "planning").status_code == 200
    assert rows(client, old, "planning").json()["code"] == "PURPOSE_MISMATCH"
    assert rows(client, old).status_code == 200


@pytest.mark.req("SHR-16")
def test_editing_the_purpose_of_a_grant_files_a_new_request_and_leaves_the_grant_alone(
    world: World, browser_of
) -> None:
    make.served_table()
    entry = make.served_entry(
        world, sharing_type="conditional", conditions="限用于应急处置。", materials=[]
    )
    first = filed(world, entry)
    sharing.pass_first_review(first.number, by=world.actor("support"))
    number = sharing.approve(first.number, by=world.actor("provider")).grant_number
    before = public.grant(number)
    consumer, edit = browser_of("consumer"), f"/desk/grants/{number}/purpose/"

    assert edit in consumer.get(f"/desk/grants/{number}/").content.decode()
    form = consumer.get(edit).content.decode()
    assert PURPOSE["purpose"] in form  # filled with what was granted
    typed = {"entry": entry.code, "submission": "s1", **PURPOSE}
    same = consumer.post(edit, typed)
    assert (same.status_code, "用途与原授权相同" in same.content.decode()) == (422, True)
    assert browser_of("tourism").get(edit).status_code == 404
    new = {"matter": "planning", "purpose": "用于编制综合交通枢纽集疏运专项规划"}
    saved = consumer.post(edit, typed | new, follow=True)
    consumer.post(edit, typed | new)  # a double click

    asked = ShareRequest.objects.exclude(pk=first.pk).get()
    assert asked.state == "first_review"
    assert asked.purpose == new["purpose"]
    assert asked.grant_number == ""
    assert number in saved.content.decode()
    assert public.grant(number) == before
    assert rows(consumer, number, "planning").json()["code"] == "PURPOSE_MISMATCH"
    assert rows(consumer, number).status_code == 200


def test_a_grant_is_of_no_use_to_another_department(world: World, browser_of) -> None:
    make.served_table()
    number = make.grant(world).number

    answer = rows(browser_of("tourism"), number)

    assert (answer.status_code, answer.json()["code"]) == (403, "NO_GRANT")


def test_confirmed_misuse_suspends_and_then_revokes(world: World, browser_of) -> None:
    make.served_table()
    number = make.grant(world).number
    by = world.actor("managing")

    public.suspend_grant(number, by=by, basis=law.PURPOSE_BOUND, reason="示例：核实中")
    suspended = rows(browser_of("consumer"), number).json()["code"]
    ended = public.revoke_grant(number, by=by, basis=law.HANDED_ON, reason="示例：提供给第三方")

    assert suspended == "GRANT_SUSPENDED"
    assert (ended.state, ended.end_basis) == (GrantState.REVOKED, law.HANDED_ON.code)
    assert rows(browser_of("consumer"), number).json()["code"] == "GRANT_REVOKED"
