"""Attacks on the edge of the platform: what stays in a browser, on a disk, and what breaks."""

import pytest
from django.test import Client

from tests.factories_catalog import published_entry
from tests.factories_sharing import PURPOSE

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "path", ["/", "/desk/", "/desk/messages/", "/sys/organisations/", "/api/v1/identity/me", "/no"]
)
def test_what_a_logged_in_person_saw_is_kept_by_no_cache(browser_of, path) -> None:
    answer = browser_of("managing").get(path)

    assert "no-store" in answer.headers["Cache-Control"]
    assert "private" in answer.headers["Cache-Control"]


def test_what_a_token_fetched_is_kept_by_no_cache(db) -> None:
    answer = Client().get("/api/v1/identity/me", headers={"Authorization": "Bearer x"})

    assert "no-store" in answer.headers["Cache-Control"]


def test_files_for_everybody_may_be_cached(browser_of) -> None:
    answer = browser_of("managing").get("/static/css/tokens.css")

    answer.close()
    assert "no-store" not in answer.headers["Cache-Control"]


@pytest.mark.parametrize("number", ["9" * 5000, "9" * 40, "²", "-1", "\x00"])
def test_a_number_that_is_none_is_no_fault_of_the_server(world, at, browser_of, number) -> None:
    entry = published_entry(world)

    answer = browser_of("consumer").post(
        "/desk/apply/", {"entry": entry.code, "version_id": number, **PURPOSE}
    )

    assert answer.status_code < 500


def test_a_field_named_by_half_a_character_is_refused_in_words(browser_of) -> None:
    answer = browser_of("cataloguer").post(
        "/api/v1/catalog/entries", '{"name": "x", "\\ud800": 1}', content_type="application/json"
    )

    assert answer.status_code == 422
    assert answer.json()["code"] == "INVALID"
