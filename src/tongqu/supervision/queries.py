"""Reads of projects, their entries and drafts, each starting from what the asker may see."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Avg, Count, Max, Q, QuerySet
from django.db.models.functions import TruncDate

from tongqu.catalog import public as catalog
from tongqu.catalog.vocabulary import EntryView
from tongqu.identity.vocabulary import Permission, Role
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Rejected
from tongqu.security import public as security
from tongqu.security.public import SecurityEvent
from tongqu.supervision.domain import problems
from tongqu.supervision.domain.deadlines import is_late
from tongqu.supervision.domain.uptime import Uptime, minutes_of
from tongqu.supervision.models import Beat, Project, ProjectEntry, RectificationDraft
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


def entry_codes_of(found: Sequence[Project]) -> dict[str, list[str]]:
    """Return project → its entries: those attached, and those compiled under its number."""
    compiled = catalog.codes_in_projects([project.code for project in found])
    codes = {p.code: set(compiled.get((p.code, p.organisation_id), ())) for p in found}
    attached = ProjectEntry.objects.filter(project__in=found)
    for code, entry_code in attached.values_list("project__code", "entry_code"):
        codes[code].add(entry_code)
    return {code: sorted(entry_codes) for code, entry_codes in codes.items()}


def entry_codes(project: Project) -> list[str]:
    return entry_codes_of([project])[project.code]


def entries(project: Project) -> list[EntryView]:
    return catalog.entries(entry_codes(project))


def connections(found: Sequence[Project], today: date) -> dict[str, Connection]:
    """Return project → where it stands with its data, as of now and in three statements.

    What came in stays so: an entry attached later owes nobody anything by article 20.
    """
    return connections_with(found, entry_codes_of(found), today)


def connections_with(
    found: Sequence[Project], codes: Mapping[str, Collection[str]], today: date
) -> dict[str, Connection]:
    here = catalog.connected({code for of_one in codes.values() for code in of_one})
    return {p.code: _connection(p, set(codes[p.code]), here, today) for p in found}


def _connection(
    project: Project, codes: set[str], here: Collection[str], today: date
) -> Connection:
    if project.connect_due_on is None:
        return Connection.NOT_DUE
    if project.connected_at is not None or (codes and codes <= set(here)):
        return Connection.CONNECTED
    late = is_late(project.connect_due_on, today, connected=False)
    return Connection.LATE if late else Connection.DUE


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


def unsettled_misuses() -> list[SecurityEvent]:
    """Return the newest events of misuse about which there is no clue yet."""
    keys = {f"misuse {event.pk}": event for event in security.misuses()}
    known = set(RectificationDraft.objects.filter(key__in=keys).values_list("key", flat=True))
    return [event for key, event in keys.items() if key not in known]


def uptime(days: int = 30) -> list[Uptime]:
    """Return the availability of the newest days, today first. Two statements."""
    first = Beat.objects.order_by("minute").values_list("minute", flat=True).first()
    if first is None:
        return []
    now, today = clock.now(), clock.today()
    starts = [
        datetime.combine(today - timedelta(days=n), time.min, tzinfo=clock.SHANGHAI)
        for n in range(days)
    ]
    day = TruncDate("minute", tzinfo=clock.SHANGHAI)
    rows = Beat.objects.filter(minute__gte=starts[-1]).annotate(day=day).order_by().values("day")
    found = {
        row["day"]: row
        for row in rows.annotate(
            up=Count("pk", filter=Q(is_up=True)), mean=Avg("millis"), slowest=Max("millis"),
            said=Max("failed"),
        )
    }  # fmt: skip
    seen = (s for s in starts if s + timedelta(days=1) > first)
    return [_uptime(s, found.get(s.date(), {}), minutes_of(s, first=first, now=now)) for s in seen]


def _uptime(start: datetime, row: Mapping[str, Any], minutes: int) -> Uptime:
    return Uptime(
        day=start.date(), minutes=minutes, up=row.get("up", 0), millis=row.get("mean") or 0.0,
        slowest=row.get("slowest") or 0, failed=row.get("said") or "",
    )  # fmt: skip


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
