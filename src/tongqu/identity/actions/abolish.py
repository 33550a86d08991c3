"""A department ends: its successor stands in its place, or the managing office does."""

from django.db import transaction

from tongqu.audit.public import record
from tongqu.identity.models import Abolition, Organisation
from tongqu.identity.ports import announce_abolition
from tongqu.identity.queries import in_charge
from tongqu.identity.vocabulary import Permission
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.policy.access import require
from tongqu.policy.clauses import measures_2021 as law


@transaction.atomic
def abolish(code: str, *, successor_code: str = "", reason: str, by: Actor) -> Abolition:
    """Record that an organisation was abolished and who takes over its duties.

    Raises: ``Rejected`` NOT_FOUND, ABOLISHED_ALREADY, SUCCESSOR_UNKNOWN, REASON_REQUIRED.
    """
    require(by, Permission.IDENTITY_ORGANISATION_EDIT)
    found = Organisation.objects.select_for_update().filter(code=code).first()
    if found is None:
        raise Rejected(Problem("NOT_FOUND", "没有这个组织。", "请核对组织代码。"))
    if Abolition.objects.filter(organisation=found).exists():
        raise _rejected("ABOLISHED_ALREADY", "该组织已登记撤销。", "successor_code")
    if found.is_managing_office:
        raise _rejected("OFFICE_STAYS", "主管部门须先另行指定，再登记撤销。", "successor_code")
    if not reason.strip():
        raise _rejected("REASON_REQUIRED", "请写明撤销依据，如机构改革文件名称。", "reason")
    successor = _successor(found, successor_code.strip())
    made = Abolition.objects.create(
        organisation=found, successor=successor, reason=reason.strip()[:300],
        on=clock.today(), at=clock.now(), by=str(by)[:160],
    )  # fmt: skip
    record("identity.organisation.abolish", by=by, subject=code, basis=law.DEPARTMENTS,
           details={"successor": successor.code if successor else ""})  # fmt: skip
    announce_abolition(found.pk, by)
    return made


def _successor(found: Organisation, code: str) -> Organisation | None:
    if not code:
        return None
    successor = Organisation.objects.filter(code=code).exclude(pk=found.pk).first()
    if successor is None or in_charge(successor.pk).pk != successor.pk:
        raise _rejected("SUCCESSOR_UNKNOWN", "没有这个承接组织，或它已撤销。", "successor_code")
    return successor


def _rejected(code: str, says: str, field: str) -> Rejected:
    return Rejected(Problem(code, says, "请改正后重新登记。", fields={field: says}))
