"""What can stand in the way of master data."""

from tongqu.kernel.problems import Problem
from tongqu.policy.clauses import mot_2025

UNKNOWN = Problem("MASTER_UNKNOWN", "没有这项主数据。", "请从主数据总览选择。")
RECORD_UNKNOWN = Problem(
    "RECORD_UNKNOWN", "没有这条主数据记录。", "请核对标识；来源尚未归集的，请稍后再查。"
)
LIKENESS_UNKNOWN = Problem("LIKENESS_UNKNOWN", "没有这对疑似重复记录。", "请刷新列表后重试。")
PROPOSAL_UNKNOWN = Problem("PROPOSAL_UNKNOWN", "没有这条更正建议。", "请核对编号。")
CHECK_UNKNOWN = Problem("CROSS_CHECK_UNKNOWN", "没有这项多源校核。", "请从多源校核列表选择。")
BUSY = Problem("MASTER_BUSY", "该主数据正在归集。", "请稍后再试。")
NO_ROWS = Problem(
    "NO_SOURCE_ROWS", "各来源都还没有数据。", "请先汇聚来源数据。", who="提供部门编目员"
)
NOT_SUBSCRIBED = Problem(
    "NOT_SUBSCRIBED",
    "你单位没有订阅该主数据。",
    "请先订阅；订阅须持有其来源目录的有效授权。",
    basis=mot_2025.MASTER_DATA,
)
NO_GRANT = Problem(
    "NO_MASTER_GRANT",
    "你单位没有该主数据来源目录的有效授权。",
    "请先申请共享其来源目录，取得授权后再订阅。",
    basis=mot_2025.MASTER_DATA,
    who="提供部门审核人",
)
ALREADY_MERGED = Problem(
    "ALREADY_MERGED", "其中一条记录已并入别的记录。", "请刷新后在现行记录上处理。"
)
NOT_YOUR_CHECK = Problem(
    "NOT_YOUR_CHECK",
    "只能查看涉及本部门目录的多源校核。",
    "请由相关提供部门或主管部门查看。",
    basis=mot_2025.CROSS_CHECK,
    who="主管部门",
)
NOT_YOUR_PROPOSAL = Problem("NOT_YOUR_PROPOSAL", "这不是你单位提出的建议。", "请核对编号。")


def wrong(what: str, **fields: str) -> Problem:
    return Problem("MASTER_WRONG", what, "请按提示改正后重试。", fields=fields)
