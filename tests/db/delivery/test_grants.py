"""How a grant comes to be, how it ends, and who is told."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from tests import factories_catalog
from tests import factories_delivery as make
from tests.world import World
from tongqu.audit.models import AuditEntry
from tongqu.catalog.vocabulary import Manner
from tongqu.delivery import public
from tongqu.delivery.actions.change import expire_grants
from tongqu.delivery.models import Grant
from tongqu.delivery.vocabulary import Filter, GrantState, Operator, Rounding, TimeUnit
from tongqu.identity.models import Message
from tongqu.kernel.actor import PLATFORM
from tongqu.kernel.problems import IllegalStep, Rejected
from tongqu.policy.clauses import measures_2021 as law

pytestmark = pytest.mark.usefixtures("at")


def test_a_grant_binds_version_items_purpose_department_manner_period_and_approval(
    world: World,
) -> None:
    entry = make.served_entry(world)

    given = make.grant(world, entry, source_reference="SX-2026-0924-001")

    assert given.number == "SQ-2026-0924-001"
    assert given.state == GrantState.EFFECTIVE_UNUSED
    assert given.terms.version_id == entry.version_id
    assert given.terms.items == make.SHARED
    assert given.terms.consumer_id == world.organisations["990000-YJ"].pk
    assert given.approved_by == "示例省交通运输厅民航处 示例·provider"
    assert given.approver_role == "provider_reviewer"
    assert given.basis == law.PROVIDER_REVIEW.code
    assert given.idle_since == date(2026, 9, 24)
    entry_of_trail = AuditEntry.objects.get(action="delivery.grant.issue")
    assert (entry_of_trail.grant, entry_of_trail.subject) == (given.number, entry.code)


def test_numbers_of_a_day_follow_one_another(world: World, at) -> None:
    entry = make.served_entry(world)

    numbers = [make.grant(world, entry).number for _ in range(3)]
    at.instant = at.instant.replace(day=25)
    numbers.append(make.grant(world, entry).number)

    assert numbers == [
        "SQ-2026-0924-001", "SQ-2026-0924-002", "SQ-2026-0924-003", "SQ-2026-0925-001",
    ]  # fmt: skip


def test_the_same_request_makes_one_grant(world: World) -> None:
    entry = make.served_entry(world)

    one = make.grant(world, entry, source_reference="SX-1")
    two = make.grant(world, entry, source_reference="SX-1")

    assert one == two
    assert Grant.objects.count() == 1


def test_without_a_published_entry_there_is_no_grant(world: World) -> None:
    draft = factories_catalog.draft_entry(world, items=make.ITEMS)

    with pytest.raises(Rejected) as refused:
        make.grant(world, draft)

    assert refused.value.problem.code == "NOT_PUBLISHED"
    assert not Grant.objects.exists()


def test_the_database_holds_a_grant_to_an_entry_version(world: World) -> None:
    made = make.grant(world)

    with transaction.atomic():
        Grant.objects.filter(number=made.number).update(version_id=999_999)
        with pytest.raises(IntegrityError):
            connection.check_constraints()
        transaction.set_rollback(True)


def test_an_enterprise_is_refused_and_shown_another_way(world: World) -> None:
    with pytest.raises(Rejected) as refused:
        make.grant(world, consumer_id=world.organisations["QY-0001"].pk)

    assert refused.value.problem.code == "NOT_GOVERNMENT"
    assert "授权运营" in refused.value.problem.next_step


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"items": ("id", "nothing")}, "items"),
        ({"items": ("remark",)}, "items"),
        ({"manners": ()}, "manners"),
        ({"purpose_code": " "}, "purpose_code"),
        ({"valid_until": date(2026, 9, 23)}, "valid_until"),
        ({"quota_rows_per_day": 0}, "quota_rows_per_day"),
        ({"right_level": 5}, "right_level"),
        ({"networks": ("十号楼",)}, "networks"),
        ({"clear_items": ("nothing",)}, "clear_items"),
        ({"row_filter": (Filter("nothing", Operator.EQ, ("1",)),)}, "row_filter"),
        ({"row_filter": (Filter("id", Operator.EQ, ("一",)),)}, "row_filter"),
        ({"precision": (Rounding("name", decimals=1),)}, "precision"),
        ({"precision": (Rounding("delay"),)}, "precision"),
        ({"consumer_id": 999_999}, "consumer_id"),
    ],
)
def test_terms_that_do_not_fit_the_entry_are_refused_with_the_field(
    world: World, given: dict[str, Any], field: str
) -> None:
    with pytest.raises(Rejected) as refused:
        make.grant(world, **given)

    assert field in refused.value.problem.fields


def test_a_manner_the_entry_does_not_offer_is_refused(world: World) -> None:
    entry = make.served_entry(world, manners=["query"])

    with pytest.raises(Rejected) as refused:
        make.grant(world, entry, manners=(Manner.DOWNLOAD,))

    assert refused.value.problem.fields["manners"].endswith("联机查询。")


def test_revoking_needs_a_reason_tells_the_consumer_and_is_safe_to_repeat(world: World) -> None:
    number = make.grant(world).number
    by = world.actor("provider")

    with pytest.raises(Rejected):
        public.revoke_grant(number, by=by, basis=law.IDLE_GRANT, reason=" ")
    for _ in range(2):
        ended = public.revoke_grant(number, by=by, basis=law.IDLE_GRANT, reason="示例：未使用")

    assert ended.state == GrantState.REVOKED
    assert (ended.end_basis, ended.end_reason) == (law.IDLE_GRANT.code, "示例：未使用")
    assert Message.objects.get().url == f"/desk/grants/{number}/"
    assert AuditEntry.objects.filter(action="delivery.grant.revoke").count() == 1


def test_a_grant_unused_since_its_clock_began_is_found_and_may_be_kept(world: World, at) -> None:
    number = make.grant(world).number
    at.instant = at.instant.replace(month=12, day=25)

    found = public.unused_grants(date(2026, 9, 24))
    waiting = public.mark_idle(number, by=PLATFORM)
    kept = public.restart_idle_clock(number, by=world.actor("provider"), reason="示例：下季度启用")

    assert [grant.number for grant in found] == [number]
    assert waiting.state == GrantState.PENDING_REVOCATION_DECISION
    assert waiting.is_open
    assert kept.state == GrantState.EFFECTIVE_UNUSED
    assert kept.idle_since == date(2026, 12, 25)
    assert public.unused_grants(date(2026, 9, 24)) == []


def test_feedback_is_asked_of_grants_in_use_only(world: World) -> None:
    number = make.grant(world).number

    unused = public.ask_feedback(number, by=PLATFORM).state
    Grant.objects.update(state=GrantState.IN_USE)
    asked = public.ask_feedback(number, by=PLATFORM).state
    given = public.take_feedback(number, by=world.actor("consumer")).state

    assert (unused, asked, given) == (
        GrantState.EFFECTIVE_UNUSED, GrantState.PENDING_FEEDBACK, GrantState.IN_USE,
    )  # fmt: skip


def test_a_step_the_table_does_not_hold_is_a_bug(world: World) -> None:
    number = make.grant(world).number

    with pytest.raises(IllegalStep):
        public.resume_grant(number, by=world.actor("provider"), reason="示例")


def test_grants_end_by_themselves_when_their_period_is_over(world: World, at) -> None:
    number = make.grant(world, valid_until=date(2026, 9, 30)).number

    at.instant = at.instant.replace(day=30)
    on_the_last_day = expire_grants(by=PLATFORM)
    at.instant = at.instant.replace(month=10, day=1)

    assert (on_the_last_day, expire_grants(by=PLATFORM), expire_grants(by=PLATFORM)) == (0, 1, 0)
    assert public.grant(number).state == GrantState.EXPIRED


def test_the_row_filter_and_the_precision_of_a_grant_hold_in_every_page(
    world: World, lake, browser_of
) -> None:
    make.served_table()
    number = make.grant(
        world,
        items=("id", "delay", "departed_at"),
        row_filter=(
            Filter("origin", Operator.IN, ("JFK",)),
            Filter("phone", Operator.PREFIX, ("1380",)),
        ),
        precision=(Rounding("delay", decimals=0), Rounding("departed_at", unit=TimeUnit.DAY)),
    ).number

    rows = browser_of("consumer").get(
        f"/api/v1/data/{number}/rows", {"purpose": make.PURPOSE}
    ).json()["rows"]  # fmt: skip

    assert sorted(row["id"] for row in rows) == [r["id"] for r in make.ROWS if r["origin"] == "JFK"]
    assert all(row["departed_at"].startswith("2013-01-") for row in rows)
    assert {row["departed_at"][11:19] for row in rows} <= {"", "00:00:00"}
    assert all(row["delay"] is None or row["delay"] == round(row["delay"]) for row in rows)
