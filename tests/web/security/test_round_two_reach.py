"""Attacks on what is another department's: reading its drafts, changing its things."""

import json
from typing import Any

import pytest

from tests.web.onesource.test_onesource import two_entries
from tests.world import World
from tongqu.kernel.clock import FixedClock

pytestmark = pytest.mark.django_db


def post(browser: Any, path: str, **body: object) -> Any:
    return browser.post(f"/api/v1/{path}", json.dumps(body), content_type="application/json")


@pytest.mark.parametrize("who", ["cataloguer", "provider"])
def test_one_source_tells_nobody_of_other_departments_drafts(
    world: World, at: FixedClock, browser_of: Any, who: str
) -> None:
    two_entries(world)
    post(browser_of("managing"), "onesource/pairs/detect")
    asker = browser_of(who)

    listed = asker.get("/api/v1/onesource/pairs").json()
    told = [
        asker.get(address).content.decode()
        for address in (
            "/manage/onesource/", "/manage/onesource/pairs/?state=all",
            "/manage/onesource/following/", "/api/v1/onesource/following",
            "/api/v1/onesource/following?by=provider",
        )
    ]  # fmt: skip

    assert listed == {"total": 0, "items": []}
    for text in told:
        assert "示例·企业登记信息" not in text
        assert '社会信用代码"' not in text.replace("统一社会信用代码", "")
    assert any("示例·业户基本信息" in text for text in told), "its own it may see"
    assert browser_of("managing").get("/api/v1/onesource/pairs").json()["total"] >= 1
