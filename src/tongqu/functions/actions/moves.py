"""职能划转: what a function takes along is proposed, and confirmed item by item (MAP-08)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from django.db import transaction
from django.db.models import F

from tongqu.audit.public import record
from tongqu.catalog import public as catalog
from tongqu.catalog.vocabulary import ChangeReason
from tongqu.functions.actions import guards
from tongqu.functions.domain import problems
from tongqu.functions.models import EntryLink, Function, Move, MoveItem, System
from tongqu.functions.queries import linked
from tongqu.functions.vocabulary import Decision, FunctionKind, MoveState, MoveSubject
from tongqu.identity.public import notify, organisation, require
from tongqu.identity.vocabulary import Permission, Role
from tongqu.kernel import clock
from tongqu.kernel.actor import PLATFORM, Actor
from tongqu.kernel.problems import Rejected
from tongqu.policy.clauses import gd_2024 as plan


@transaction.atomic
def propose_move(code: str, *, target: str, reason: str, by: Actor, parent: str = "") -> Move:
    """Return a move of a function to another department, with everything it would take along.

    ``parent``: the function there under which it goes; a work item needs one. Nothing changes
    before the managing office has decided on each item. Raises: ``Rejected`` MOVE_OPEN.
    """
    function: Function = guards.found_by_code(Function, code)
    if not by.may(Permission.FUNCTIONS_REGISTER_APPROVE):
        guards.own(function.organisation_id, by=by, permission=Permission.FUNCTIONS_REGISTER_EDIT)
    unit = organisation(target)
    if unit is None or not unit.is_government or unit.pk == function.organisation_id:
        raise Rejected(problems.invalid("target", "请选择另一个政务部门"))
    above = Function.objects.filter(organisation=unit, code=parent).first() if parent else None
    is_fit = above is None or (above.kind != FunctionKind.ITEM and above.ended_on is None)
    if (parent and above is None) or not is_fit:
        raise Rejected(problems.invalid("parent", "新部门没有这项职能"))
    if function.kind == FunctionKind.ITEM and above is None:
        raise Rejected(problems.ORPHAN_ITEM)
    if function.ended_on is not None:
        raise Rejected(problems.invalid("code", "已终止的职能不能划转"))
    if Move.objects.filter(function=function, state=MoveState.PROPOSED).exists():
        raise Rejected(problems.MOVE_OPEN)
    move = Move.objects.create(
        code=guards.next_code(function.organisation_id, "Y"), function=function,
        source_id=function.organisation_id, target=unit, parent=above,
        reason=guards.line({"reason": reason}, "reason", 500, needed="请写明划转依据"),
        state=MoveState.PROPOSED, created_at=clock.now(), created_by=str(by),
    )  # fmt: skip
    MoveItem.objects.bulk_create(_proposals(move, function))
    record(
        "functions.move.proposed", by=by, subject=move.code, basis=plan.LINKED_UPDATE,
        details={"function": code, "target": target, "items": move.items.count()},
    )  # fmt: skip
    return move


def _proposals(move: Move, function: Function) -> list[MoveItem]:
    ids = linked.subtree(function)
    source, unit = move.source, move.target
    systems = {
        pk: system
        for pk, system in linked.systems_of_functions(ids).items()
        if system.organisation_id == source.pk
    }
    why = dict.fromkeys(linked.entries_of_functions(ids), "本职能的环节或登记")
    for pk, found in linked.entries_of_systems(list(systems.values())).items():
        for code in found:
            why.setdefault(code, f"来自系统“{systems[pk].name}”")
    briefs = catalog.briefs(codes=why)
    items = [
        MoveItem(
            subject=MoveSubject.SYSTEM, key=system.code, title=system.name,
            before=source.name, after=unit.name, why="支撑本职能",
        )
        for system in systems.values()
    ]  # fmt: skip
    items += [
        MoveItem(
            subject=MoveSubject.ENTRY, key=code, title=brief.name, before=brief.owner_name,
            after=unit.name, why=why[code],
        )
        for code, brief in briefs.items()
        if brief.owner_id == source.pk
    ]  # fmt: skip
    items += [
        MoveItem(
            subject=MoveSubject.ACCOUNTABLE, key=row.code, title=row.name,
            before=row.accountable, after="", why="由新部门指定责任岗位",
        )
        for row in Function.objects.filter(pk__in=ids).exclude(accountable="")
    ]  # fmt: skip
    for item in items:
        item.move = move
    return items


@transaction.atomic
def decide_move(
    code: str,
    decisions: Mapping[int, Decision],
    *,
    effective_on: date,
    by: Actor,
    posts: Mapping[int, str] | None = None,
) -> Move:
    """Return the move with some items decided; with the last one the function goes over.

    ``posts``: the new accountable post for items of that kind. A confirmed entry gets a change
    application with the new provider; where its data is in use and ``effective_on`` is
    before the notice ends, the earliest lawful day is taken instead (measures, article 9).
    Raises: ``Rejected`` when an entry already is under change: nothing is then decided.
    """
    require(by, Permission.FUNCTIONS_REGISTER_APPROVE)
    move: Move = guards.found_by_code(Move, code)
    if move.state != MoveState.PROPOSED:
        raise Rejected(problems.invalid("code", "这件划转已经办结"))
    open_items = {i.pk: i for i in move.items.filter(decision=Decision.PROPOSED)}
    if unknown := set(decisions) - set(open_items):
        raise Rejected(problems.invalid("items", f"有 {len(unknown)} 项不存在或已决定"))
    for pk, decision in decisions.items():
        item = open_items.pop(pk)
        if decision is Decision.PROPOSED:
            open_items[pk] = item
            continue
        if decision is Decision.CONFIRMED:
            item.result = _carry_out(
                move, item, on=effective_on, post=(posts or {}).get(pk, ""), by=by
            )
        item.decision, item.decided_by, item.decided_at = decision, str(by), clock.now()
        item.save()
    if not open_items:
        _settle(move)
    record(
        "functions.move.decided", by=by, subject=code, basis=plan.LINKED_UPDATE,
        details={"decided": len(decisions), "left": len(open_items)},
    )  # fmt: skip
    return move


def _carry_out(move: Move, item: MoveItem, *, on: date, post: str, by: Actor) -> str:
    match MoveSubject(item.subject):
        case MoveSubject.SYSTEM:
            return _move_system(move, item)
        case MoveSubject.ENTRY:
            return _move_entry(move, item, on=on, by=by)
        case MoveSubject.ACCOUNTABLE:
            named = guards.line({"post": post}, "post", 120, needed="请指定新的责任岗位")
            Function.objects.filter(code=item.key).update(
                accountable=named, edition=F("edition") + 1
            )
            item.after = named
            return "责任岗位已更新"


def _require_still_there(move: Move, item: MoveItem, owner_id: int) -> None:
    """Take from the department that the move names, not from one that has it by now."""
    if owner_id != move.source_id:
        raise Rejected(problems.invalid("items", f"“{item.title[:80]}”已不属于{move.source.name}"))


def _move_system(move: Move, item: MoveItem) -> str:
    system: System = guards.found_by_code(System, item.key)
    _require_still_there(move, item, system.organisation_id)
    twin = System.objects.filter(organisation=move.target, name=system.name)
    if twin.exists():
        raise Rejected(problems.invalid("items", f"新部门已有同名系统“{system.name}”"))
    # Entries found by the system's name stay with it although their owner changes later.
    for code in linked.entries_of_system(system):
        EntryLink.objects.get_or_create(entry_code=code, system=system)
    system.organisation = move.target
    system.edited_at = clock.now()
    system.edition += 1
    system.save()
    return "已转入新部门"


def _move_entry(move: Move, item: MoveItem, *, on: date, by: Actor) -> str:
    brief = catalog.briefs(codes=[item.key]).get(item.key)
    if brief is None:
        raise Rejected(problems.invalid("items", f"目录“{item.title}”已不在现行目录中"))
    _require_still_there(move, item, brief.owner_id)
    day = max(on, catalog.earliest_change(item.key))
    # The entry's own department need not agree: the managing office has decided.
    hub = replace(PLATFORM, name=f"共享平台（{by} 确认职能划转）")
    change = catalog.register_change(
        item.key,
        reason=ChangeReason.FUNCTION_CHANGE,
        explanation=f"职能“{move.function.name[:80]}”由{move.source.name}划转至{move.target.name}",
        effective_on=day,
        by=hub,
        new_provider_id=move.target_id,
    )
    notify(
        f"目录“{brief.name[:80]}”随职能划转，拟由{move.target.name}提供，"
        f"{day.isoformat()} 起生效。",
        key=f"functions.move {item.pk} owner",
        kind="职能划转",
        url=f"/catalog/{item.key}/",
        organisation_id=move.source_id,
        role=Role.CATALOGUER,
    )
    return f"已登记变更 {change.version} 版，{day.isoformat()} 生效"


def _settle(move: Move) -> None:
    """Hand the function and all below it to the new department; charts stay where they are."""
    function = move.function
    ids = linked.subtree(function)
    now = clock.now()
    Function.objects.filter(pk__in=ids).update(
        organisation=move.target, edited_at=now, edition=F("edition") + 1
    )
    Function.objects.filter(pk=function.pk).update(parent=move.parent)
    move.state, move.settled_at = MoveState.SETTLED, now
    move.save()
    for unit, role in ((move.source_id, Role.PROVIDER_REVIEWER), (move.target_id, Role.CATALOGUER)):
        notify(
            f"职能“{function.name[:120]}”已由{move.source.name}划转至{move.target.name}。",
            key=f"functions.move {move.pk} settled {unit}",
            kind="职能划转",
            url=f"/manage/functions/{function.code}/",
            organisation_id=unit,
            role=role,
        )
