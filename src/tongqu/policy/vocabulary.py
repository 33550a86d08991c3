"""Words of policy: what can go wrong with terms and the calendar, and how law is kept."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

PROBLEM_STATUS: dict[str, int] = {  # codes answered with something else than 422
    "PROFILE_OVERLAPS": 409,
    "PROFILE_IN_THE_PAST": 409,
    "CLAUSE_UNKNOWN": 404,
    "NO_TERMS": 404,
    "NO_CALENDAR": 404,
}


class DocumentState(StrEnum):
    NOT_YET = "not_yet"  # 未施行
    IN_FORCE = "in_force"  # 现行
    REPEALED = "repealed"  # 已废止


DOCUMENT_STATE_LABELS: dict[DocumentState, str] = {
    DocumentState.NOT_YET: "未施行",
    DocumentState.IN_FORCE: "现行",
    DocumentState.REPEALED: "已废止",
}


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A document of the library; ``is_shipped``: the platform brings clauses of it."""

    key: str
    title: str
    document_number: str
    issuer: str
    issued_on: date | None
    effective_from: date
    repealed_on: date | None
    replaced_by: str
    is_basis: bool
    is_shipped: bool
    state: DocumentState

    @property
    def state_label(self) -> str:
        return DOCUMENT_STATE_LABELS[self.state]

    @property
    def tone(self) -> str:
        return {"in_force": "ok", "repealed": "past", "not_yet": "info"}[self.state]


class Keeping(StrEnum):
    """How the platform keeps an article (法规落实方式)."""

    ENFORCED = "enforced"  # 程序执行: code refuses what the article forbids
    EVIDENCED = "evidenced"  # 留痕可查: code records that it was done
    MANUAL = "manual"  # 人工办理: people do it, the platform shows the place
    OUT_OF_REACH = "out_of_reach"  # 平台之外


KEEPING_LABELS: dict[Keeping, str] = {
    Keeping.ENFORCED: "程序执行",
    Keeping.EVIDENCED: "留痕可查",
    Keeping.MANUAL: "人工办理",
    Keeping.OUT_OF_REACH: "平台之外",
}
