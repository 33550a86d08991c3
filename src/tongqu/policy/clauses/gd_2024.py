"""广东省交通运输领域数据治理发展规划 (2024–2030): only what the platform builds on.

A plan of one province, taken as a pattern for the layers and libraries of any hub.
"""

from datetime import date

from tongqu.kernel.law import Clause, Regulation

GOVERNANCE = Regulation(
    "gd-2024-governance", "广东省交通运输领域数据治理发展规划（2024—2030年）", date(2024, 1, 1)
)

THREE_LAYERS = Clause(
    GOVERNANCE, "三（三）", "数据资源分贴源层、数仓层、服务层", "分为贴源层、数仓层、服务层"
)
FIVE_LIBRARIES = Clause(
    GOVERNANCE,
    "三（三）",
    "建设基础库、主题库、专题库、服务库、自管库",
    "设基础库、主题库、专题库、服务库、自管库",
)
LINEAGE = Clause(GOVERNANCE, "四（一）", "数据全链路监控，血缘可追溯分析", "数据血缘追溯与分析")
REGULAR_QUALITY = Clause(
    GOVERNANCE, "四（五）", "定期评价数据质量，结果闭环反馈", "定期组织数据质量管理监督评价"
)

CLAUSES: tuple[Clause, ...] = tuple(
    value for value in tuple(globals().values()) if isinstance(value, Clause)
)
