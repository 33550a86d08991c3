"""From when a change may take effect (measures, article 9)."""

from dataclasses import dataclass
from datetime import date

from tongqu.kernel.law import Clause
from tongqu.kernel.workdays import add_months
from tongqu.policy.clauses import measures_2021 as law


@dataclass(frozen=True, slots=True)
class ChangeNotice:
    """The earliest day of effect; three calendar months on while the data is in use."""

    earliest_on: date
    active_grants: int
    basis: Clause

    def allows(self, effective_on: date) -> bool:
        return effective_on >= self.earliest_on


def notice(*, filed_on: date, active_grants: int, notice_months: int) -> ChangeNotice:
    if active_grants == 0:
        return ChangeNotice(filed_on, 0, law.FROZEN)
    earliest_on = add_months(filed_on, notice_months)
    return ChangeNotice(earliest_on, active_grants, law.CHANGE_NOTICE)
