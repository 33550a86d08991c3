"""Repeated work of the lake: installed models, upkeep, scrub, backup and drill."""

from tongqu.kernel.actor import PLATFORM
from tongqu.kernel.jobs import job
from tongqu.lake.actions.touch import MODELS


@job(MODELS, cron="* * * * *", title="模型自动运行")
def models() -> int:
    """Run the models whose inputs changed or whose moment has come; return how many runs."""
    from tongqu.lake.actions.due import run_due  # loads sqlglot

    return len(run_due())


@job("lake.compact", cron="10 2 * * *", title="小文件合并")
def compact() -> dict[str, int]:
    from tongqu.lake.actions.upkeep import compact as act

    return dict(act(by=PLATFORM).figures)


@job("lake.expire", cron="40 2 * * *", title="快照到期")
def expire() -> dict[str, int]:
    from tongqu.lake.actions.upkeep import expire as act

    return dict(act(by=PLATFORM).figures)


@job("lake.tag_published", cron="*/10 * * * *", title="发布版本标记快照")
def tag_published() -> int:
    from tongqu.lake.actions.upkeep import tag_published as act

    return act(by=PLATFORM)


@job("lake.clean", cron="0 3 * * *", title="残留清理")
def clean() -> dict[str, int]:
    from tongqu.lake.actions.upkeep import clean as act

    return dict(act(by=PLATFORM).figures)


@job("lake.scrub", cron="20 3 * * *", title="完整性巡检")
def scrub() -> dict[str, int]:
    from tongqu.lake.actions.scrub import scrub as act

    return dict(act(by=PLATFORM).figures)


@job("lake.backup", cron="0 4 * * *", title="异地备份")
def backup() -> dict[str, int]:
    """Back up, where a place for it is set."""
    from tongqu.lake.actions.backup import back_up
    from tongqu.lake.ports import vault

    return dict(back_up(by=PLATFORM).figures) if vault() else {}


@job("lake.drill", cron="30 4 1 * *", title="恢复演练")
def drill() -> dict[str, object]:
    """Restore the last backup to an empty node, once a month."""
    from tongqu.lake.actions.restore import drill as act
    from tongqu.lake.ports import vault

    return dict(act(by=PLATFORM).figures) if vault() else {}


@job("lake.self_library", cron="* * * * *", title="自管库更新")
def self_library() -> int:
    """Bring the platform's own events into the self-management library."""
    from tongqu.lake.actions.own import refresh

    return refresh()


@job("lake.lineage_events", cron="* * * * *", title="血缘事件发送")
def lineage_events() -> int:
    """Send the events of lineage that wait, where an address is set."""
    from tongqu.lake.actions.tell import send

    return send()
