"""Work that the platform repeats: late sets, raised grades, yearly tests, old files."""

from tongqu.kernel.jobs import job
from tongqu.opening.actions import publish, serve


@job("opening.watch", cron="15 * * * *", title="开放清单动态更新")
def watch() -> dict[str, list[str]]:
    """Mark what is late, take off what was regraded, test again what was tested a year ago."""
    return publish.watch()


@job("opening.clear_files", cron="40 3 * * *", title="清理开放下载文件")
def clear_files() -> int:
    return serve.clear_files()
