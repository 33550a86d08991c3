"""The law by API: clauses, the terms of a day, deadlines in working days."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db
API = "/api/v1/policy"


def deadline(start: str, days: int) -> dict[str, object]:
    answer = Client().get(f"{API}/deadline", {"start": start, "working_days": days})
    assert answer.status_code == 200
    found: dict[str, object] = answer.json()
    return found


@pytest.mark.parametrize(
    ("start", "days", "on"),
    [("2026-09-24", 3, "2026-09-30"), ("2026-09-24", 7, "2026-10-12"),
     ("2026-02-12", 20, "2026-03-18"), ("2026-04-30", 5, "2026-05-11")],
)  # fmt: skip
def test_a_deadline_follows_the_announced_calendar(start, days, on) -> None:
    found = deadline(start, days)

    assert found["on"] == on
    assert found["provisional"] is False


def test_a_deadline_into_2027_is_provisional() -> None:
    assert deadline("2026-12-30", 7)["provisional"] is True


@pytest.mark.parametrize(
    "query",
    [{"start": "2026-02-30", "working_days": 3}, {"start": "2026-01-01", "working_days": -1},
     {"start": "2026-01-01"}],
)  # fmt: skip
def test_a_deadline_asked_wrongly_is_a_problem_document(query) -> None:
    answer = Client().get(f"{API}/deadline", query)

    assert answer.status_code == 422
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "INVALID"


@pytest.mark.parametrize("start", ["1800-01-01", "9999-12-31"])
def test_a_day_that_no_calendar_reaches_is_not_found(start: str) -> None:
    answer = Client().get(f"{API}/deadline", {"start": start, "working_days": 1000})

    assert (answer.status_code, answer.json()["code"]) == (404, "NO_CALENDAR")


def test_the_terms_of_a_day_before_the_measures_do_not_exist() -> None:
    answer = Client().get(f"{API}/terms", {"on": "2020-01-01"})

    assert answer.status_code == 404
    assert answer.json()["code"] == "NO_TERMS"
    assert answer.json()["clause"] == "mot-2021-sharing 第二十六条"


def test_clauses_are_found_by_their_words() -> None:
    found = Client().get(f"{API}/clauses", {"q": "三个月 变更"}).json()

    assert [c["code"] for c in found["items"]] == ["mot-2021-sharing 第九条"]


def test_all_clauses_are_paged() -> None:
    first = Client().get(f"{API}/clauses", {"limit": 5}).json()
    second = Client().get(f"{API}/clauses", {"limit": 5, "offset": 5}).json()

    assert first["total"] == second["total"] > 60
    assert first["items"][-1]["gist"] != second["items"][0]["gist"]
