"""Every night: whose six months have passed without data (articles 20 and 23)."""

from django.db import transaction

from tongqu.audit.public import record
from tongqu.identity.public import notify
from tongqu.identity.vocabulary import Role
from tongqu.kernel import clock
from tongqu.kernel.actor import PLATFORM
from tongqu.policy.clauses import measures_2021 as law
from tongqu.supervision import queries
from tongqu.supervision.actions.clues import Clue, lay
from tongqu.supervision.actions.projects import note
from tongqu.supervision.domain.deadlines import is_late
from tongqu.supervision.models import Project


def check_connections() -> dict[str, list[str]]:
    """Mark projects whose data came, and those that are late; return their codes.

    Idempotent: a project is marked once and has one draft, however often this runs.
    """
    waiting = Project.objects.filter(connect_due_on__isnull=False, connected_at=None)
    done: dict[str, list[str]] = {"connected": [], "late": []}
    for code in list(waiting.values_list("code", flat=True)):
        with transaction.atomic():
            outcome = _check(code)
        if outcome:
            done[outcome].append(code)
    return done


def _check(code: str) -> str:
    project = Project.objects.select_for_update().get(code=code)
    entries = queries.entries(project)
    connected = bool(entries) and all(entry.connected_at is not None for entry in entries)
    if connected:
        project.connected_at = clock.now()
        project.save(update_fields=["connected_at"])
        note(project, "数据已接入", by=PLATFORM, basis=law.CONNECT_IN_TIME)
        record("supervision.project.connected", by=PLATFORM, subject=code,
               basis=law.CONNECT_IN_TIME)  # fmt: skip
        return "connected"
    due_on = project.connect_due_on
    late = due_on is not None and is_late(due_on, clock.today(), connected=False)
    if not late or project.late_since is not None:
        return ""
    project.late_since = clock.now()
    project.save(update_fields=["late_since"])
    note(project, "逾期未接入", by=PLATFORM, text=f"接入期限 {due_on}", basis=law.CONNECT_IN_TIME)
    _draft(project, [entry.code for entry in entries if entry.connected_at is None])
    return "late"


def _draft(project: Project, missing: list[str]) -> None:
    """Make the draft of a rectification notice, case （二） of article 23, once a project."""
    clue = Clue(
        key=f"late-data {project.code}",
        basis=law.LATE_DATA,
        organisation_id=project.organisation_id,
        title=f"项目“{project.name}”试运行后逾期未接入数据",
        evidence={
            "project": project.code,
            "trial_started_on": str(project.trial_started_on),
            "connect_due_on": str(project.connect_due_on),
            "entries_without_data": missing,
        },
        subject=project.code,
    )
    if not lay(clue, project=project)[1]:
        return
    notify(
        f"项目“{project.name}”应于 {project.connect_due_on} 前接入数据，已逾期。",
        key=f"supervision.late {project.code}", kind="逾期未接入",
        url=f"/sup/projects/{project.code}/", organisation_id=project.organisation_id,
        role=Role.FIRST_RESPONSIBLE,
    )  # fmt: skip
