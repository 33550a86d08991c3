"""Is a resource on time against its update cycle? (measures, articles 15 and 23)"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from tongqu.ingest.vocabulary import Freshness


def state_of(
    last: datetime | None, cycle: str, *, now: datetime, tolerances: Mapping[str, timedelta]
) -> Freshness:
    """Return the state; a cycle without tolerance (不定期) is never late.

    Source: articles 15 (timeliness) and 23 (late data); the tolerances are terms of policy.
    """
    if last is None:
        return Freshness.NONE
    tolerance = tolerances.get(cycle)
    if tolerance is None or now - last <= tolerance:
        return Freshness.ON_TIME
    return Freshness.LATE
