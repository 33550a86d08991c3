"""Article 13: non-sector data is granted by the managing office, and connected by it first."""

from datetime import UTC, datetime

import pytest

from tests.factories_catalog import published_entry
from tests.factories_sharing import filed
from tests.world import World
from tongqu.catalog.models import Entry
from tongqu.delivery import public as delivery
from tongqu.kernel.clock import FixedClock
from tongqu.kernel.problems import Rejected
from tongqu.sharing import public as sharing
from tongqu.sharing.vocabulary import State

CONNECTED = datetime(2026, 9, 1, tzinfo=UTC)


@pytest.mark.req("SHR-19")
def test_connected_external_data_is_decided_by_the_managing_office_and_not_its_owner(
    world: World, at: FixedClock
) -> None:
    entry = published_entry(world, is_external=True, connected_at=CONNECTED, connected_rows=3)
    found = filed(world, entry)

    with pytest.raises(Rejected) as owner:
        sharing.approve(found.number, by=world.actor("provider"))
    done = sharing.approve(found.number, by=world.actor("managing"))

    assert found.state == State.MANAGING_APPROVAL
    assert owner.value.problem.code == "NOT_YOUR_STEP"
    assert done.state == State.GRANTED
    assert delivery.grant(done.grant_number) is not None


def test_unconnected_external_data_is_first_connected_then_decided(
    world: World, at: FixedClock
) -> None:
    entry, managing = published_entry(world, is_external=True), world.actor("managing")
    found = filed(world, entry)
    with pytest.raises(Rejected) as early:
        sharing.connected(found.number, by=managing)
    Entry.objects.filter(pk=entry.id).update(connected_at=CONNECTED, connected_rows=3)

    after = sharing.connected(found.number, by=managing)

    assert found.state == State.COORDINATING
    assert early.value.problem.code == "NOT_CONNECTED"
    assert after.state == State.MANAGING_APPROVAL
