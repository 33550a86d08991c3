"""推进综合交通运输大数据发展行动纲要 (2020—2025): only what the platform builds on."""

from datetime import date

from tongqu.kernel.law import Clause, Regulation

OUTLINE = Regulation(
    "mot-2020-outline", "推进综合交通运输大数据发展行动纲要（2020—2025年）", date(2019, 12, 9)
)

STANDARDS = Clause(
    OUTLINE,
    "三（一）",
    "健全分类分级、脱敏、溯源、标识等标准规范",
    "分类分级、脱敏、溯源、标识等标准规范",
)
GROUP_STANDARDS = Clause(
    OUTLINE, "三（一）", "社会组织和产业联盟制定团体标准", "满足市场和创新需要的团体标准"
)
CATALOGUE_SYSTEM = Clause(
    OUTLINE,
    "三（二）",
    "建立多种运输方式、多级行业管理的目录体系，并有采集、更新、发布机制",
    "覆盖多种运输方式、多级行业管理",
)
GENERAL_LEDGER = Clause(
    OUTLINE, "三（二）", "合规性检测，形成完整规范的总账本", "综合交通运输行业信息资源“总账本”"
)
OPEN_LIST = Clause(
    OUTLINE,
    "三（二）",
    "建立公共信息资源开放清单、更新制度和统一开放平台",
    "公共信息资源开放清单及更新制度",
)
OWN_DATA_OPENED = Clause(
    OUTLINE, "三（二）", "行业公共企事业单位依法开放自有公共信息资源", "依法开放自有公共信息资源"
)

OTHER_AUTHORITIES = Clause(
    OUTLINE,
    "三（二）",
    "与公安、自然资源等十个部门建立共享交换机制",
    "公安、自然资源、生态环境、水利、文化和旅游",
)

CLAUSES: tuple[Clause, ...] = tuple(
    value for value in tuple(globals().values()) if isinstance(value, Clause)
)
