"""Words of opening (公共数据开放): cases, reviews, tests, public questions."""

from dataclasses import dataclass
from enum import StrEnum

# Codes answered with something else than 422.
PROBLEM_STATUS: dict[str, int] = {
    "LEVEL_NEVER_OPENS": 403,
    "OPEN_TYPE_CLOSED": 403,
    "ALREADY_PROPOSED": 409,
    "OPENING_STEP": 409,
    "REVIEW_BLOCKED": 409,
    "RISK_HELD": 409,
    "NO_RISK_REPORT": 409,
    "OPEN_RATE": 429,
}
NEVER_FROM_LEVEL = 4  # 4 级: 依法依规予以保密的，不予开放


class OpenState(StrEnum):
    """开放清单条目的状态 (requirements C.6)."""

    PROPOSED = "proposed"  # 拟开放
    REVIEWING = "reviewing"  # 审查中
    TO_PUBLISH = "to_publish"  # 待发布
    OPEN = "open"  # 已开放
    LATE = "late"  # 已开放·超期
    SUSPENDED = "suspended"  # 暂停开放
    WITHDRAWN = "withdrawn"  # 已撤回
    NOT_OPEN = "not_open"  # 不予开放


STATE_LABELS: dict[OpenState, str] = {
    OpenState.PROPOSED: "拟开放",
    OpenState.REVIEWING: "审查中",
    OpenState.TO_PUBLISH: "待发布",
    OpenState.OPEN: "已开放",
    OpenState.LATE: "已开放·超期",
    OpenState.SUSPENDED: "暂停开放",
    OpenState.WITHDRAWN: "已撤回",
    OpenState.NOT_OPEN: "不予开放",
}
STATE_TONES: dict[OpenState, str] = {
    OpenState.PROPOSED: "quiet",
    OpenState.REVIEWING: "busy",
    OpenState.TO_PUBLISH: "info",
    OpenState.OPEN: "ok",
    OpenState.LATE: "warn",
    OpenState.SUSPENDED: "bad",
    OpenState.WITHDRAWN: "past",
    OpenState.NOT_OPEN: "bad",
}
SERVED = frozenset({OpenState.OPEN, OpenState.LATE})  # data leave
PUBLISHED = SERVED | {OpenState.SUSPENDED, OpenState.WITHDRAWN}  # the public list names them
ENDED = frozenset({OpenState.WITHDRAWN, OpenState.NOT_OPEN})


class OpenCommand(StrEnum):
    """办理动作."""

    LEGAL_PASS = "legal_pass"  # noqa: S105  (法律审查通过, not a password)
    SAFETY_PASS = "safety_pass"  # noqa: S105  (安全审查通过, not a password)
    LEGAL_FAIL = "legal_fail"  # 法律审查不通过
    SAFETY_FAIL = "safety_fail"  # 安全审查不通过
    TEST = "test"  # 再识别测试
    PASS = "pass"  # noqa: S105  (审查通过, not a password)
    PUBLISH = "publish"  # 发布
    MARK_LATE = "mark_late"  # 更新超期
    UPDATED = "updated"  # 已更新
    FREEZE = "freeze"  # 暂停开放
    SUSPEND = "suspend"  # 定级提高，自动暂停
    WITHDRAW = "withdraw"  # 撤回


class OpenType(StrEnum):
    """开放类型: not named in the texts; common practice (OPN-11)."""

    UNCONDITIONAL = "unconditional"  # 无条件开放
    CONDITIONAL = "conditional"  # 有条件开放
    NOT_OPEN = "not_open"  # 不予开放


TYPE_LABELS: dict[OpenType, str] = {
    OpenType.UNCONDITIONAL: "无条件开放",
    OpenType.CONDITIONAL: "有条件开放",
    OpenType.NOT_OPEN: "不予开放",
}


class Licence(StrEnum):
    """许可: what a taker may do with the data. SPDX identifiers where there are such."""

    OPEN_GOV = "open-gov"  # 公共数据开放使用许可（署名）
    CC_BY = "CC-BY-4.0"  # 知识共享 署名 4.0
    CC0 = "CC0-1.0"  # 知识共享 公共领域


LICENCE_LABELS: dict[Licence, str] = {
    Licence.OPEN_GOV: "公共数据开放使用许可（注明来源，可商用）",
    Licence.CC_BY: "知识共享署名 4.0（CC BY 4.0）",
    Licence.CC0: "知识共享公共领域（CC0 1.0）",
}
LICENCE_LINKS: dict[Licence, str] = {
    Licence.OPEN_GOV: "",
    Licence.CC_BY: "https://creativecommons.org/licenses/by/4.0/",
    Licence.CC0: "https://creativecommons.org/publicdomain/zero/1.0/",
}


class ReviewKind(StrEnum):
    """审查种类."""

    LEGAL = "legal"  # 法律审查
    SAFETY = "safety"  # 安全审查


REVIEW_LABELS: dict[ReviewKind, str] = {
    ReviewKind.LEGAL: "法律审查",
    ReviewKind.SAFETY: "安全审查",
}


class Concern(StrEnum):
    """审查要点: four kinds that are protected, four dangers that must not arise (000 (五))."""

    STATE_SECRET = "state_secret"  # noqa: S105  (国家秘密)
    WORK_SECRET = "work_secret"  # noqa: S105  (工作秘密)
    PERSONAL = "personal"  # 个人信息
    TRADE_SECRET = "trade_secret"  # noqa: S105  (商业秘密)
    NATIONAL_SECURITY = "national_security"  # 国家安全
    PUBLIC_SECURITY = "public_security"  # 公共安全
    ECONOMIC_SECURITY = "economic_security"  # 经济安全
    SOCIAL_STABILITY = "social_stability"  # 社会稳定


CONCERN_LABELS: dict[Concern, str] = {
    Concern.STATE_SECRET: "国家秘密",
    Concern.WORK_SECRET: "工作秘密",
    Concern.PERSONAL: "个人信息",
    Concern.TRADE_SECRET: "商业秘密",
    Concern.NATIONAL_SECURITY: "国家安全",
    Concern.PUBLIC_SECURITY: "公共安全",
    Concern.ECONOMIC_SECURITY: "经济安全",
    Concern.SOCIAL_STABILITY: "社会稳定",
}
PROTECTED = (Concern.STATE_SECRET, Concern.WORK_SECRET, Concern.PERSONAL, Concern.TRADE_SECRET)
DANGERS = (Concern.NATIONAL_SECURITY, Concern.PUBLIC_SECURITY, Concern.ECONOMIC_SECURITY,
           Concern.SOCIAL_STABILITY)  # fmt: skip


class VoiceKind(StrEnum):
    """公众意见类型."""

    ERROR = "error"  # 数据纠错
    QUESTION = "question"  # 使用咨询
    WISH = "wish"  # 新数据需求


VOICE_LABELS: dict[VoiceKind, str] = {
    VoiceKind.ERROR: "数据纠错",
    VoiceKind.QUESTION: "使用咨询",
    VoiceKind.WISH: "新数据需求",
}


class VoiceState(StrEnum):
    """公众意见状态."""

    WAITING = "waiting"  # 待答复
    ANSWERED = "answered"  # 已答复
    HIDDEN = "hidden"  # 不予公开（含个人信息或与开放无关）


VOICE_STATE_LABELS: dict[VoiceState, str] = {
    VoiceState.WAITING: "待答复",
    VoiceState.ANSWERED: "已答复",
    VoiceState.HIDDEN: "不予公开",
}


@dataclass(frozen=True, slots=True)
class OpenSetView:
    """An open set as others may read it."""

    code: str
    name: str
    state: OpenState
    publisher_name: str
    licence: Licence
    version: int


@dataclass(frozen=True, slots=True)
class Plan:
    """One line of the opening plan: what to open first, with the reason."""

    name: str
    entry_code: str  # "": not yet catalogued
    votes: int
    wishes: int
    downloads: int

    @property
    def score(self) -> int:
        return self.votes + self.wishes + self.downloads

    @property
    def reason(self) -> str:
        parts = (
            (self.votes, f"{self.votes} 人投票"),
            (self.wishes, f"{self.wishes} 件需求"),
            (self.downloads, f"{self.downloads} 次下载"),
        )
        return "、".join(text for count, text in parts if count) or "暂无公众需求"
