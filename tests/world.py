"""People and organisations of the tests: the smallest province in which the law can play."""

from dataclasses import dataclass
from functools import cache

from tongqu.identity.models import Assignment, Organisation, Person
from tongqu.identity.public import actor_for
from tongqu.identity.vocabulary import Level, OrganisationKind, Role
from tongqu.kernel.actor import Actor

PASSWORD = "示例-口令-2026"

# code, name, kind, level, managing office, support unit
GOVERNMENT, INSTITUTION = OrganisationKind.GOVERNMENT, OrganisationKind.AUTHORISED_INSTITUTION
ENTERPRISE, PROVINCE, CITY = OrganisationKind.ENTERPRISE, Level.PROVINCE, Level.CITY
ORGANISATIONS = (
    ("990000-KJ", "示例省交通运输厅科技处", GOVERNMENT, PROVINCE, True, False),
    ("990000-MH", "示例省交通运输厅民航处", GOVERNMENT, PROVINCE, False, False),
    ("990000-XX", "示例省交通运输厅信息中心", INSTITUTION, PROVINCE, False, True),
    ("990000-YJ", "示例省应急管理厅", GOVERNMENT, PROVINCE, False, False),
    ("990000-WL", "示例省文化和旅游厅", GOVERNMENT, PROVINCE, False, False),
    ("990100", "示例省甲市交通运输局", GOVERNMENT, CITY, False, False),
    ("QY-0001", "示例物流有限公司", ENTERPRISE, PROVINCE, False, False),
    ("QY-0002", "示例数据运营有限公司", ENTERPRISE, PROVINCE, False, False),
    ("990000-SS", "示例省数据实施中心", INSTITUTION, PROVINCE, False, False),
)

# user name, role, organisation
PEOPLE = (
    ("managing", Role.MANAGING_OFFICE, "990000-KJ"),
    ("cataloguer", Role.CATALOGUER, "990000-MH"),
    ("provider", Role.PROVIDER_REVIEWER, "990000-MH"),
    ("responsible", Role.FIRST_RESPONSIBLE, "990000-MH"),
    ("support", Role.SUPPORT, "990000-XX"),
    ("consumer", Role.CONSUMER, "990000-YJ"),
    ("tourism", Role.CONSUMER, "990000-WL"),
    ("city", Role.HUB_ADMIN, "990100"),
    ("firm", Role.BUYER, "QY-0001"),
    ("security", Role.SECURITY_OFFICER, "990000-XX"),
    ("supervisor", Role.SUPERVISOR, "990000-KJ"),
    ("auditor", Role.AUDITOR, "990000-KJ"),
    ("implementer", Role.IMPLEMENTER, "990000-SS"),
    ("operator", Role.OPERATOR, "QY-0002"),
    ("committee", Role.STANDARDS_COMMITTEE, "990000-KJ"),
    ("sysadmin", Role.SYSTEM_ADMIN, "990000-XX"),
)


@dataclass(frozen=True, slots=True)
class World:
    organisations: dict[str, Organisation]
    people: dict[str, Person]

    def actor(self, username: str) -> Actor:
        return actor_for(self.people[username])


def build() -> World:
    organisations = {
        code: Organisation.objects.create(
            code=code, name=name, kind=kind, level=level, is_managing_office=managing,
            is_support_unit=support, is_example=True, division_code="990000",
            legal_basis="示例：省级机构编制规定" if kind.startswith("authorised_") else "",
        )
        for code, name, kind, level, managing, support in ORGANISATIONS
    }  # fmt: skip
    people = {}
    for username, role, code in PEOPLE:
        person = Person(
            username=username, display_name=f"示例·{username}", assurance=2, is_example=True,
            organisation=organisations[code],
        )  # fmt: skip
        person.password = _hashed()
        person.save()
        Assignment.objects.create(person=person, role=role, organisation=organisations[code])
        people[username] = person
    return World(organisations, people)


@cache
def _hashed() -> str:
    """Hash the password once a run: hashing is slow on purpose."""
    from django.contrib.auth.hashers import make_password

    return make_password(PASSWORD)
