"""The platform's own running: looked at every minute, shown by the day."""

from datetime import timedelta
from typing import Any

import pytest

from tests.world import World
from tongqu.kernel import jobs
from tongqu.kernel.clock import FixedClock
from tongqu.supervision.models import Beat
from tongqu.supervision.public import use_probe


@pytest.mark.req("SUP-23")
def test_ten_minutes_of_outage_in_a_day_are_99_31_percent(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    managing = browser_of("managing")
    midnight = at.instant.replace(hour=16, minute=0)  # in Shanghai
    outage = range(600, 610)
    Beat.objects.bulk_create(
        Beat(minute=midnight + timedelta(minutes=n), is_up=True, millis=12)
        for n in range(1438)
        if n not in outage
    )
    at.instant = midnight + timedelta(minutes=1438)
    use_probe(lambda: {})
    assert jobs.run("supervision.beat") is True
    assert jobs.run("supervision.beat") is True  # the same minute once
    at.instant = midnight + timedelta(minutes=1439)
    jobs.run("supervision.beat")
    at.instant = midnight + timedelta(minutes=1440)
    use_probe(lambda: {"湖表": "OSError"})
    assert jobs.run("supervision.beat") is False
    at.instant += timedelta(minutes=1)

    answer = managing.get("/api/v1/supervision/platform").json()
    page = managing.get("/sup/platform/").content.decode()

    today, outage_day = answer
    assert (outage_day["minutes"], outage_day["down"]) == (1440, 10)
    assert round(outage_day["share"] * 100, 2) == 99.31
    assert (today["minutes"], today["down"], today["failed"]) == (1, 1, "湖表：OSError")
    assert "99.30%" in page  # cut, never rounded up
    assert "湖表：OSError" in page
    assert browser_of("consumer").get("/sup/platform/").status_code == 403


@pytest.fixture(autouse=True)
def nobody_looks() -> Any:
    yield
    use_probe(None)
