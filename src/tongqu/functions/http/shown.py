"""Rows as the API shows them."""

from typing import Any

from django.db.models import Prefetch, QuerySet

from tongqu.functions.domain import bpmn, problems, swimlane
from tongqu.functions.models import Chart, Function, Gap, Move, Support, System, Task
from tongqu.functions.queries import linked, lists
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Rejected


def with_supports(rows: "QuerySet[Function]") -> "QuerySet[Function]":
    supports = Support.objects.select_related("system", "module")
    return rows.prefetch_related(Prefetch("supports", supports))


def function(row: Function) -> dict[str, Any]:
    return {
        "code": row.code, "kind": row.kind, "name": row.name,
        "department": row.organisation.code, "parent": row.parent.code if row.parent else None,
        "is_core": row.is_core, "basis_kind": row.basis_kind, "basis": row.basis,
        "accountable": row.accountable, "summary": row.summary, "ended_on": row.ended_on,
        "edition": row.edition,
        "supports": [
            {
                "system_code": x.system.code, "system_name": x.system.name,
                "module": x.module.code if x.module else "",
                "module_name": x.module.name if x.module else "",
            }
            for x in row.supports.all()
        ],
    }  # fmt: skip


def system(row: System) -> dict[str, Any]:
    return {
        "code": row.code, "name": row.name, "department": row.organisation.code,
        "system_class": row.system_class, "state": row.state, "accountable": row.accountable,
        "summary": row.summary, "retired_on": row.retired_on, "edition": row.edition,
        "modules": list(row.modules.values("code", "name")),
        "entries": sorted(linked.entries_of_system(row)),
    }  # fmt: skip


def chart_line(row: Chart) -> dict[str, Any]:
    return {
        "code": row.code, "title": row.title, "department": row.organisation.code,
        "edition": row.edition, "edited_at": row.edited_at, "edited_by": row.edited_by,
    }  # fmt: skip


def chart(row: Chart) -> dict[str, Any]:
    return {
        **chart_line(row),
        "function": row.function.code if row.function else None,
        "model": swimlane.to_document(bpmn.read(row.document)),
        "document": row.document,
    }


def gap(row: Gap) -> dict[str, Any]:
    """``row`` comes with its ``open_tasks``, as ``lists.gaps`` fetches them: none or one."""
    tasks: list[Task] = getattr(row, "open_tasks")  # noqa: B009  (an attribute of the query)
    return {
        "id": row.pk, "kind": row.kind, "subject": row.subject, "title": row.title,
        "department": row.organisation.code if row.organisation else None,
        "task": tasks[0].code if tasks else None,
    }  # fmt: skip


def task(row: Task) -> dict[str, Any]:
    return {
        "code": row.code, "title": row.title, "department": row.organisation.code,
        "due_on": row.due_on, "state": row.state,
    }  # fmt: skip


def move(row: Move) -> dict[str, Any]:
    return {
        "code": row.code, "function": row.function.code, "source": row.source.code,
        "target": row.target.code, "state": row.state, "items": list(row.items.all()),
    }  # fmt: skip


def own_move(actor: Actor, code: str) -> Move:
    """Return a move from or to the asker's department. Raises: ``Rejected`` NOT_FOUND."""
    found = lists.moves(actor).filter(code=code).first()
    if found is None:
        raise Rejected(problems.NOT_FOUND)
    return found
