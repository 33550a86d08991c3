"""第五条（四）: every step of sharing is authenticated and authorised."""

import pytest
from django.test import Client

from tests.endpoints import operations, pages
from tongqu.audit.models import AuditEntry
from tongqu.identity.permissions import PUBLIC_MAY

pytestmark = pytest.mark.django_db


def test_what_the_public_may_not_do_is_refused_with_clause_and_next_step(at) -> None:
    for endpoint in operations():
        if endpoint.permission in PUBLIC_MAY or endpoint.method != "GET":
            continue

        answer = Client().get(endpoint.filled())

        assert answer.status_code == 401, str(endpoint)
        assert answer.json()["clause"] == "mot-2021-sharing 第五条", str(endpoint)
        assert answer.json()["next_step"]


def test_a_refused_page_says_why_and_on_which_basis(world, browser_of) -> None:
    answer = browser_of("auditor").get("/sys/profiles/new/")

    assert answer.status_code == 403
    assert "你的岗位没有办理此事的权限" in answer.content.decode()
    assert "第五条" in answer.content.decode()


def test_a_refused_call_is_in_the_trail(world, browser_of) -> None:
    browser_of("auditor").get("/api/v1/lake/tables")

    entry = AuditEntry.objects.latest("pk")
    assert (entry.outcome, entry.actor_key) == ("refused", "auditor")
    assert entry.code == "NOT_PERMITTED"


def test_public_pages_are_few_and_known() -> None:
    rooms = {e.permission.partition(".")[0] for e in pages() if e.permission in PUBLIC_MAY}

    # Standards and code tables, and the stock in figures, are public knowledge; what is opened is
    # for everybody: one open platform for the sector (mot_2020.OPEN_LIST). A data subject objects
    # without being of any department (quality, requirements C.13).
    assert rooms <= {"portal", "catalog", "policy", "standards", "ledger", "opening", "quality"}
