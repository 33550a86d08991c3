"""Two at once: of two reviewers one decides; of two clicks one becomes a request."""

from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from threading import Barrier

import pytest
from django.db import connections

from tests import world as worlds
from tests.factories_sharing import application, conditional_entry, filed
from tongqu.delivery import public as delivery
from tongqu.kernel.clock import FixedClock
from tongqu.kernel.problems import Rejected
from tongqu.policy.public import seed
from tongqu.sharing import public as sharing
from tongqu.sharing.models import ShareRequest


@pytest.mark.django_db(transaction=True)
def test_of_two_decisions_at_the_same_time_one_is_saved_and_the_other_told(at: FixedClock) -> None:
    seed()
    world = worlds.build()
    number = filed(world, conditional_entry(world)).number
    sharing.pass_first_review(number, by=world.actor("support"))
    by, together = world.actor("provider"), Barrier(2)

    def decide(is_consent: bool) -> str:
        together.wait()
        try:
            if is_consent:
                sharing.approve(number, by=by)
            else:
                basis = "mot-2021-sharing 第十六条"
                sharing.refuse(number, basis=basis, reason="超出职责。", by=by)
        except Rejected as refused:
            return refused.problem.code
        finally:
            connections.close_all()
        return "decided"

    with ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(copy_context().run, decide, consent) for consent in (True, False)]
        outcomes = sorted(run.result() for run in runs)
    found = ShareRequest.objects.get(number=number)

    assert outcomes == ["ALREADY_DECIDED", "decided"]
    assert found.decisions.count() == 2  # the first review, and one decision
    assert len(delivery.grants()) == (1 if found.state == "granted" else 0)


@pytest.mark.django_db(transaction=True)
def test_of_two_clicks_at_the_same_time_one_becomes_a_request(at: FixedClock) -> None:
    seed()
    world = worlds.build()
    given, by = application(conditional_entry(world)), world.actor("consumer")
    together = Barrier(2)

    def click() -> tuple[str, bool]:
        together.wait()
        try:
            done = sharing.submit(given, by=by, key="once")
            return done.request.number, done.is_new
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(copy_context().run, click) for _ in range(2)]
        answers = [run.result() for run in runs]

    assert ShareRequest.objects.count() == 1
    assert len({number for number, _ in answers}) == 1
    assert sorted(is_new for _, is_new in answers) == [False, True]
