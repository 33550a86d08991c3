"""应用清: systems, their modules, what they support, which entries they give, their end."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from tongqu.audit.public import record
from tongqu.catalog import public as catalog
from tongqu.catalog.vocabulary import ChangeReason
from tongqu.functions.actions import guards
from tongqu.functions.actions.linked import mark_entries
from tongqu.functions.domain import problems
from tongqu.functions.models import EntryLink, Function, Module, Support, System
from tongqu.functions.queries import linked
from tongqu.functions.vocabulary import Part, SystemClass, SystemState
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Rejected
from tongqu.policy.clauses import gd_2024 as plan
from tongqu.policy.clauses import measures_2021 as law

FIELDS = frozenset({"name", "system_class", "is_secret", "accountable", "summary", "modules"})
MOST_MODULES = 200


@transaction.atomic
def save_system(
    fields: Mapping[str, Any],
    *,
    by: Actor,
    code: str = "",
    edition: int | None = None,
    organisation: str = "",
) -> System:
    """Return a system, new or changed. What is not given stays.

    ``fields``: see ``FIELDS``; ``modules``: pairs (number, name). Raises: ``Rejected``
    CLASSIFIED before anything is stored or recorded (measures, article 2).
    """
    if fields.get("is_secret"):
        raise Rejected(problems.CLASSIFIED)
    if code:
        system: System = guards.found_by_code(System, code)
    else:
        system = System(organisation_id=guards.home(by, organisation))
    guards.writable(system.organisation_id, Part.SYSTEMS, by=by)
    if edition is not None and edition != system.edition:
        raise Rejected(problems.FUNCTION_CHANGED)
    _apply(system, fields)
    now = clock.now()
    if not system.pk:
        system.code = guards.next_code(system.organisation_id, "S")
        system.created_at = now
    system.edited_at = now
    system.edition += 1
    system.save()
    if "modules" in fields:
        _modules(system, fields["modules"])
    record(
        "functions.system.saved", by=by, subject=system.code, basis=plan.TWO_LISTS_ONE_CHART,
        details={"fields": sorted(fields)},
    )  # fmt: skip
    return system


def _apply(system: System, fields: Mapping[str, Any]) -> None:
    if unknown := set(fields) - FIELDS:
        raise TypeError(f"not fields of a system: {sorted(unknown)}")
    if "name" in fields or not system.pk:
        system.name = guards.line(fields, "name", 120, needed="请填写系统全称")
        others = System.objects.filter(organisation_id=system.organisation_id, name=system.name)
        if others.exclude(pk=system.pk).exists():
            raise Rejected(problems.invalid("name", "本部门已登记同名系统"))
    if "system_class" in fields or not system.pk:
        given = str(fields.get("system_class") or "")
        if given not in set(SystemClass):
            raise Rejected(problems.invalid("system_class", "请选择系统类别"))
        system.system_class = given
    for name, limit in (("accountable", 120), ("summary", 4000)):
        if name in fields:
            setattr(system, name, guards.line(fields, name, limit))


def _modules(system: System, given: Sequence[tuple[str, str]]) -> None:
    """Replace the modules; one that keeps its number keeps what it supports."""
    wanted = {
        guards.line({"m": code}, "m", 40): guards.line({"m": name}, "m", 120)
        for code, name in given
    }
    if len(wanted) < len(given) or not all(wanted.values()) or "" in wanted:
        raise Rejected(problems.invalid("modules", "模块编号不得重复，编号和名称都要填写"))
    if len(wanted) > MOST_MODULES:
        raise Rejected(problems.invalid("modules", f"不超过 {MOST_MODULES} 个模块"))
    system.modules.exclude(code__in=wanted).delete()
    for code, name in wanted.items():
        Module.objects.update_or_create(system=system, code=code, defaults={"name": name})


@transaction.atomic
def retire_system(code: str, *, on: date, reason: str, by: Actor) -> tuple[str, ...]:
    """Retire a system; return the entries that now wait for their update (CAT-04)."""
    system: System = guards.found_by_code(System, code)
    guards.undisturbed(system.organisation_id, Part.SYSTEMS, by=by)
    why = guards.line({"reason": reason}, "reason", 500, needed="请写明停用原因和数据去向")
    if system.state == SystemState.RETIRED:
        raise Rejected(problems.invalid("code", "这个系统已经停用"))
    entries = linked.entries_of_system(system)
    system.state, system.retired_on, system.retire_reason = SystemState.RETIRED, on, why
    system.edited_at = clock.now()
    system.edition += 1
    system.save()
    record(
        "functions.system.retired", by=by, subject=code, basis=plan.LINKED_UPDATE,
        details={"on": on.isoformat(), "entries": sorted(entries)},
    )  # fmt: skip
    cause = f"来源系统“{system.name[:60]}”停用"
    return mark_entries(
        entries,
        owner_id=system.organisation_id,
        by=by,
        cause=cause,
        reason=ChangeReason.SYSTEM_UPGRADE,
    )


@transaction.atomic
def map_support(
    function_code: str, system_code: str, *, by: Actor, module: str = "", is_mapped: bool = True
) -> None:
    """Say that a function or work item is done with a system or one of its modules (N:M)."""
    function: Function = guards.found_by_code(Function, function_code)
    guards.undisturbed(function.organisation_id, Part.FUNCTIONS, by=by)
    system = System.objects.filter(code=system_code).first()
    if system is None:
        raise Rejected(problems.invalid("system", "应用清中没有这个系统"))
    part = system.modules.filter(code=module).first() if module else None
    if module and part is None:
        raise Rejected(problems.invalid("module", "这个系统没有该模块"))
    if is_mapped:
        Support.objects.get_or_create(function=function, system=system, module=part)
    else:
        Support.objects.filter(function=function, system=system, module=part).delete()
    record(
        "functions.support.mapped" if is_mapped else "functions.support.unmapped", by=by,
        subject=function_code, basis=plan.TWO_LISTS_ONE_CHART,
        details={"system": system_code, "module": module},
    )  # fmt: skip


@transaction.atomic
def link_entry(code: str, entry_code: str, *, by: Actor, is_linked: bool = True) -> None:
    """Say that an entry comes from a system, or does not (measures, article 11)."""
    system: System = guards.found_by_code(System, code)
    guards.undisturbed(system.organisation_id, Part.SYSTEMS, by=by)
    entry_code = entry_code.strip()
    if is_linked:
        if entry_code not in catalog.briefs(codes=[entry_code]):
            raise Rejected(problems.invalid("entry", "没有这个现行目录条目"))
        EntryLink.objects.get_or_create(entry_code=entry_code, system=system)
    else:
        EntryLink.objects.filter(entry_code=entry_code, system=system).delete()
    record(
        "functions.entry.linked" if is_linked else "functions.entry.unlinked", by=by,
        subject=code, basis=law.NEW_SYSTEMS, details={"entry": entry_code},
    )  # fmt: skip
