"""共享责任清单 by matter: who provides what, by when; its state is read from the catalogue."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from tongqu.audit.public import record
from tongqu.catalog.vocabulary import UpdateCycle
from tongqu.identity.public import notify, organisation, require
from tongqu.identity.vocabulary import Permission, Role
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.policy.clauses import measures_2021 as law
from tongqu.sharing.models import DutyItem, DutyList
from tongqu.sharing.vocabulary import DutyKind

MOST_ITEMS = 200


@dataclass(frozen=True, slots=True)
class DutyLine:
    """One thing a matter needs. ``entry_code`` is empty while nothing is catalogued."""

    name: str
    provider_code: str
    cycle: str
    entry_code: str = ""
    due_on: date | None = None


@transaction.atomic
def save_list(
    *, code: str, name: str, kind: str, lead_code: str, lines: Sequence[DutyLine],
    is_example: bool = False, by: Actor,
) -> DutyList:  # fmt: skip
    """Keep a list; the same code again replaces its items. Raises: ``Rejected`` INVALID."""
    require(by, Permission.SHARING_REQUEST_MANAGING_APPROVE)
    lead = organisation(lead_code)
    providers = {line.provider_code: organisation(line.provider_code) for line in lines}
    fields = {}
    if not 1 <= len(code.strip()) <= 30 or not code.strip().replace("-", "").isalnum():
        fields["code"] = "清单编号为字母、数字和连字符，不超过 30 个字。"
    if not 2 <= len(name.strip()) <= 120:
        fields["name"] = "请填写事项名称，2 至 120 个字。"
    if kind not in set(DutyKind):
        fields["kind"] = "请选择场景。"
    if lead is None:
        fields["lead"] = "请选择牵头部门。"
    if wrong := _wrong(lines, {c for c, unit in providers.items() if unit is not None}):
        fields["items"] = wrong
    if fields or lead is None:
        raise Rejected(
            Problem(
                code="INVALID",
                title="责任清单的内容不完整。",
                next_step="请改正标出的内容后重新提交。",
                basis=law.PROVIDER_DUTY,
                fields=fields,
            )
        )
    made, _ = DutyList.objects.update_or_create(
        code=code.strip(),
        defaults={"name": name.strip(), "kind": kind, "lead": lead, "made_by": str(by),
                  "made_at": clock.now(), "is_example": is_example},
    )  # fmt: skip
    made.items.all().delete()
    DutyItem.objects.bulk_create(
        DutyItem(
            duty=made,
            position=n,
            name=line.name.strip(),
            provider=providers[line.provider_code],
            entry_code=line.entry_code.strip(),
            cycle=line.cycle,
            due_on=line.due_on,
        )
        for n, line in enumerate(lines, 1)
    )
    record("sharing.duty.save", by=by, subject=made.code, basis=law.PROVIDER_DUTY,
           details={"items": len(lines)})  # fmt: skip
    for provider in {unit.pk: unit for unit in providers.values() if unit}.values():
        notify(
            f"责任清单“{made.name}”列有你单位的共享事项，请按期接入。",
            key=f"sharing.duty.{made.code}.{provider.pk}.{made.made_at.isoformat()}",
            kind="责任清单",
            url=f"/share/duties/{made.code}/",
            organisation_id=provider.pk,
            role=Role.CATALOGUER,
        )
    return made


def _wrong(lines: Sequence[DutyLine], known: set[str]) -> str:
    if not 1 <= len(lines) <= MOST_ITEMS:
        return f"须有 1 至 {MOST_ITEMS} 个共享事项。"
    for n, line in enumerate(lines, 1):
        if not 1 <= len(line.name.strip()) <= 120:
            return f"第 {n} 行：事项名称为 1 至 120 个字。"
        if line.provider_code not in known:
            return f"第 {n} 行：没有这个提供部门。"
        if line.cycle not in set(UpdateCycle):
            return f"第 {n} 行：更新周期不认识。"
        if len(line.entry_code.strip()) > 60:
            return f"第 {n} 行：资源编码过长。"
    return ""
