"""Scores and what follows from them, through the API and pages: index, assessment, gates, stars."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from tests.factories_quality import PLATES, _table, vehicles
from tests.world import World
from tongqu.identity.models import Message
from tongqu.kernel import jobs
from tongqu.kernel.clock import FixedClock

pytestmark = pytest.mark.usefixtures("lake")
Open = Callable[[str], Client]
JSON = "application/json"


def on(at: FixedClock, day: str) -> None:
    at.instant = FixedClock.on(date.fromisoformat(day)).instant


def scan(browser_of: Open, code: str, rules: list[dict[str, object]]) -> dict[str, Any]:
    url = f"/api/v1/quality/entries/{code}"
    kept = browser_of("support").put(f"{url}/rules", {"rules": rules}, JSON)
    assert kept.status_code == 200, kept.content
    answer = browser_of("support").post(f"{url}/scan")
    assert answer.status_code == 201, answer.content
    return answer.json()


def renew(empty_keys: int, bad_plates: int, repeated: int) -> None:
    from tongqu.lake.public import store, svc_ref

    store().overwrite(svc_ref("vehicles"), _table(empty_keys, bad_plates, repeated))


def index(client: Client, month: str, scope: str) -> list[dict[str, Any]]:
    answer = client.get("/api/v1/quality/index", {"month": month, "scope": scope})
    assert answer.status_code == 200, answer.content
    return answer.json()


EQUAL = {"conformity": 0, "completeness": 60, "accuracy": 10, "consistency": 10,
         "timeliness": 10, "accessibility": 10}  # fmt: skip


@pytest.mark.req("QLT-08")
def test_an_old_month_keeps_its_weights_and_value_when_weights_change(
    world: World, browser_of: Open, at: FixedClock
) -> None:
    managing, support = browser_of("managing"), browser_of("support")
    on(at, "2026-08-20")
    entry = vehicles(world, empty_keys=40, bad_plates=20, repeated=0)
    found = scan(browser_of, entry.code, [PLATES])
    jobs.run("quality.index")
    on(at, "2026-09-24")
    first = jobs.run("quality.index")
    again = jobs.run("quality.index")
    old = index(support, "2026-08", "dataset")[0]
    assert first["months"] == ["2026-08", "2026-09"]
    assert again["months"] == ["2026-09"]  # a closed month is not computed again
    assert (old["score"], old["weights"], old["is_closed"]) == (found["score"], 0, True)

    wrong = managing.post("/api/v1/quality/weights", {"weights": EQUAL | {"accuracy": 11}}, JSON)
    past = managing.post(
        "/api/v1/quality/weights", {"weights": EQUAL, "from_month": "2026-08"}, JSON
    )
    other = support.post("/api/v1/quality/weights", {"weights": EQUAL}, JSON)
    made = managing.post("/api/v1/quality/weights", {"weights": EQUAL}, JSON)
    jobs.run("quality.index")

    assert (wrong.status_code, wrong.json()["code"]) == (422, "BAD_WEIGHTS")
    assert "现为 101" in wrong.json()["fields"]["weights"]
    assert "from_month" in past.json()["fields"]
    assert other.status_code == 403
    assert (made.status_code, made.json()["version"]) == (201, 1)
    assert index(support, "2026-08", "dataset")[0] == old
    new = index(support, "2026-09", "dataset")[0]
    dims = {name: Decimal(v) for name, v in new["dimensions"].items() if v is not None}
    heavy = sum(EQUAL[name] for name in dims)
    expected = sum(EQUAL[name] * value for name, value in dims.items()) / heavy
    assert abs(Decimal(new["score"]) - expected) <= Decimal("0.05")
    assert (new["weights"], Decimal(new["score"]) < Decimal(old["score"])) == (1, True)
    trend = (Decimal(old["trend"]) + Decimal(new["score"])) / 2
    assert abs(Decimal(new["trend"]) - trend) <= Decimal("0.05")
    for scope in ("system", "department", "level"):  # one dataset: the same on every step up
        assert index(support, "2026-09", scope)[0]["score"] == new["score"]
    reasons = support.get(f"/api/v1/quality/index/{new['id']}").json()["reasons"]
    lost = sum(Decimal(row["points"]) for row in reasons)
    assert abs(lost - (100 - Decimal(new["score"]))) <= Decimal("0.15")
    assert reasons[0]["rule"].endswith("id.filled")


@pytest.mark.req("QLT-09")
def test_who_is_below_80_twice_gets_a_task_that_the_next_score_ends(
    world: World, browser_of: Open, at: FixedClock
) -> None:
    support, provider, managing = (browser_of(w) for w in ("support", "provider", "managing"))
    on(at, "2026-07-15")
    entry = vehicles(world, empty_keys=60, bad_plates=80, repeated=30)
    low = Decimal(scan(browser_of, entry.code, [PLATES])["score"])
    assert low < 80
    other = city_entry(world)  # never put right
    for day in ("2026-08-02", "2026-09-02", "2026-10-01"):
        on(at, day)
        jobs.run("quality.index")
    again = jobs.run("quality.index")

    assert again["assessed"] == []
    tasks = {t["organisation"]: t for t in support.get("/api/v1/quality/improvements").json()}
    task = tasks["990000-MH"]
    assert set(tasks) == {"990000-MH", "990100"}
    assert task["state"] == "open"
    assert task["number"] == "GJ-2026-Q3-990000-MH"
    assert [month for month, _ in task["basis"]] == ["2026-07", "2026-08", "2026-09"]
    quarter = [r for r in support.get("/api/v1/quality/assessments").json()
               if r["label"] == "2026-Q3"]  # fmt: skip
    assert {(r["organisation"], r["rank"]) for r in quarter} == {("990000-MH", 1), ("990100", 2)}
    assert task["number"] in provider.get("/desk/todo/").content.decode()
    page = f"/manage/quality/improvements/{task['number']}/"
    assert provider.post(page, {"measures": "改"}).status_code == 422
    assert provider.post(page, {"measures": "补填空缺的编号，核对号牌"}).status_code == 302
    assert browser_of("consumer").get(page).status_code == 404

    on(at, "2026-10-20")
    renew(0, 0, 0)
    assert support.post(f"/api/v1/quality/entries/{entry.code}/scan").json()["score"] == "100.0"
    on(at, "2026-11-01")
    jobs.run("quality.index")

    tasks = {t["organisation"]: t for t in support.get("/api/v1/quality/improvements").json()}
    ended = tasks["990000-MH"]
    assert (ended["state"], ended["compared_month"]) == ("closed", "2026-10")
    assert (ended["compared_score"], ended["score"]) == ("100.0", str(low))
    assert tasks["990100"]["state"] == "escalated"
    assert other in tasks["990100"]["number"]
    assert Message.objects.filter(role="managing_office", kind="质量改进").count() == 1
    shown = managing.get("/manage/quality/assessments/").content.decode()
    assert "未达标，已上报" in shown
    assert "已达标" in shown
    assert "提高" in provider.get(page).content.decode()


def city_entry(world: World) -> str:
    """Give the city a measured dataset with a score of 50; return the city's code."""
    from tests.factories_catalog import published_entry
    from tongqu.kernel import clock
    from tongqu.quality.models import Scan

    city = world.organisations["990100"]
    entry = published_entry(world, owner=city, name="示例·公交线路信息", domain="UT")
    Scan.objects.create(
        number="JC-示例", entry_code=entry.code, table="svc.svc_lines", snapshot_id=1, rows=10,
        score=50, dimensions={"completeness": "50.0"}, at=clock.now(), actor_key="示例",
    )  # fmt: skip
    return city.code


PAGES = ("index/", "index/?scope=dataset", "index/?scope=level&month=2026-09", "weights/",
         "reports/", "assessments/", "points/", "gates/", "reality/", "standards/")  # fmt: skip


def test_every_page_of_scores_opens_and_the_report_tells_the_same_figures(
    world: World, browser_of: Open, at: FixedClock, django_assert_max_num_queries
) -> None:
    import io

    import openpyxl
    import pypdfium2

    entry = vehicles(world, empty_keys=5, bad_plates=3, repeated=2)
    found = scan(browser_of, entry.code, [PLATES])
    jobs.run("quality.index")
    managing, consumer = browser_of("managing"), browser_of("consumer")
    for path in PAGES:
        with django_assert_max_num_queries(20):
            answer = managing.get(f"/manage/quality/{path}")
        assert answer.status_code == 200, path
    row = index(managing, "2026-09", "department")[0]
    with django_assert_max_num_queries(20):
        page = managing.get(f"/manage/quality/index/{row['id']}/").content.decode()
    assert "号牌应合乎编码规则" in page
    assert found["number"] in page

    url = "/manage/quality/reports/2026-09/990000-MH"
    pdf, book = managing.get(f"{url}/pdf/"), managing.get(f"{url}/xlsx/")
    text = "".join(
        page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf.content)
    )
    sheets = openpyxl.load_workbook(io.BytesIO(book.content))
    figures = dict(sheets["概况"].iter_rows(min_row=2, values_only=True))
    assert figures["质量指数"] == found["score"] == row["score"]
    assert row["score"] in text
    assert entry.code in text
    assert sheets["数据集"]["A2"].value == entry.code
    assert consumer.get(f"{url}/pdf/").status_code == 404
