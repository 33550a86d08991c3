"""Attacks on the rules by the new doors: nothing opens, and nobody decides, by a detour."""

import json
import time
from dataclasses import replace
from typing import Any

import pytest

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
