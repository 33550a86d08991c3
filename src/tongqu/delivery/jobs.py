"""Work of delivery that nobody waits for."""

from tongqu.delivery.actions.change import expire_grants
from tongqu.delivery.actions.copies import clear_copies
from tongqu.delivery.actions.download import PREPARE, clear_downloads, prepare_download
from tongqu.kernel.actor import PLATFORM
from tongqu.kernel.jobs import job


@job(PREPARE, title="准备下载文件")
def prepare(key: str) -> None:
    prepare_download(key)


@job("delivery.clear_downloads", cron="15 * * * *", title="清除到期的下载文件")
def clear() -> int:
    return clear_downloads()


@job("delivery.expire_grants", cron="5 0 * * *", title="到期授权办结")
def expire() -> int:
    return expire_grants(by=PLATFORM)


@job("delivery.clear_copies", cron="*/5 * * * *", title="清除失效的挂接副本")
def clear_unused_copies() -> int:
    return clear_copies()
