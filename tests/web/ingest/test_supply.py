"""Supply through the pages: external sources, social data, delivery templates, layers."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests import factories_delivery as make
from tests.factories_catalog import published_entry
from tests.factories_sharing import PURPOSE
from tests.world import World
from tongqu.catalog.vocabulary import DataType, ItemView, UpdateCycle
from tongqu.identity.models import Assignment, Message, Organisation, Person
from tongqu.identity.vocabulary import Level, OrganisationKind, Role
from tongqu.ingest import public as ingest
from tongqu.ingest.domain.supply import period_of
from tongqu.ingest.jobs import reminders
from tongqu.ingest.models import Batch, Passage
from tongqu.ingest.vocabulary import BatchState, ColumnSpec
from tongqu.kernel.actor import PLATFORM
from tongqu.lake import public as lakes
from tongqu.sharing.models import ShareRequest

COLUMNS = (
    ColumnSpec("id", DataType.INTEGER, is_key=True, nullable=False),
    ColumnSpec("value", DataType.DECIMAL),
)


def enter(world: World, username: str, code: str, level: Level) -> Client:
    """Give a browser of a cataloguer in an organisation of his own, and a name to it."""
    organisation = world.organisations.get(code) or Organisation.objects.create(
        code=code, name=f"示例·{code}交通运输局", kind=OrganisationKind.GOVERNMENT, level=level,
        division_code="990000", is_example=True,
    )  # fmt: skip
    world.organisations[code] = organisation
    person = Person.objects.create(
        username=username, display_name=f"示例·{username}", assurance=2, is_example=True,
        organisation=organisation,
    )  # fmt: skip
    Assignment.objects.create(person=person, role=Role.CATALOGUER, organisation=organisation)
    world.people[username] = person
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def register(world: World, code: str, username: str, columns=COLUMNS, **facts: str):
    actor = world.actor(username)
    return ingest.register_source(
        code=code, name=f"示例{code}", provider_id=actor.organisation_id or 0, by=actor,
        columns=columns, **{"cycle": "daily", **facts},
    )  # fmt: skip


def upload(client: Client, code: str, text: str, name: str = "data.csv") -> Batch:
    file = SimpleUploadedFile(name, text.encode())
    client.post(f"/manage/ingest/{code}/upload/", {"file": file, "do": "load"})
    return Batch.objects.filter(source__code=code).latest("pk")


AGREEMENT = {
    "authority": "weather", "counterpart": "示例省气象局", "number": "协议-2026-001",
    "owner": "示例·数据资源岗", "purpose": "恶劣天气预警", "valid_from": "2026-01-01",
}  # fmt: skip


def serve(tmp_path: Path, name: str, columns: str, keys: str) -> Any:
    """Bring a source's rows through the warehouse into the service layer; return the run."""
    folder = tmp_path / f"pack-{name}"
    folder.mkdir(exist_ok=True)
    head = f"-- library: {{}}\n-- owner: 990000-MH\n-- keys: {keys}\n-- title: 示例\n"
    picks = ", ".join(f"s.{column} AS {column}" for column in columns.split())
    (folder / f"dw_{name}.sql").write_text(
        f"-- layer: dw\n-- name: dw_{name}\n{head.format('theme')}-- theme: 安全应急\n"
        f"SELECT {picks} FROM ods.ods_{name} AS s"
    )
    (folder / f"svc_{name}.sql").write_text(
        f"-- layer: svc\n-- name: svc_{name}\n{head.format('service')}"
        f"SELECT {picks} FROM dw.dw_{name} AS s"
    )
    return lakes.run_models(folder, by=PLATFORM)


@pytest.mark.req("ING-09")
def test_a_changed_contract_of_the_weather_warnings_stops_at_the_gate(
    world: World, lake: Path, at, browser_of, tmp_path: Path
) -> None:
    """气象预警 as a mock: drift stops the new data at the gate, the last good stay served."""
    browser = browser_of("cataloguer")
    register(world, "weather", "cataloguer")
    answer = browser.post("/manage/ingest/external/new/", {**AGREEMENT, "source": "weather"})
    assert answer.status_code == 302
    assert upload(browser, "weather", "id,value\n1,3.5\n2,4\n").state == BatchState.CLOSED
    assert serve(tmp_path, "weather", "id value", "id").ok
    items = (ItemView(1, "编号", "id", DataType.INTEGER, 10, nullable=False, is_key=True),
             ItemView(2, "数值", "value", DataType.DECIMAL, 10))  # fmt: skip
    number = make.grant(world, published_entry(world, items=items, table="svc_weather")).number
    rows = f"/api/v1/data/{number}/rows?purpose={make.PURPOSE}"
    good = browser_of("consumer").get(rows).json()["rows"]
    assert [row["id"] for row in good] == [1, 2]

    drifted = upload(browser, "weather", "id,level\n3,红色\n")

    assert (drifted.state, drifted.code) == (BatchState.QUARANTINED, "SCHEMA_DRIFT")
    assert browser_of("consumer").get(rows).json()["rows"] == good
    page = browser.get("/manage/ingest/external/").content.decode()
    for word in ("气象", "协议-2026-001", "示例·数据资源岗", "SCHEMA_DRIFT", "失败"):
        assert word in page
    assert "公安" in page  # among those not yet connected


SIGNALLING = (
    ColumnSpec("grid", DataType.STRING, is_key=True, nullable=False),
    ColumnSpec("users", DataType.INTEGER),
)


def agree_on_signalling(browser: Client, **given: Any) -> Any:
    terms = {"source": "signalling", "authority": "social", "counterpart": "示例通信公司",
             "purpose": "客流监测", "expires_on": "2026-12-31",
             "aggregation": "500 米栅格、1 小时", "count_column": "users"}  # fmt: skip
    return browser.post("/manage/ingest/external/new/", {**AGREEMENT, **terms, **given})


@pytest.mark.req("ING-10")
def test_a_cell_of_seven_users_does_not_reach_the_service_layer(
    world: World, lake: Path, at, browser_of, tmp_path: Path
) -> None:
    browser = browser_of("cataloguer")
    register(world, "signalling", "cataloguer", SIGNALLING)
    assert agree_on_signalling(browser, expires_on="").status_code == 422  # no end agreed
    assert agree_on_signalling(browser).status_code == 302
    upload(browser, "signalling", "grid,users\nA,7\nB,15\nC,120\nD,0\nE,14\n")

    assert serve(tmp_path, "signalling", "grid users", "grid").ok

    assert cells("svc_signalling") == [("B", 15), ("C", 120), ("D", 0)]
    assert len(cells("ods_signalling")) == 5  # the raw layer is what came

    assert agree_on_signalling(browser, min_cell="100").status_code == 302  # stricter terms
    upload(browser, "signalling", "grid,users\nF,99\n")
    assert serve(tmp_path, "signalling", "grid users", "grid").ok
    assert cells("svc_signalling") == [("C", 120), ("D", 0)]


@pytest.mark.req("ING-10")
def test_an_application_beyond_the_agreed_purpose_is_refused(
    world: World, lake: Path, at, browser_of
) -> None:
    entry = published_entry(world)
    register(world, "signalling", "cataloguer", SIGNALLING, entry_code=entry.code)
    agreed = agree_on_signalling(browser_of("cataloguer"), purpose="客流监测、应急疏散")
    assert agreed.status_code == 302
    browser = browser_of("consumer")
    items = [item.name_en for item in entry.shareable_items]
    form = {"entry": entry.code, "version_id": entry.version_id, **PURPOSE, "items": items,
            "manners": ["query"]}  # fmt: skip

    shops = {**form, "submission": "a", "purpose": "沿线商铺选址分析与招商"}
    beyond = browser.post("/desk/apply/", shops)
    assert beyond.status_code == 422
    assert "限定用途：客流监测、应急疏散" in beyond.content.decode()
    assert not ShareRequest.objects.exists()

    within = {**form, "submission": "b", "purpose": "节假日客流监测和运力安排，用于值班会商"}
    assert browser.post("/desk/apply/", within).status_code == 302
    assert ShareRequest.objects.get().entry_code == entry.code


@pytest.mark.req("ING-10")
def test_an_agreement_on_duties_is_checked_by_the_applications_duty_and_not_by_its_words(
    world: World, lake: Path, at, browser_of
) -> None:
    entry = published_entry(world)
    register(world, "signalling", "cataloguer", SIGNALLING, entry_code=entry.code)
    provider = browser_of("cataloguer")
    assert agree_on_signalling(provider, matters=["shops"]).status_code == 422
    agreed = agree_on_signalling(provider, matters=["emergency", "planning"])
    assert agreed.status_code == 302
    assert "应急处置、规划决策" in provider.get("/manage/ingest/external/").content.decode()
    browser = browser_of("consumer")
    form = {"entry": entry.code, "version_id": entry.version_id, **PURPOSE, "manners": ["query"],
            "items": [item.name_en for item in entry.shareable_items]}  # fmt: skip

    words = {"submission": "a", "matter": "statistics", "purpose": "客流监测的年度统计分析与汇编"}
    beyond = browser.post("/desk/apply/", {**form, **words})
    assert beyond.status_code == 422
    assert "限定用途：应急处置、规划决策" in beyond.content.decode()
    assert not ShareRequest.objects.exists()

    within = {"submission": "b", "matter": "emergency", "purpose": "突发事件疏散路线的核对与会商"}
    assert browser.post("/desk/apply/", {**form, **within}).status_code == 302
    assert ShareRequest.objects.get().matter == "emergency"


def test_a_service_table_that_lost_its_counts_is_not_built(
    world: World, lake: Path, at, browser_of, tmp_path: Path
) -> None:
    browser = browser_of("cataloguer")
    register(world, "signalling", "cataloguer", SIGNALLING)
    agree_on_signalling(browser)
    upload(browser, "signalling", "grid,users\nA,7\n")

    done = serve(tmp_path, "signalling", "grid", "grid")

    assert not done.ok
    assert "MIN_CELL_LOST" in {step.code for step in done.steps.all()}
    assert not lakes.store().exists(lakes.svc_ref("svc_signalling"))


def test_nothing_comes_in_after_the_contract_ended(world, lake: Path, at, browser_of) -> None:
    browser = browser_of("cataloguer")
    register(world, "signalling", "cataloguer", SIGNALLING)
    agree_on_signalling(browser)
    at.instant = datetime(2026, 12, 10, 1, tzinfo=UTC)
    reminders()
    assert Message.objects.filter(kind="协议到期").count() == 1

    at.instant = datetime(2027, 1, 1, 1, tzinfo=UTC)

    file = SimpleUploadedFile("a.csv", b"grid,users\nA,70\n")
    answer = browser.post("/manage/ingest/signalling/upload/", {"file": file, "do": "load"})
    assert answer.status_code == 422
    assert "协议已到期" in answer.content.decode()
    assert not Batch.objects.exists()


def cells(table: str) -> list[tuple[str, int]]:
    ref = lakes.ref_of(table)
    assert ref is not None
    gone = "WHERE _op <> 'D'" if table.startswith("svc_") else ""  # told to subscribers
    query = f"SELECT grid, users FROM t {gone} ORDER BY grid"
    found = lakes.engine().relation(query, tables={"t": ref})
    return [tuple(row.values()) for row in found.arrow().to_pylist()]


MONTHLY = {"code": "flow", "name": "地市客运量月报", "kind": "city", "cycle": "monthly",
           "due_day": "5", "columns": "route 字符型 主键\npassengers 整数型"}  # fmt: skip


@pytest.mark.req("ING-11")
def test_who_is_late_is_reminded_on_the_sixth_and_the_rate_is_shown(
    world: World, lake: Path, at, browser_of
) -> None:
    at.instant = datetime(2026, 10, 1, 1, tzinfo=UTC)
    owner = browser_of("cataloguer")
    assert owner.post("/manage/ingest/templates/new/", MONTHLY).status_code == 302
    first = enter(world, "city-one", "990200", Level.CITY)
    enter(world, "city-two", "990300", Level.CITY)
    for code in ("990200", "990300"):
        url = "/manage/ingest/templates/flow/members/"
        assert owner.post(url, {"organisation": code}).status_code == 302
    at.instant = datetime(2026, 10, 4, 1, tzinfo=UTC)
    assert upload(first, "flow_990200", "route,passengers\nA,10\n").state == BatchState.CLOSED

    at.instant = datetime(2026, 10, 5, 15, tzinfo=UTC)  # the 5th, 23:00 in Shanghai
    assert reminders() == 0
    at.instant = datetime(2026, 10, 5, 16, 5, tzinfo=UTC)  # the 6th, 00:05
    assert (reminders(), reminders()) == (1, 1)

    told = Message.objects.get(kind="报送催办")  # once, however often the job runs
    assert told.organisation_id == world.organisations["990300"].pk
    assert "2026-10-05" in told.text
    page = owner.get("/manage/ingest/templates/flow/").content.decode()
    assert "50.0%" in page
    assert "未报" in page
    mine = first.get("/manage/ingest/templates/flow/").content.decode()
    assert "示例·990300" not in mine  # a member sees itself

    second = Client()
    second.force_login(world.people["city-two"], "django.contrib.auth.backends.ModelBackend")
    upload(second, "flow_990300", "route,passengers\nB,20\n")
    page = owner.get("/manage/ingest/templates/flow/").content.decode()
    assert "100.0%" in page
    assert "迟报" in page
    at.instant = datetime(2026, 11, 5, 16, 5, tzinfo=UTC)
    assert reminders() == 2  # what came late for October is no delivery for November


@pytest.mark.parametrize(
    ("cycle", "day", "on", "opens", "due"),
    [
        ("monthly", 5, "2026-10-05", "2026-09-06", "2026-10-05"),
        ("monthly", 31, "2027-02-10", "2027-02-01", "2027-02-28"),
        ("quarterly", 10, "2026-09-24", "2026-07-11", "2026-10-10"),
        ("yearly", 31, "2026-09-24", "2026-02-01", "2027-01-31"),
        ("weekly", 1, "2026-09-24", "2026-09-22", "2026-09-28"),
    ],
)
def test_a_period_ends_on_its_due_day(cycle: str, day: int, on: str, opens: str, due: str) -> None:
    period = period_of(UpdateCycle(cycle), day, date.fromisoformat(on))

    assert (period.opens.isoformat(), period.due.isoformat()) == (opens, due)


@pytest.mark.req("ING-07")
def test_a_poor_county_batch_is_held_at_the_city_with_its_reasons(
    world: World, lake: Path, at, browser_of
) -> None:
    county = enter(world, "county", "990201", Level.COUNTY)
    city = enter(world, "city-one", "990200", Level.CITY)
    for code, who in (("roads_county", "county"), ("roads_city", "city-one"),
                      ("roads_province", "cataloguer")):  # fmt: skip
        register(world, code, who)
    for client, below, above in ((county, "roads_county", "roads_city"),
                                 (city, "roads_city", "roads_province")):  # fmt: skip
        given = {"source": below, "upstream": above, "gate": "90"}
        assert client.post("/manage/ingest/layers/", given).status_code == 302

    good = upload(county, "roads_county", "id,value\n1,1\n2,2\n")
    pass_up(county, good)
    at_city = Batch.objects.get(source__code="roads_city")
    assert (at_city.state, at_city.stored) == (BatchState.CLOSED, 2)
    pass_up(city, at_city)
    assert Batch.objects.get(source__code="roads_province").stored == 2

    poor = upload(city, "roads_city", "id,value\n3,3\n4,four\n")  # as the county sent it
    pass_up(city, poor)

    held = Passage.objects.first()
    assert held is not None
    assert (held.state, held.level, held.score) == ("held", Level.CITY, Decimal("50.00"))
    assert [(one["code"], one["rows"]) for one in held.reasons] == [("TYPE_MISMATCH", 1)]
    assert Batch.objects.filter(source__code="roads_province").count() == 1  # nothing came
    page = city.get("/manage/ingest/layers/").content.decode()
    assert "本级留置" in page
    assert "与登记的类型不符 1 行" in page
    assert Message.objects.filter(kind="本级留置").count() == 1


def pass_up(client: Client, batch: Batch) -> None:
    assert client.post(f"/manage/ingest/batches/{batch.number}/up/").status_code == 302


def test_nobody_passes_up_for_another_department(world: World, lake, at, browser_of) -> None:
    county = enter(world, "county", "990201", Level.COUNTY)
    register(world, "roads_county", "county")
    register(world, "roads_province", "cataloguer")
    county.post("/manage/ingest/layers/", {"source": "roads_county",
                                           "upstream": "roads_province", "gate": "90"})  # fmt: skip
    batch = upload(county, "roads_county", "id,value\n1,1\n")

    stranger = browser_of("cataloguer").post(f"/manage/ingest/batches/{batch.number}/up/")

    assert stranger.status_code in {403, 404}
    round_trip = {"source": "roads_province", "upstream": "roads_county", "gate": "90"}
    assert browser_of("cataloguer").post("/manage/ingest/layers/", round_trip).status_code == 422
