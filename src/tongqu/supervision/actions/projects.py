"""Register IT projects, attach their entries, and note what happens to them."""

import re

from django.db import transaction
from django.db.models import Q

from tongqu.audit.public import record
from tongqu.catalog import public as catalog
from tongqu.identity.public import organisation, require
from tongqu.identity.vocabulary import Permission, Role
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.law import Basis
from tongqu.kernel.problems import Rejected
from tongqu.policy.clauses import measures_2021 as law
from tongqu.supervision import queries
from tongqu.supervision.domain import problems
from tongqu.supervision.domain.states import PROJECT, Command
from tongqu.supervision.models import Project, ProjectEntry, ProjectEvent
from tongqu.supervision.vocabulary import Stage

_CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{3,39}")


@transaction.atomic
def register(
    *,
    code: str,
    name: str,
    organisation_code: str,
    system_name: str,
    by: Actor,
    summary: str = "",
    is_example: bool = False,
) -> Project:
    """Register a project in 立项. A department registers its own, the managing office any.

    Raises: ``Rejected`` INVALID, NOT_YOUR_PROJECT, PROJECT_EXISTS.
    """
    require(by, Permission.SUPERVISION_PROJECT_EDIT)
    unit = organisation(organisation_code)
    faults = {}
    if not _CODE.fullmatch(code):
        faults["code"] = "项目编号为 4 至 40 位大写字母、数字和连字符。"
    if not 2 <= len(name.strip()) <= 200:
        faults["name"] = "请填写 2 至 200 个字的项目名称。"
    if not 1 <= len(system_name.strip()) <= 120:
        faults["system_name"] = "请填写系统名称。"
    if unit is None or not unit.is_government:
        faults["organisation"] = "请选择一个政务部门。"
    if faults or unit is None:
        raise Rejected(problems.invalid(**faults))
    if not _may_edit(unit.pk, by):
        raise Rejected(problems.NOT_YOUR_PROJECT)
    if Project.objects.filter(Q(code=code) | Q(name=name.strip())).exists():
        raise Rejected(problems.PROJECT_EXISTS)
    made = Project.objects.create(
        code=code, name=name.strip(), organisation=unit, system_name=system_name.strip(),
        summary=summary.strip()[:1000], created_at=clock.now(), created_by=str(by),
        is_example=is_example,
    )  # fmt: skip
    note(made, "登记立项", by=by, basis=law.PRE_CATALOGUE)
    record("supervision.project.registered", by=by, subject=code, basis=law.PRE_CATALOGUE)
    return made


def _may_edit(organisation_id: int, by: Actor) -> bool:
    return Role.MANAGING_OFFICE.value in by.roles or by.organisation_id == organisation_id


def note(
    project: Project, title: str, *, by: Actor, text: str = "", basis: Basis | None = None
) -> None:
    """Add a line to the project's timeline."""
    ProjectEvent.objects.create(
        project=project, at=clock.now(), title=title, note=text[:500], by=str(by),
        basis=basis.code if basis else "",
    )  # fmt: skip


@transaction.atomic
def attach_entry(code: str, entry_code: str, *, by: Actor) -> Project:
    """Say that an entry of the department belongs to its project."""
    require(by, Permission.SUPERVISION_PROJECT_EDIT)
    project = queries.project_for(code, by)
    if not _may_edit(project.organisation_id, by):
        raise Rejected(problems.NOT_YOUR_PROJECT)
    entry = catalog.entry(entry_code)
    if entry is None or entry.provider_id != project.organisation_id:
        raise Rejected(problems.invalid(entry_code="项目建设部门没有这个目录条目。"))
    taken = ProjectEntry.objects.filter(entry_code=entry_code).select_related("project").first()
    if taken is not None and taken.project_id != project.pk:
        raise Rejected(problems.invalid(entry_code=f"该条目已属于项目 {taken.project.code}。"))
    if taken is None:
        ProjectEntry.objects.create(project=project, entry_code=entry_code)
        note(project, "关联目录", by=by, text=f"{entry.name}（{entry_code}）")
        record("supervision.project.attached", by=by, subject=code, basis=law.PRE_CATALOGUE,
               details={"entry": entry_code})  # fmt: skip
    return project


@transaction.atomic
def operate(code: str, *, by: Actor) -> Project:
    """Take an accepted project into operation."""
    require(by, Permission.SUPERVISION_PROJECT_CHECK)
    project = locked(code, by)
    step = PROJECT.step(Stage(project.stage), Command.OPERATE)
    project.stage = step.target
    project.save(update_fields=["stage"])
    note(project, step.label, by=by, basis=step.basis)
    record("supervision.project.operate", by=by, subject=code, basis=step.basis)
    return project


def locked(code: str, by: Actor) -> Project:
    """Return a project in sight, locked until the end of the transaction."""
    found = queries.project_for(code, by)
    return Project.objects.select_for_update(of=("self",)).select_related("organisation").get(
        pk=found.pk
    )  # fmt: skip
