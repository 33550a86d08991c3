"""Organisations, people, messages: what administrators do and what others are told."""

import pytest

from tongqu.audit.models import AuditEntry
from tongqu.identity.actions.organisations import OrganisationForm, edit_organisation
from tongqu.identity.models import Organisation, Person
from tongqu.identity.public import (
    mark_read,
    messages_for,
    notify,
    organisations,
    people_with,
    seed_example,
    unread_count,
)
from tongqu.identity.vocabulary import Level, OrganisationKind, Role
from tongqu.kernel.actor import PLATFORM
from tongqu.kernel.problems import Rejected

pytestmark = pytest.mark.django_db


def test_the_example_province_is_made_once() -> None:
    seed_example(by=PLATFORM)
    counts = Organisation.objects.count(), Person.objects.count(), AuditEntry.objects.count()

    seed_example(by=PLATFORM)

    assert (Organisation.objects.count(), Person.objects.count(),
            AuditEntry.objects.count()) == counts  # fmt: skip
    assert organisations().filter(level=Level.CITY).count() == 11
    assert all(o.is_example and ("示例" in o.name) for o in organisations())


def test_an_organisation_is_never_below_itself(world) -> None:
    by = world.actor("sysadmin")
    child = world.organisations["990100"]
    child.parent = world.organisations["990000-KJ"]
    child.save()
    form = OrganisationForm(
        code="990000-KJ", name="示例省交通运输厅科技处", kind=OrganisationKind.GOVERNMENT,
        level=Level.PROVINCE, parent_code="990100",
    )  # fmt: skip

    with pytest.raises(Rejected) as caught:
        edit_organisation("990000-KJ", form, by=by)

    assert caught.value.problem.code == "BAD_PARENT"


def test_an_edit_is_in_the_trail(world) -> None:
    form = OrganisationForm(
        code="990100", name="示例省甲市交通局", kind=OrganisationKind.GOVERNMENT, level=Level.CITY
    )

    edit_organisation("990100", form, by=world.actor("sysadmin"))

    entry = AuditEntry.objects.get(action="identity.organisation.edit")
    assert (entry.subject, entry.actor_key) == ("990100", "sysadmin")


def test_people_with_a_role_are_found_in_their_organisation(world) -> None:
    airport = world.organisations["990000-MH"].pk

    found = people_with(Role.CATALOGUER, airport)

    assert [p.username for p in found] == ["cataloguer"]
    assert not people_with(Role.SUPPORT, airport).exists()


class TestMessages:
    def send(self, world) -> None:
        airport = world.organisations["990000-MH"].pk
        notify("致审核人", key="a", kind="示例", organisation_id=airport, role="provider_reviewer")
        notify("致全处", key="b", kind="示例", organisation_id=airport)
        notify("致一人", key="c", kind="示例", person_id=world.people["cataloguer"].pk)
        notify("致各科技主管", key="d", kind="示例", role="managing_office")

    def texts(self, world, username: str) -> set[str]:
        return {m.text for m in messages_for(world.actor(username))}

    def test_a_message_reaches_its_office_its_person_and_nobody_else(self, world) -> None:
        self.send(world)

        assert self.texts(world, "provider") == {"致审核人", "致全处"}
        assert self.texts(world, "cataloguer") == {"致全处", "致一人"}
        assert self.texts(world, "managing") == {"致各科技主管"}
        assert self.texts(world, "consumer") == set()

    def test_the_same_key_again_sends_nothing(self, world) -> None:
        self.send(world)
        self.send(world)

        assert len(messages_for(world.actor("provider"))) == 2

    def test_each_person_reads_for_itself(self, world) -> None:
        self.send(world)

        assert mark_read(by=world.actor("provider")) == 2
        assert mark_read(by=world.actor("provider")) == 0

        assert unread_count(world.actor("provider")) == 0
        assert unread_count(world.actor("cataloguer")) == 2
