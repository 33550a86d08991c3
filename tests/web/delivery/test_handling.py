"""A grant is suspended, resumed, reconfirmed and ended by those who answer for it."""

import json
from typing import Any

import pytest

from tests import factories_delivery as make
from tests.world import World
from tongqu.audit.models import AuditEntry
from tongqu.delivery import public
from tongqu.identity.models import Message
from tongqu.identity.vocabulary import Role
from tongqu.kernel.actor import PLATFORM
from tongqu.policy.clauses import measures_2021 as law

pytestmark = pytest.mark.usefixtures("at", "lake")
REASON = "示例：调用量异常，核实是否提供给第三方。"


def rows(client: Any, number: str) -> str:
    answer = client.get(f"/api/v1/data/{number}/rows", {"purpose": make.PURPOSE})
    return "" if answer.status_code == 200 else str(answer.json()["code"])


def test_provider_and_office_suspend_resume_reconfirm_and_end_a_grant(
    world: World, browser_of: Any
) -> None:
    make.served_table()
    number = make.grant(world).number
    consumer, provider, office = map(browser_of, ("consumer", "provider", "managing"))
    page, handle = f"/desk/grants/{number}/", f"/desk/grants/{number}/handle/"

    def step(browser: Any, name: str, **body: str) -> Any:
        return browser.post(
            f"/api/v1/grants/{number}/steps/{name}", json.dumps(body),
            content_type="application/json",
        )  # fmt: skip

    assert "处置授权" not in consumer.get(page).content.decode()
    assert consumer.post(handle, {"command": "suspend"}).status_code == 403
    offered = provider.get(page).content.decode()
    assert all(f'value="{word}"' in offered for word in ("suspend", "revoke"))
    assert 'value="resume"' not in offered

    suspend = {"command": "suspend", "reason": REASON}
    unfounded = provider.post(handle, suspend)
    assert unfounded.status_code == 422
    assert 'id="basis-e"' in unfounded.content.decode()
    assert REASON in unfounded.content.decode()  # nothing typed is lost
    assert rows(consumer, number) == ""
    assert provider.post(handle, suspend | {"basis": law.PURPOSE_BOUND.code}).status_code == 302
    assert rows(consumer, number) == "GRANT_SUSPENDED"
    told = Message.objects.filter(role=Role.CONSUMER, text__contains=number)
    assert told.filter(text__contains="暂停").exists()

    twice = step(provider, "suspend", reason=REASON, basis=law.PURPOSE_BOUND.code)
    assert (twice.status_code, twice.json()["code"]) == (409, "GRANT_STEP")
    silent = step(office, "resume", reason=" ")
    assert (silent.status_code, silent.json()["code"]) == (422, "REASON_REQUIRED")
    assert step(office, "resume", reason="示例：已核实无误。").json()["state"] == "in_use"
    assert rows(consumer, number) == ""

    public.entry_changed(number, by=PLATFORM, reason="示例：信息项调整")
    assert rows(consumer, number) == "GRANT_TO_RECONFIRM"
    assert 'value="reconfirm"' in provider.get(page).content.decode()
    provider.post(handle, {"command": "reconfirm", "reason": "示例：按新版本继续。"})
    assert rows(consumer, number) == ""

    ended = step(office, "revoke", reason=REASON, basis=law.LOST_CONTROL.code)
    assert (ended.json()["state"], ended.json()["basis"]) == ("revoked", law.LOST_CONTROL.code)
    assert rows(consumer, number) == "GRANT_REVOKED"
    trail = AuditEntry.objects.filter(grant=number, action__startswith="delivery.grant.")
    assert {"delivery.grant.suspend", "delivery.grant.resume", "delivery.grant.reconfirm",
            "delivery.grant.revoke"} <= set(trail.values_list("action", flat=True))  # fmt: skip


def test_nobody_handles_what_his_own_department_uses_nor_an_idle_grant_outside_its_task(
    world: World, browser_of: Any
) -> None:
    make.served_table()
    own = make.grant(world, consumer_id=world.organisations["990000-KJ"].pk).number
    idle = make.grant(world).number
    external = make.grant(world, make.served_entry(world, is_external=True)).number
    public.mark_idle(idle, by=PLATFORM)
    body = {"command": "revoke", "reason": REASON, "basis": law.PURPOSE_BOUND.code}

    by_itself = browser_of("managing").post(f"/desk/grants/{own}/handle/", body)
    outside = browser_of("provider").post(f"/desk/grants/{idle}/handle/", body)
    not_granting = browser_of("provider").post(f"/desk/grants/{external}/handle/", body)

    assert "不由你单位处置" in by_itself.content.decode()
    assert "授权台账中决定" in outside.content.decode()
    assert "不由你单位处置" in not_granting.content.decode()  # article 13: the office's grant
    assert all(public.grant(number).is_open for number in (own, idle, external))  # type: ignore[union-attr]  # just made
