"""More units and people than the smallest province has, for the rooms that need many."""

from tests.world import World, _hashed
from tongqu.identity.models import Assignment, Organisation, Person
from tongqu.identity.vocabulary import Level, OrganisationKind, Role


def unit(world: World, code: str, name: str, level: Level, **given: object) -> Organisation:
    """Return another government department, kept in the world under its code."""
    made = Organisation.objects.create(
        code=code, name=name, kind=OrganisationKind.GOVERNMENT, level=level, is_example=True,
        **{"division_code": "990000"} | given,
    )  # fmt: skip
    world.organisations[code] = made
    return made


def person(world: World, username: str, role: Role, organisation: Organisation) -> Person:
    """Return another person with one role, kept in the world under the user name."""
    made = Person(
        username=username, display_name=f"示例·{username}", assurance=2, is_example=True,
        organisation=organisation,
    )  # fmt: skip
    made.password = _hashed()
    made.save()
    Assignment.objects.create(person=made, role=role, organisation=organisation)
    world.people[username] = made
    return made


def second_city(world: World) -> Organisation:
    return unit(world, "990200", "示例省乙市交通运输局", Level.CITY, division_code="990200")


def four_parties(world: World) -> dict[str, str]:
    """Return the four who sign an operation list; each has a signer named after its party."""
    found = {
        "data_authority": unit(world, "990000-SJ", "示例省数据局", Level.PROVINCE),
        "transport": unit(world, "990000-JT", "示例省交通运输厅", Level.PROVINCE),
        "service_office": unit(world, "990000-ZW", "示例省政务服务办", Level.PROVINCE),
        "implementing": unit(world, "990000-DS", "示例省大数据中心", Level.PROVINCE),
    }
    for party, organisation in found.items():
        person(world, f"signer-{party}", Role.FIRST_RESPONSIBLE, organisation)
    return {party: organisation.code for party, organisation in found.items()}
