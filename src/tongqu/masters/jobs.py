"""Consolidate after a decision and every night, when the day's loads are in."""

from tongqu.kernel.actor import PLATFORM
from tongqu.kernel.jobs import job
from tongqu.kernel.problems import Rejected
from tongqu.masters import public
from tongqu.masters.models import CrossCheck


@job("masters.consolidate", title="主数据归集")
def consolidate(scheme: str) -> int:
    """Run one scheme; return how many records there are."""
    return public.consolidate(scheme, by=PLATFORM).records


@job("masters.run_all", cron="20 3 * * *", title="主数据归集与多源校核")
def run_all() -> int:
    """Run every scheme and every check; what has no data yet waits. Return how many ran."""
    done = 0
    for scheme in public.in_force():
        done += _ran(lambda code=scheme.code: public.consolidate(code, by=PLATFORM))
    for code in CrossCheck.objects.values_list("code", flat=True):
        done += _ran(lambda code=code: public.run_check(code, by=PLATFORM))
    return done


def _ran(run: object) -> int:
    try:
        run()  # type: ignore[operator]  # one of the two above
    except Rejected:
        return 0
    return 1
