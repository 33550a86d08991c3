"""Create and correct organisations. Article 2: a body that is not a government department
is one by authority of a law, and says which."""

import re
from dataclasses import asdict, dataclass

from django.db import transaction

from tongqu.audit.public import record
from tongqu.identity.models import Organisation
from tongqu.identity.vocabulary import Level, OrganisationKind, Permission
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.policy.access import require
from tongqu.policy.clauses import measures_2021 as law

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,39}")
AUTHORISED = frozenset(
    {OrganisationKind.AUTHORISED_INSTITUTION, OrganisationKind.AUTHORISED_SOCIETY}
)


@dataclass(frozen=True, slots=True)
class OrganisationForm:
    """What an administrator says about an organisation."""

    code: str
    name: str
    kind: OrganisationKind
    level: Level
    division_code: str = ""
    legal_basis: str = ""
    parent_code: str = ""
    is_managing_office: bool = False
    is_support_unit: bool = False


@transaction.atomic
def create_organisation(form: OrganisationForm, *, by: Actor) -> Organisation:
    """Create an organisation. Raises: ``Rejected`` LEGAL_BASIS_MISSING, CODE_TAKEN."""
    require(by, Permission.IDENTITY_ORGANISATION_EDIT)
    if not _CODE.fullmatch(form.code):  # it stands in addresses and identifiers
        raise _rejected("BAD_CODE", "组织代码只含字母、数字和连字符，以字母或数字开头。", "code")
    if Organisation.objects.filter(code=form.code).exists():
        raise _rejected("CODE_TAKEN", "组织代码已被使用。", "code")
    made = _filled(Organisation(code=form.code), form)
    made.save(force_insert=True)
    record("identity.organisation.create", by=by, subject=made.code, basis=law.DEPARTMENTS,
           details=_details(form))  # fmt: skip
    return made


@transaction.atomic
def edit_organisation(code: str, form: OrganisationForm, *, by: Actor) -> Organisation:
    """Correct an organisation; its code stays. Raises as ``create_organisation``."""
    require(by, Permission.IDENTITY_ORGANISATION_EDIT)
    found = Organisation.objects.select_for_update().get(code=code)
    _filled(found, form).save()
    record("identity.organisation.edit", by=by, subject=code, basis=law.DEPARTMENTS,
           details=_details(form))  # fmt: skip
    return found


def _filled(organisation: Organisation, form: OrganisationForm) -> Organisation:
    if form.kind in AUTHORISED and not form.legal_basis.strip():
        raise Rejected(
            Problem(
                code="LEGAL_BASIS_MISSING",
                title="法律、法规授权的事业单位和社会组织，须填写授权依据。",
                next_step="请写明授权的法律、法规名称和条款，再保存。",
                basis=law.DEPARTMENTS,
                fields={"legal_basis": "请填写授权依据。"},
            )
        )
    if Organisation.objects.filter(name=form.name).exclude(pk=organisation.pk).exists():
        raise _rejected("CODE_TAKEN", "已有同名组织。", "name")
    organisation.name = form.name.strip()
    organisation.kind = form.kind
    organisation.level = form.level
    organisation.division_code = form.division_code.strip()
    organisation.legal_basis = form.legal_basis.strip() if form.kind in AUTHORISED else ""
    organisation.parent = _parent(organisation, form.parent_code)
    organisation.is_managing_office = form.is_managing_office
    organisation.is_support_unit = form.is_support_unit
    return organisation


def _parent(organisation: Organisation, code: str) -> Organisation | None:
    """Return the parent; an organisation is never below itself."""
    if not code:
        return None
    parent = Organisation.objects.filter(code=code).first()
    above = parent
    while above is not None:
        if above.code == organisation.code:
            raise _rejected("BAD_PARENT", "上级组织不能是本组织或其下级。", "parent_code")
        above = above.parent
    if parent is None:
        raise _rejected("BAD_PARENT", "没有这个上级组织。", "parent_code")
    return parent


def _details(form: OrganisationForm) -> dict[str, object]:
    return {name: value for name, value in asdict(form).items() if value not in {"", False}}


def _rejected(code: str, says: str, field: str) -> Rejected:
    return Rejected(
        Problem(code=code, title="组织没有保存。", next_step="请改正后重新提交。",
                fields={field: says})
    )  # fmt: skip
