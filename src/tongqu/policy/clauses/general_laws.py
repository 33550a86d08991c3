"""National laws that a department may give as the basis of a refusal (第七条, 第十二条).

Gists are ours; a person who refuses still writes which facts bring the case under the law.
These texts are not among the documents our tests read, so the operator imports and checks
them before relying on the wording (``/policies/``).
"""

from datetime import date

from tongqu.kernel.law import Clause, Regulation

DATA_SECURITY = Regulation("cn-2021-dsl", "中华人民共和国数据安全法", date(2021, 9, 1))
PERSONAL_INFORMATION = Regulation("cn-2021-pipl", "中华人民共和国个人信息保护法", date(2021, 11, 1))
STATE_SECRETS = Regulation("cn-2024-secrets", "中华人民共和国保守国家秘密法", date(2024, 5, 1))
DISCLOSURE = Regulation("cn-2019-disclosure", "中华人民共和国政府信息公开条例", date(2019, 5, 15))

CORE_DATA = Clause(
    DATA_SECURITY,
    "第二十一条",
    "国家对数据分类分级保护，核心数据更加严格管理",
    "数据分类分级保护制度",
)
OFFICIAL_DISCRETION = Clause(
    DATA_SECURITY,
    "第三十八条",
    "国家机关对履职知悉的隐私、个人信息、商业秘密须保密",
    "依法予以保密",
)
SECRET_DATA = Clause(
    DATA_SECURITY,
    "第五十三条",
    "涉及国家秘密的数据处理适用保守国家秘密法",
    "涉及国家秘密的数据处理活动",
)
LEAST_PERSONAL = Clause(
    PERSONAL_INFORMATION, "第六条", "收集和处理个人信息限于实现目的的最小范围", "最小范围"
)
CONSENT_TO_PROVIDE = Clause(
    PERSONAL_INFORMATION, "第二十三条", "向其他处理者提供个人信息须告知并取得单独同意", "单独同意"
)
SENSITIVE_PERSONAL = Clause(
    PERSONAL_INFORMATION,
    "第二十八条",
    "敏感个人信息须有特定目的和充分必要性",
    "特定的目的和充分的必要性",
)
OFFICIAL_LIMITS = Clause(
    PERSONAL_INFORMATION,
    "第三十四条",
    "国家机关处理个人信息不得超出履职所必需",
    "所必需的范围和限度",
)
STATE_SECRET = Clause(
    STATE_SECRETS, "第二条", "国家秘密只限一定范围的人员知悉", "只限一定范围的人员知悉"
)
NOT_DISCLOSED = Clause(
    DISCLOSURE, "第十四条", "国家秘密及公开后危及安全的政府信息不予公开", "不予公开"
)
THIRD_PARTY_SECRETS = Clause(
    DISCLOSURE, "第十五条", "涉及商业秘密、个人隐私的政府信息不得公开", "商业秘密、个人隐私"
)

CLAUSES: tuple[Clause, ...] = tuple(
    value for value in tuple(globals().values()) if isinstance(value, Clause)
)
