"""Install models: from then on they run by themselves."""

from collections.abc import Sequence

from django.db import transaction

from tongqu.audit.public import record
from tongqu.identity.public import require
from tongqu.identity.vocabulary import Permission as P
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.lake.actions.packs import Pack, checked
from tongqu.lake.actions.touch import touch
from tongqu.lake.domain.packs import Model, parse
from tongqu.lake.models import InstalledModel
from tongqu.policy.clauses.gd_2024 import FIVE_LIBRARIES
from tongqu.standards import public as standards

Texts = Sequence[tuple[str, str]]


@transaction.atomic
def install(pack_name: str, texts: Texts, *, by: Actor) -> list[str]:
    """Install the models of a pack and return their names; those it no longer has go.

    Their tables stay. The same again changes nothing. What changed or is new runs next: what it
    reads counts as touched.
    Raises: ``Rejected`` like ``check_models``; ELEMENT_UNKNOWN, MODEL_TAKEN.
    """
    if by.kind != "platform":
        require(by, P.LAKE_MODEL_RUN)
    held = {row.name: row for row in InstalledModel.objects.filter(pack=pack_name)}
    if sorted((row.file, row.text) for row in held.values()) == sorted(texts):
        return sorted(held)
    pack = checked(pack_name, texts)
    _elements_known(pack)
    names = [model.name for model in pack.models]
    _not_of_others(pack_name, names)
    gone = sorted(set(held) - set(names))
    InstalledModel.objects.filter(name__in=gone).delete()
    sources = {parse(text, file=file).name: (file, text) for file, text in texts}
    changed = [
        model for model in pack.models
        if model.name not in held or held[model.name].text != sources[model.name][1]
    ]  # fmt: skip
    for model in changed:
        _keep(model, pack, sources[model.name])
    touch({name for model in changed for name in pack.reads[model.name]})
    record(
        "lake.models.installed", by=by, subject=pack_name, basis=FIVE_LIBRARIES,
        details={"changed": [model.name for model in changed][:100], "removed": gone[:100]},
    )  # fmt: skip
    return names


def _keep(model: Model, pack: Pack, source: tuple[str, str]) -> None:
    InstalledModel.objects.update_or_create(
        name=model.name,
        defaults={
            "pack": pack.name, "file": source[0], "text": source[1], "title": model.title,
            "layer": model.ref.layer.value, "library": model.library, "theme": model.theme,
            "topic": model.topic, "owner": model.owner, "object": model.object,
            "level": model.level, "scope": model.scope, "version": model.version,
            "retention_days": model.retention, "moment": model.moment,
            "reads": list(pack.reads[model.name]), "digest": model.digest, "ran_for": "",
            "installed_at": clock.now(),
        },
    )  # fmt: skip


def _elements_known(pack: Pack) -> None:
    """An object of the base library refers to data elements that the standards keep."""
    named = {code: model for model in pack.models for _, code in model.elements}
    known = {element.code for element in standards.elements(sorted(named))} if named else set()
    for code in sorted(set(named) - known):
        raise Rejected(
            Problem(
                code="ELEMENT_UNKNOWN",
                title=f"模型 {named[code].name} 引用的数据元 {code} 不在标准库中。",
                next_step="请先登记该数据元，或改正 elements。",
                basis=FIVE_LIBRARIES,
                who="模型责任单位",
                facts={"table": named[code].name, "element": code},
            )
        )


def _not_of_others(pack_name: str, names: Sequence[str]) -> None:
    taken = InstalledModel.objects.exclude(pack=pack_name).filter(name__in=names).first()
    if taken is not None:
        raise Rejected(
            Problem(
                code="MODEL_TAKEN",
                title=f"表 {taken.name} 已由模型包 {taken.pack} 写入。",
                next_step="一张表只由一个模型写入；请改用其他表名。",
                facts={"table": taken.name},
            )
        )
