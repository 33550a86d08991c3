"""Words of the trail."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum

PROBLEM_STATUS: dict[str, int] = {  # codes answered with something else than 422
    "AUDIT_UNAVAILABLE": 503,
    "NOT_SEALED_YET": 409,
}


class Outcome(StrEnum):
    DONE = "done"  # 成功
    REFUSED = "refused"  # 拒绝
    FAILED = "failed"  # 出错


class Kind(StrEnum):
    CALL = "call"  # 一次页面或接口调用
    FACT = "fact"  # 一件业务事实


class Break(StrEnum):
    """How a chain, a proof or an export can be broken."""

    ENTRY_ALTERED = "entry_altered"  # 审计事项被改动
    ENTRY_MISSING = "entry_missing"  # 审计事项缺失
    LINK_ALTERED = "link_altered"  # 链值被改动
    HEAD_FORGED = "head_forged"  # 签名树根不符


BREAK_LABELS: dict[Break, str] = {
    Break.ENTRY_ALTERED: "审计事项与封存时的摘要不一致，事项内容被改动",
    Break.ENTRY_MISSING: "此位置的审计事项缺失",
    Break.LINK_ALTERED: "此位置的链值与前后不衔接，链被改动",
    Break.HEAD_FORGED: "签名树根与存证链不一致，或签名不成立",
}

OUTCOME_LABELS: dict[Outcome, str] = {
    Outcome.DONE: "成功",
    Outcome.REFUSED: "拒绝",
    Outcome.FAILED: "出错",
}

KIND_LABELS: dict[Kind, str] = {Kind.CALL: "调用", Kind.FACT: "业务事实"}


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature and how it was made; ``value`` is base64."""

    algorithm: str  # "Ed25519"; another one names itself here
    key_id: str
    value: str


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key that checks signatures; ``raw`` is base64 and ``key_id`` its SM3, shortened."""

    algorithm: str
    key_id: str
    raw: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a verifier looked at. ``where`` names the place of what is wrong."""

    ok: bool
    what: str
    where: str = ""

    def as_dict(self) -> dict[str, object]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class ChainReport:
    """The state of the whole chain. ``first_bad_position`` is NULL when nothing is wrong."""

    ok: bool
    checked: int
    first_bad_position: int | None = None
    what: str = ""
    kind: Break | None = None
    heads: int = 0
    unsealed: int = 0
    entry_id: int | None = None  # 事项编号 of the first bad position, where it is known


@dataclass(frozen=True, slots=True)
class HeadView:
    """存证树根: a signed head over the first ``size`` seals."""

    size: int
    root: str
    chain: str
    at: str  # ISO 8601, UTC
    signature: Signature


@dataclass(frozen=True, slots=True)
class EntryQuery:
    """What somebody looks for in the trail; empty fields do not narrow."""

    since: str = ""  # date in Asia/Shanghai, inclusive
    until: str = ""  # inclusive
    actor: str = ""
    organisation: str = ""
    subject: str = ""
    outcome: str = ""
    kind: str = ""
    grant: str = ""

    def as_dict(self) -> Mapping[str, str]:
        return {key: value for key, value in asdict(self).items() if value}
