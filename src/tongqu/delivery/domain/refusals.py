"""Why data does not leave: one worded problem for each reason, with who can change it."""

from collections.abc import Iterable
from datetime import date, datetime

from tongqu.catalog.vocabulary import Manner
from tongqu.delivery.vocabulary import QueryRefusal
from tongqu.kernel.law import Assumption
from tongqu.kernel.problems import Problem
from tongqu.policy.clauses import measures_2021 as law

PAGE_RULE = Assumption("翻页游标由平台签发，只用于同一授权、同一条件")
FILE_RULE = Assumption("下载文件保留 7 天")
SHEET_RULE = Assumption("xlsx 一个工作表最多 1,048,576 行，含表头")
PROVIDER = "提供部门审核人"

# One answer for an unknown number and for another department's grant: it reveals nothing.
NO_GRANT = Problem(
    code="NO_GRANT",
    title="没有可用于本次调用的授权。",
    next_step="请核对授权编号；尚未获得授权的，请在数据目录中找到该资源并提交共享申请。",
    basis=law.AUTHENTICATION,
    who="提供部门",
)
REVOKED = Problem(
    code="GRANT_REVOKED",
    title="该授权已被撤销。",
    next_step="请在“我的授权”查看撤销依据；仍需使用的，请重新申请。",
    basis=law.IDLE_GRANT,
    who=PROVIDER,
)
SUSPENDED = Problem(
    code="GRANT_SUSPENDED",
    title="该授权已暂停。",
    next_step="请配合提供部门核实使用情况，恢复后再调用。",
    basis=law.PURPOSE_BOUND,
    who=PROVIDER,
)
TO_RECONFIRM = Problem(
    code="GRANT_TO_RECONFIRM",
    title="目录变更涉及该授权的信息项，需重新确认后才能继续使用。",
    next_step="请联系提供部门重新确认授权，或按新版目录重新申请。",
    basis=law.CHANGE_NOTICE,
    who=PROVIDER,
)
PURPOSE_MISMATCH = Problem(
    code="PURPOSE_MISMATCH",
    title="本次声明的用途与授权的用途不一致。",
    next_step="请按授权的用途使用；需要改变用途的，请重新申请并获得授权。",
    basis=law.PURPOSE_BOUND,
    who="使用部门（重新申请）",
)
PURPOSE_REQUIRED = Problem(
    code="PURPOSE_REQUIRED",
    title="每次调用都须声明使用用途。",
    next_step="请在参数 purpose 中填写授权上的用途代码。",
    basis=law.PURPOSE,
    fields={"purpose": "必填：授权上的用途代码。"},
)
ENV_NOT_REGISTERED = Problem(
    code="ENV_NOT_REGISTERED",
    title="调用来源不在该授权登记的网络范围内。",
    next_step="请从登记的网络调用；网络有变化的，请重新申请并登记新的范围。",
    basis=law.AUTHENTICATION,
    who=PROVIDER,
)
FREE = Problem(
    code="FREE_BY_POLICY",
    title="政务数据共享无偿使用，授权上没有价格、账单或收费。",
    next_step="无须办理任何付费手续，可直接按授权使用。",
    basis=law.FREE_OF_CHARGE,
)
CURSOR_INVALID = Problem(
    code="CURSOR_INVALID",
    title="翻页游标无效，或不属于本次授权和查询条件。",
    next_step="请使用上一次响应返回的 next_cursor，并保持筛选条件不变；或去掉游标重新开始。",
    basis=PAGE_RULE,
    fields={"cursor": "请原样使用上一次响应返回的游标。"},
)
SNAPSHOT_GONE = Problem(
    code="SNAPSHOT_GONE",
    title="游标对应的数据快照已过保留期。",
    next_step="请去掉游标，从当前快照重新查询。",
    basis=PAGE_RULE,
    who="技术支持部门",
)
NO_SERVICE_TABLE = Problem(
    code="NO_SERVICE_TABLE",
    title="该资源的数据尚未接入，暂时没有可提供的内容。",
    next_step="请等待提供部门接入数据，接入后无须重新申请。",
    basis=law.PROVIDER_DUTY,
    who="提供部门",
)
DOWNLOAD_NOT_FOUND = Problem(
    code="DOWNLOAD_NOT_FOUND",
    title="没有找到这个下载任务。",
    next_step="请核对任务标识，或重新发起下载。",
    basis=FILE_RULE,
)
COPY_NOT_FOUND = Problem(  # not there, or not the asker's: the two sound alike
    code="COPY_NOT_FOUND",
    title="没有可挂接的库、命名空间或表。",
    next_step="请核对 warehouse（授权编号/用途代码）和表名；授权须含“数据下载”方式。",
    basis=law.PURPOSE_BOUND,
    who="提供部门",
)
DOWNLOAD_NOT_READY = Problem(
    code="DOWNLOAD_NOT_READY",
    title="文件还在准备中。",
    next_step="请稍后查询任务状态，状态为“可下载”后再取文件。",
    basis=FILE_RULE,
)
DOWNLOAD_EXPIRED = Problem(
    code="DOWNLOAD_EXPIRED",
    title="文件已过保留期并清除。",
    next_step="请重新发起下载。",
    basis=FILE_RULE,
)
ENDED_MEANWHILE = Problem(
    code="GRANT_REVOKED",
    title="准备数据期间授权已停止，未交付任何内容。",
    next_step="请在“我的授权”查看授权状态。",
    basis=law.AUTHENTICATION,
    who=PROVIDER,
)
SHEET_TOO_LONG = Problem(
    code="SHEET_TOO_LONG",
    title="行数超过一个 xlsx 工作表的上限 1,048,575 行。",
    next_step="请改用 Parquet 或 CSV 格式，或用筛选条件缩小范围。",
    basis=SHEET_RULE,
    fields={"format": "行数超过 xlsx 上限，请改用 parquet 或 csv。"},
)
RANGE_NOT_SATISFIABLE = Problem(
    code="RANGE_NOT_SATISFIABLE",
    title="请求的字节范围超出文件大小。",
    next_step="请核对已下载的长度，或去掉 Range 从头下载。",
    basis=FILE_RULE,
)


def not_yet_valid(valid_from: date) -> Problem:
    return Problem(
        code="GRANT_NOT_YET_VALID",
        title="该授权尚未到生效日期。",
        next_step=f"请于 {valid_from.isoformat()} 起使用。",
        basis=law.AUTHENTICATION,
        who=PROVIDER,
        facts={"valid_from": valid_from.isoformat()},
    )


def expired(valid_until: date) -> Problem:
    return Problem(
        code="GRANT_EXPIRED",
        title="该授权已到期。",
        next_step="仍需使用的，请重新提交共享申请。",
        basis=law.AUTHENTICATION,
        who=PROVIDER,
        facts={"valid_until": valid_until.isoformat()},
    )


def manner_not_granted(asked: Manner, granted: Iterable[Manner]) -> Problem:
    names = "、".join(manner.label for manner in granted)
    return Problem(
        code="MANNER_NOT_GRANTED",
        title=f"该授权不包含“{asked.label}”方式。",
        next_step=f"请使用已授权的方式：{names}；需要其他方式的，请重新申请。",
        basis=law.THREE_MANNERS,
        who=PROVIDER,
        facts={"granted": [manner.value for manner in granted]},
    )


def quota_exceeded(limit: int, used: int, resets_at: datetime) -> Problem:
    return Problem(
        code="QUOTA_EXCEEDED",
        title="今日提供的行数已达到该授权的每日上限。",
        next_step="请在额度恢复后继续，或用筛选条件减少行数；长期不足的，请重新申请更高的上限。",
        basis=law.PURPOSE_BOUND,
        who=PROVIDER,
        facts={
            "quota_rows_per_day": limit,
            "used_rows": used,
            "resets_at": resets_at.isoformat(timespec="seconds"),
        },
    )


def filter_not_allowed(name: str, allowed: Iterable[str]) -> Problem:
    """Unknown, hidden and masked items are answered alike: a filter is no way to guess."""
    names = sorted(allowed)
    return Problem(
        code="FILTER_NOT_ALLOWED",
        title="筛选条件中有不能使用的信息项。",
        next_step=f"可用于筛选的信息项：{'、'.join(names) or '无'}。",
        basis=law.PURPOSE_BOUND,
        fields={_shown(name): "不在可筛选的信息项之列。"},
        facts={"allowed": names},
    )


def no_point(numbers: Iterable[str]) -> Problem:
    """Coordinates that are not granted, or masked, place nothing on a map."""
    return Problem(
        code="NO_POINT",
        title="授权中没有可作经度和纬度的信息项。",
        next_step=f"请用参数 x、y 指明：{'、'.join(sorted(numbers)) or '无可用的数值型信息项'}。",
        basis=law.PURPOSE_BOUND,
    )


def filter_invalid(name: str, says: str) -> Problem:
    return Problem(
        code="FILTER_INVALID",
        title="筛选条件的写法不正确。",
        next_step="支持：信息项=值、信息项__in=甲,乙、信息项__between=起,止、信息项__prefix=开头。",
        basis=law.THREE_MANNERS,
        fields={_shown(name): says},
    )


def download_failed(code: str, says: str) -> Problem:
    return Problem(
        code="DOWNLOAD_FAILED",
        title="文件未能生成。",
        next_step=says or "请重新发起下载；多次失败请联系技术支持部门。",
        basis=FILE_RULE,
        who="技术支持部门",
        facts={"reason": code},
    )


def _shown(name: str) -> str:
    """A parameter's name as it may be shown again: short and printable."""
    return "".join(letter for letter in name if letter.isprintable())[:60] or "?"


ASK_AGAIN = "请改正语句后再查；可查的表和列见页面左侧的目录。"
QUERY_COLUMNS = Problem(
    code="QUERY_COLUMNS",
    title="语句引用了看不到的列，或类型不相符。",
    next_step=ASK_AGAIN,
    basis=law.ONE_PLATFORM,
)
QUERY_VALUES = Problem(
    code="QUERY_VALUES",
    title="有值不能转换为语句要求的类型。",
    next_step="请用 TRY_CAST 代替 CAST。",
    basis=law.ONE_PLATFORM,
)
QUERY_STOPPED = Problem(
    code="QUERY_STOPPED",
    title="查询超过时限，已停止。",
    next_step="请缩小范围、减少连接后再查。",
    basis=law.ONE_PLATFORM,
)
EXPORT_REASON = Problem(
    code="EXPORT_REASON",
    title="导出须说明理由。",
    next_step="请写明导出的用途，将记入审计。",
    basis=law.PURPOSE_BOUND,
    fields={"reason": "请填写导出理由。"},
)
EXPORT_LEVEL = Problem(
    code="EXPORT_LEVEL",
    title="所查的表有以明文显示的 3 级以上信息项，不能由即席查询导出。",
    next_step="请按授权用“数据下载”取数。",
    basis=law.PURPOSE_BOUND,
    who="提供部门",
)
_SAYS: dict[QueryRefusal, str] = {
    QueryRefusal.SYNTAX: "语句无法解析。",
    QueryRefusal.NOT_SELECT: "只接受一条 SELECT 查询。",
    QueryRefusal.FUNCTION: "语句使用了未列入的函数 {}。",
    QueryRefusal.PART: "语句使用了不允许的成分 {}。",
    QueryRefusal.TABLE: "没有可查的表 {}。",
    QueryRefusal.TOO_MANY: "一条语句最多引用 {} 张表。",
    QueryRefusal.TOO_DEEP: "语句嵌套过深。",
}


def query_refused(why: QueryRefusal, part: str) -> Problem:
    """Word why a text does not run. A table that is not there and one not granted sound alike."""
    code = "QUERY_TABLE" if why is QueryRefusal.TABLE else "QUERY_TEXT"
    return Problem(
        code=code,
        title=_SAYS[why].format(part),
        next_step=ASK_AGAIN,
        basis=law.ONE_PLATFORM,
        who="提供部门",
        fields={"sql": _SAYS[why].format(part)},
    )


def query_busy(most: int) -> Problem:
    return Problem(
        code="QUERY_BUSY",
        title=f"同时最多运行 {most} 个查询。",
        next_step="请等正在运行的查询结束。",
    )


def query_memory(most_mb: int) -> Problem:
    return Problem(
        code="QUERY_MEMORY",
        title=f"查询所需内存超过一次查询的上限 {most_mb} MB，已停止。",
        next_step="请缩小范围，减少连接、去重和排序的行数后再查。",
        basis=law.ONE_PLATFORM,
    )


def query_too_big(size: int, most: int) -> Problem:
    return Problem(
        code="QUERY_TOO_BIG",
        title=f"预计扫描 {size >> 20} MB，超过一次查询的上限 {most >> 20} MB。",
        next_step="请查询较小的表，或申请数据下载。",
    )
