"""Quality through the doors users have: the API and the pages."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from django.test import Client

from tests.factories_catalog import published_entry
from tests.factories_quality import PLATES, vehicles
from tests.world import World
from tongqu.audit.models import AuditEntry
from tongqu.kernel.clock import FixedClock
from tongqu.quality.models import RuleResult, Scan, Ticket

pytestmark = pytest.mark.usefixtures("lake", "at")
Open = Callable[[str], Client]


def scan(browser_of: Open, code: str) -> dict[str, object]:
    keep = browser_of("support").put(
        f"/api/v1/quality/entries/{code}/rules", {"rules": [PLATES]}, "application/json"
    )
    assert keep.status_code == 200, keep.content
    answer = browser_of("support").post(f"/api/v1/quality/entries/{code}/scan")
    assert answer.status_code == 201, answer.content
    return answer.json()


@pytest.mark.req("QLT-02")
def test_known_defects_are_reported_exactly(world: World, browser_of: Open) -> None:
    entry = vehicles(world, empty_keys=5, bad_plates=3, repeated=2)

    found = scan(browser_of, entry.code)

    shares = {row["code"].split(".", 1)[1]: Decimal(row["share"]) for row in found["results"]}
    assert found["rows"] == 100
    assert shares["id.filled"] == Decimal("0.95")
    assert shares["plate.shape"] == Decimal("0.97")
    assert shares["key.unique"] == Decimal("0.98")
    assert set(found["dimensions"]) == {
        "conformity", "completeness", "accuracy", "consistency", "timeliness", "accessibility"
    }  # fmt: skip


def test_wrong_rows_are_named_by_place_and_never_by_value(world: World, browser_of: Open) -> None:
    entry = vehicles(world, empty_keys=2, bad_plates=1, repeated=0)

    scan(browser_of, entry.code)

    result = RuleResult.objects.get(code__endswith="id.filled")
    assert result.samples == [["PC-示例", 2], ["PC-示例", 3]]
    trail = " ".join(str(row.details) for row in AuditEntry.objects.all())
    assert "赣O1234I" not in trail


def test_one_ticket_goes_to_the_department_that_produces_the_data(
    world: World, browser_of: Open
) -> None:
    entry = vehicles(world, empty_keys=5, bad_plates=3, repeated=2)

    first, again = scan(browser_of, entry.code), scan(browser_of, entry.code)

    assert first["ticket"] == again["ticket"] != ""
    ticket = Ticket.objects.get()
    assert ticket.provider == world.organisations["990000-MH"]
    assert ticket.due_on.isoformat() == "2026-10-15"  # ten working days over the holidays
    assert ticket.number in browser_of("provider").get("/desk/todo/").content.decode()


def test_a_clean_table_opens_no_ticket(world: World, browser_of: Open) -> None:
    entry = vehicles(world, empty_keys=0, bad_plates=0, repeated=0)

    assert scan(browser_of, entry.code)["ticket"] == ""


def test_only_a_new_scan_closes_a_ticket(world: World, browser_of: Open) -> None:
    entry = vehicles(world, empty_keys=5, bad_plates=0, repeated=0)
    number = scan(browser_of, entry.code)["ticket"]
    provider = browser_of("provider")
    for command in ("accept", "confirm", "correct"):
        answer = provider.post(
            f"/api/v1/quality/tickets/{number}/{command}", {}, "application/json"
        )
        assert answer.status_code == 200, answer.content
    refused = provider.post(f"/api/v1/quality/tickets/{number}/close", {}, "application/json")

    vehicles_fixed(entry.code)
    scan(browser_of, entry.code)

    assert refused.status_code == 409
    assert Ticket.objects.get().state == "closed"


def vehicles_fixed(code: str) -> None:
    """Correct the source: the same table without defects."""
    from tests import factories_quality
    from tongqu.lake.public import store, svc_ref

    store().overwrite(svc_ref("vehicles"), factories_quality._table(0, 0, 0))


@pytest.mark.parametrize(
    ("who", "status"), [("provider", 200), ("support", 403), ("consumer", 403), ("auditor", 403)]
)
def test_a_ticket_is_handled_by_its_department_alone(
    world: World, browser_of: Open, who: str, status: int
) -> None:
    entry = vehicles(world, empty_keys=5, bad_plates=0, repeated=0)
    number = scan(browser_of, entry.code)["ticket"]

    answer = browser_of(who).post(
        f"/api/v1/quality/tickets/{number}/accept", {}, "application/json"
    )

    assert answer.status_code == status


def test_dismissing_a_problem_needs_a_reason(world: World, browser_of: Open) -> None:
    entry = vehicles(world, empty_keys=5, bad_plates=0, repeated=0)
    number = scan(browser_of, entry.code)["ticket"]
    provider = browser_of("provider")
    provider.post(f"/manage/quality/issues/{number}/", {"command": "accept"})

    page = provider.post(f"/manage/quality/issues/{number}/", {"command": "dismiss", "note": "否"})

    assert page.status_code == 422
    assert "请写明理由" in page.content.decode()
    assert Ticket.objects.get().state == "checking"


def test_a_mistyped_key_in_a_rule_is_an_error_that_names_it(world: World, browser_of: Open) -> None:
    entry = published_entry(world)
    rule = {"code": "r", "title": "应填写", "kind": "not_null", "colum": "id"}

    answer = browser_of("support").put(
        f"/api/v1/quality/entries/{entry.code}/rules", {"rules": [rule]}, "application/json"
    )

    assert (answer.status_code, answer.json()["code"]) == (422, "BAD_RULE")
    assert "colum" in answer.json()["fields"]["r"]


def test_an_entry_without_data_cannot_be_measured(world: World, browser_of: Open) -> None:
    entry = published_entry(world)

    answer = browser_of("support").post(f"/api/v1/quality/entries/{entry.code}/scan")

    assert (answer.status_code, answer.json()["code"]) == (409, "NOT_CONNECTED")


def test_pages_show_the_scores_and_the_places(
    world: World, browser_of: Open, at: FixedClock, lake: Path
) -> None:
    entry = vehicles(world, empty_keys=5, bad_plates=3, repeated=2)
    run = scan(browser_of, entry.code)
    support = browser_of("support")

    pages = [
        support.get(address).content.decode()
        for address in (
            "/manage/quality/", "/manage/quality/issues/",
            f"/manage/quality/runs/{run['number']}/",
            f"/manage/quality/issues/{run['ticket']}/",
        )
    ]  # fmt: skip

    assert entry.code in pages[0]
    assert "PC-示例·2" in pages[2]
    assert "—" in pages[2]  # a dimension without a rule is not scored


def test_a_rule_on_freshness_does_not_stop_the_scan_of_a_table_without_load_times(
    world: World, browser_of: Open
) -> None:
    entry = vehicles(world, empty_keys=0, bad_plates=1, repeated=0)
    fresh = {"code": "vehicle.fresh", "title": "每月更新", "kind": "fresh", "hours": 840}
    support = browser_of("support")
    url = f"/api/v1/quality/entries/{entry.code}"
    support.put(f"{url}/rules", {"rules": [PLATES, fresh]}, "application/json")

    answer = support.post(f"{url}/scan")

    assert answer.status_code == 201, answer.content
    assert answer.json()["dimensions"]["timeliness"] is None  # not measured is not full marks


def test_measuring_again_from_the_page_measures_the_same_table(
    world: World, browser_of: Open
) -> None:
    entry = vehicles(world, empty_keys=0, bad_plates=1, repeated=0)
    scan(browser_of, entry.code)

    answer = browser_of("support").post("/manage/quality/", {"entry": entry.code}, follow=True)

    assert answer.status_code == 200
    assert "示例·车辆基本信息" in answer.content.decode()
    assert set(Scan.objects.values_list("table", flat=True)) == {"svc.svc_vehicles"}


def test_the_history_of_a_ticket_speaks_chinese(world: World, browser_of: Open) -> None:
    entry = vehicles(world, empty_keys=5, bad_plates=0, repeated=0)
    number = scan(browser_of, entry.code)["ticket"]

    page = browser_of("provider").get(f"/manage/quality/issues/{number}/").content.decode()

    assert "<b>派单</b>" in page
