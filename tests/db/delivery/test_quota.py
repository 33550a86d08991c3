"""Many calls at once never pass the quota together, and lose no count."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from tests import factories_delivery as make
from tests import world as worlds
from tests.world import World
from tongqu.catalog.vocabulary import Manner
from tongqu.delivery import public
from tongqu.delivery.actions.account import OpenGrant, count_use, open_grant
from tongqu.delivery.domain.gate import Call
from tongqu.delivery.models import Grant, GrantUsage
from tongqu.kernel.problems import Rejected
from tongqu.policy.clauses import measures_2021 as law

CALL = Call(Manner.QUERY, make.PURPOSE, "127.0.0.1")


def opened(world: World, number: str) -> OpenGrant:
    return open_grant(number, CALL, by=world.actor("consumer"))


@pytest.mark.django_db(transaction=True)
def test_calls_at_once_are_all_counted_and_stop_at_the_quota() -> None:
    world = worlds.build()
    by = world.actor("consumer")
    entry = make.served_entry(world)
    number = make.grant(world, entry, quota_rows_per_day=100).number
    open_now = opened(world, number)

    def call(_: int) -> bool:
        try:
            count_use(open_now, Manner.QUERY, 30, by=by)
        except Rejected as error:
            return error.problem.code != "QUOTA_EXCEEDED"
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(4) as pool:
        taken = sum(pool.map(call, range(8)))

    assert taken == 3
    used = GrantUsage.objects.get()
    assert (used.calls, used.rows, used.query_rows) == (3, 90, 90)


def test_a_grant_that_ended_while_the_engine_worked_hands_out_nothing(world: World, at) -> None:
    number = make.grant(world).number
    by = world.actor("consumer")
    first, second = opened(world, number), opened(world, number)
    count_use(first, Manner.QUERY, 1, by=by)

    public.revoke_grant(number, by=world.actor("provider"), basis=law.IDLE_GRANT, reason="示例")

    for late in (first, second, open_grant_as_seen(number)):
        with pytest.raises(Rejected, match="GRANT_REVOKED"):
            count_use(late, Manner.QUERY, 1, by=by)
    assert GrantUsage.objects.get().rows == 1


def open_grant_as_seen(number: str) -> OpenGrant:
    """What a call in use for long holds in its hands."""
    grant = Grant.objects.get(number=number)
    grant.state = "in_use"
    return OpenGrant(grant, None, (), "svc_example", None)  # type: ignore[arg-type]  # not read


def test_the_last_use_is_kept_to_five_minutes(world: World, at) -> None:
    number = make.grant(world).number
    by = world.actor("consumer")
    start = at.instant

    count_use(opened(world, number), Manner.QUERY, 1, by=by)
    at.instant = start.replace(minute=start.minute + 4)
    count_use(opened(world, number), Manner.QUERY, 1, by=by)
    soon = public.grant(number).last_used_at
    at.instant = start.replace(minute=start.minute + 6)
    count_use(opened(world, number), Manner.QUERY, 1, by=by)

    assert soon == start
    assert public.grant(number).last_used_at == at.instant
