"""The open door: everybody finds, previews, reads and takes data, and no more than is open."""

import csv
import io
import json
from datetime import timedelta

import openpyxl
import pytest
from django.test import Client

from tests.factories_delivery import served_entry, served_table
from tongqu.audit.public import entries as trail
from tongqu.catalog.vocabulary import DataType, ItemView
from tongqu.opening.actions import serve
from tongqu.opening.models import OpenUse

PLACES = (
    ItemView(1, "站点编码", "stop", DataType.STRING, 20, is_key=True, is_openable=True),
    ItemView(2, "站点名称", "name", DataType.STRING, 80, is_openable=True),
    ItemView(3, "经度", "lon", DataType.DECIMAL, 12, is_openable=True),
    ItemView(4, "纬度", "lat", DataType.DECIMAL, 12, is_openable=True),
    ItemView(5, "线路数", "lines", DataType.INTEGER, 4, is_openable=True),
    ItemView(6, "内部备注", "remark", DataType.STRING, 80),
)
ROWS = [
    {
        "stop": f"S{n:03}", "name": f"=示例站,{n}", "lon": 115 + n / 100, "lat": 28 + n / 100,
        "lines": n % 7, "remark": f"secret-{n}",
    }
    for n in range(1, 38)
]  # fmt: skip
SHOWN = ["stop", "name", "lon", "lat", "lines"]


@pytest.fixture
def stops(world, door):
    served_table("svc_places", ROWS, PLACES)
    entry = served_entry(world, "svc_places", items=PLACES, name="示例公交站点", level=1)
    door.open(entry, SHOWN)
    return entry


@pytest.mark.req("OPN-04")
def test_a_visitor_searches_previews_reads_and_downloads_without_log_in(stops, public) -> None:
    found = public.get("/open/", {"q": "公交"}).content.decode()
    assert f'href="/open/{stops.code}/"' in found
    assert stops.name not in public.get("/open/", {"q": "不存在的名称"}).content.decode()

    page = public.get(f"/open/{stops.code}/").content.decode()

    assert "=示例站,1" in page  # preview
    assert "数据字典" in page
    assert "线路数" in page
    assert "内部备注" not in page
    assert "使用许可" in page
    assert f"GET http://testserver/api/v1/open/sets/{stops.code}/rows" in page  # the API's words
    assert f"/api/v1/open/sets/{stops.code}/file?form=csv" in page
    listed = public.get("/api/v1/open/sets", {"q": "公交"}).json()
    assert [one["code"] for one in listed["sets"]] == [stops.code]
    words = public.get(f"/api/v1/open/sets/{stops.code}").json()
    assert [column["name"] for column in words["columns"]] == SHOWN
    paths = public.get("/api/v1/openapi.json").json()["paths"]
    assert "/api/v1/open/sets/{code}/rows" in paths
    file = public.get(f"/api/v1/open/sets/{stops.code}/file?form=csv")
    assert file["Content-Disposition"] == f'attachment; filename="{stops.code}.csv"'
    assert "secret" not in b"".join(file.streaming_content).decode()


@pytest.mark.req("OPN-05")
def test_four_forms_hold_the_same_rows_and_standard_readers_read_them(stops, public) -> None:
    def taken(form: str) -> bytes:
        answer = public.get(f"/api/v1/open/sets/{stops.code}/file?form={form}")
        assert answer.status_code == 200
        return b"".join(answer.streaming_content)

    lines = list(csv.DictReader(io.StringIO(taken("csv").decode("utf-8-sig"))))
    documents = json.loads(taken("json"))
    sheet = openpyxl.load_workbook(io.BytesIO(taken("xlsx")), read_only=True).active
    cells = list(sheet.values)
    features = json.loads(taken("geojson"))

    assert len(lines) == len(documents) == len(cells) - 1 == len(features["features"]) == 37
    keys = {row["stop"] for row in ROWS}
    assert {row["stop"] for row in lines} == {row["stop"] for row in documents} == keys
    assert {row[0] for row in cells[1:]} == keys
    assert {one["properties"]["stop"] for one in features["features"]} == keys
    place = next(f for f in features["features"] if f["properties"]["stop"] == "S001")
    assert place["geometry"] == {"type": "Point", "coordinates": [115.01, 28.01]}


@pytest.mark.req("OPN-05")
def test_the_list_is_told_as_dcat_that_a_graph_reader_reads(stops, public) -> None:
    from rdflib import Graph, URIRef
    from rdflib.plugins.parsers.jsonld import to_rdf

    answer = public.get("/api/v1/open/catalog.jsonld")
    graph = to_rdf(answer.json(), Graph())

    dcat = "http://www.w3.org/ns/dcat#"
    urls = {str(url) for url in graph.objects(None, URIRef(dcat + "downloadURL"))}
    assert len(urls) == 4
    for url in urls:
        path = url.removeprefix("http://testserver")
        answer = public.get(path)
        assert b"".join(answer.streaming_content)


def test_what_has_not_changed_is_not_sent_again(stops, public) -> None:
    path = f"/api/v1/open/sets/{stops.code}/rows"
    first = public.get(path)
    again = public.get(path, headers={"If-None-Match": first["ETag"]})
    served_table("svc_places", ROWS[:3], PLACES, seq=2)
    later = public.get(path, headers={"If-None-Match": first["ETag"]})

    assert again.status_code == 304
    assert not again.content
    assert later.status_code == 200
    assert later.json()["count"] == 3
    assert later["Cache-Control"] == "public, max-age=60, must-revalidate"


def test_pages_of_rows_follow_each_other_and_filters_ask_only_of_open_items(stops, public) -> None:
    path = f"/api/v1/open/sets/{stops.code}/rows"
    found, cursor = [], ""
    while True:
        page = public.get(path, {"limit": 10, "cursor": cursor}).json()
        found += [row["stop"] for row in page["rows"]]
        cursor = page["next_cursor"]
        if not cursor:
            break

    assert sorted(found) == [row["stop"] for row in ROWS]
    many = public.get(path, {"lines__min": 5, "lines__max": 6}).json()["rows"]
    assert {row["lines"] for row in many} == {5, 6}
    refused = public.get(path, {"remark__prefix": "secret"})
    assert refused.status_code == 422
    assert refused.json()["code"] == "FILTER_NOT_ALLOWED"


def test_a_caller_that_asks_too_often_waits_and_others_do_not(stops, public, monkeypatch) -> None:
    monkeypatch.setattr(serve, "CALLS_A_MINUTE", 3)
    path = f"/api/v1/open/sets/{stops.code}/rows"

    codes = [public.get(path, REMOTE_ADDR="203.0.113.1").status_code for _ in range(5)]
    other = Client().get(path, REMOTE_ADDR="203.0.113.2").status_code

    assert codes == [200, 200, 200, 429, 429]
    assert other == 200


def test_calls_are_on_the_trail_and_counted_without_naming_anybody(stops, public, at) -> None:
    before = trail().count()
    public.get(f"/api/v1/open/sets/{stops.code}/rows", {"limit": 5, "name__prefix": "示例"})
    list(public.get(f"/api/v1/open/sets/{stops.code}/file?form=json").streaming_content)

    rows = list(trail().order_by("pk"))[before:]
    assert [(row.subject, row.actor_key) for row in rows] == [(stops.code, "public")] * 2
    assert "示例" not in str([row.details for row in rows])
    use = OpenUse.objects.get()
    assert (use.calls, use.downloads, use.rows) == (2, 1, 37)


def test_a_set_two_cycles_late_says_so_and_when_it_was_last_updated(
    stops, door, public, at
) -> None:
    from tongqu.opening.models import OpeningCase

    page = public.get(f"/open/{stops.code}/").content.decode()
    assert "100.0%" in page
    updated = OpeningCase.objects.get().updated_at
    cycle = timedelta(days=1)
    at.instant = updated + 3 * cycle

    from tongqu.opening.actions.publish import watch

    assert watch()["late"]
    page = public.get(f"/open/{stops.code}/").content.decode()
    assert "33.0%" in page
    for word in ("及时性", "完整性", "准确性"):
        assert word in page
    assert "已开放·超期" in page
    from tongqu.portal.templatetags.tongqu import moment

    assert moment(updated) in page


def test_two_quarters_are_compared_indicator_by_indicator(stops, door, public, at) -> None:
    path = f"/api/v1/open/sets/{stops.code}/rows"
    public.get(path, {"limit": 10})
    at.instant += timedelta(days=30)  # the fourth quarter
    for _ in range(3):
        public.get(path, {"limit": 10})

    answer = door.browser_of("managing").get(
        "/api/v1/opening/extent",
        {"earlier_from": "2026-07-01", "earlier_to": "2026-09-30",
         "later_from": "2026-10-01", "later_to": "2026-12-31"},
    )  # fmt: skip

    told = answer.json()
    assert (told["earlier"]["calls"], told["later"]["calls"]) == (1, 3)
    assert told["growth"]["calls"] == "2.0000"
    assert told["growth"]["sets"] == "0.0000"
    assert (told["later"]["rows"], told["later"]["items"]) == (37, 5)
