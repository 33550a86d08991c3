"""The example province: organisations and posts, each role among them. All of it is 示例."""

from django.db import transaction

from tongqu.audit.public import record
from tongqu.identity.models import Assignment, Organisation, Person
from tongqu.identity.vocabulary import Level, OrganisationKind, Permission, Role
from tongqu.kernel.actor import Actor
from tongqu.policy.access import require

GOVERNMENT, INSTITUTION, ENTERPRISE = (
    OrganisationKind.GOVERNMENT,
    OrganisationKind.AUTHORISED_INSTITUTION,
    OrganisationKind.ENTERPRISE,
)
PROVINCE, CITY = Level.PROVINCE, Level.CITY
# code, name, kind, level, parent, managing office, support unit
ORGANISATIONS = (
    ("990000", "示例省交通运输厅", GOVERNMENT, PROVINCE, "", False, False),
    ("990000-KJ", "示例省交通运输厅科技处", GOVERNMENT, PROVINCE, "990000", True, False),
    ("990000-MH", "示例省交通运输厅民航处", GOVERNMENT, PROVINCE, "990000", False, False),
    ("990000-YS", "示例省交通运输厅运输处", GOVERNMENT, PROVINCE, "990000", False, False),
    ("990000-GL", "示例省交通运输厅公路处", GOVERNMENT, PROVINCE, "990000", False, False),
    ("990000-XX", "示例省交通运输厅信息中心", INSTITUTION, PROVINCE, "990000", False, True),
    ("990000-YJ", "示例省应急管理厅", GOVERNMENT, PROVINCE, "", False, False),
    ("990000-WL", "示例省文化和旅游厅", GOVERNMENT, PROVINCE, "", False, False),
    ("990000-SJ", "示例省数据局", GOVERNMENT, PROVINCE, "", False, False),
    ("990000-ZW", "示例省政务服务办公室", GOVERNMENT, PROVINCE, "", False, False),
    ("990000-DS", "示例省大数据中心", INSTITUTION, PROVINCE, "990000-SJ", False, False),
    *(
        (f"99{n:02}00", f"示例省{stem}市交通运输局", GOVERNMENT, CITY, "990000", False, False)
        for n, stem in enumerate("甲乙丙丁戊己庚辛壬癸子", start=1)
    ),
    ("QY-0001", "示例物流有限公司", ENTERPRISE, PROVINCE, "", False, False),
    ("QY-0002", "示例数据运营有限公司", ENTERPRISE, PROVINCE, "", False, False),
)
INSTITUTION_BASIS = "示例：省级机构编制规定"
# user name, post, role, organisation
PEOPLE = (
    ("demo-managing", "科技主管", Role.MANAGING_OFFICE, "990000-KJ"),
    ("demo-cataloguer", "编目员", Role.CATALOGUER, "990000-MH"),
    ("demo-provider", "提供部门审核人", Role.PROVIDER_REVIEWER, "990000-MH"),
    ("demo-responsible", "第一责任人", Role.FIRST_RESPONSIBLE, "990000-MH"),
    ("demo-support", "技术支持", Role.SUPPORT, "990000-XX"),
    ("demo-consumer", "使用部门", Role.CONSUMER, "990000-YJ"),
    ("demo-tourism", "使用部门（文旅）", Role.CONSUMER, "990000-WL"),
    ("demo-city", "市级枢纽管理员", Role.HUB_ADMIN, "990100"),
    ("demo-firm", "企业用户", Role.BUYER, "QY-0001"),
    ("demo-security", "数据安全员", Role.SECURITY_OFFICER, "990000-XX"),
    ("demo-supervisor", "数据监管员", Role.SUPERVISOR, "990000-KJ"),
    ("demo-auditor", "审计员", Role.AUDITOR, "990000-KJ"),
    ("demo-sysadmin", "系统管理员", Role.SYSTEM_ADMIN, "990000-XX"),
    ("demo-committee", "标准委员会委员", Role.STANDARDS_COMMITTEE, "990000-KJ"),
    ("demo-implementer", "实施机构", Role.IMPLEMENTER, "990000-DS"),
    ("demo-operator", "运营机构", Role.OPERATOR, "QY-0002"),
    ("demo-dept-cataloguer", "厅编目岗", Role.CATALOGUER, "990000"),
    ("demo-dept-reviewer", "厅审核岗", Role.PROVIDER_REVIEWER, "990000"),
    ("demo-dept-responsible", "厅第一责任人岗", Role.FIRST_RESPONSIBLE, "990000"),
    ("demo-highway", "公路处编目岗", Role.CATALOGUER, "990000-GL"),
    ("demo-city-two", "乙市枢纽管理岗", Role.HUB_ADMIN, "990200"),
    ("demo-data-authority", "数据局会签岗", Role.FIRST_RESPONSIBLE, "990000-SJ"),
    ("demo-service-office", "政务服务办会签岗", Role.FIRST_RESPONSIBLE, "990000-ZW"),
    ("demo-data-centre", "大数据中心会签岗", Role.FIRST_RESPONSIBLE, "990000-DS"),
)


@transaction.atomic
def seed_example(*, by: Actor) -> None:
    """Create what is absent of the example province; safe to run twice.

    The accounts have no usable password: only the demonstration's log-in page opens them.
    """
    if by.kind != "platform":
        require(by, Permission.IDENTITY_ORGANISATION_EDIT)
    made = sum(_organisation(row) for row in ORGANISATIONS)
    made += sum(_person(*row) for row in PEOPLE)
    if made:
        record("identity.seed_example", by=by, details={"created": made})


def _organisation(row: tuple[str, str, OrganisationKind, Level, str, bool, bool]) -> bool:
    code, name, kind, level, parent, managing, support = row
    _, created = Organisation.objects.get_or_create(
        code=code,
        defaults={
            "name": name,
            "kind": kind,
            "level": level,
            "division_code": code if level is CITY else "990000",
            "parent": Organisation.objects.filter(code=parent).first(),
            "is_managing_office": managing,
            "is_support_unit": support,
            "legal_basis": INSTITUTION_BASIS if kind is INSTITUTION else "",
            "is_example": True,
        },
    )
    return created


def _person(username: str, post: str, role: Role, code: str) -> bool:
    organisation = Organisation.objects.get(code=code)
    person, created = Person.objects.get_or_create(
        username=username,
        defaults={
            "display_name": f"示例·{post}",
            "organisation": organisation,
            "assurance": 2,
            "is_example": True,
        },
    )
    if created:
        person.set_unusable_password()
        person.save(update_fields=["password"])
    Assignment.objects.get_or_create(person=person, role=role, organisation=organisation)
    return created
