"""Opening as its people do it: through the API and the pages, against a real lake.

``door.open(entry, shown …)`` takes a set the whole way to the open list; ``public`` is a
browser without log-in.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from tests.factories_delivery import TYPES, served_table  # noqa: F401  (the tests' own table)
from tests.world import World
from tongqu.catalog.vocabulary import EntryView
from tongqu.opening.vocabulary import Concern

CLEAR = {concern.value: True for concern in Concern}
API = "/api/v1/opening/cases"


@dataclass
class Door:
    browser_of: Callable[[str], Client]

    def post(self, user: str, path: str, body: Any = None):
        return self.browser_of(user).post(
            path, json.dumps(body or {}), content_type="application/json"
        )

    def propose(self, entry: EntryView, shown: Sequence[Any], *, user="cataloguer", **given):
        """``shown``: names, or documents of the API."""
        rows = [{"item": one} if isinstance(one, str) else one for one in shown]
        body = {"entry": entry.code, "reason": "示例：公众急需", "shown": rows} | given
        return self.post(user, API, body)

    def step(self, user: str, number: str, command: str, **body: Any):
        return self.post(user, f"{API}/{number}/{command}", body)

    def review(self, user: str, number: str, kind: str, **given: Any):
        body = {"passed": True, "answers": CLEAR, "reason": "示例：经核不涉及。"} | given
        return self.step(user, number, kind, **body)

    def to_publish(self, entry: EntryView, shown: Sequence[Any], **given: Any) -> str:
        answer = self.propose(entry, shown, **given)
        assert answer.status_code == 201, answer.content.decode()
        number = answer.json()["number"]
        for user, kind in (("provider", "legal"), ("security", "safety")):
            answer = self.review(user, number, kind)
            assert answer.status_code == 200, answer.content.decode()
        assert self.step("security", number, "test").status_code == 200
        answer = self.step("managing", number, "pass")
        assert answer.status_code == 200, answer.content.decode()
        return number

    def open(self, entry: EntryView, shown: Sequence[Any], **given: Any) -> str:
        number = self.to_publish(entry, shown, **given)
        answer = self.step("managing", number, "publish")
        assert answer.status_code == 200, answer.content.decode()
        return number


@pytest.fixture(autouse=True)
def nobody_called_before() -> None:
    cache.clear()


@pytest.fixture
def door(world: World, at, lake, browser_of) -> Door:
    return Door(browser_of)


@pytest.fixture
def public() -> Client:
    return Client()
