"""Incentives: what earns points. A rule is data, a change is a new version."""

from dataclasses import dataclass

from tongqu.kernel.law import Assumption
from tongqu.quality.vocabulary import AWARD_REUSED, AWARD_SHARED

VALUES = Assumption("激励分值由主管部门设定，初始为按期整改 10、提供共享 5、数据被复用 2")
TICKET_IN_TIME = "ticket_in_time"


@dataclass(frozen=True, slots=True)
class Points:
    """``value`` points for one occurrence."""

    code: str
    title: str
    value: int
    version: int = 0  # 0: as delivered, before anybody set it


DELIVERED = {
    rule.code: rule
    for rule in (
        Points(TICKET_IN_TIME, "质量工单按期整改", 10),
        Points(AWARD_SHARED, "向其他部门提供共享", 5),
        Points(AWARD_REUSED, "数据被复用并反馈", 2),
    )
}
