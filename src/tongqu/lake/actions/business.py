"""Business data models: publish a version, work by one, migrate to the next (LAK-10)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from tongqu.audit.public import record
from tongqu.identity.public import notify, organisation_by_id, require
from tongqu.identity.vocabulary import Level, Role
from tongqu.identity.vocabulary import Permission as P
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.lake.domain.business import Attribute, checked
from tongqu.lake.models import BusinessModel, BusinessModelVersion, ModelAdoption
from tongqu.lake.queries.business import attributes_of
from tongqu.lake.vocabulary import ModelLevel, ModelScope
from tongqu.policy.clauses.gd_2024 import BUSINESS_MODELS

ABOVE = {ModelLevel.LOGICAL: ModelLevel.CONCEPTUAL, ModelLevel.PHYSICAL: ModelLevel.LOGICAL}


@dataclass(frozen=True, slots=True)
class ModelHead:
    code: str
    title: str
    level: ModelLevel
    scope: ModelScope
    refines: str = ""  # code of the model one level above


def _refuse(code: str, title: str, next_step: str, /, **fields: str) -> Rejected:
    return Rejected(
        Problem(code=code, title=title, next_step=next_step, basis=BUSINESS_MODELS, fields=fields)
    )


@transaction.atomic
def publish(
    head: ModelHead, attributes: Sequence[Attribute], *, note: str = "", by: Actor
) -> BusinessModelVersion:
    """Publish the next version of a model; who works by an older one gets a migration task.

    A core model is the province's; any other belongs to the organisation that publishes it.
    Raises: ``Rejected`` MODEL_WRONG, CORE_BY_PROVINCE, NOT_YOUR_MODEL, MODEL_LEVEL, NOT_CHANGED.
    """
    require(by, P.LAKE_MODEL_EDIT)
    try:
        parts = checked(attributes)
    except ValueError as wrong:
        raise _refuse(
            "MODEL_WRONG", "业务数据模型的内容不对。", str(wrong), lines=str(wrong)
        ) from None
    publisher = organisation_by_id(by.organisation_id or 0)
    model = _model(head, publisher.pk, is_province=publisher.level == Level.PROVINCE)
    last = model.versions.first()
    if last is not None and attributes_of(last) == parts:
        raise _refuse(
            "NOT_CHANGED", "内容与现行版本相同。", "请修改后再发布。", lines="与现行版本相同。"
        )
    version = BusinessModelVersion.objects.create(
        model=model, number=last.number + 1 if last else 1, note=note[:500],
        document=[one.as_dict() for one in parts], published_at=clock.now(), by_name=str(by)[:120],
    )  # fmt: skip
    behind = list(model.adoptions.filter(number__lt=version.number).select_related("organisation"))
    model.adoptions.filter(number__lt=version.number).update(
        wanted=version.number, asked_at=clock.now()
    )
    for adoption in behind:
        _tell(adoption, version)
    record(
        "lake.business_model.published", by=by, subject=f"{model.code} v{version.number}",
        basis=BUSINESS_MODELS, details={"scope": model.scope, "migrations": len(behind)},
    )  # fmt: skip
    return version


def _model(head: ModelHead, publisher: int, *, is_province: bool) -> BusinessModel:
    if head.scope is ModelScope.CORE and not is_province:
        raise _refuse(
            "CORE_BY_PROVINCE", "核心模型由省级发布。", "请把范围改为本级，或由省级主管部门发布。",
            scope="核心模型由省级发布。",
        )  # fmt: skip
    found = BusinessModel.objects.select_for_update().filter(code=head.code).first()
    if found is not None and found.organisation_id != publisher:
        raise _refuse(
            "NOT_YOUR_MODEL", "这个模型由其他单位管理。", "请采用现行版本，或另立本级模型。"
        )
    above = _above(head)
    if found is None:
        return BusinessModel.objects.create(
            code=head.code, title=head.title, level=head.level.value, scope=head.scope.value,
            organisation_id=publisher, refines=above,
        )  # fmt: skip
    if (found.level, found.scope) != (head.level.value, head.scope.value):
        raise _refuse(
            "MODEL_LEVEL", "同一模型的层次和范围不变。", "请另立模型。", level="与已发布的不同。"
        )
    found.title, found.refines = head.title, above
    found.save()
    return found


def _above(head: ModelHead) -> BusinessModel | None:
    """Return the model that this one refines: logical a conceptual one, physical a logical one."""
    if not head.refines:
        return None
    found = BusinessModel.objects.filter(code=head.refines).first()
    wanted = ABOVE.get(head.level)
    if found is None or wanted is None or found.level != wanted.value:
        raise _refuse(
            "MODEL_LEVEL", "逻辑模型细化概念模型，物理模型细化逻辑模型。", "请核对上层模型。",
            refines="上层模型不存在，或层次不对。",
        )  # fmt: skip
    return found


def _tell(adoption: ModelAdoption, version: BusinessModelVersion) -> None:
    notify(
        f"核心模型 {version.model.title} 已发布第 {version.number} 版，"
        f"你单位采用第 {adoption.number} 版，请按差异清单迁移。",
        key=f"model-{version.pk}-{adoption.organisation_id}",
        kind="模型迁移",
        url=f"/manage/business-models/{version.model.code}/",
        organisation_id=adoption.organisation_id,
        role=Role.HUB_ADMIN.value,
    )


@transaction.atomic
def adopt(code: str, number: int, *, by: Actor) -> ModelAdoption:
    """Work by a version from now on; at the newest one the migration task is done.

    Raises: ``Rejected`` BUSINESS_MODEL_UNKNOWN, ADOPTED_BACKWARDS.
    """
    require(by, P.LAKE_MODEL_EDIT)
    version = BusinessModelVersion.objects.filter(model__code=code, number=number).first()
    if version is None:
        raise _refuse("BUSINESS_MODEL_UNKNOWN", "没有这个模型或版本。", "请从列表重新进入。")
    newest = version.model.versions.first()
    wanted = newest.number if newest else number
    organisation = organisation_by_id(by.organisation_id or 0)
    held = ModelAdoption.objects.filter(model=version.model, organisation=organisation).first()
    if held is not None and held.number > number:
        raise _refuse("ADOPTED_BACKWARDS", "不能退回到较早的版本。", "请采用现行版本。")
    adoption, _ = ModelAdoption.objects.update_or_create(
        model=version.model, organisation=organisation,
        defaults={"number": number, "wanted": wanted, "adopted_at": clock.now(),
                  "asked_at": held.asked_at if held else clock.now()},
    )  # fmt: skip
    record(
        "lake.business_model.adopted", by=by, subject=f"{code} v{number}", basis=BUSINESS_MODELS,
        details={"organisation": organisation.code},
    )  # fmt: skip
    return adoption
