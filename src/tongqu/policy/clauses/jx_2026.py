"""江西省交通运输领域省级公共数据资源授权运营实施方案 (2026): only what the platform builds on.

A plan of one province, taken as a pattern for the authorised operation of any hub.
"""

from datetime import date

from tongqu.kernel.law import Clause, Regulation

OPERATION = Regulation(
    "jx-2026-operation", "江西省交通运输领域省级公共数据资源授权运营实施方案", date(2026, 1, 1)
)

FIRST_BATCH = Clause(
    OPERATION,
    "三（一）",
    "四方共同梳理第一批授权运营目录清单，共 35 项",
    "第一批公共数据资源目录清单，授权运营数据共35项",
    ("35",),
)
ONE_SOURCE = Clause(
    OPERATION, "三（三）", "按一数一源一标准建立数据质量全流程管控", "“一数一源一标准”要求"
)
LIST_COMPILED = Clause(
    OPERATION, "七（一）", "省数据局、省交通运输厅统筹编制授权运营目录", "统筹编制授权运营数据目录"
)
QUALITY_LOOP = Clause(
    OPERATION,
    "三（三）",
    "质量监测评价、问题纠错、异议核实处理，可反馈可追溯",
    "实现问题数据可反馈可追溯",
)
CHECK_REQUEST = Clause(
    OPERATION, "三（三）", "运营机构发现质量问题可提出数据校核需求", "可向实施机构提出数据校核需求"
)
CHECK_CONFIRMED = Clause(
    OPERATION, "三（三）", "实施机构确认后向省交通运输厅反馈", "实施机构确认后"
)
CHECK_TERM = Clause(
    OPERATION,
    "三（三）",
    "原则上10个工作日内更正或修复，特殊情况协商时间",
    "原则上10个工作日内",
    ("10",),
)

CLAUSES: tuple[Clause, ...] = tuple(
    value for value in tuple(globals().values()) if isinstance(value, Clause)
)
