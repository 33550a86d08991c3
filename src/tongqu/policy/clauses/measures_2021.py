"""交通运输政务数据共享管理办法 (2021): all 26 articles as clauses.

One constant per rule that the platform relies on; an article with several rules has
several constants. ``ARTICLES`` holds every article at least once.
"""

from datetime import date

from tongqu.kernel.law import Clause, Regulation

MEASURES = Regulation("mot-2021-sharing", "交通运输政务数据共享管理办法", date(2021, 4, 15))


def _art(number: str, gist: str, phrase: str, *numbers: str) -> Clause:
    return Clause(MEASURES, f"第{number}条", gist, phrase, numbers)


AIM = _art("一", "为规范共享、推动数字政府建设而立", "规范交通运输政务数据共享")
DEPARTMENTS = _art("二", "政务部门含获法律法规授权的事业单位和社会组织", "法律、法规授权行使")
NON_SECRET = _art("二", "只收以电子形式记录的非涉密数据", "各类非涉密数据、文件、资料和图表")
PARTIES = _art(
    "二", "产生并提供的是提供部门，履职需要使用的是使用部门", "因履行职责需要使用政务数据"
)
SCOPE = _art("三", "规范部际、部省政务部门的提供和使用行为", "需要提供和使用政务数据的行为")
MANAGING_OFFICE = _art(
    "四", "科技主管部门管理、监督、评估共享并组织编目", "管理、监督和评估政务数据共享工作"
)
SUPPORT_UNIT = _art("四", "技术支持部门受托建设运维共享平台", "负责部共享平台的建设运维")
PROVIDER_DUTY = _art("四", "提供部门编目、供数、授权并对质量负责", "对所提供政务数据质量负责")
CONSUMER_DUTY = _art("四", "使用部门依目录申请、安全使用并反馈", "安全合规使用政务数据")
SHARE_BY_DEFAULT = _art("五", "以共享为常态，不共享须有规定", "以共享为原则，不共享为例外")
FREE_OF_CHARGE = _art("五", "按需求提供，不收费", "需求导向，无偿使用")
ONE_PLATFORM = _art("五", "只经部、省两级平台共享", "基于部、省两级共享平台开展")
AUTHENTICATION = _art("五", "共享全过程须身份鉴别、授权管理、安全保障", "身份鉴别、授权管理")
THREE_TYPES = _art("六", "共享类型只有三种", "无条件共享、有条件共享、不予共享三种类型")
UNCONDITIONAL = _art("六", "可供所有政府部门使用的为无条件共享", "可提供给所有政府部门")
CONDITIONAL = _art(
    "六", "只供部分部门或只供部分内容的为有条件共享", "部分政府部门共享使用或仅部分内容"
)
WITHHELD = _art("六", "不宜提供给其他部门的为不予共享", "不宜提供给其他政府部门")
MUST_SHARE = _art("七", "七类基础数据须接入平台并无条件共享", "供政府部门无条件共享使用")
STATE_CONDITIONS = _art("七", "有条件共享须写明条件", "提供部门应明确共享条件")
WITHHELD_BASIS = _art(
    "七", "不予共享须出具法律法规或政策依据", "应出具国家相关法律法规或政策制度依据"
)
CATALOGUE_IS_BASIS = _art("八", "目录是部门间共享的依据", "政府部门间政务数据共享的依据")
CORE_METADATA = _art("八", "核心元数据共十二项", "核心元数据包括分类、名称、提供部门")
VERSIONED = _art("八", "目录按版本管理", "应按照版本进行管理")
COMPILE = _art("九", "提供部门按规范编目并保证准确完整", "确保政务数据目录准确完整")
COMPLIANCE = _art("九", "通过合规性检测才可发布", "通过合规性检测的政务数据目录方可")
FROZEN = _art("九", "目录发布后不得随意更改", "一经发布，不得随意更改")
CHANGE_NOTICE = _art("九", "在用数据变更须提前三个月登记", "至少在数据变更前3个月进行登记", "3")
THREE_MANNERS = _art("十", "平台提供三种共享方式", "联机查询、数据订阅、数据下载等共享服务")
NEW_SYSTEMS = _art("十一", "新建与部省联网系统须经平台共享，旧系统升级时迁移", "须迁移至部共享平台")
PURPOSE = _art("十二", "申请须写明使用用途", "应明确使用用途")
AUTOMATIC = _art("十二", "无条件共享经身份验证后自动授权", "身份验证通过后可自动获得授权")
FIRST_REVIEW = _art(
    "十二", "有条件共享由技术支持部门三个工作日内初审", "应在3个工作日内完成申请信息初审", "3"
)
PROVIDER_REVIEW = _art("十二", "初审通过后提供部门七个工作日内审核", "须在7个工作日内完成审核", "7")
REFUSAL_BASIS = _art("十二", "拒绝共享须给出法律法规或政策依据", "应提供法律法规或政策制度依据")
MATERIALS = _art("十二", "要求的证明材料须事先写在共享条件中", "应在共享条件中说明")
NEGOTIATION = _art("十二", "不予共享而履职确需的，双方协商", "由使用部门与提供部门协商解决")
EXTERNAL_CONNECTED = _art(
    "十三", "已接入的行业外数据由科技主管部门授权", "由部科技主管部门授权使用"
)
EXTERNAL_UNCONNECTED = _art(
    "十三", "未接入的行业外数据由科技主管部门协调接入", "由部科技主管部门协调接入"
)
ENTRUSTED = _art(
    "十四", "提供部门可委托技术支持部门审核并定期收到反馈", "委托技术支持部门对政务数据申请进行审核"
)
QUALITY = _art("十五", "提供部门保障完整、准确、及时、可用", "完整性、准确性、时效性和可用性")
CORRECTION = _art("十五", "收到质量问题须及时校核并反馈", "应及时予以校核并反馈")
PURPOSE_BOUND = _art("十六", "只按申请用途用于本部门履职，不得滥用扩散", "不得滥用、非授权使用")
NO_THIRD_PARTY = _art("十六", "不得以任何形式提供给第三方", "以改变数据形式等方式提供给第三方")
NEW_PURPOSE = _art("十六", "改变用途须重新申请", "应重新申请并获得授权")
FEEDBACK = _art("十七", "使用部门须反馈满足需求、质量与效果", "满足需求情况、数据质量以及使用效果")
IDLE_GRANT = _art("十七", "授权后三个月未用，授权部门可撤销", "3个月内未使用的政务数据", "3")
SUPERVISION = _art("十八", "建立监督评估制度并组织检查", "建立政务数据共享监督评估制度")
SECURITY_DUTY = _art(
    "十九", "谁管理谁负责、谁使用谁负责，落实分类分级", "落实安全管理责任和数据分类分级要求"
)
PRE_CATALOGUE = _art("二十", "立项阶段预编目录", "在立项阶段通过部共享平台预编政务数据目录")
CONNECT_IN_TIME = _art("二十", "试运行六个月内接入数据", "在试运行6个月内接入政务数据", "6")
RECEIPT_USE = _art("二十", "编目回执用于立项审批、试运行和验收", "编目回执将作为项目立项审批")
FORMAL_RECEIPT = _art("二十", "检测通过并接入数据后才可下载正式回执", "方可下载正式编目回执")
PRE_RECEIPT = _art("二十", "预编检测通过才可下载预编回执", "方可下载预编目回执")
FUNDS = _art("二十一", "共享经费纳入部门年度预算", "纳入本部门年度预算")
RESPONSIBLE = _art("二十二", "主要负责人是第一责任人", "共享工作的第一责任人")
RECTIFICATION = _art("二十三", "七种情形由科技主管部门通知整改", "由部科技主管部门通知整改")
LATE_CATALOGUE = _art("二十三", "（一）未按要求编制、更新目录", "未按要求编制和更新政务数据目录")
LATE_DATA = _art("二十三", "（二）未及时提供、更新数据", "及时提供、更新政务数据")
MISMATCH = _art("二十三", "（三）与实际掌握的数据不一致或不可用", "和实际掌握数据不一致")
UNCORRECTED = _art("二十三", "（四）发现错误不及时校核", "不及时校核")
LOST_CONTROL = _art("二十三", "（五）管理失控致滥用、扩散、泄漏", "共享获取的政务数据管理失控")
HANDED_ON = _art("二十三", "（六）未经授权提供给第三方或另作他用", "擅自将政务数据提供给第三方")
OTHER_BREACH = _art("二十三", "（七）违反办法的其他行为", "违反本办法规定的其他行为")
CONSEQUENCES = _art("二十四", "拒不整改的不予安排运维经费、硬件资源和项目审批", "通报后拒不整改")
INTERPRETATION = _art("二十五", "由科技主管部门解释", "由部科技主管部门负责解释")
IN_FORCE = _art("二十六", "自施行之日起生效，原试行办法废止", "2021 年 4 月 15 日起施行", "2021")
INTRANET_OUT = _art("二十六", "政务内网数据另行规定", "涉及政务内网数据共享有关规定另行制定")

CLAUSES: tuple[Clause, ...] = tuple(
    value for value in tuple(globals().values()) if isinstance(value, Clause)
)
