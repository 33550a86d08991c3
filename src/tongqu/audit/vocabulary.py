"""Words of the trail."""

from enum import StrEnum

PROBLEM_STATUS: dict[str, int] = {}  # codes answered with something else than 422


class Outcome(StrEnum):
    DONE = "done"  # 成功
    REFUSED = "refused"  # 拒绝
    FAILED = "failed"  # 出错


class Kind(StrEnum):
    CALL = "call"  # 一次页面或接口调用
    FACT = "fact"  # 一件业务事实
