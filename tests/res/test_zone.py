"""The operation zone: persons are keyed by the zone's pseudonyms, through the door of a grant."""

import hashlib
from collections.abc import Callable

import pytest
from django.test import Client

from tests.factories_delivery import PURPOSE, grant
from tests.res.pack import IDCARD, rights
from tongqu.catalog.vocabulary import EntryView
from tongqu.identity.models import Assignment, Organisation, Person
from tongqu.identity.vocabulary import Role
from tongqu.kernel.problems import Rejected

STAFF, BUILDERS = "road_transport_staff_assessment", "highway_construction_staff"
TABLE = "svc_road_staff_operation"


@pytest.fixture
def operator(world) -> Callable[[str], tuple[int, Client]]:
    """Return an operator's organisation and somebody there who may use data."""

    def made(code: str) -> tuple[int, Client]:
        firm = Organisation.objects.create(
            code=code, name=f"示例运营机构 {code}", kind="enterprise", level="province",
            is_example=True, division_code="990000",
        )  # fmt: skip
        person = Person.objects.create(
            username=code, display_name=f"示例·{code}", organisation=firm, assurance=2
        )
        Assignment.objects.create(person=person, role=Role.CONSUMER, organisation=firm)
        client = Client()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return firm.pk, client

    return made


def rows_of(world, entry: EntryView, who: tuple[int, Client], zone: str, **given) -> list[dict]:
    terms = {"items": tuple(item.name_en for item in entry.items), "manners": entry.manners}
    number = grant(world, entry, consumer_id=who[0], zone=zone, **terms | given).number
    answer = who[1].get(f"/api/v1/data/{number}/rows", {"purpose": PURPOSE})
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()["rows"]


@pytest.mark.req("RES-27")
def test_twenty_points_are_no_aaa_and_a_zone_knows_persons_by_its_pseudonyms_only(
    res, world, operator
) -> None:
    rows = rights(STAFF, 4)
    rows[0] |= {"points": "20", "credit_grade": "AAA"}
    batch = res.load(STAFF, rows)
    assert batch["reasons"] == {"RES-27-GRADE": 1}
    res.load(BUILDERS, rights(BUILDERS, 4))
    res.run(f"dw_{STAFF}", TABLE)
    res.build(BUILDERS)
    entry, builders = res.serve(STAFF, TABLE), res.serve(BUILDERS, f"svc_{BUILDERS}")
    keys = {row["staff_key"] for row in rows[1:]}
    held = {"staff_key", "qualification_kinds", "assess_period", "points", "credit_grade"}
    items = tuple(sorted(held))
    first, second, third = (operator(code) for code in ("QY-OP1", "QY-OP2", "QY-OP3"))

    one = rows_of(world, entry, first, "freight", items=items)
    same = rows_of(world, entry, second, "freight", items=items)
    other = rows_of(world, entry, third, "credit", items=items)
    lifted = rows_of(world, entry, first, "freight", items=items, right_level=4,
                     clear_items=("staff_key",))  # fmt: skip
    joined = rows_of(world, builders, first, "freight", right_level=4)

    def people(found: list[dict]) -> set[str]:
        return {row["staff_key"] for row in found}

    assert len(people(one)) == 3
    assert people(one) == people(same) == people(lifted)  # within the zone they join
    assert people(one) < people(joined)  # with the zone's other sets, too
    assert people(one).isdisjoint(people(other))  # not with another zone's
    guessed = {hashlib.sha256(key.encode()).hexdigest() for key in keys}
    assert people(one).isdisjoint(keys | guessed)  # nor back
    assert all(len(key) == 64 for key in people(one))
    assert IDCARD not in str(joined)
    assert {row["staff_name"] for row in joined} == {"示*"}  # whatever the decision says
    assert not {"id_no"} & set(joined[0])


def test_a_pseudonym_answers_no_guess_and_a_firm_without_a_zone_gets_no_grant(
    res, world, operator
) -> None:
    rows = rights(STAFF, 2)
    res.load(STAFF, rows)
    res.run(f"dw_{STAFF}", TABLE)
    entry = res.serve(STAFF, TABLE)
    firm = operator("QY-OP1")
    terms = {"items": ("staff_key", "assess_period"), "manners": entry.manners}
    number = grant(world, entry, consumer_id=firm[0], zone="freight", **terms).number

    guess = firm[1].get(
        f"/api/v1/data/{number}/rows", {"purpose": PURPOSE, "staff_key": rows[0]["staff_key"]}
    )

    assert guess.json()["code"] == "FILTER_NOT_ALLOWED"
    with pytest.raises(Rejected, match="NOT_GOVERNMENT"):
        grant(world, entry, consumer_id=firm[0], **terms)
    with pytest.raises(Rejected, match="GRANT_INVALID"):
        grant(world, entry, consumer_id=firm[0], zone="../keys", **terms)
