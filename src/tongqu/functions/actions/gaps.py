"""数据缺口短板: find them, once each, and turn them into digitalisation tasks (MAP-06)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from tongqu.audit.public import record
from tongqu.catalog import public as catalog
from tongqu.functions.actions import guards
from tongqu.functions.domain import problems
from tongqu.functions.domain.states import TASK
from tongqu.functions.models import (
    Activity,
    DataLink,
    EntryLink,
    Function,
    Gap,
    Material,
    Support,
    Task,
)
from tongqu.functions.permissions import ROLE_PERMISSION, SEES_ALL
from tongqu.functions.vocabulary import (
    WRITES,
    FunctionKind,
    GapKind,
    MaterialState,
    SystemState,
    TaskCommand,
    TaskState,
)
from tongqu.identity.public import notify, organisation, require
from tongqu.identity.vocabulary import Permission, Role
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Rejected
from tongqu.policy.clauses import gd_2024 as plan

_WRITES = sorted(relation.value for relation in WRITES)
# What holds nobody can query: documents, images, films.
STATIC = frozenset({"document", "image", "media"})


@dataclass(frozen=True, slots=True)
class Found:
    """A gap as the analysis sees it. ``subject`` names the same thing in every run."""

    kind: GapKind
    subject: str
    title: str
    organisation_id: int | None
    url: str


@dataclass(frozen=True, slots=True)
class Analysis:
    found: int
    new: int
    closed: int


@transaction.atomic
def analyse(*, by: Actor) -> Analysis:
    """Look for gaps; each is kept once, and closed when a later run finds it no more.

    Somebody of one department looks at that department; who sees all looks at all.
    """
    require(by, Permission.FUNCTIONS_REGISTER_READ)
    scope = None if by.roles & SEES_ALL else by.organisation_id or 0
    now = clock.now()
    present = [g for g in _all() if scope is None or g.organisation_id == scope]
    # A subject that changed hands is still kept under its former department.
    subjects = [gap.subject for gap in present]
    mine = Q() if scope is None else Q(organisation=scope) | Q(subject__in=subjects)
    rows = Gap.objects.filter(mine)
    known = {(gap.kind, gap.subject): gap for gap in rows.select_for_update()}
    new = 0
    for gap in present:
        row = known.pop((gap.kind.value, gap.subject), None)
        if row is None:
            Gap.objects.create(
                kind=gap.kind, subject=gap.subject, title=gap.title, url=gap.url,
                organisation_id=gap.organisation_id, found_at=now,
            )  # fmt: skip
            new += 1
        elif row.closed_at or (row.title, row.organisation_id) != (gap.title, gap.organisation_id):
            row.closed_at, row.title, row.url = None, gap.title, gap.url
            row.organisation_id = gap.organisation_id
            row.save(update_fields=["closed_at", "title", "url", "organisation"])
    gone = [
        gap.pk
        for gap in known.values()
        if gap.closed_at is None and scope in {None, gap.organisation_id}
    ]
    Gap.objects.filter(pk__in=gone).update(closed_at=now)
    record(
        "functions.gaps.analysed", by=by, basis=plan.DATA_GAPS,
        details={"found": len(present), "new": new, "closed": len(gone)},
    )  # fmt: skip
    return Analysis(len(present), new, len(gone))


def _all() -> list[Found]:
    return [*_no_system(), *_no_data(), *_no_owner(), *_unstructured()]


def _no_system() -> Iterable[Found]:
    """Work items in force that no system in use supports."""
    supported = Support.objects.filter(function=OuterRef("pk"), system__state=SystemState.IN_USE)
    items = Function.objects.filter(~Exists(supported), kind=FunctionKind.ITEM, ended_on=None)
    for item in items:
        yield Found(
            GapKind.NO_SYSTEM, f"function {item.code}", f"工作项“{item.name}”没有系统支撑",
            item.organisation_id, f"/manage/functions/{item.code}/",
        )  # fmt: skip


def _no_data() -> Iterable[Found]:
    """Activities that produce, update or archive nothing."""
    written = DataLink.objects.filter(activity=OuterRef("pk"), relation__in=_WRITES)
    found = Activity.objects.filter(~Exists(written)).select_related("chart")
    for activity in found:
        chart = activity.chart
        yield Found(
            GapKind.NO_DATA, f"activity {chart.code} {activity.key}",
            f"“{chart.title[:80]}”的环节“{activity.name}”没有产出数据",
            activity.department_id or chart.organisation_id, f"/manage/swimlanes/{chart.code}/",
        )  # fmt: skip


def _no_owner() -> Iterable[Found]:
    """Entries that functions, systems or charts speak of, for which nobody answers."""
    codes = {
        *DataLink.objects.values_list("entry_code", flat=True),
        *EntryLink.objects.values_list("entry_code", flat=True),
    }
    for brief in catalog.briefs(codes=codes).values():
        if not brief.accountable:
            yield Found(
                GapKind.NO_OWNER, f"entry {brief.code}",
                f"目录“{brief.name}”没有责任人", brief.owner_id, f"/catalog/{brief.code}/",
            )  # fmt: skip


def _unstructured() -> Iterable[Found]:
    """Material not yet structured, and entries of documents only without any material at work."""
    waiting = (MaterialState.UNDIGITISED.value, MaterialState.SCANNED.value)
    covered = set(Material.objects.exclude(entry_code="").values_list("entry_code", flat=True))
    for material in Material.objects.filter(state__in=waiting):
        yield Found(
            GapKind.UNSTRUCTURED, f"material {material.code}",
            f"静态材料“{material.title}”{MaterialState(material.state).label}",
            material.organisation_id, "/manage/functions/materials/",
        )  # fmt: skip
    for brief in catalog.briefs().values():
        if brief.formats and set(brief.formats) <= STATIC and brief.code not in covered:
            yield Found(
                GapKind.UNSTRUCTURED, f"entry {brief.code}",
                f"目录“{brief.name}”只有文档或图片，没有结构化", brief.owner_id,
                f"/catalog/{brief.code}/",
            )  # fmt: skip


@transaction.atomic
def open_task(
    gap_id: int, *, due_on: date, by: Actor, organisation_code: str = "", title: str = ""
) -> Task:
    """Return the task for a gap, with a department and a last day; one a gap is open at a time.

    The department itself or the managing office opens it. Raises: ``Rejected`` INVALID.
    """
    gap = Gap.objects.select_for_update().filter(pk=gap_id).first()
    if gap is None:
        raise Rejected(problems.NOT_FOUND)
    unit_id = gap.organisation_id
    if organisation_code:
        unit = organisation(organisation_code)
        if unit is None or not unit.is_government:
            raise Rejected(problems.invalid("organisation", "没有这个政务部门"))
        unit_id = unit.pk
    if unit_id is None:
        raise Rejected(problems.invalid("organisation", "请选择承办部门"))
    if not by.may(Permission.FUNCTIONS_REGISTER_APPROVE):
        guards.own(gap.organisation_id or 0, by=by, permission=Permission.FUNCTIONS_REGISTER_EDIT)
        guards.own(unit_id, by=by, permission=Permission.FUNCTIONS_REGISTER_EDIT)
    if due_on <= clock.today():
        raise Rejected(problems.invalid("due_on", "期限须在今天之后"))
    if gap.closed_at or gap.tasks.filter(closed_at=None).exists():
        raise Rejected(problems.invalid("gap", "这个缺口已消除，或已有未办结的任务"))
    task = Task.objects.create(
        code=guards.next_code(unit_id, "T"), gap=gap, organisation_id=unit_id, due_on=due_on,
        title=guards.line({"title": title}, "title", 300) or f"业务数字化：{gap.title}"[:300],
        state=TASK.initial, created_at=clock.now(), created_by=str(by),
    )  # fmt: skip
    record(
        "functions.task.opened", by=by, subject=task.code, basis=plan.DATA_GAPS,
        details={"gap": gap.subject, "due_on": due_on.isoformat()},
    )  # fmt: skip
    notify(
        f"新的数字化升级改造任务：{task.title}"[:300],
        key=f"functions.task {task.code}",
        kind="数字化任务",
        url="/manage/functions/gaps/",
        organisation_id=unit_id,
        role=Role.CATALOGUER,
    )
    return task


@transaction.atomic
def step_task(code: str, command: TaskCommand, *, by: Actor, note: str = "") -> Task:
    """Return the task after one step. Raises: ``IllegalStep``, ``Rejected``."""
    task: Task = guards.found_by_code(Task, code)
    if not by.may(Permission.FUNCTIONS_REGISTER_APPROVE):
        guards.own(task.organisation_id, by=by, permission=Permission.FUNCTIONS_REGISTER_READ)
    step = TASK.step(TaskState(task.state), command)
    require(by, ROLE_PERMISSION[step.actor])
    text = guards.line({"note": note}, "note", 500)
    if command in {TaskCommand.REPORT, TaskCommand.REOPEN, TaskCommand.CANCEL} and not text:
        raise Rejected(problems.invalid("note", "请写明结果或原因"))
    task.state, task.note = step.target, text or task.note
    if step.target in TASK.final:
        task.closed_at = clock.now()
    task.save()
    record(
        f"functions.task.{command.value}", by=by, subject=code, basis=step.basis,
        details={"state": step.target.value},
    )  # fmt: skip
    return task
