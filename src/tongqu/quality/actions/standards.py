"""部门质量标准: a department publishes standard, guideline and the rules bound to its datasets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from tongqu.audit.public import record
from tongqu.catalog import public as catalog
from tongqu.identity.public import organisation_by_id, require
from tongqu.identity.vocabulary import Permission
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.policy.clauses.gd_2024 import QUALITY_STANDARDS
from tongqu.quality.actions.language import read
from tongqu.quality.actions.packs import save_pack
from tongqu.quality.domain.rules import BadRule
from tongqu.quality.models import QualityStandard, RulePack

Document = Mapping[str, Any]
LEAST_TEXT = 10


@dataclass(frozen=True, slots=True)
class StandardDraft:
    title: str
    standard: str  # 质量标准
    guideline: str  # 质量管理指南
    owner: str  # a post, never a person
    rules: Sequence[Document]
    entry_codes: Sequence[str]


@transaction.atomic
def publish_standard(draft: StandardDraft, *, by: Actor, code: str = "") -> QualityStandard:
    """Publish a standard, or with ``code`` its next version; its rules join the datasets' packs.

    Rules that others keep for a dataset stay; those of the former version go.
    Raises: ``Rejected`` BAD_STANDARD, BAD_RULE, NOT_YOUR_DATASET.
    """
    require(by, Permission.QUALITY_STANDARD_EDIT)
    _check(draft, by=by)
    unit = organisation_by_id(by.organisation_id or 0)
    former = QualityStandard.objects.filter(organisation=unit, code=code).first() if code else None
    if code and former is None:
        raise _refuse("NOT_YOUR_DATASET", "没有这份质量标准，或不是你单位的。")
    number = QualityStandard.objects.filter(organisation=unit).values("code").distinct().count()
    made = QualityStandard.objects.create(
        organisation=unit, code=code or f"ZB-{unit.code}-{number + 1:02}",
        version=former.version + 1 if former else 1, title=draft.title.strip()[:200],
        standard=draft.standard.strip(), guideline=draft.guideline.strip(),
        rules=[dict(rule) for rule in draft.rules],
        entry_codes=list(dict.fromkeys(draft.entry_codes)), owner=draft.owner.strip()[:160],
        published_at=clock.now(), published_by=str(by)[:160],
    )  # fmt: skip
    _bind(made, former, by=by)
    record("quality.standard.published", by=by, subject=str(made), basis=QUALITY_STANDARDS,
           details={"rules": len(made.rules), "datasets": made.entry_codes})  # fmt: skip
    return made


def _check(draft: StandardDraft, *, by: Actor) -> None:
    fields = {
        name: f"请填写，不少于 {least} 个字。"
        for name, least in (("title", 4), ("standard", LEAST_TEXT), ("guideline", LEAST_TEXT),
                            ("owner", 2))
        if len(getattr(draft, name).strip()) < least
    }  # fmt: skip
    if not draft.rules:
        fields["rules"] = "请至少写明一条规则。"
    if fields:
        raise _refuse("BAD_STANDARD", "质量标准未通过校验，未发布。", **fields)
    try:
        read(draft.rules)
    except BadRule as wrong:
        raise _refuse(
            "BAD_RULE", "规则未通过校验，未发布。", **{wrong.where: wrong.what}
        ) from wrong
    own = {
        e.code for e in catalog.entries(draft.entry_codes) if e.provider_id == by.organisation_id
    }
    if other := [code for code in draft.entry_codes if code not in own]:
        raise _refuse("NOT_YOUR_DATASET", "只能绑定本部门提供的目录。",
                      entry_codes=f"不是本部门的目录：{'、'.join(other[:5])}")  # fmt: skip


def _bind(made: QualityStandard, former: QualityStandard | None, *, by: Actor) -> None:
    """Put the rules into the packs of the datasets, in place of the former version's."""
    gone = {rule["code"] for rule in former.rules} if former else set()
    for code in sorted({*made.entry_codes, *(former.entry_codes if former else ())}):
        pack = RulePack.objects.filter(entry_code=code).first()
        fresh = list(made.rules) if code in made.entry_codes else []
        replaced = gone | {rule["code"] for rule in fresh}
        kept = [rule for rule in (pack.rules if pack else []) if rule["code"] not in replaced]
        save_pack(code, [*kept, *fresh], by=by)


def _refuse(code: str, title: str, **fields: str) -> Rejected:
    return Rejected(
        Problem(code=code, title=title, next_step="请按所列内容改正后重新提交。",
                basis=QUALITY_STANDARDS, fields=fields)
    )  # fmt: skip
