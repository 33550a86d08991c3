"""Attacks on the edge of the platform: what stays in a browser, on a disk, and what breaks."""

import io
import itertools
import os
import stat
import subprocess
import sys

import pytest
from django.test import Client

from tests.factories_catalog import published_entry
from tests.factories_sharing import PURPOSE

CHUNK = b"x" * (1 << 20)
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


def test_a_number_of_rows_makes_no_rows(browser_of) -> None:
    """Three thousand rows were checked and shown for a form of a hundred bytes."""
    answer = browser_of("cataloguer").post(
        "/manage/catalog/new/",
        {
            "name": "示例",
            "items-TOTAL_FORMS": "100000",
            "items-INITIAL_FORMS": "0",
            "items-0-name_zh": "航班号",
            "items-99999-name_zh": "航班号",
        },
    )

    assert answer.status_code == 422
    assert len(answer.content) < 1_000_000  # it was ten million


class Endless(io.RawIOBase):
    """A form with a file of many megabytes, counted as it is taken."""

    def __init__(self, megabytes: int) -> None:
        head = (
            b'--b\r\nContent-Disposition: form-data; name="file"; filename="x.csv"\r\n'
            b"Content-Type: text/csv\r\n\r\n"
        )
        self.size = len(head) + (megabytes << 20)
        self.pieces = itertools.chain([head], itertools.repeat(CHUNK, megabytes))
        self.held, self.taken = b"", 0

    def read(self, size: int = -1) -> bytes:
        while len(self.held) < size and (piece := next(self.pieces, b"")):
            self.held += piece
        found, self.held = self.held[:size], self.held[size:]
        self.taken += len(found)
        return found


@pytest.mark.parametrize("who", ["", "consumer", "cataloguer"])
def test_an_upload_stops_at_the_limit_of_who_sends_it(browser_of, settings, who) -> None:
    """The CSRF check reads the form before the page refuses: nobody fills the disk by it."""
    settings.UPLOAD_MAX = 20 << 20
    browser = browser_of(who) if who else Client()
    browser.handler.enforce_csrf_checks = True
    browser.cookies["csrftoken"] = "a" * 32
    form = Endless(200)

    answer = browser.generic(
        "POST",
        "/manage/ingest/roads/upload/",
        **{
            "wsgi.input": form,
            "CONTENT_LENGTH": str(form.size),
            "CONTENT_TYPE": "multipart/form-data; boundary=b",
        },
    )

    assert answer.status_code in {400, 403}
    assert form.taken < (30 << 20 if who == "cataloguer" else 10 << 20)


def test_a_new_home_is_its_owners_alone(tmp_path) -> None:
    home = tmp_path / "home"
    environment = {**os.environ, "TONGQU_HOME": str(home)}

    subprocess.run(
        [sys.executable, "-c", "import tongqu.project.settings"], env=environment, check=True
    )

    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert stat.S_IMODE((home / "secret.key").stat().st_mode) == 0o600
