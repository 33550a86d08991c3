"""One department's part of 两清一图 goes its way: draft, confirmed, reviewed, in force."""

from django.db import models, transaction

from tongqu.audit.public import record
from tongqu.functions.actions import guards
from tongqu.functions.domain import problems
from tongqu.functions.domain.states import REGISTER
from tongqu.functions.models import Chart, Function, Register, System
from tongqu.functions.permissions import ROLE_PERMISSION
from tongqu.functions.vocabulary import Part, RegisterCommand, RegisterState
from tongqu.identity.public import notify, organisation, require
from tongqu.identity.vocabulary import Permission, Role
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Rejected

CONTENT: dict[Part, type[models.Model]] = {
    Part.FUNCTIONS: Function,
    Part.SYSTEMS: System,
    Part.SWIMLANES: Chart,
}
NEXT = {
    RegisterState.CONFIRMING: (Role.PROVIDER_REVIEWER, "请确认本部门的"),
    RegisterState.REVIEWING: (Role.MANAGING_OFFICE, "请审核"),
    RegisterState.DRAFT: (Role.CATALOGUER, "已退回修改："),
    RegisterState.EFFECTIVE: (Role.CATALOGUER, "已审核通过："),
}


@transaction.atomic
def step_register(
    organisation_code: str,
    part: Part,
    command: RegisterCommand,
    *,
    by: Actor,
    note: str = "",
) -> Register:
    """Return the register after one step of its life (C.16).

    The department's own people submit and confirm; the managing office approves. Raises:
    ``Rejected`` NOT_FOUND, INVALID; ``IllegalStep`` for a step the state does not hold.
    """
    unit = organisation(organisation_code)
    if unit is None or not unit.is_government:
        raise Rejected(problems.NOT_FOUND)
    if by.organisation_id != unit.pk and not by.may(Permission.FUNCTIONS_REGISTER_APPROVE):
        require(by, Permission.FUNCTIONS_REGISTER_READ)
        raise Rejected(problems.NOT_FOUND)
    register = guards.register(unit.pk, part)
    step = REGISTER.step(RegisterState(register.state), command)
    permission = ROLE_PERMISSION[step.actor]
    if permission is Permission.FUNCTIONS_REGISTER_APPROVE:
        require(by, permission)
    else:
        guards.own(unit.pk, by=by, permission=permission)
    text = guards.line({"note": note}, "note", 500)
    if command is RegisterCommand.RETURN and not text:
        raise Rejected(problems.invalid("note", "请写明需要修改的内容"))
    if command is RegisterCommand.CHANGE and not text:
        raise Rejected(problems.invalid("note", "请写明变更的原因"))
    if command is RegisterCommand.SUBMIT:
        _require_content(unit.pk, part, text)
    register.state, register.note = step.target, text
    register.changed_at, register.changed_by = clock.now(), str(by)
    if step.target is RegisterState.EFFECTIVE and register.effective_on is None:
        register.effective_on = clock.today()
    register.save()
    entry = record(
        f"functions.register.{command.value}", by=by, subject=f"{unit.code} {part.value}",
        basis=step.basis, details={"state": step.target.value},
    )  # fmt: skip
    _tell(register, unit.code, unit.name, serial=entry.pk)
    return register


def _require_content(organisation_id: int, part: Part, note: str) -> None:
    """An empty part is confirmed only with a word on why; functions are never empty."""
    if CONTENT[part]._default_manager.filter(organisation_id=organisation_id).exists():
        return
    if part is Part.FUNCTIONS:
        raise Rejected(problems.invalid("note", "职能清没有内容，请先登记职能和工作项"))
    if not note:
        raise Rejected(problems.invalid("note", f"{part.label}没有内容，请说明原因"))


def _tell(register: Register, code: str, name: str, *, serial: int) -> None:
    if register.state not in NEXT:
        return
    role, words = NEXT[RegisterState(register.state)]
    is_office = role is Role.MANAGING_OFFICE
    part = Part(register.part)
    notify(
        f"{words}{name}{part.label}" if is_office else f"{words}{part.label}",
        key=f"functions.register {register.pk} {serial}",
        kind="两清一图",
        url=f"/manage/functions/progress/?department={code}",
        organisation_id=None if is_office else register.organisation_id,
        role=role,
    )
