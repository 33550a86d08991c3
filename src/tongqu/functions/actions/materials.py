"""静态数据转化: paper becomes scans, scans become text, a person checks it (MAP-07)."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from tongqu.audit.public import record
from tongqu.catalog import public as catalog
from tongqu.functions.actions import guards
from tongqu.functions.domain import problems
from tongqu.functions.domain.states import MATERIAL
from tongqu.functions.models import Material
from tongqu.functions.permissions import ROLE_PERMISSION
from tongqu.functions.vocabulary import MaterialCommand, MaterialKind, MaterialState
from tongqu.identity.vocabulary import Permission
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Rejected
from tongqu.policy.clauses import gd_2024 as plan

LONGEST_TEXT = 200_000


@transaction.atomic
def add_material(fields: Mapping[str, Any], *, by: Actor) -> Material:
    """Return new static material: title, kind, entry, location, pages."""
    home = guards.home(by)
    guards.own(home, by=by, permission=Permission.FUNCTIONS_REGISTER_EDIT)
    kind = str(fields.get("kind") or "")
    if kind not in set(MaterialKind):
        raise Rejected(problems.invalid("kind", "请选择形式", basis=plan.STATIC_DATA))
    entry = guards.line(fields, "entry", 60)
    if entry and entry not in catalog.briefs(codes=[entry]):
        raise Rejected(problems.invalid("entry", "没有这个现行目录条目", basis=plan.STATIC_DATA))
    pages = fields.get("pages") or 1
    if not isinstance(pages, int) or not 0 < pages <= 1_000_000:
        raise Rejected(problems.invalid("pages", "页数应为 1 到 100 万", basis=plan.STATIC_DATA))
    material = Material.objects.create(
        code=guards.next_code(home, "M"), organisation_id=home, kind=kind, entry_code=entry,
        title=guards.line(fields, "title", 200, needed="请填写名称"), pages=pages,
        location=guards.line(fields, "location", 300), state=MATERIAL.initial,
        created_at=clock.now(),
    )  # fmt: skip
    record("functions.material.added", by=by, subject=material.code, basis=plan.STATIC_DATA)
    return material


@transaction.atomic
def step_material(
    code: str, command: MaterialCommand, *, by: Actor, given: Mapping[str, Any] | None = None
) -> Material:
    """Return the material after one step.

    ``given``: location for a scan; text and engine for a recognition result; note for a
    check. Whoever entered the result does not check it. Raises: ``Rejected`` SAME_HAND.
    """
    fields = given or {}
    material: Material = guards.found_by_code(Material, code)
    # Whose it is comes before its state: a refused step would tell that the code exists.
    guards.own(material.organisation_id, by=by, permission=Permission.FUNCTIONS_REGISTER_READ)
    step = MATERIAL.step(MaterialState(material.state), command)
    guards.own(material.organisation_id, by=by, permission=ROLE_PERMISSION[step.actor])
    if command is MaterialCommand.SCAN:
        material.location = guards.line(fields, "location", 300) or material.location
    elif command is MaterialCommand.STRUCTURE:
        text = guards.line(fields, "text", LONGEST_TEXT, needed="请填写或粘贴识别结果")
        material.text = text
        material.engine = guards.line(fields, "engine", 120, needed="请写明识别方式")
        material.structured_by = by.key
    else:
        if material.structured_by == by.key:
            raise Rejected(problems.SAME_HAND)
        is_back = command is MaterialCommand.REJECT
        needed = "请写明与原件不符之处" if is_back else ""
        material.note = guards.line(fields, "note", 500, needed=needed)
        if not is_back:
            material.verified_by, material.verified_at = str(by), clock.now()
    material.state = step.target
    material.save()
    record(
        f"functions.material.{command.value}", by=by, subject=code, basis=step.basis,
        details={"state": step.target.value},
    )  # fmt: skip
    return material
