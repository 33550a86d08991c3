"""What waits for whom: registers to confirm and review, tasks, moves, material to check."""

from django.urls import reverse

from tongqu.functions.domain.states import MATERIAL, REGISTER, TASK
from tongqu.functions.models import Material, Move, Register, Task
from tongqu.functions.permissions import ROLE_PERMISSION
from tongqu.functions.vocabulary import (
    MaterialCommand,
    MaterialState,
    MoveState,
    Part,
    RegisterCommand,
    RegisterState,
    TaskState,
)
from tongqu.identity.vocabulary import Permission as P
from tongqu.kernel.actor import Actor
from tongqu.kernel.work import TodoItem


def todos(actor: Actor) -> list[TodoItem]:
    if not actor.may(P.FUNCTIONS_REGISTER_READ) or actor.organisation_id is None:
        return []
    return [*_registers(actor), *_tasks(actor), *_moves(actor), *_materials(actor)]


def _open_states(table: object, actor: Actor, commands: tuple[str, ...] = ()) -> set[str]:
    """Return the states in which the actor has a step to take."""
    steps = getattr(table, "steps", ())
    return {
        step.source.value
        for step in steps
        if actor.may(ROLE_PERMISSION[step.actor]) and (not commands or step.command in commands)
    }


def _registers(actor: Actor) -> list[TodoItem]:
    waits = (RegisterCommand.CONFIRM, RegisterCommand.APPROVE)
    states = _open_states(REGISTER, actor, tuple(c.value for c in waits))
    if not states:
        return []
    found = Register.objects.filter(state__in=states).select_related("organisation")
    if RegisterState.REVIEWING.value not in states:
        found = found.filter(organisation_id=actor.organisation_id or 0)
    return [
        TodoItem(
            kind="两清一图",
            reference=f"{row.organisation.code} {Part(row.part).label}",
            title=f"{row.organisation.name}{Part(row.part).label}：{RegisterState(row.state).label}",
            url=f"{reverse('functions:progress')}?department={row.organisation.code}",
            received_at=row.changed_at,
            from_whom=row.changed_by,
        )
        for row in found
    ]


def _tasks(actor: Actor) -> list[TodoItem]:
    states = _open_states(TASK, actor)
    if actor.may(P.FUNCTIONS_REGISTER_APPROVE):
        found = Task.objects.filter(state=TaskState.CHECKING)
    elif states:
        found = Task.objects.filter(state__in=states, organisation_id=actor.organisation_id or 0)
    else:
        return []
    return [
        TodoItem(
            kind="数字化任务",
            reference=task.code,
            title=f"{task.title}：{TaskState(task.state).label}",
            url=f"{reverse('functions:gaps')}#{task.code}",
            received_at=task.created_at,
            due_on=task.due_on,
            from_whom=task.created_by,
        )
        for task in found
    ]


def _moves(actor: Actor) -> list[TodoItem]:
    if not actor.may(P.FUNCTIONS_REGISTER_APPROVE):
        return []
    found = Move.objects.filter(state=MoveState.PROPOSED).select_related("function", "source")
    return [
        TodoItem(
            kind="职能划转",
            reference=move.code,
            title=f"{move.function.name}：待逐项确认",
            url=reverse("functions:move", args=[move.code]),
            received_at=move.created_at,
            from_whom=move.created_by,
        )
        for move in found
    ]


def _materials(actor: Actor) -> list[TodoItem]:
    if MaterialState.STRUCTURED.value not in _open_states(
        MATERIAL, actor, (MaterialCommand.VERIFY.value,)
    ):
        return []
    found = Material.objects.filter(
        state=MaterialState.STRUCTURED, organisation_id=actor.organisation_id or 0
    ).exclude(structured_by=actor.key)
    return [
        TodoItem(
            kind="静态数据核验",
            reference=material.code,
            title=f"{material.title}：请对照原件核验识别结果",
            url=reverse("functions:material", args=[material.code]),
            received_at=material.created_at,
        )
        for material in found
    ]
