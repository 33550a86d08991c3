"""``tongqu doctor``: is this machine, and this hub, fit to work?"""

import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

LEAST_FREE_GIB = 2


@dataclass(frozen=True, slots=True)
class Finding:
    what: str
    ok: bool
    found: str
    next_step: str = ""

    def as_dict(self) -> dict[str, object]:
        return asdict(self)


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    return Finding("Python", sys.version_info >= (3, 11), version, "改用 Python 3.11 或更高版本")


def _disk() -> Finding:
    free = shutil.disk_usage(settings.HOME).free / 2**30
    return Finding(
        "磁盘空间", free >= LEAST_FREE_GIB, f"剩余 {free:.1f} GiB", "清理磁盘或更换 TONGQU_HOME"
    )


def _database() -> Finding:
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    found = f"{connection.vendor}，{'结构为最新' if not waiting else f'{waiting} 项结构变更待执行'}"
    return Finding("控制数据库", not waiting, found, "运行 tongqu serve 或 manage.py migrate")


def _lake() -> Finding:
    from tongqu.kernel.problems import Unavailable
    from tongqu.lake.public import store

    place = str(settings.LAKE["WAREHOUSE"])
    next_step = "核对 TONGQU_WAREHOUSE 所指目录的权限和剩余空间"
    if place.startswith("s3://"):
        next_step = "核对 TONGQU_WAREHOUSE、TONGQU_S3_ENDPOINT、AWS_REGION 和访问密钥"
    try:
        store().probe()
    except (Unavailable, OSError, ImproperlyConfigured) as error:
        return Finding("湖仓", False, f"{place} 不能读写（{type(error).__name__}）", next_step)
    return Finding("湖仓", True, f"{len(store().list())} 张表，{place} 可读写")


def _calendar() -> Finding:
    from tongqu.kernel import clock
    from tongqu.policy.public import calendar

    today = clock.today()
    known = calendar().knows(today)
    found = f"{today.year} 年放假安排{'已录入' if known else '未录入，期限标注暂定'}"
    return Finding("工作日历", known, found, "在“系统管理—节假日”录入当年放假安排")


def _chain() -> Finding:
    from tongqu.audit.public import verify_chain

    report = verify_chain()
    found = f"已核验 {report.checked} 条" if report.ok else f"第 {report.first_bad_position} 位不符"
    return Finding("存证链", report.ok, found, "立即保全现场并联系审计员")


def _front_end() -> Finding:
    is_there = (settings.PACKAGE / "portal" / "static" / "vendor").is_dir()
    return Finding("前端文件", is_there, "已就绪" if is_there else "缺失", "运行 make setup")


def _keys() -> Finding:
    loose = [
        path.name
        for path in settings.KEYS.glob("*")
        if os.name == "posix" and path.is_file() and path.stat().st_mode & 0o077
        and not path.name.endswith((".pub", ".crt", ".pem.pub"))
    ]  # fmt: skip
    found = "仅本用户可读" if not loose else f"{len(loose)} 个文件他人可读"
    return Finding("密钥文件", not loose, found, f"收紧 {settings.KEYS} 下文件的权限")


CHECKS: tuple[Callable[[], Finding], ...] = (
    _python, _disk, _database, _lake, _calendar, _chain, _front_end, _keys,
)  # fmt: skip


def examine() -> list[Finding]:
    """Return one finding for each check; a check that cannot run is a finding, too."""
    return [_safely(check) for check in CHECKS]


def _safely(check: Callable[[], Finding]) -> Finding:
    try:
        return check()
    except Exception as error:
        return Finding(check.__name__.strip("_"), False, type(error).__name__, "查看日志后重试")
