"""Words of the portal: what the error pages say."""

from dataclasses import dataclass

PROBLEM_STATUS: dict[str, int] = {}


@dataclass(frozen=True, slots=True)
class ErrorText:
    """What happened, why, and what to do next."""

    title: str
    why: str
    next_step: str


ERRORS: dict[int, ErrorText] = {
    400: ErrorText(
        "请求不完整，没有办理",
        "提交的内容缺少必要部分，或格式不正确。",
        "请返回上一页核对填写内容后重新提交。",
    ),
    403: ErrorText(
        "没有办理此事的权限",
        "当前登录的岗位不能访问这个页面。",
        "请核对登录账号；需要此权限的，请联系本单位系统管理员。",
    ),
    404: ErrorText(
        "没有找到这个页面",
        "地址有误，或者对应的目录、办件不存在或不在你单位可见的范围内。",
        "请核对地址，或到数据目录检索。",
    ),
    500: ErrorText(
        "页面出错，没有办理成功",
        "系统内部出错，已记录。此次操作没有生效。",
        "请稍后重试；持续出现请联系技术支持部门，并说明出错的时间和页面地址。",
    ),
    503: ErrorText(
        "服务暂时没有响应",
        "所依赖的服务正在启动、维护或中断。",
        "请稍后重试；持续出现请联系技术支持部门。",
    ),
}
