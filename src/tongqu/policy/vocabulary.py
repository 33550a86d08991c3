"""Words of policy: what can go wrong with terms and the calendar, and how law is kept."""

from enum import StrEnum

PROBLEM_STATUS: dict[str, int] = {  # codes answered with something else than 422
    "PROFILE_OVERLAPS": 409,
    "PROFILE_IN_THE_PAST": 409,
    "CLAUSE_UNKNOWN": 404,
    "NO_TERMS": 404,
    "NO_CALENDAR": 404,
}


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
