"""Every minute: does the platform answer? What is not written counts as not answering.

A minute in which the worker or the control database stood still leaves no row, so an outage
of either is counted without anybody having to notice it (measures, article 4: 监督平台运行).
"""

from datetime import timedelta
from time import perf_counter

from tongqu.kernel import clock
from tongqu.supervision import ports
from tongqu.supervision.models import Beat

KEPT = timedelta(days=400)


def beat() -> bool:
    """Look once a minute, keep what was found; return whether all parts answered."""
    now = clock.now()
    started = perf_counter()
    failed = ports.probe()
    Beat.objects.get_or_create(
        minute=now.replace(second=0, microsecond=0),
        defaults={
            "is_up": not failed,
            "millis": round((perf_counter() - started) * 1000),
            "failed": "；".join(f"{part}：{why}" for part, why in failed.items())[:300],
        },
    )
    if now.minute == 0:
        Beat.objects.filter(minute__lt=now - KEPT).delete()
    return not failed
