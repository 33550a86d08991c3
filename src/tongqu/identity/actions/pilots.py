"""Try a function in some places first, then promote it to all or take it back."""

from collections.abc import Collection
from datetime import date

from django.db import transaction

from tongqu.audit.public import record
from tongqu.identity.models import Organisation, Pilot
from tongqu.identity.vocabulary import Permission, PilotState
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.law import Assumption
from tongqu.kernel.problems import Problem, Rejected
from tongqu.policy.access import require

BASIS = Assumption("新功能先行试点，范围和期限由主管部门确定")


@transaction.atomic
def start_pilot(
    key: str,
    *,
    known: Collection[str],
    divisions: Collection[str],
    departments: Collection[str],
    since: date,
    until: date | None,
    by: Actor,
) -> Pilot:
    """Limit a function (one of ``known``) to these places and days; again: change the limits."""
    require(by, Permission.IDENTITY_PILOT_EDIT)
    faults = {}
    if key not in known:
        faults["key"] = "请从列表中选择功能。"
    if any(len(code) != 6 or not code.isdecimal() for code in divisions):
        faults["divisions"] = "请填写六位行政区划代码，以顿号、逗号或空格分隔。"
    found = set(Organisation.objects.filter(code__in=departments).values_list("code", flat=True))
    if missing := sorted(set(departments) - found):
        faults["departments"] = f"没有登记这些组织：{'、'.join(missing[:5])}"
    if until is not None and until < since:
        faults["until"] = "截止日不能早于开始日。"
    if faults:
        raise Rejected(
            Problem(
                "INVALID",
                "填写的内容不符合要求。",
                "请按提示改正后重新提交。",
                BASIS,
                fields=faults,
            )
        )
    pilot, _ = Pilot.objects.update_or_create(
        key=key,
        defaults={
            "state": PilotState.PILOTING, "divisions": sorted(set(divisions)),
            "departments": sorted(set(departments)), "since": since, "until": until,
            "changed_at": clock.now(), "changed_by": str(by),
        },
    )  # fmt: skip
    record("identity.pilot.started", by=by, subject=key, basis=BASIS,
           details={"divisions": pilot.divisions, "departments": pilot.departments})  # fmt: skip
    return pilot


@transaction.atomic
def end_pilot(key: str, state: PilotState, *, reason: str, by: Actor) -> Pilot:
    """Promote a pilot to everybody, or withdraw it from all. Needs a reason."""
    require(by, Permission.IDENTITY_PILOT_EDIT)
    pilot = Pilot.objects.select_for_update().filter(key=key).first()
    if pilot is None:
        raise Rejected(Problem("NOT_FOUND", "没有这项试点。", "请回到列表核对。", BASIS))
    if state is PilotState.PILOTING or not reason.strip():
        raise Rejected(
            Problem(
                "INVALID",
                "填写的内容不符合要求。",
                "请按提示改正后重新提交。",
                BASIS,
                fields={"reason": "请写明推广或撤回的理由。"},
            )
        )
    pilot.state, pilot.reason = state, reason.strip()[:300]
    pilot.changed_at, pilot.changed_by = clock.now(), str(by)
    pilot.save()
    record(f"identity.pilot.{state.value}", by=by, subject=key, basis=BASIS)
    return pilot
