"""Repeated work of standards."""

from tongqu.kernel import jobs
from tongqu.kernel.actor import PLATFORM
from tongqu.standards.actions.rules import run_rule_check
from tongqu.standards.actions.workflow import enforce_due


@jobs.job("standards.enforce_due", cron="10 0 * * *", title="标准到期实施")
def standards_enforce_due() -> int:
    return enforce_due()


@jobs.job("standards.rules_annual_check", cron="0 6 5 1 *", title="管理制度年度检查")
def rules_annual_check() -> int:
    """Check every unit's rules; each run is a record of its own."""
    return len(run_rule_check(by=PLATFORM).missing)
