"""职能清: functions and work items, their tree, their end."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F

from tongqu.audit.public import record
from tongqu.catalog import public as catalog
from tongqu.catalog.vocabulary import ChangeReason
from tongqu.functions.actions import guards
from tongqu.functions.actions.linked import mark_entries
from tongqu.functions.domain import problems, tree
from tongqu.functions.models import EntryLink, Function
from tongqu.functions.queries import linked
from tongqu.functions.vocabulary import BasisKind, FunctionKind, Part
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Rejected
from tongqu.policy.clauses import gd_2024 as plan

FIELDS = frozenset(
    {"name", "kind", "parent", "is_core", "basis_kind", "basis", "accountable", "summary"}
)


@transaction.atomic
def save_function(
    fields: Mapping[str, Any],
    *,
    by: Actor,
    code: str = "",
    edition: int | None = None,
    organisation: str = "",
) -> Function:
    """Return a function or work item, new or changed. What is not given stays.

    ``fields``: see ``FIELDS``; ``parent`` is a code, "" for the top. Raises: ``Rejected``
    NO_PARENT for a work item in the air (MAP-02), REGISTER_FROZEN, FUNCTION_CHANGED.
    """
    if code:
        function: Function = guards.found_by_code(Function, code)
    else:
        kind = _kind(fields)
        function = Function(organisation_id=guards.home(by, organisation), kind=kind)
    guards.writable(function.organisation_id, Part.FUNCTIONS, by=by)
    if edition is not None and edition != function.edition:
        raise Rejected(problems.FUNCTION_CHANGED)
    _apply(function, fields)
    now = clock.now()
    if not function.pk:
        letter = "W" if function.kind == FunctionKind.ITEM else "F"
        function.code = guards.next_code(function.organisation_id, letter)
        function.created_at = now
        function.position = Function.objects.filter(
            organisation_id=function.organisation_id
        ).count()
    function.edited_at = now
    function.edition += 1
    function.save()
    record(
        "functions.function.saved", by=by, subject=function.code,
        basis=plan.TWO_LISTS_ONE_CHART, details={"fields": sorted(fields)},
    )  # fmt: skip
    return function


def _kind(fields: Mapping[str, Any]) -> FunctionKind:
    try:
        return FunctionKind(fields.get("kind") or "")
    except ValueError as error:
        raise Rejected(problems.invalid("kind", "请选择职能或工作项")) from error


def _apply(function: Function, fields: Mapping[str, Any]) -> None:
    if unknown := set(fields) - FIELDS:
        raise TypeError(f"not fields of a function: {sorted(unknown)}")
    if "name" in fields or not function.pk:
        function.name = guards.line(fields, "name", 200, needed="请填写名称")
    if "kind" in fields and function.pk and fields["kind"] != function.kind:
        raise Rejected(problems.invalid("kind", "类别登记后不变；请另行登记"))
    if "parent" in fields or not function.pk:
        function.parent = _parent(function, str(fields.get("parent") or ""))
    for name, limit in (("basis", 500), ("accountable", 120), ("summary", 4000)):
        if name in fields:
            setattr(function, name, guards.line(fields, name, limit))
    if "basis_kind" in fields:
        kind = str(fields["basis_kind"] or "")
        if kind and kind not in set(BasisKind):
            raise Rejected(problems.invalid("basis_kind", "请选择依据类别"))
        function.basis_kind = kind
    if "is_core" in fields:
        function.is_core = bool(fields["is_core"])
    if function.kind == FunctionKind.FUNCTION:
        if not function.basis_kind:
            raise Rejected(problems.invalid("basis_kind", "职能须有法律法规或三定依据"))
        if not function.basis:
            raise Rejected(problems.invalid("basis", "请写明依据的文件和条款"))


def _parent(function: Function, code: str) -> Function | None:
    rows = Function.objects.filter(organisation_id=function.organisation_id)
    known = {row.pk: row for row in rows.only("pk", "code", "parent_id", "kind", "ended_on")}
    parent = next((row for row in known.values() if row.code == code), None)
    if code and parent is None:
        raise Rejected(problems.invalid("parent", "没有这个上级职能，或它属于其他部门"))
    if parent is not None and parent.ended_on is not None:
        raise Rejected(problems.invalid("parent", "上级职能已终止"))
    wrong = tree.objection(
        own=function.pk,
        kind=FunctionKind(function.kind),
        parent=parent.pk if parent else None,
        parents={pk: row.parent_id for pk, row in known.items()},
        kinds={pk: FunctionKind(row.kind) for pk, row in known.items()},
    )
    if wrong:
        raise Rejected(wrong)
    return parent


@transaction.atomic
def end_function(code: str, *, on: date, reason: str, by: Actor) -> tuple[str, ...]:
    """End a function and all below it; return the entries that now wait for their update.

    Source: 003 四（三）: when functions change, the catalogue is updated with them (CAT-04).
    """
    function: Function = guards.found_by_code(Function, code)
    guards.undisturbed(function.organisation_id, Part.FUNCTIONS, by=by)
    why = guards.line({"reason": reason}, "reason", 500, needed="请写明终止的依据和原因")
    if function.ended_on is not None:
        raise Rejected(problems.invalid("code", "这一项已经终止"))
    subtree = linked.subtree(function)
    entries = linked.entries_of_functions(subtree)
    now = clock.now()
    Function.objects.filter(pk__in=subtree, ended_on=None).update(
        ended_on=on, end_reason=why, edited_at=now, edition=F("edition") + 1
    )
    record(
        "functions.function.ended", by=by, subject=code, basis=plan.LINKED_UPDATE,
        details={"on": on.isoformat(), "entries": sorted(entries)},
    )  # fmt: skip
    cause = f"职能“{function.name[:60]}”终止"
    return mark_entries(
        entries,
        owner_id=function.organisation_id,
        by=by,
        cause=cause,
        reason=ChangeReason.FUNCTION_CHANGE,
    )


@transaction.atomic
def link_entry(code: str, entry_code: str, *, by: Actor, is_linked: bool = True) -> None:
    """Say that an entry belongs to a function, or no longer does."""
    function: Function = guards.found_by_code(Function, code)
    guards.undisturbed(function.organisation_id, Part.FUNCTIONS, by=by)
    entry_code = entry_code.strip()
    if is_linked:
        if entry_code not in catalog.briefs(codes=[entry_code]):
            raise Rejected(problems.invalid("entry", "没有这个现行目录条目"))
        EntryLink.objects.get_or_create(entry_code=entry_code, function=function)
    else:
        EntryLink.objects.filter(entry_code=entry_code, function=function).delete()
    record(
        "functions.entry.linked" if is_linked else "functions.entry.unlinked", by=by,
        subject=code, basis=plan.TWO_LISTS_ONE_CHART, details={"entry": entry_code},
    )  # fmt: skip
