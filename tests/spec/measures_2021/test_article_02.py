"""第二条: who is a 政务部门, who may provide and who may use."""

import pytest
from django.db import IntegrityError, transaction

from tongqu.identity.actions.organisations import OrganisationForm, create_organisation
from tongqu.identity.models import Organisation
from tongqu.identity.vocabulary import Level, OrganisationKind, Role
from tongqu.kernel.problems import Rejected

pytestmark = pytest.mark.django_db
AUTHORISED = [OrganisationKind.AUTHORISED_INSTITUTION, OrganisationKind.AUTHORISED_SOCIETY]
BASIS = "示例条例第五条"


def form(kind: OrganisationKind, basis: str = "") -> OrganisationForm:
    return OrganisationForm(
        code="990000-SL", name="示例省水路中心", kind=kind, level=Level.PROVINCE, legal_basis=basis
    )


@pytest.mark.parametrize("kind", AUTHORISED)
def test_an_authorised_body_records_the_law_that_authorises_it(world, kind) -> None:
    made = create_organisation(form(kind, BASIS), by=world.actor("sysadmin"))

    assert made.is_government
    assert made.legal_basis == BASIS


@pytest.mark.parametrize("kind", AUTHORISED)
def test_without_that_law_it_is_not_admitted(world, kind) -> None:
    with pytest.raises(Rejected) as caught:
        create_organisation(form(kind), by=world.actor("sysadmin"))

    assert caught.value.problem.code == "LEGAL_BASIS_MISSING"
    assert caught.value.problem.basis.code == "mot-2021-sharing 第二条"
    assert not Organisation.objects.filter(code="990000-SL").exists()


@pytest.mark.parametrize("kind", AUTHORISED)
def test_the_database_does_not_hold_an_authorised_body_without_its_law(db, kind) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation.objects.create(code="X", name="X", kind=kind, level=Level.CITY)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (OrganisationKind.GOVERNMENT, True),
        (OrganisationKind.AUTHORISED_INSTITUTION, True),
        (OrganisationKind.AUTHORISED_SOCIETY, True),
        (OrganisationKind.ENTERPRISE, False),
        (OrganisationKind.RESEARCH, False),
    ],
)
def test_only_government_departments_are_in_the_sharing_channel(kind, expected) -> None:
    assert Organisation(kind=kind).is_government is expected


def test_one_department_is_provider_and_consumer(world, browser_of) -> None:
    """Roles are held side by side: who provides one data set uses another."""
    url = "/sys/organisations/990000-MH/roles/"

    answer = browser_of("sysadmin").post(url, {"person": "cataloguer", "role": Role.CONSUMER})

    assert answer.status_code == 302
    assert {Role.CATALOGUER, Role.CONSUMER} <= world.actor("cataloguer").roles


@pytest.mark.parametrize("role", [Role.CONSUMER, Role.PROVIDER_REVIEWER, Role.CATALOGUER])
def test_nobody_of_a_firm_is_given_a_departments_role(world, browser_of, role) -> None:
    url = "/sys/organisations/QY-0001/roles/"

    answer = browser_of("sysadmin").post(url, {"person": "firm", "role": role})

    assert answer.status_code == 422
    assert "只能由政务部门人员担任" in answer.content.decode()
    assert role not in world.actor("firm").roles


def test_the_page_of_a_firm_points_to_opening_and_operation(world, browser_of) -> None:
    page = browser_of("consumer").get("/sys/organisations/QY-0001/").content.decode()

    assert "不属于政务部门，请走数据开放或授权运营" in page
