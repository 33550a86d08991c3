"""Reads of business data models, and the migration tasks that wait."""

from dataclasses import dataclass

from tongqu.identity.vocabulary import Permission as P
from tongqu.kernel.actor import Actor
from tongqu.kernel.work import TodoItem
from tongqu.lake.domain.business import Attribute, Difference, difference
from tongqu.lake.models import BusinessModel, BusinessModelVersion, ModelAdoption


@dataclass(frozen=True, slots=True)
class ModelLine:
    model: BusinessModel
    newest: BusinessModelVersion | None
    own: ModelAdoption | None  # of the reader's organisation


@dataclass(frozen=True, slots=True)
class ModelShown:
    line: ModelLine
    versions: list[BusinessModelVersion]
    attributes: tuple[Attribute, ...]
    differences: tuple[Difference, ...]  # from the reader's version to the newest
    adoptions: list[ModelAdoption]


def attributes_of(version: BusinessModelVersion) -> tuple[Attribute, ...]:
    return tuple(Attribute(**row) for row in version.document)


def business_models(actor: Actor) -> list[ModelLine]:
    found = BusinessModel.objects.select_related("organisation", "refines").prefetch_related(
        "versions", "adoptions"
    )
    return [_line(model, actor) for model in found]


def _line(model: BusinessModel, actor: Actor) -> ModelLine:
    versions = list(model.versions.all())
    own = [a for a in model.adoptions.all() if a.organisation_id == actor.organisation_id]
    return ModelLine(model, versions[0] if versions else None, own[0] if own else None)


def business_model(code: str, actor: Actor) -> ModelShown | None:
    """Return a model with what the reader's organisation has to change to follow it."""
    model = (
        BusinessModel.objects.select_related("organisation", "refines").filter(code=code).first()
    )
    if model is None:
        return None
    line = _line(model, actor)
    versions = list(model.versions.all())
    differences: tuple[Difference, ...] = ()
    if line.own and line.newest and line.own.is_behind:
        held = next(v for v in versions if v.number == line.own.number)
        differences = difference(attributes_of(held), attributes_of(line.newest))
    attributes = attributes_of(line.newest) if line.newest else ()
    adoptions = list(model.adoptions.select_related("organisation"))
    return ModelShown(line, versions, attributes, differences, adoptions)


def todos(actor: Actor) -> list[TodoItem]:
    """Return the migrations that wait for the actor's organisation."""
    if actor.kind != "person" or not actor.may(P.LAKE_MODEL_EDIT):
        return []
    waiting = ModelAdoption.objects.filter(organisation_id=actor.organisation_id or 0)
    rows = waiting.select_related("model", "model__organisation")
    return [
        TodoItem(
            kind="模型迁移",
            reference=f"{row.model.code} v{row.wanted}",
            title=f"{row.model.title}：由第 {row.number} 版迁移到第 {row.wanted} 版",
            url=f"/manage/business-models/{row.model.code}/",
            received_at=row.asked_at,
            from_whom=row.model.organisation.name,
        )
        for row in rows
        if row.is_behind
    ]
