"""Article 10: sharing goes through the platform, in three manners."""

import json

import pytest

from tests import factories_delivery as make
from tests.world import World
from tongqu.audit.models import AuditEntry
from tongqu.catalog.vocabulary import Manner
from tongqu.delivery.domain.states import GRANT
from tongqu.delivery.models import Grant
from tongqu.delivery.vocabulary import GrantCommand, GrantState
from tongqu.policy.clauses import measures_2021 as law

pytestmark = pytest.mark.usefixtures("at", "lake")


def test_there_are_exactly_three_manners() -> None:
    assert [manner.label for manner in Manner] == ["联机查询", "数据订阅", "数据下载"]


@pytest.mark.parametrize("granted", list(Manner))
def test_a_grant_of_one_manner_opens_that_manner_only(
    world: World, browser_of, granted: Manner
) -> None:
    make.served_table()
    number = make.grant(world, manners=(granted,)).number
    client = browser_of("consumer")
    place = f"/api/v1/data/{number}"

    answers = {
        Manner.QUERY: client.get(f"{place}/rows", {"purpose": make.PURPOSE}),
        Manner.SUBSCRIPTION: client.get(f"{place}/changes", {"purpose": make.PURPOSE}),
        Manner.DOWNLOAD: client.post(
            f"{place}/downloads",
            json.dumps({"purpose": make.PURPOSE, "format": "csv"}),
            content_type="application/json",
        ),
    }

    for manner, answer in answers.items():
        if manner == granted:
            assert answer.status_code in {200, 202}
        else:
            assert answer.json()["code"] == "MANNER_NOT_GRANTED"
            assert answer.json()["clause"] == law.THREE_MANNERS.code


def test_the_first_use_puts_the_grant_in_use_and_is_on_record_once(
    world: World, browser_of
) -> None:
    make.served_table()
    number = make.grant(world).number
    client = browser_of("consumer")

    for _ in range(2):
        client.get(f"/api/v1/data/{number}/rows", {"purpose": make.PURPOSE})

    grant = Grant.objects.get(number=number)
    assert grant.state == GrantState.IN_USE
    assert grant.first_used_at is not None
    first = AuditEntry.objects.get(action="delivery.grant.use")
    assert first.basis == law.THREE_MANNERS.code
    assert GRANT.step(GrantState.EFFECTIVE_UNUSED, GrantCommand.USE).target == GrantState.IN_USE
