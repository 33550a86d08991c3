"""四同步: sensing and network equipment is planned, designed, built and maintained with the works.

A checklist, not a gate: an item that is empty at acceptance is shown as open (ING-16).
"""

from django.db import transaction

from tongqu.audit.public import record
from tongqu.identity.public import require
from tongqu.identity.vocabulary import Permission, Role
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Rejected
from tongqu.policy.clauses import measures_2021 as law
from tongqu.supervision import queries
from tongqu.supervision.actions.projects import note
from tongqu.supervision.domain import problems
from tongqu.supervision.models import Construction, Project, TogetherItem
from tongqu.supervision.vocabulary import Facility, Together, TogetherRow


def _owned(code: str, by: Actor) -> Project:
    require(by, Permission.SUPERVISION_PROJECT_EDIT)
    project = queries.project_for(code, by)
    if by.organisation_id != project.organisation_id and (
        Role.MANAGING_OFFICE.value not in by.roles
    ):
        raise Rejected(problems.NOT_YOUR_PROJECT)
    return project


@transaction.atomic
def set_facility(code: str, facility: str, *, by: Actor) -> Construction:
    """Say that a project builds a railway, a road, a port …: from now on the checklist is kept."""
    project = _owned(code, by)
    if facility not in set(Facility):
        raise Rejected(problems.invalid(facility="请选择设施类别"))
    made, is_new = Construction.objects.update_or_create(
        project=project,
        defaults={"facility": facility, "set_at": clock.now(), "set_by": str(by)},
    )
    if is_new:
        note(project, f"列为{Facility(facility).label}建设项目，核对四同步", by=by)
    record("supervision.construction.set", by=by, subject=code, basis=law.PRE_CATALOGUE,
           details={"facility": facility})  # fmt: skip
    return made


@transaction.atomic
def fill(code: str, item: str, content: str, *, by: Actor) -> TogetherItem:
    """Say how one of the four was done. Raises: ``Rejected`` INVALID, NOT_YOUR_PROJECT."""
    project = _owned(code, by)
    construction = Construction.objects.filter(project=project).first()
    if construction is None or item not in set(Together):
        raise Rejected(problems.invalid(item="请先登记设施类别，再选择四同步事项"))
    if not 2 <= len(content.strip()) <= 500:
        raise Rejected(problems.invalid(content="请写明落实情况，2 至 500 字"))
    made, _ = TogetherItem.objects.update_or_create(
        construction=construction, item=item,
        defaults={"content": content.strip(), "filled_at": clock.now(), "filled_by": str(by)},
    )  # fmt: skip
    record("supervision.together.filled", by=by, subject=code, basis=law.PRE_CATALOGUE,
           details={"item": item})  # fmt: skip
    return made


def checklist(project: Project) -> tuple[Facility, tuple[TogetherRow, ...]] | None:
    """Return the facility and its four lines; None for a project that builds none."""
    construction = Construction.objects.filter(project=project).first()
    if construction is None:
        return None
    known = {row.item: row for row in construction.items.all()}
    rows = tuple(
        TogetherRow(item, row.content, row.filled_at, row.filled_by)
        if (row := known.get(item.value))
        else TogetherRow(item, "", None, "")
        for item in Together
    )
    return Facility(construction.facility), rows
