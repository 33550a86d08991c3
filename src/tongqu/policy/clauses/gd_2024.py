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
TWO_LISTS_ONE_CHART = Clause(
    GOVERNANCE,
    "四（二）",
    "各部门梳理职能清、应用清、业务泳道图，明确关联映射",
    "职能、工作项与系统、功能模块的关联映射关系",
)
SWIMLANES = Clause(
    GOVERNANCE,
    "四（二）",
    "为核心业务编制泳道图，细化业务活动与数据资源的关联",
    "业务活动及其与数据资源的关联关系",
)
DATA_GAPS = Clause(
    GOVERNANCE, "四（三）", "依梳理成果找出数据缺口，推进业务数字化", "找出数据资源的缺口短板"
)
STATIC_DATA = Clause(
    GOVERNANCE,
    "四（三）",
    "静态数据转化为可查可用的数据资源",
    "静态数据转化为可查可用的数据资源",
)
FULL_CATALOGUE = Clause(
    GOVERNANCE,
    "四（三）",
    "各部门各地区编目，经枢纽整合融合后形成全省目录",
    "通过数据枢纽整合融合后发布",
)
LINKED_UPDATE = Clause(
    GOVERNANCE,
    "四（三）",
    "职能、应用、数据变化时及时更新目录",
    "建立数据资源目录联动更新机制",
)
ONE_LEDGER = Clause(
    GOVERNANCE,
    "四（三）",
    "全面采集基础、业务、技术、管理四类元数据，形成一本账",
    "基础元数据、业务元数据、技术元数据和管理元数据",
)
BUSINESS_MODELS = Clause(
    GOVERNANCE,
    "四（四）",
    "各级开发业务数据模型，全省核心模型统一管理",
    "交通运输行业核心数据模型的统一管理",
)
FUSION = Clause(
    GOVERNANCE, "四（四）", "跨部门跨系统融合数据，建成五库", "推动数据跨部门跨系统融合"
)
LINEAGE = Clause(GOVERNANCE, "四（一）", "数据全链路监控，血缘可追溯分析", "数据血缘追溯与分析")
REGULAR_QUALITY = Clause(
    GOVERNANCE, "四（五）", "定期评价数据质量，结果闭环反馈", "定期组织数据质量管理监督评价"
)
OPEN_WITH_WATCH = Clause(
    GOVERNANCE, "四（八）", "数据开放与数据安全合规监管协同推进", "数据安全合规监管协同发展"
)

QUALITY_STANDARDS = Clause(
    GOVERNANCE, "四（五）", "各部门发布数据质量标准和管理指南", "发布本部门数据质量标准"
)
QUALITY_INDEX = Clause(
    GOVERNANCE, "四（五）", "构建数据质量评价指标体系和评估考核制度", "数据质量评价指标体系"
)
INCENTIVES = Clause(
    GOVERNANCE, "四（五）", "以激励机制推动数据共治共享共用", "激励机制，激发数据治理与利用活力"
)
LAYER_BY_LAYER = Clause(GOVERNANCE, "四（三）", "数据逐层治理、逐层汇聚", "层层治理、层层汇聚")
OTHER_AUTHORITIES = Clause(
    GOVERNANCE,
    "四（九）",
    "与其他部门共享数据，并支持手机信令等社会数据",
    "手机信令、网约车、共享单车",
)
CITY_DELIVERY = Clause(GOVERNANCE, "一（一）", "地市定期报送数据", "“地市数递”")
HARDSHIPS = Clause(
    GOVERNANCE, "一（二）", "治理面临环境、应用、质量、安全监管四类困难", "跨系统数据不一致"
)

CLAUSES: tuple[Clause, ...] = tuple(
    value for value in tuple(globals().values()) if isinstance(value, Clause)
)
