"""Work that supervision repeats."""

from tongqu.kernel.jobs import job
from tongqu.supervision.actions import beat, detect, watch


@job("supervision.connect", cron="35 0 * * *", title="项目数据接入期限检查")
def connections() -> dict[str, list[str]]:
    """Mark projects whose six months have passed without data; draft the notice once."""
    return watch.check_connections()


@job("supervision.detect", cron="5 1 * * *", title="整改线索检测")
def clues() -> dict[str, int]:
    """Lay before the office what the platform can see of the cases of article 23."""
    return detect.detect()


@job("supervision.beat", cron="* * * * *", title="平台可用性检查")
def availability() -> bool:
    """Look whether the platform's parts answer; a minute without a row counts as down."""
    return beat.beat()
