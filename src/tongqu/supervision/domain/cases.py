"""The seven cases of article 23, and what stands for each where the article gives no number."""

from tongqu.kernel.law import Assumption, Clause
from tongqu.policy.clauses import measures_2021 as law

CASES: dict[Clause, str] = {
    law.LATE_CATALOGUE: "一",
    law.LATE_DATA: "二",
    law.MISMATCH: "三",
    law.UNCORRECTED: "四",
    law.LOST_CONTROL: "五",
    law.HANDED_ON: "六",
    law.OTHER_BREACH: "七",
}
BY_CASE: dict[str, Clause] = {case: clause for clause, case in CASES.items()}

CATALOGUE_READING = Assumption("系统登记满一个月仍无生效目录的，作为未按要求编制目录的线索")
CATALOGUE_MONTHS = 1
CONFORMITY_READING = Assumption("最近一次检测有规范性规则不符超过一成的，作为不符合有关规范的线索")
CONFORMITY_SHARE = 0.1
