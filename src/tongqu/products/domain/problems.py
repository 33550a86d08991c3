"""What products refuse, and what to do next."""

from tongqu.kernel.problems import Problem

NO_ROUTE = Problem(
    code="NO_ROUTE",
    title="在该时刻没有可以走通的路径。",
    next_step="请改选时刻或起讫点；可能全部邻近出入口都在管制。",
)


def not_open(table: str) -> Problem:
    return Problem(
        code="INPUT_NOT_OPEN",
        title=f"产品所需的数据集尚未开放：{table}。",
        next_step="请由提供单位提出开放，或等待恢复开放。",
        who="提供单位",
    )
