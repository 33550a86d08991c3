"""Attacks on the rules by the new doors: nothing opens, and nobody decides, by a detour."""

import json
import time
from dataclasses import replace
from typing import Any

import pytest

from tests import factories_functions as make
from tests.factories_catalog import published_entry
from tests.factories_ledger import second_city
from tests.web.ledger.test_merges import FIRST, NAME
from tests.world import World
from tongqu.catalog import public as catalog
from tongqu.catalog.vocabulary import Scope, SharingType
from tongqu.kernel.clock import FixedClock
from tongqu.ledger.actions.merges import decide, make_entry
from tongqu.ledger.domain import merging
from tongqu.ledger.models import Merge, MergeConflict


def post(client: Any, path: str, **body: object) -> Any:
    return client.post(f"/api/v1/{path}", json.dumps(body), content_type="application/json")


@pytest.mark.django_db
def test_a_merge_opens_nothing_that_one_of_its_sources_keeps_closed(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    freely = [replace(item, is_openable=True) for item in FIRST]
    closely = [
        replace(item, is_openable=False, is_shareable=False, mask="cover", level=3)
        for item in FIRST
    ]
    one = published_entry(
        world, name=NAME, items=freely, owner=world.organisations["990100"],
        sharing_type=SharingType.CONDITIONAL, conditions="示例：甲", scope=Scope.ALL,
    )  # fmt: skip
    two = published_entry(
        world, name=NAME, items=closely, owner=second_city(world), scope=Scope.LISTED,
        sharing_type=SharingType.CONDITIONAL, conditions="示例：乙", scope_codes=["990000-YJ"],
    )  # fmt: skip
    office = browser_of("managing")
    codes = f"{one.code}\n{two.code}"
    office.post("/manage/merges/", {"codes": codes, "name": NAME, "year": 2026,
                                    "owner": "990000-MH"})  # fmt: skip
    merge = Merge.objects.get()
    by = world.actor("managing")
    for conflict in MergeConflict.objects.all():
        decide(conflict.pk, choice=one.code, reason="示例", by=by)

    made = make_entry(merge.pk, by=by)

    assert (made.scope, made.scope_codes) == (Scope.LISTED, ("990000-YJ",))
    assert not catalog.entry(made.code).is_published  # type: ignore[union-attr]  # just made
    for item in made.items:
        assert (item.is_openable, item.is_shareable, item.mask) == (False, False, "cover")


def test_thousands_of_entries_with_common_words_are_not_compared_each_with_each() -> None:
    rows = [
        merging.Candidate(f"{n}", f"示例{chr(0x4E00 + n)}路基本信息", frozenset({f"项{n}"}))
        for n in range(4000)
    ]
    began = time.monotonic()

    assert merging.groups(rows) == []
    assert time.monotonic() - began < 20


@pytest.mark.django_db
def test_of_two_moves_the_second_takes_nothing_from_whom_the_first_gave_it_to(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    """Both were proposed while the system was the first department's."""
    office = browser_of("managing")
    system = make.system(world)
    moves = []
    for name, target in (("示例·甲职能", "990000-KJ"), ("示例·乙职能", "990000-YJ")):
        function = make.function(world, name=name, accountable="")
        post(browser_of("cataloguer"), f"functions/{function.code}/supports", system=system.code)
        answer = post(office, f"functions/{function.code}/moves", target=target, reason="示例")
        moves.append(answer.json())

    def confirm(move: dict[str, Any]) -> Any:
        items = [{"id": item["id"], "decision": "confirmed"} for item in move["items"]]
        path = f"function-moves/{move['code']}/decisions"
        return post(office, path, effective_on="2026-10-01", items=items)

    first, second = confirm(moves[0]), confirm(moves[1])

    assert first.status_code == 200
    assert (second.status_code, second.json()["code"]) == (422, "INVALID"), second.content
    system.refresh_from_db()
    assert system.organisation.code == "990000-KJ"


@pytest.mark.django_db
def test_a_department_cannot_give_a_function_away_or_take_one_by_itself(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    function = make.function(world)
    cataloguer, city = browser_of("cataloguer"), browser_of("city")

    taken = post(city, f"functions/{function.code}/moves", target="990100", reason="示例")
    given = post(cataloguer, f"functions/{function.code}/moves", target="990100", reason="示例")
    code = given.json()["code"]
    items = [{"id": item["id"], "decision": "confirmed"} for item in given.json()["items"]]
    for asker in (cataloguer, city, browser_of("provider")):
        answer = post(
            asker, f"function-moves/{code}/decisions", effective_on="2026-10-01", items=items
        )
        assert answer.status_code == 403

    assert taken.status_code == 404
    function.refresh_from_db()
    assert function.organisation.code == "990000-MH"


@pytest.mark.django_db
def test_a_foreign_hand_finds_nothing_of_a_departments_registers(
    world: World, at: FixedClock, browser_of: Any
) -> None:
    """Unknown and unseen answer alike: nobody tries codes out."""
    entry = published_entry(world)
    chart, function, system = (
        make.chart(world, entry.code),
        make.function(world),
        make.system(world),
    )
    city = browser_of("city")
    pairs = (
        (f"functions/{function.code}", "functions/990000-MH-F9999"),
        (f"systems/{system.code}", "systems/990000-MH-S9999"),
        (f"swimlanes/{chart.code}", "swimlanes/990000-MH-L9999"),
    )
    for known, unknown in pairs:
        for ask in (
            lambda path: city.get(f"/api/v1/{path}"),
            lambda path: city.patch(f"/api/v1/{path}", "{}", content_type="application/json"),
            lambda path: city.get(f"/manage/{path}/"),
        ):
            told, nothing = ask(known), ask(unknown)
            assert told.status_code == nothing.status_code
            assert told.status_code in {404, 405, 422}, known
    document = city.put(
        f"/api/v1/swimlanes/{chart.code}/bpmn",
        json.dumps({"document": chart.document, "edition": chart.edition}),
        content_type="application/json",
    )
    assert document.status_code == 404
