"""目录与实际核对: cases where what arrived is not what the entry declares.

The job opens a case, renews its words, and closes it when both agree again: nobody's click does.
A person decides what it leads to: a ticket (the data are wrong) or a change of the entry.
"""

from django.db import transaction

from tongqu.audit.public import record
from tongqu.catalog import public as catalog
from tongqu.catalog.vocabulary import ChangeReason, RealityLine
from tongqu.identity.public import require
from tongqu.identity.vocabulary import Permission
from tongqu.kernel import clock
from tongqu.kernel.actor import PLATFORM, Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.policy.clauses.measures_2021 import MISMATCH
from tongqu.quality.actions.tickets import file_ticket
from tongqu.quality.domain.reality import CASES, CaseCommand, CaseState, Difference, differences
from tongqu.quality.models import RealityCase


@transaction.atomic
def reconcile() -> dict[str, int]:
    """Hold all connected entries against what arrived; return how many cases opened and closed."""
    now = clock.now()
    running = {
        (case.entry_code, case.aspect): case
        for case in RealityCase.objects.exclude(state=CaseState.CLOSED)
    }
    found = {
        (line.code, one.aspect.value): (line, one)
        for line in catalog.reality() for one in differences(line, now)
    }  # fmt: skip
    for key, case in running.items():
        if key in found:
            _renew(case, found[key][1])
        else:
            _agree(case)
    new = [found[key] for key in sorted(found.keys() - running.keys())]
    stem = f"HD-{clock.today():%Y-%m%d}-"
    first = RealityCase.objects.filter(number__startswith=stem).count() + 1
    for number, (line, one) in enumerate(new, start=first):
        _open(f"{stem}{number:03}", line, one)
    return {"opened": len(new), "closed": len(running.keys() - found.keys())}


def _open(number: str, line: RealityLine, one: Difference) -> None:
    RealityCase.objects.create(
        number=number, entry_code=line.code, entry_name=line.name, provider_id=line.provider_id,
        aspect=one.aspect, declared=one.declared[:300], actual=one.actual[:500],
        opened_at=clock.now(),
    )  # fmt: skip
    record("quality.reality.opened", by=PLATFORM, subject=number, basis=MISMATCH,
           details={"entry": line.code, "aspect": one.aspect.value})  # fmt: skip


def _renew(case: RealityCase, one: Difference) -> None:
    if (case.declared, case.actual) != (one.declared[:300], one.actual[:500]):
        case.declared, case.actual = one.declared[:300], one.actual[:500]
        case.save(update_fields=["declared", "actual"])


def _agree(case: RealityCase) -> None:
    case.state = CASES.step(CaseState(case.state), CaseCommand.AGREE).target
    case.closed_at = clock.now()
    case.save(update_fields=["state", "closed_at"])
    record("quality.reality.closed", by=PLATFORM, subject=case.number, basis=MISMATCH)


@transaction.atomic
def decide(number: str, command: CaseCommand, *, by: Actor) -> RealityCase:
    """Send a case on: as a ticket to the provider, or as a change of the entry.

    Raises: ``Rejected`` NO_SUCH_REALITY_CASE; ``IllegalStep`` where it was sent on already.
    """
    require(by, Permission.QUALITY_CASE_DECIDE)
    case = RealityCase.objects.select_for_update().filter(number=number).first()
    if case is None or command is CaseCommand.AGREE:
        raise Rejected(
            Problem("NO_SUCH_REALITY_CASE", "没有这个核对事项。", "请从核对清单重新进入。")
        )
    case.state = CASES.step(CaseState(case.state), command).target
    told = f"目录与实际不符（{case.aspect_label}）：目录为{case.declared}，实际{case.actual}"
    if command is CaseCommand.TICKET:
        case.ticket = file_ticket(case.entry_code, title=told[:200], by=by).number
    else:
        catalog.mark_to_update(case.entry_code, by=by, cause=told, reason=ChangeReason.DATA_CHANGE)
    case.handled_by = str(by)[:160]
    case.save(update_fields=["state", "ticket", "handled_by"])
    record("quality.reality.decided", by=by, subject=number, basis=MISMATCH,
           details={"command": command.value, "ticket": case.ticket})  # fmt: skip
    return case
