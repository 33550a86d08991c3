"""The edge of every room: what no text can hold is refused before anybody stores it."""

import json

import pytest
from django.test import Client

from tests.world import World

pytestmark = pytest.mark.usefixtures("at")


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("/api/v1/data/%00/rows", id="in the path"),
        pytest.param("/api/v1/catalog/entries?q=%00", id="in a parameter"),
        pytest.param("/api/v1/catalog/entries?%00=1", id="in a parameter's name"),
    ],
)
def test_a_nul_in_an_address_is_refused_in_words(browser_of, path: str) -> None:
    answer = browser_of("consumer").get(path)

    assert (answer.status_code, answer.json()["code"]) == (400, "UNREADABLE")


def test_a_nul_in_a_form_is_refused_in_words(browser_of) -> None:
    answer = browser_of("consumer").post("/desk/apply/", {"purpose": "a\0b"})

    assert answer.status_code == 400
    assert "NUL" in answer.content.decode()


def test_a_nul_in_a_body_is_refused_in_words(world: World, browser_of) -> None:
    body = json.dumps({"entry_code": "x", "title": "a\0b"})

    answer = browser_of("consumer").post("/api/v1/quality/tickets", body, "application/json")

    assert (answer.status_code, answer.json()["code"]) == (400, "UNREADABLE")


@pytest.mark.django_db
def test_the_process_says_that_it_is_well(client: Client) -> None:
    assert client.get("/healthz").content == b"ok"


def test_an_unknown_address_of_the_api_answers_as_the_api_does(db, client) -> None:
    answer = client.get("/api/v1/no/such/place")

    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "NOT_FOUND"
