"""Attacks by the address of a database: the hub itself makes the connection."""

import json
import socket
from typing import Any

import pytest

from tongqu.adapters.sources.databases import address, scanner

pytestmark = pytest.mark.django_db
SECRET = "Geheim-2026"


@pytest.mark.parametrize(
    "tail",
    [
        f"127.0.0.1:{'9' * 30}/db", "127.0.0.1:65536/db", "127.0.0.1:1/db%00", "/db?host=/etc",
        "127.0.0.1:1/db?service=x", "127.0.0.1:1/db?sslcert=/etc/passwd", "localhost,127.0.0.1/db",
        "169.254.169.254:80/db", "[fe80::1]/db", "no-such-host.invalid/db", "127.0.0.1:1/db",
    ],
)  # fmt: skip
def test_no_address_ends_in_a_fault_or_gives_the_password_away(  # noqa: PLR0917  (fixtures)
    world, at, browser_of, settings, caplog, tail: str
) -> None:
    settings.SCAN_ALLOWED = ("127.0.0.0/8", "169.254.0.0/16", "localhost")
    given = {"secret_address": f"postgresql://u:{SECRET}@{tail}", "source_system": "示例"}
    cataloguer = browser_of("cataloguer")

    by_api = cataloguer.post(
        "/api/v1/catalog/imports/scan", json.dumps(given), content_type="application/json"
    )
    by_page = cataloguer.post("/manage/catalog/import/scan/", given)

    assert by_api.json()["code"] in {"ADDRESS_REFUSED", "SOURCE_UNREACHABLE"}
    assert by_page.status_code == 422
    for told in (by_api.content.decode(), by_page.content.decode(), caplog.text):
        assert SECRET not in told


def test_the_scan_does_not_tell_which_names_the_network_knows(settings, monkeypatch) -> None:
    def known(host: str, port: int, **given: Any) -> list[Any]:
        if host == "there.example":
            return [(0, 0, 0, "", ("10.9.9.9", port))]
        raise socket.gaierror

    monkeypatch.setattr(address.socket, "getaddrinfo", known)
    answers = set()
    for host in ("there.example", "not-there.example"):
        with pytest.raises(Exception) as refused:  # noqa: PT011  (compared below)
            address.place(f"postgresql://u@{host}/db", allowed=("db.example",))
        answers.add(refused.value.problem.title)

    assert len(answers) == 1


@pytest.mark.parametrize("kind", ["mysql", "oracle", "mssql"])
def test_a_name_is_looked_up_once_whatever_the_database(monkeypatch, kind: str) -> None:
    """Looked up a second time by the driver it could lead into the network's own services."""
    found = [(0, 0, 0, "", ("10.0.0.7", 1))]
    monkeypatch.setattr(address.socket, "getaddrinfo", lambda *_, **__: found)

    where = address.place(f"{kind}://u:p@db.example/x", allowed=("10.0.0.0/8",))

    assert scanner._address(where).host == "10.0.0.7"
