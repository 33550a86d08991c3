"""Reads of projects, their entries and drafts, each starting from what the asker may see."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import Count, Q, QuerySet

from tongqu.catalog import public as catalog
from tongqu.catalog.vocabulary import EntryView
from tongqu.identity.vocabulary import Permission, Role
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Rejected
from tongqu.supervision.domain import problems
from tongqu.supervision.models import Project, RectificationDraft
from tongqu.supervision.vocabulary import Connection, DraftState, ProjectView, Stage

_ALL = frozenset({Role.MANAGING_OFFICE.value, Role.SUPPORT.value, Role.SUPERVISOR.value})


def sees_all(actor: Actor) -> bool:
    return actor.kind == "platform" or bool(actor.roles & _ALL)


def projects(actor: Actor) -> QuerySet[Project]:
    """Return every project to those who watch over them, else those of one's own unit."""
    found = Project.objects.select_related("organisation").annotate(
        entry_count=Count("entries", distinct=True)
    )
    found = found.order_by("-created_at", "-pk")
    return found if sees_all(actor) else found.filter(organisation_id=actor.organisation_id or 0)


def project_for(code: str, actor: Actor) -> Project:
    """Return one project in sight. Raises: ``Rejected`` NOT_FOUND."""
    found = projects(actor).filter(code=code).first()
    if found is None:
        raise Rejected(problems.NOT_FOUND)
    return found


def entry_codes(project: Project) -> list[str]:
    """Return the project's entries: those attached, and those compiled under its number."""
    attached = set(project.entries.values_list("entry_code", flat=True))
    compiled = catalog.codes_in_project(project.code, project.organisation_id)
    return sorted(attached | set(compiled))


def entries(project: Project) -> list[EntryView]:
    found = (catalog.entry(code) for code in entry_codes(project))
    return [entry for entry in found if entry is not None]


def connection(project: Project, today: date) -> Connection:
    """Return where a project stands with its data. Late stays late until the data are here."""
    if project.connected_at is not None:
        return Connection.CONNECTED
    if project.late_since is not None:
        return Connection.LATE
    is_due = project.connect_due_on is not None and today <= project.connect_due_on
    return Connection.DUE if is_due or project.trial_started_on else Connection.NOT_DUE


def drafts(actor: Actor) -> QuerySet[RectificationDraft]:
    """Return the clues: all to those who look after them, else those about one's own unit."""
    found = RectificationDraft.objects.select_related("organisation", "project")
    return found if sees_all(actor) else found.filter(organisation_id=actor.organisation_id or 0)


def draft_for(pk: int, actor: Actor) -> RectificationDraft:
    found = drafts(actor).filter(pk=pk).first()
    if found is None:
        raise Rejected(problems.NOT_FOUND)
    return found


def waiting_drafts(actor: Actor) -> QuerySet[RectificationDraft]:
    if not actor.may(Permission.SUPERVISION_PROJECT_CHECK) or not sees_all(actor):
        return RectificationDraft.objects.none()
    if Role.MANAGING_OFFICE.value not in actor.roles:
        return RectificationDraft.objects.none()
    return drafts(actor).filter(state=DraftState.CLUE)


def owing(actor: Actor) -> QuerySet[Project]:
    """Return one's own projects on trial whose data are still to come, nearest day first."""
    if not actor.may(Permission.SUPERVISION_PROJECT_EDIT):
        return Project.objects.none()
    mine = Q(organisation_id=actor.organisation_id or 0, connected_at=None)
    found = Project.objects.filter(mine, connect_due_on__isnull=False)
    return found.select_related("organisation").order_by("connect_due_on")


def view_of(project: Project, codes: Sequence[str]) -> ProjectView:
    return ProjectView(
        code=project.code,
        name=project.name,
        organisation_id=project.organisation_id,
        organisation_name=project.organisation.name,
        stage=Stage(project.stage),
        trial_started_on=project.trial_started_on,
        connect_due_on=project.connect_due_on,
        late_since=project.late_since,
        entries=tuple(codes),
    )


def by_stage(found: Iterable[Project]) -> dict[Stage, int]:
    counts = dict.fromkeys(Stage, 0)
    for project in found:
        counts[Stage(project.stage)] += 1
    return counts
