"""The department of the benchmark, and its cataloguer."""

from tongqu.kernel.actor import Actor

PROVIDER = "990000-SL"


def cataloguer() -> Actor:
    from tongqu.identity.models import Organisation
    from tongqu.identity.permissions import permissions_of
    from tongqu.identity.vocabulary import Level, OrganisationKind, Role

    unit = Organisation.objects.create(
        code=PROVIDER, name="示例省测量处", kind=OrganisationKind.GOVERNMENT, level=Level.PROVINCE,
        division_code="990000", is_example=True,
    )  # fmt: skip
    roles = frozenset({Role.CATALOGUER.value})
    return Actor(
        kind="person", key="bench", name="示例·编目员", organisation_id=unit.pk,
        organisation_code=unit.code, organisation_name=unit.name, roles=roles,
        permissions=permissions_of(roles), assurance=2,
    )  # fmt: skip
