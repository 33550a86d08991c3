"""履职事项: the duties for which data are asked, and to which an agreement may bind them."""

from enum import StrEnum


class Matter(StrEnum):
    """履职事项: the public duty that the data serves."""

    INDUSTRY_SUPERVISION = "industry_supervision"  # 行业监管
    LAW_ENFORCEMENT = "law_enforcement"  # 执法办案
    EMERGENCY = "emergency"  # 应急处置
    PLANNING = "planning"  # 规划决策
    STATISTICS = "statistics"  # 统计分析
    PUBLIC_SERVICE = "public_service"  # 公共服务
    CREDIT = "credit"  # 信用监管


MATTER_LABELS: dict[Matter, str] = {
    Matter.INDUSTRY_SUPERVISION: "行业监管",
    Matter.LAW_ENFORCEMENT: "执法办案",
    Matter.EMERGENCY: "应急处置",
    Matter.PLANNING: "规划决策",
    Matter.STATISTICS: "统计分析",
    Matter.PUBLIC_SERVICE: "公共服务",
    Matter.CREDIT: "信用监管",
}
