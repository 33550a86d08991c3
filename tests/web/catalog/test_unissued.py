"""A draft's identifier is answered as one that nobody issued, at every door with a code."""

import re
from typing import Any

import pytest

from tests.endpoints import operations
from tests.factories_catalog import draft_entry
from tests.factories_ledger import person
from tests.world import World
from tongqu.catalog.models import Entry, EntryVersion
from tongqu.identity.vocabulary import Role
from tongqu.kernel.clock import FixedClock

JSON = "application/json"
BODIES: dict[str, Any] = {
    "changes": {"reason": "other", "explanation": "示例说明文字", "effective_on": "2027-01-31"},
    "override": {"reason": "other", "explanation": "示例说明文字", "effective_on": "2027-01-31",
                 "override_basis": "示例依据"},
    "stop": {"reason": "示例：不再产生", "effective_on": "2027-01-31"},
    "observation": {"columns": [{"name": "a", "data_type": "string"}]},
    "identifiers": {"scheme": "示例", "value": "1", "assigned_by": "示例",
                    "valid_from": "2026-01-01"},
}  # fmt: skip
PAGES = ("/catalog/CODE/", "/manage/catalog/CODE/edit/", "/manage/catalog/CODE/check/",
         "/manage/catalog/CODE/change/")  # fmt: skip


def answers(client: Any, code: str) -> dict[str, Any]:
    """Ask every operation of the API whose address names an entry, and its pages."""
    found = {}
    for one in operations():
        if not re.search(r"/entr(ies|y-origins)/\{code\}", one.route):
            continue
        address = one.route.replace("{code}", code)
        address = re.sub(r"\{(number|a|b)\}", "1.0", address)
        body = BODIES.get(one.route.rsplit("/", 1)[-1], {})
        given = {} if one.method == "GET" else {"data": body, "content_type": JSON}
        answer = getattr(client, one.method.lower())(address, **given)
        found[str(one)] = (answer.status_code, answer.content.decode().replace(code, "CODE"))
    for page in PAGES:
        found[page] = (client.get(page.replace("CODE", code)).status_code, "")
    return found


@pytest.mark.parametrize("who", ["abroad", "writer", None])
def test_a_draft_of_another_department_answers_as_if_it_were_not_there(
    world: World, at: FixedClock, browser_of: Any, client: Any, who: str | None
) -> None:
    draft = draft_entry(world).code
    other = draft_entry(world).code
    EntryVersion.objects.filter(entry__code=other).delete()
    Entry.objects.filter(code=other).delete()
    for name, role in (("abroad", Role.PROVIDER_REVIEWER), ("writer", Role.CATALOGUER)):
        person(world, name, role, world.organisations["990100"])
    browser = client if who is None else browser_of(who)

    seen, unissued = answers(browser, draft), answers(browser, other)

    assert len(seen) > 20
    assert {name: seen[name] for name in seen if seen[name] != unissued[name]} == {}
