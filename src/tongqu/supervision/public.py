"""Doors of supervision: projects that may hold pre-entries, and what waits for whom.

Codes of problems raised here: NOT_FOUND, INVALID, PROJECT_EXISTS, NOT_YOUR_PROJECT,
WRONG_STAGE, GATE_NOT_PASSED.
"""

from tongqu.kernel.actor import Actor
from tongqu.kernel.work import TodoItem
from tongqu.supervision import queries
from tongqu.supervision.actions.differences import draft_difference, draft_unanswered
from tongqu.supervision.actions.projects import attach_entry, register
from tongqu.supervision.actions.watch import check_connections
from tongqu.supervision.models import Project, RectificationDraft
from tongqu.supervision.ports import use_probe
from tongqu.supervision.vocabulary import ProjectView

__all__ = [
    "ProjectRegister",
    "attach_entry",
    "check_connections",
    "draft_difference",
    "draft_unanswered",
    "project",
    "register",
    "todos",
    "use_probe",
]


class ProjectRegister:
    """What the catalogue asks about projects (its port ``Projects``)."""

    def stage(self, project_code: str) -> str | None:
        """Return the project's stage, ``"approval"`` for 立项; None for an unknown code."""
        found = Project.objects.filter(code=project_code)
        return found.values_list("stage", flat=True).first()


def project(code: str) -> ProjectView | None:
    """Return a project; None for an unknown code. For rooms, not for readers."""
    found = Project.objects.select_related("organisation").filter(code=code).first()
    return queries.view_of(found, queries.entry_codes(found)) if found else None


def todos(actor: Actor) -> list[TodoItem]:
    """Return what waits for the actor: clues to verify, and data owed by its own projects."""
    items = [_draft(found) for found in queries.waiting_drafts(actor)]
    return items + [_owed(found) for found in queries.owing(actor)]


def _draft(found: RectificationDraft) -> TodoItem:
    return TodoItem(
        kind="整改线索",
        reference=f"ZG-{found.pk}",
        title=found.title,
        url=f"/sup/rectifications/#d{found.pk}",
        received_at=found.made_at,
        from_whom="共享平台",
    )


def _owed(found: Project) -> TodoItem:
    return TodoItem(
        kind="数据接入",
        reference=found.code,
        title=f"{found.name}：试运行后接入数据",
        url=f"/sup/projects/{found.code}/",
        received_at=found.created_at,
        due_on=found.connect_due_on,
        from_whom="主管部门",
    )
