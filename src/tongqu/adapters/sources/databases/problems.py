"""What can go wrong with a foreign database, in words that hold neither address nor secret."""

from collections.abc import Iterator
from contextlib import contextmanager

from tongqu.adapters.sources.databases.address import PACKAGES
from tongqu.ingest.ports import PullFailed


def driver_missing(kind: str) -> PullFailed:
    package = PACKAGES.get(kind, kind)
    return PullFailed(
        "DRIVER_MISSING",
        f"本平台没有安装 {kind} 的驱动，不能连接。",
        f"请技术支持部门安装 Python 包：{package}；或由来源导出文件报送。",
        package=package,
    )


def credentials_wrong() -> PullFailed:
    return PullFailed(
        "CREDENTIALS_WRONG", "数据库拒绝了账号或口令。", "请核对账号、口令和该账号的登录权限。"
    )


def unreachable() -> PullFailed:
    return PullFailed(
        "SOURCE_UNREACHABLE",
        "数据库连接不上，或在读取途中断开；已入湖的数据不受影响。",
        "平台将自动重试；持续失败时请核对地址、网络和数据库状态。",
        again=True,
    )


def table_unknown() -> PullFailed:
    return PullFailed(
        "TABLE_UNKNOWN",
        "数据库里没有这张表，或账号看不到它。",
        "请核对表名（模式.表）和账号的读取权限。",
    )


def refused() -> PullFailed:
    return PullFailed(
        "SOURCE_REFUSED",
        "数据库拒绝了读取：表、列或权限与登记的不符。",
        "请重新探查来源，核对列和账号权限；结构变化的先办理变更登记。",
    )


# SQLSTATE classes: 28 invalid authorisation; 08, 57, 53 connection and resources; 40 rolled back.
def of_state(state: str, words: str = "") -> PullFailed:
    """Return the problem of an SQLSTATE. ``words`` are looked at and go nowhere."""
    if state.startswith("28") or "authentication failed" in words:
        return credentials_wrong()
    if state in {"42P01", "3F000", "42S02"}:
        return table_unknown()
    if state.startswith(("42", "22", "0A", "55")):
        return refused()
    return unreachable()


@contextmanager
def alchemy_errors(kind: str) -> Iterator[None]:
    """Turn what SQLAlchemy and its drivers raise into a problem of ours."""
    import sqlalchemy as sa

    try:
        yield
    except (ImportError, sa.exc.NoSuchModuleError):
        raise driver_missing(kind) from None
    except sa.exc.NoSuchTableError:
        raise table_unknown() from None
    except sa.exc.DBAPIError as error:
        raise _of_driver(error.orig) from None
    except sa.exc.SQLAlchemyError:
        raise unreachable() from None


def _of_driver(error: BaseException | None) -> PullFailed:
    words = str(error)
    number = error.args[0] if error is not None and error.args else None
    if number in {1044, 1045, 1698}:  # MySQL: access denied
        return credentials_wrong()
    if number == 1146 or "no such table" in words:
        return table_unknown()
    if number in {1054, 1142, 1143} or "no such column" in words:
        return refused()
    return of_state(str(getattr(error, "sqlstate", None) or ""), words)
