"""Register the one source of a datum, and end it. Two at once are refused by the database."""

from unicodedata import normalize

from django.db import IntegrityError, transaction

from tongqu.audit.public import record
from tongqu.identity.public import organisation
from tongqu.identity.vocabulary import Role
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.onesource.models import Authority
from tongqu.onesource.queries import authority_view
from tongqu.onesource.vocabulary import AuthorityView
from tongqu.policy.clauses import mot_2025
from tongqu.standards import public as standards

OFFICE = frozenset({Role.MANAGING_OFFICE.value})


@transaction.atomic
def register_authority(
    *, datum: str, name: str = "", system: str, department: str, standard: str, by: Actor
) -> AuthorityView:
    """Say that a datum comes from this system, is answered for here, and follows this standard.

    ``datum`` is a data element's code, or a name; ``department`` a code. Raises: ``Rejected``
    SOURCE_TAKEN while another source is in force, AUTHORITY_INVALID, NOT_YOUR_DATUM.
    """
    given = {"datum": datum, "system": system, "department": department, "standard": standard}
    missing = {name_: "请填写此项。" for name_, value in given.items() if not value.strip()}
    unit = organisation(department.strip()) if department.strip() else None
    if unit is None and "department" not in missing:
        missing["department"] = "没有这个部门，请核对部门代码。"
    if missing or unit is None:
        raise Rejected(
            Problem(
                code="AUTHORITY_INVALID",
                title="数据、来源系统、责任部门、标准四项须同时明确。",
                next_step="请补齐所列各项后重新登记。",
                basis=mot_2025.INVENTORY,
                fields=missing,
            )
        )
    _check_own(unit.pk, by)
    datum, name = _datum(datum, name)
    held = Authority.objects.select_related("department").filter(datum=datum, until=None)
    if (first := held.first()) is not None:
        raise _taken(first)
    try:
        with transaction.atomic():
            found = Authority.objects.create(
                datum=datum,
                name=name,
                system=system.strip(),
                department_id=unit.pk,
                standard=standard.strip(),
                since=clock.today(),
                author=by.key,
            )
    except IntegrityError:  # two at once: the database keeps one
        raise _taken(held.get()) from None
    record("onesource.authority.registered", by=by, subject=found.datum,
           basis=mot_2025.INVENTORY, details={"system": found.system})  # fmt: skip
    return authority_view(found)


@transaction.atomic
def end_authority(number: int, *, reason: str, by: Actor) -> AuthorityView:
    """End an authority, so that another may take its place. It stays readable."""
    found = (
        Authority.objects.select_for_update(of=("self",)).select_related("department")
        .filter(pk=number, until=None).first()
    )  # fmt: skip
    if found is None:
        raise Rejected(Problem("DATUM_UNKNOWN", "没有这项在用的权威来源。", "请刷新列表后重试。"))
    _check_own(found.department_id, by)
    if not reason.strip():
        raise Rejected(
            Problem(
                code="REASON_REQUIRED",
                title="终止权威来源须写明理由。",
                next_step="请写明理由，例如系统下线、职能调整。",
                fields={"reason": "请填写理由。"},
            )
        )
    found.until, found.ended_reason = clock.today(), reason.strip()[:300]
    found.save(update_fields=["until", "ended_reason"])
    record("onesource.authority.ended", by=by, subject=found.datum, basis=mot_2025.INVENTORY)
    return authority_view(found)


def _datum(given: str, name: str) -> tuple[str, str]:
    """Return what a datum is kept under, and its name: one thing under two spellings is one.

    The name of a data element stands for its code.
    """
    text = normalize("NFKC", given).strip()
    known = standards.elements()
    found = next((e for e in known if text in {e.code, e.name_zh}), None)
    if found is not None:
        return found.code, name.strip() or found.name_zh
    return text, name.strip() or text


def _check_own(department_id: int, by: Actor) -> None:
    if by.kind == "platform" or by.roles & OFFICE or by.organisation_id == department_id:
        return
    raise Rejected(
        Problem(
            code="NOT_YOUR_DATUM",
            title="只能登记和终止本部门负责的数据来源。",
            next_step="请由责任部门办理，或请主管部门协调。",
            basis=mot_2025.INVENTORY,
            who="主管部门",
        )
    )


def _taken(first: Authority) -> Rejected:
    return Rejected(
        Problem(
            code="SOURCE_TAKEN",
            title=f"“{first.name}”已有权威来源：{first.department.name}“{first.system}”。",
            next_step="一项数据只能有一个来源。确需更换的，请先终止原来源，再登记新来源。",
            basis=mot_2025.INVENTORY,
            who=first.department.name,
            facts={"authority": first.pk},
        )
    )
