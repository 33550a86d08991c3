"""Whatever is asked, nothing leaves that was not granted."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import factories_delivery as make
from tests.world import World
from tongqu.delivery.vocabulary import Filter, Operator, Rounding

pytestmark = pytest.mark.usefixtures("at", "lake")
GRANTED = ("id", "name", "phone", "origin")
VISIBLE = {row["id"]: row for row in make.ROWS if row["origin"] == "JFK"}
EXPECTED = {
    number: {"id": number, "name": row["name"], "phone": "138****5678", "origin": "JFK"}
    for number, row in VISIBLE.items()
}
ATTACKS = st.sampled_from(
    [
        "' OR '1'='1", "1 OR 1=1", "1; DROP TABLE granted", "1) UNION SELECT * FROM granted --",
        "$1", "?", "%", "_", "\\", "\x00", "\ufeff", "../../etc/passwd", "{{7*7}}", "${jndi:x}",
        "138****5678", "13800015678", "NULL", "true", "1e400", "-0", "９", "𝟙", "LGA", "JFK,LGA",
        "read_csv('/etc/passwd')", "(SELECT phone FROM granted)", "a" * 300,
    ]
)  # fmt: skip
NAMES = st.sampled_from(
    [item.name_en for item in make.ITEMS]
    + ["_op", "_seq", "_row_hash", "granted.phone", "*", "1=1", "origin\" OR 1=1 --", "limit",
       "cursor", "", "origin__in", "id__between", "phone__prefix", "name__prefix", "id__in"]
) | st.text(max_size=20)  # fmt: skip
BEYOND = settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def number(world: World, lake: object) -> str:
    make.served_table()
    only = (Filter("origin", Operator.EQ, ("JFK",)),)
    return make.grant(world, items=GRANTED, row_filter=only).number


@pytest.fixture
def client(browser_of):
    return browser_of("consumer")


def check(answer: Any, name: str) -> None:
    """Only granted rows, in granted columns, masked; or a worded refusal."""
    if answer.status_code != 200:
        assert answer.status_code in {400, 403, 404, 409, 410, 422, 429}
        assert "138" not in answer.json().get("title", "")
        return
    for found in answer.json()[name]:
        row = found if name == "rows" else found["row"]
        assert row == EXPECTED[row["id"]]


@BEYOND
@given(query=st.dictionaries(NAMES, ATTACKS | st.text(max_size=20), max_size=3))
def test_no_query_string_brings_out_more_than_the_grant(number, client, query) -> None:
    answer = client.get(f"/api/v1/data/{number}/rows", {"purpose": make.PURPOSE} | query)

    check(answer, "rows")


@BEYOND
@given(query=st.dictionaries(NAMES, ATTACKS, max_size=2))
def test_no_parameter_of_a_subscription_brings_out_more(number, client, query) -> None:
    answer = client.get(f"/api/v1/data/{number}/changes", {"purpose": make.PURPOSE} | query)

    check(answer, "changes")


@BEYOND
@given(path=ATTACKS | st.text(min_size=1, max_size=30), purpose=ATTACKS)
def test_no_grant_number_and_no_purpose_opens_the_gate(number, client, path, purpose) -> None:
    by_path = client.get(f"/api/v1/data/{path.replace('/', '-')}/rows", {"purpose": make.PURPOSE})
    by_purpose = client.get(f"/api/v1/data/{number}/rows", {"purpose": purpose})

    assert by_path.status_code in {400, 403, 404}
    assert by_purpose.status_code in {400, 403, 422}


@BEYOND
@given(
    filters=st.dictionaries(NAMES, ATTACKS, max_size=2),
    file_format=st.sampled_from(["parquet", "csv", "xlsx", "exe", "../x"]),
)
def test_no_wish_for_a_file_brings_out_more(number, client, filters, file_format) -> None:
    answer = client.post(
        f"/api/v1/data/{number}/downloads",
        json.dumps({"purpose": make.PURPOSE, "format": file_format, "filters": filters}),
        content_type="application/json",
    )

    assert answer.status_code in {202, 400, 422}  # 400: no text of ours holds a NUL
    if answer.status_code == 202:
        assert answer.json()["state"] == "ready"
        assert answer.json()["rows"] <= len(EXPECTED)


def test_a_filter_cannot_tell_what_a_masked_or_rounded_value_was(world: World, client) -> None:
    make.served_table()
    number = make.grant(
        world, items=("id", "delay"), precision=(Rounding("delay", decimals=-1),)
    ).number

    def ids(value: str) -> set[int]:
        query = {"purpose": make.PURPOSE, "delay": value}
        return {
            row["id"] for row in client.get(f"/api/v1/data/{number}/rows", query).json()["rows"]
        }

    assert ids("6.5") == set()
    assert 13 in ids("10")
