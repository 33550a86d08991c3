"""Accounts and offices. Every role is bound to one organisation."""

import secrets
from datetime import date

from django.db import transaction

from tongqu.audit.public import record
from tongqu.identity.models import Assignment, Organisation, Person
from tongqu.identity.vocabulary import GOVERNMENT_KINDS, ROLE_LABELS, Permission, Role
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.policy.access import require
from tongqu.policy.clauses import measures_2021 as law

# Roles of a government department: nobody outside one is given them (measures, article 2).
OUTSIDE_ROLES = frozenset({Role.BUYER})


@transaction.atomic
def add_person(
    *, username: str, display_name: str, organisation: Organisation, assurance: int, by: Actor
) -> tuple[Person, str]:
    """Create an account and return it with its first password, which is shown once."""
    require(by, Permission.IDENTITY_ORGANISATION_EDIT)
    if Person.objects.filter(username=username).exists():
        raise _rejected("CODE_TAKEN", "账号没有建立。", {"username": "账号名已被使用。"})
    password = secrets.token_urlsafe(12)
    person = Person(
        username=username,
        display_name=display_name.strip(),
        organisation=organisation,
        assurance=assurance,
    )
    person.set_password(password)
    person.save(force_insert=True)
    record("identity.person.create", by=by, subject=username, basis=law.AUTHENTICATION,
           details={"organisation": organisation.code, "assurance": assurance})  # fmt: skip
    return person, password


@transaction.atomic
def assign(
    *,
    person: Person,
    role: Role,
    organisation: Organisation,
    by: Actor,
    until: date | None = None,
) -> Assignment:
    """Give a person an office in the organisation it belongs to; nobody gives it to himself."""
    require(by, Permission.IDENTITY_ORGANISATION_EDIT)
    if person.pk == by.user_id:
        raise _rejected("SEPARATION", "岗位没有保存。", {"person": "不能给自己任命岗位。"})
    if person.organisation_id != organisation.pk:
        raise _rejected("NOT_A_MEMBER", "岗位没有保存。", {"person": "此人不属于本组织。"})
    if role not in OUTSIDE_ROLES and organisation.kind not in GOVERNMENT_KINDS:
        says = f"“{ROLE_LABELS[role]}”只能由政务部门人员担任。"
        raise _rejected("NOT_GOV_DEPT", "岗位没有保存。", {"role": says})
    if until is not None and until < clock.today():
        raise _rejected("BAD_DATE", "岗位没有保存。", {"until": "截止日期不能早于今天。"})
    held, _ = Assignment.objects.update_or_create(
        person=person, role=role, organisation=organisation, defaults={"until": until}
    )
    record("identity.assignment.give", by=by, subject=person.username, basis=law.RESPONSIBLE,
           details={"role": role, "organisation": organisation.code,
                    "until": until.isoformat() if until else ""})  # fmt: skip
    return held


@transaction.atomic
def end_assignment(assignment_id: int, *, organisation: Organisation, by: Actor) -> None:
    """Take an office away at once; the trail keeps that it was held."""
    require(by, Permission.IDENTITY_ORGANISATION_EDIT)
    held = Assignment.objects.select_related("person").get(
        pk=assignment_id, organisation=organisation
    )
    record("identity.assignment.end", by=by, subject=held.person.username, basis=law.RESPONSIBLE,
           details={"role": held.role, "organisation": organisation.code})  # fmt: skip
    held.delete()


def _rejected(code: str, title: str, fields: dict[str, str]) -> Rejected:
    return Rejected(
        Problem(code=code, title=title, next_step="请改正后重新提交。",
                basis=law.DEPARTMENTS, fields=fields)
    )  # fmt: skip
