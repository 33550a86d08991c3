"""交通运输部关于加快交通运输公共数据资源开发利用的实施意见 (2025): only what is used here."""

from datetime import date

from tongqu.kernel.law import Clause, Regulation

OPINION = Regulation(
    "mot-2025-opinion", "关于加快交通运输公共数据资源开发利用的实施意见", date(2025, 12, 25)
)

INVENTORY = Clause(OPINION, "二（一）", "摸清底数，目录动态更新，一数一源", "“一数一源”动态更新")
CROSS_CHECK = Clause(OPINION, "二（三）", "强化源头治理，开展质量多源校核", "开展数据质量多源校核")
MASTER_DATA = Clause(
    OPINION, "二（三）", "五域主数据治理，部省两级共建共用", "主数据、资源库部省两级共建共用"
)
MEASURES_REVISED = Clause(
    OPINION,
    "三（四）",
    "共享管理办法将修订，规则须可按日期更替",
    "修订交通运输政务数据共享管理办法",
)
OPENING = Clause(
    OPINION, "三（五）", "公共数据依法依规有序开放，企业可检索、获取、利用", "有序推动公共数据开放"
)
OPENING_SAFEGUARDS = Clause(
    OPINION,
    "三（五）",
    "开放须护国家秘密、工作秘密、个人信息、商业秘密，不危及四种安全",
    "不危及国家安全、公共安全、经济安全、社会稳定",
)
OPEN_LIST = Clause(OPINION, "三（五）", "建立开放清单及动态更新机制", "开放清单及动态更新机制")
OPEN_FIRST = Clause(
    OPINION, "三（五）", "民生紧密相关、社会需求迫切的优先开放", "优先开放与民生紧密相关"
)
OPEN_QUALITY = Clause(
    OPINION, "三（五）", "开放数据须及时、完整、准确，方便检索利用", "及时性、完整性和准确性"
)
SECRETS_NOT_OPEN = Clause(
    OPINION, "五（十一）", "依法依规予以保密的公共数据不予开放", "予以保密的公共数据不予开放"
)
AUTHORISED_OPERATION = Clause(OPINION, "三（六）", "规范公共数据授权运营", "规范公共数据授权运营")
PROOF = Clause(
    OPINION, "五（十二）", "受控交换共享和存证溯源须有技术支撑", "存证溯源等环节的安全技术支撑"
)

CLAUSES: tuple[Clause, ...] = tuple(
    value for value in tuple(globals().values()) if isinstance(value, Clause)
)
