"""Infrastructure codes, and the versions of their models (ING-17)."""

import re

from django.db import transaction
from django.db.models import Max

from tongqu.assets import queries
from tongqu.assets.domain import problems
from tongqu.assets.models import Media, Structure, StructureModel
from tongqu.assets.vocabulary import MODEL_KINDS, MediaKind, StructureKind
from tongqu.audit.public import record
from tongqu.identity.public import organisation_by_id, require
from tongqu.identity.vocabulary import Permission
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Rejected
from tongqu.policy.clauses import measures_2021 as law

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{1,39}")


@transaction.atomic
def register_structure(
    code: str, name: str, kind: str, *, provider_id: int, by: Actor,
    longitude: float | None = None, latitude: float | None = None,
) -> Structure:  # fmt: skip
    """Register an infrastructure code; the same facts again change nothing."""
    if by.kind != "platform":
        require(by, Permission.ASSETS_MEDIA_EDIT)
    if not queries.owns(by, provider_id):
        raise Rejected(problems.NOT_YOUR_DEVICE)
    faults = {}
    if not CODE.fullmatch(code):
        faults["code"] = "设施编码为 2 至 40 位字母、数字和横线"
    if not 1 <= len(name.strip()) <= 120:
        faults["name"] = "请填写名称，不超过 120 字"
    if kind not in set(StructureKind):
        faults["kind"] = "请选择类别"
    if (longitude is None) != (latitude is None) or not (
        abs(longitude or 0) <= 180 and abs(latitude or 0) <= 90
    ):
        faults["longitude"] = "经纬度须同时填写并在范围内"
    if faults:
        raise Rejected(problems.invalid(**faults))
    facts = {"name": name.strip(), "kind": kind, "provider": organisation_by_id(provider_id),
             "longitude": longitude, "latitude": latitude}  # fmt: skip
    made, is_new = Structure.objects.get_or_create(
        code=code, defaults={**facts, "created_at": clock.now()}
    )
    if not is_new and any(getattr(made, field) != value for field, value in facts.items()):
        raise Rejected(problems.STRUCTURE_EXISTS)
    if is_new:
        record("assets.structure.registered", by=by, subject=code, basis=law.COMPILE)
    return made


@transaction.atomic
def link_model(code: str, number: str, *, by: Actor, note: str = "") -> StructureModel:
    """Make a model of the library the newest version of a structure's model.

    The same file again is the version that it is already.
    Raises: ``Rejected`` STRUCTURE_UNKNOWN, MEDIA_UNKNOWN, NOT_YOUR_MEDIA, INVALID.
    """
    if by.kind != "platform":
        require(by, Permission.ASSETS_MEDIA_EDIT)
    seen = queries.structure_for(code, by)
    media = queries.media_for(number, by)
    if not (queries.owns(by, seen.provider_id) and queries.owns(by, media.provider_id)):
        raise Rejected(problems.NOT_YOUR_MEDIA)
    if MediaKind(media.kind) not in MODEL_KINDS:
        raise Rejected(problems.invalid(number="只有 IFC、glTF、3D Tiles 可作为设施模型"))
    structure = Structure.objects.select_for_update().get(pk=seen.pk)
    known = structure.models.filter(media=media).first()
    if known is not None:
        return known
    return _next(structure, media, note, by=by)


def _next(structure: Structure, media: Media, note: str, *, by: Actor) -> StructureModel:
    last = structure.models.aggregate(last=Max("version"))["last"] or 0
    made = StructureModel.objects.create(
        structure=structure, version=last + 1, media=media, note=note.strip()[:300],
        element_count=int(media.facts.get("elements", 0)), linked_at=clock.now(),
        linked_by=by.key,
    )  # fmt: skip
    record("assets.model.linked", by=by, subject=structure.code, basis=law.VERSIONED,
           details={"version": made.version, "media": media.number,
                    "elements": made.element_count})  # fmt: skip
    return made
