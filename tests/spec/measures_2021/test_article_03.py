"""Article 3: the measures are for government departments; others are shown another door."""

import json

import pytest

from tests.factories_catalog import published_entry
from tests.world import World
from tongqu.audit.models import AuditEntry
from tongqu.policy.clauses import measures_2021 as law

pytestmark = pytest.mark.usefixtures("at")


def ask(browser_of, who: str, entry_code: str):
    body = {
        "entry_code": entry_code,
        "matter": "emergency",
        "purpose": "用于突发事件期间的运力研判和调度安排。",
        "duty": "示例：职能配置规定",
        "system_name": "示例·应急系统",
        "frequency": "daily",
        "retention": "days_30",
    }
    return browser_of(who).post(
        "/api/v1/sharing/requests", json.dumps(body), content_type="application/json"
    )


def test_a_department_is_inside(world: World, browser_of) -> None:
    answer = ask(browser_of, "consumer", published_entry(world).code)

    assert answer.status_code == 201


def test_a_firm_is_outside_and_is_told_where_to_go(world: World, browser_of) -> None:
    answer = ask(browser_of, "firm", published_entry(world).code)

    assert (answer.status_code, answer.json()["code"]) == (403, "NOT_GOV_DEPT")
    assert answer.json()["clause"] == law.SCOPE.code
    assert "开放" in answer.json()["next_step"]
    assert "授权运营" in answer.json()["next_step"]


def test_the_refusal_is_on_the_trail(world: World, browser_of) -> None:
    ask(browser_of, "firm", published_entry(world).code)

    refused = AuditEntry.objects.filter(code="NOT_GOV_DEPT", outcome="refused")
    assert refused.filter(organisation_code="QY-0001").exists()
