"""One grant, three manners, one row set."""

import csv
import io
import json
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest

from tests import factories_delivery as make
from tests.world import World
from tongqu.audit.models import AuditEntry
from tongqu.delivery.models import Grant, GrantUsage

pytestmark = pytest.mark.usefixtures("at", "lake")


@pytest.fixture
def number(world: World, lake: object) -> str:
    make.served_table()
    return make.grant(world).number


@pytest.fixture
def api(browser_of):
    """Call the data API of a grant as the emergency department's person."""
    client = browser_of("consumer")

    def get(number: str, path: str, **query: Any):
        return client.get(f"/api/v1/data/{number}/{path}", {"purpose": make.PURPOSE} | query)

    return get


def texts(rows: Iterable[Any]) -> list[list[str]]:
    """Return rows in one spelling, whatever the format wrote."""
    return [[spelled(value) for value in row] for row in rows]


def spelled(value: Any) -> str:
    if value is None or value == "":
        return ""
    try:
        return f"{float(value):.6f}"
    except (TypeError, ValueError):
        return str(value).replace("T", " ").removesuffix(" 00:00:00").removesuffix(".000000")


def row_set(rows: Iterable[Any]) -> str:
    return sha256(json.dumps(sorted(texts(rows)), ensure_ascii=False).encode()).hexdigest()


def ask(client, number: str, file_format: str, **more: Any):
    return client.post(
        f"/api/v1/data/{number}/downloads",
        json.dumps({"purpose": make.PURPOSE, "format": file_format} | more),
        content_type="application/json",
    )


def fetched(client, number: str, file_format: str) -> bytes:
    asked = ask(client, number, file_format)
    assert asked.status_code == 202, asked.content
    got = client.get(asked.json()["file"])
    assert got.status_code == 200, got.content
    return b"".join(got.streaming_content)


@pytest.mark.req("SHR-07")
def test_one_grant_gives_the_same_row_set_in_all_three_manners(number, api, browser_of) -> None:
    client = browser_of("consumer")

    queried, cursor = [], ""
    while True:
        page = api(number, "rows", limit=7, **({"cursor": cursor} if cursor else {})).json()
        queried += [list(row.values()) for row in page["rows"]]
        cursor = page["next_cursor"]
        if not cursor:
            break
    changes = api(number, "changes", limit=1000).json()["changes"]
    parquet = pq.read_table(io.BytesIO(fetched(client, number, "parquet"))).to_pylist()
    text = fetched(client, number, "csv").decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text)))
    sheet = openpyxl.load_workbook(io.BytesIO(fetched(client, number, "xlsx"))).active
    cells = list(sheet.iter_rows(values_only=True))

    expected = row_set(queried)
    assert len(queried) == len(make.ROWS)
    assert row_set(change["row"].values() for change in changes) == expected
    assert row_set(row.values() for row in parquet) == expected
    assert row_set(lines[1:]) == expected
    assert row_set(cells[1:]) == expected
    assert lines[0] == list(cells[0]) == list(make.SHARED)
    used = GrantUsage.objects.get(grant__number=number)
    assert (used.query_calls, used.query_rows) == (5, 30)
    assert (used.subscription_calls, used.subscription_rows) == (1, 30)
    assert (used.download_calls, used.download_rows) == (9, 90)
    assert used.rows == 150
    assert used.calls == 15


@pytest.mark.req("CAT-07")
def test_items_not_shareable_are_in_no_output_of_a_grant_for_the_whole_entry(
    number, api, browser_of
) -> None:
    row = api(number, "rows", limit=1).json()["rows"][0]
    change = api(number, "changes", limit=1).json()["changes"][0]["row"]
    file = pq.read_table(io.BytesIO(fetched(browser_of("consumer"), number, "parquet")))

    assert len(make.ITEMS) == 10
    assert list(row) == list(change) == file.schema.names == list(make.SHARED)
    assert len(make.SHARED) == 7


@pytest.mark.req("PRT-01")
def test_a_consumer_with_l2_right_gets_an_l3_phone_covered_in_page_and_export(
    number, api, browser_of
) -> None:
    rows = api(number, "rows").json()
    file = pq.read_table(io.BytesIO(fetched(browser_of("consumer"), number, "parquet")))

    assert rows["masked"] == {"phone": "cover"}
    assert {row["phone"] for row in rows["rows"]} == {"138****5678"}
    by_id = {row["id"]: row["phone"] for row in rows["rows"]}
    assert {row["id"]: row["phone"] for row in file.to_pylist()} == by_id


def test_every_call_leaves_subject_purpose_grant_and_rows_in_the_trail(number, api) -> None:
    answer = api(number, "rows", limit=3)

    entry = AuditEntry.objects.filter(kind="call").latest("pk")
    assert (entry.grant, entry.purpose, entry.rows) == (number, make.PURPOSE, 3)
    assert entry.subject == Grant.objects.get(number=number).entry_code
    assert entry.actor_key == "consumer"
    assert entry.details["response"] == answer["X-Tongqu-Response"]
    assert entry.details["masks"] == {"phone": "cover"}
    assert entry.details["snapshot"] == answer.json()["snapshot"]


def test_pages_of_a_query_stay_on_the_snapshot_of_the_first(number, api) -> None:
    first = api(number, "rows", limit=20).json()

    make.served_table(rows=make.ROWS[:5], seq=2)
    second = api(number, "rows", limit=20, cursor=first["next_cursor"]).json()

    assert second["snapshot"] == first["snapshot"]
    ids = [row["id"] for row in first["rows"] + second["rows"]]
    assert sorted(ids) == [row["id"] for row in make.ROWS]


def test_a_subscription_tells_only_what_changed_and_what_vanished(number, api) -> None:
    seen = api(number, "changes").json()

    kept = [row | {"_seq": 1} for row in make.ROWS[:28]]
    changed = make.ROWS[28] | {"name": "示例·改名", "_seq": 2, "_op": "U"}
    gone = make.ROWS[29] | {"_seq": 2, "_op": "D"}
    make.served_table(rows=[*kept, changed, gone])
    news = api(number, "changes", cursor=seen["next_cursor"]).json()
    again = api(number, "changes", cursor=news["next_cursor"]).json()

    assert {(c["op"], c["row"]["id"]) for c in news["changes"]} == {("U", 29), ("D", 30)}
    assert (again["changes"], again["has_more"]) == ([], False)
    assert len(api(number, "rows").json()["rows"]) == 29


def test_typed_filters_narrow_the_rows(number, api) -> None:
    def ids(**query: str) -> list[int]:
        return sorted(row["id"] for row in api(number, "rows", **query).json()["rows"])

    assert ids(id="7") == [7]
    assert ids(id__in="3,5,99") == [3, 5]
    assert ids(id__between="28,40") == [28, 29, 30]
    assert ids(name__prefix="示例·1") == list(range(10, 20))
    assert ids(day="2013-01-03") == [2, 30]
    assert ids(origin="JFK", id__between="1,9") == [3, 6, 9]
    assert ids(departed_at__between="2013-01-29 00:00:00,2013-02-01") == []


def test_a_file_can_be_fetched_in_parts_and_checked(number, browser_of) -> None:
    client = browser_of("consumer")
    asked = ask(client, number, "csv").json()
    whole = b"".join(client.get(asked["file"]).streaming_content)

    head = client.get(asked["file"], headers={"range": "bytes=0-99"})
    tail = client.get(asked["file"], headers={"range": "bytes=100-", "if-range": head["ETag"]})
    beyond = client.get(asked["file"], headers={"range": f"bytes={len(whole)}-"})

    assert (head.status_code, tail.status_code, beyond.status_code) == (206, 206, 416)
    assert head["Content-Range"] == f"bytes 0-99/{len(whole)}"
    assert b"".join(head.streaming_content) + b"".join(tail.streaming_content) == whole
    assert sha256(whole).hexdigest() == asked["sha256"] == tail["X-Tongqu-SHA256"]
    assert whole.startswith(b"\xef\xbb\xbfid,name,")


def test_a_file_is_gone_after_seven_days(number, browser_of, at) -> None:
    client = browser_of("consumer")
    asked = ask(client, number, "parquet").json()

    at.instant = at.instant.replace(month=10, day=2)
    late = client.get(asked["file"])

    assert late.status_code == 410
    assert late.json()["code"] == "DOWNLOAD_EXPIRED"


def test_a_download_takes_the_callers_filters(number, browser_of) -> None:
    client = browser_of("consumer")

    asked = ask(client, number, "parquet", filters={"origin": "JFK"}).json()
    wrong = ask(client, number, "parquet", filters={"phone": "13800015678"})

    assert asked["rows"] == 10
    assert wrong.status_code == 422
