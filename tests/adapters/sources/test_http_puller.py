"""The interface connector against a real server: pages, credentials, patience, limits."""

import base64
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.adapters.sources.http_server import Asked, Interface, Reply, rows, running

from tongqu.adapters.sources.http.auth import Request, canonical
from tongqu.adapters.sources.http.connector import HttpPuller
from tongqu.ingest.ports import Connection, Piece, PullFailed, PullOptions
from tongqu.ingest.vocabulary import Mode
from tongqu.kernel.problems import Rejected

Pull = Callable[..., list[dict[str, Any]]]


@pytest.fixture(scope="module")
def server() -> Iterator[Interface]:
    with running() as interface:
        yield interface


@pytest.fixture
def site(server: Interface) -> Interface:
    server.asked.clear()
    return server


class Waits(list[float]):
    """Remembers how long was waited, and waits not at all."""


@pytest.fixture
def waits() -> Waits:
    return Waits()


@pytest.fixture
def puller(waits: Waits) -> HttpPuller:
    return HttpPuller(allowed=["127.0.0.1"], sleep=waits.append)


def connection(site: Interface, secret: str = "", **settings: object) -> Connection:
    settings.setdefault("per_second", 10_000)
    return Connection(site.address, settings, {"secret": secret} if secret else {})


@pytest.fixture
def pull(site: Interface, puller: HttpPuller, tmp_path: Path) -> Pull:
    def pull_all(how: dict[str, Any], *, to: Connection | None = None, cursor=None, **given):
        options = PullOptions("x", what="/bridges", settings=how, **given)
        found: list[dict[str, Any]] = []
        pull_all.pieces = []
        for piece in puller.pull(to or connection(site), options, cursor, tmp_path):
            pull_all.pieces.append(piece)
            found += json.loads(piece.path.read_text())
        return found

    return pull_all


def pieces(pull: Pull) -> list[Piece]:
    return pull.pieces  # type: ignore[attr-defined]


def by_page(records: list[dict[str, Any]], size: int = 100) -> Callable[[Asked], Reply]:
    def answer(asked: Asked) -> Reply:
        page = int(asked.query.get("page", 1))
        items = records[(page - 1) * size : page * size]
        return Reply({"data": {"items": items, "total": len(records)}})

    return answer


PAGES = {"paging": "page", "page_param": "page", "size_param": "size", "records": "data.items",
         "total_path": "data.total"}  # fmt: skip


def test_pages_are_gathered_into_one_piece_and_the_total_agrees(site, pull: Pull) -> None:
    site.answer = by_page(rows(1000))

    found = pull(PAGES)

    assert [row["id"] for row in found] == list(range(1, 1001))
    assert [(piece.rows, piece.cursor) for piece in pieces(pull)] == [(1000, {})]
    assert len(site.asked) == 10  # not one more than needed


def test_a_pull_goes_on_after_the_piece_that_was_stored(site, pull: Pull) -> None:
    site.answer = by_page(rows(1000))
    pull(PAGES, piece_rows=300)
    first = pieces(pull)[0]
    assert first.rows == 300
    site.asked.clear()

    rest = pull(PAGES, cursor=first.cursor)

    assert rest[0]["id"] == 301
    assert len(rest) == 700
    assert site.asked[0].query["page"] == "4"


def test_a_source_that_changed_while_the_pull_was_cut_is_pulled_anew(site, pull: Pull) -> None:
    site.answer = by_page(rows(1000))
    pull(PAGES, piece_rows=300)
    site.answer = by_page(rows(1001))

    assert len(pull(PAGES, cursor=pieces(pull)[0].cursor)) == 1001


def test_offsets_cursors_and_links_come_to_the_same_rows(site: Interface, pull: Pull) -> None:
    records = rows(250)

    def answer(asked: Asked) -> Reply:
        start = int(asked.query.get("offset") or asked.query.get("cursor") or 0)
        items = records[start : start + 100]
        token = str(start + 100) if start + 100 < len(records) else None
        link = {"Link": f'</bridges?cursor={token}>; rel="next"'} if token else {}
        return Reply({"items": items, "next": token}, headers=link)

    site.answer = answer
    shared = {"records": "items"}
    assert pull({**shared, "paging": "offset", "page_param": "offset"}) == records
    assert pull({**shared, "paging": "link"}) == records
    cursor = {"paging": "cursor", "page_param": "cursor", "next_path": "next"}
    assert pull({**shared, **cursor}) == records


def test_rows_since_the_last_time_are_asked_for_with_an_overlap(site, pull: Pull) -> None:
    site.answer = lambda _: Reply([{"id": 1, "at": "2026-09-24T08:00:00"},
                                   {"id": 2, "at": "2026-09-24T07:00:00"}])  # fmt: skip
    given = {"mode": Mode.BY_TIME, "time_column": "at", "overlap_seconds": 600}

    pull({"since_param": "since"}, **given)
    assert pieces(pull)[0].cursor == {"since": "2026-09-24T08:00:00"}
    pull({"since_param": "since"}, cursor=pieces(pull)[0].cursor, **given)

    assert "since" not in site.asked[0].query
    assert site.asked[1].query["since"] == "2026-09-24T07:50:00"


def test_a_cut_page_a_busy_server_and_a_limit_are_waited_out(site, pull: Pull, waits) -> None:
    whole = by_page(rows(250))
    troubles = iter([Reply(document=rows(99), cut=200), Reply(status=503),
                     Reply(status=429, headers={"Retry-After": "7"}),
                     Reply(body=b'{"data": {"items": [{"id"')])  # fmt: skip
    site.answer = lambda asked: (
        (asked.query["page"] == "2" and next(troubles, None)) or whole(asked)
    )

    assert len(pull(PAGES)) == 250
    assert [wait for wait in waits if wait >= 0.5] == [0.5, 1.0, 7.0, 4.0]


def test_a_source_that_stays_away_is_told_apart_from_one_that_refuses(site, pull: Pull) -> None:
    for status, code, again in (
        (500, "SOURCE_UNREACHABLE", True), (401, "CREDENTIALS_WRONG", False),
        (403, "CREDENTIALS_WRONG", False), (404, "PATH_UNKNOWN", False),
    ):  # fmt: skip
        site.answer = lambda _, status=status: Reply({"secret": "x"}, status=status)
        with pytest.raises(PullFailed) as failed:
            pull({})
        assert (failed.value.code, failed.value.again) == (code, again)


def test_a_page_that_repeats_and_a_cursor_that_loops_are_noticed(site, pull: Pull) -> None:
    site.answer = lambda _: Reply(rows(100))
    with pytest.raises(PullFailed, match="PAGE_REPEATS"):
        pull({"paging": "page", "page_param": "seite"})

    names = iter(range(1000))
    site.answer = lambda _: Reply({"items": rows(3, n=next(names)), "next": "again"})
    with pytest.raises(PullFailed, match="CURSOR_LOOPS"):
        pull({"paging": "cursor", "page_param": "c", "next_path": "next", "records": "items"})


def test_a_body_is_posted_with_the_page_in_it(site: Interface, pull: Pull) -> None:
    def answer(asked: Asked) -> Reply:
        page = int(json.loads(asked.body)["page"])
        return Reply({"data": {"items": rows(250)[(page - 1) * 100 : page * 100], "total": 250}})

    site.answer = answer
    body = '{"region": "360000", "filter": {"kind": ["bridge"]}}'
    how = {**PAGES, "method": "POST", "body": body}

    assert pull(how) == rows(250)
    assert {(asked.method, asked.headers["Content-Type"]) for asked in site.asked} == {
        ("POST", "application/json")
    }
    sent = [json.loads(asked.body) for asked in site.asked]
    assert all(body["region"] == "360000" for body in sent)
    assert all(body["filter"] == {"kind": ["bridge"]} for body in sent)
    assert [body["page"] for body in sent] == ["1", "2", "3"]
    with pytest.raises(Rejected, match="SETTING_WRONG"):
        pull({**how, "body": "[1]"})


def test_a_total_that_was_not_reached_is_no_success(site: Interface, pull: Pull) -> None:
    records = rows(150)
    site.answer = lambda asked: Reply(
        {"data": {"items": by_page(records)(asked).document["data"]["items"], "total": 151}}
    )

    with pytest.raises(PullFailed) as failed:
        pull(PAGES)
    assert failed.value.code == "COUNT_DIFFERS"
    assert failed.value.facts == {"source": 151, "received": 150}


def test_no_detour_to_another_host_and_no_address_off_the_list(site, pull: Pull, puller) -> None:
    site.answer = lambda _: Reply(status=302, headers={"Location": "http://169.254.169.254/x"})
    with pytest.raises(PullFailed, match="REDIRECT_REFUSED"):
        pull({})
    site.answer = lambda asked: (
        Reply(rows(1)) if asked.path == "/new" else Reply(status=302, headers={"Location": "/new"})
    )
    assert pull({}) == rows(1)
    for address in ("http://169.254.169.254/", "ftp://127.0.0.1/", "http://u:p@127.0.0.1/"):
        with pytest.raises(Rejected) as refused:
            puller.check(Connection(address), PullOptions("x", what="/a"))
        assert refused.value.problem.code == "ADDRESS_REFUSED"


def test_an_answer_larger_than_agreed_is_not_read_to_its_end(site: Interface, pull: Pull) -> None:
    site.answer = lambda _: Reply(body=b"[" + b" " * (2 << 20) + b"]")

    with pytest.raises(PullFailed, match="RESPONSE_TOO_LARGE"):
        pull({}, to=connection(site, max_megabytes=1))


def test_each_way_of_proving_who_we_are_is_sent(site: Interface, pull: Pull) -> None:
    site.answer = lambda _: Reply(rows(1))
    pull({}, to=connection(site, "k-1", auth="header", key_name="X-Api-Key"))
    pull({}, to=connection(site, "k-2", auth="query", key_name="key"))
    pull({}, to=connection(site, "p-3", auth="basic", user="hub"))

    first, second, third = site.asked
    assert first.headers["X-Api-Key"] == "k-1"
    assert second.query["key"] == "k-2"
    assert base64.b64decode(third.headers["Authorization"].split()[1]) == b"hub:p-3"


def test_a_token_that_ran_out_is_renewed_once(site: Interface, pull: Pull) -> None:
    issued: list[str] = []

    def answer(asked: Asked) -> Reply:
        if asked.path == "/token":
            assert b"grant_type=client_credentials" in asked.body
            issued.append(f"t{len(issued) + 1}")
            return Reply({"access_token": issued[-1]})
        is_fresh = asked.headers["Authorization"] == "Bearer t2"
        return Reply(rows(2)) if is_fresh else Reply(status=401)

    site.answer = answer
    way = connection(site, "s", auth="oauth2", user="hub", token_path="/token")

    assert len(pull({}, to=way)) == 2
    assert issued == ["t1", "t2"]


def test_a_signed_request_is_verified_by_its_receiver(site: Interface, pull: Pull) -> None:
    from gmssl import sm2

    private = "00b9ab0b828ff68872f21a837fc303668428dea11dcd1b24429d0c99e24eed83d5"
    public = (
        "b9c9a6e04e9c91f7ba880429273747d7ef5ddeb0bb2ff6317eb00bef331a83081"
        "a6994b8993f3f5d6eadddb81872266c87c018fb4162f5af347b483e24620207"
    )
    site.answer = lambda _: Reply(rows(1))
    way = connection(site, private, auth="sm2", user="hub", sm2_public_key=public)

    pull({"query": "b=2&a=一"}, to=way)

    asked = site.asked[0]
    signed = Request("GET", "/bridges", tuple(asked.query.items()))
    text = canonical(signed, timestamp=asked.headers["X-Timestamp"], nonce=asked.headers["X-Nonce"])
    reader = sm2.CryptSM2(private_key="", public_key=public)
    assert reader.verify_with_sm3(asked.headers["X-Signature"], text)
    assert not reader.verify_with_sm3(asked.headers["X-Signature"], text + b"x")


def test_the_agreed_pace_is_kept(site: Interface, pull: Pull, waits: Waits) -> None:
    site.answer = by_page(rows(300))

    pull(PAGES, to=connection(site, per_second=2))

    assert len(waits) == 2
    assert all(0.3 < wait <= 0.5 for wait in waits)


def test_a_marked_page_is_handed_on_as_it_came(
    site: Interface, pull: Pull, puller, tmp_path
) -> None:
    site.answer = lambda _: Reply({"title": "机密★10年", "items": rows(3)})

    (piece,) = list(
        puller.pull(connection(site), PullOptions("x", what="/a", settings={"records": "items"}),
                    None, tmp_path)
    )  # fmt: skip

    assert "机密★" in piece.path.read_text()


def test_the_first_page_shows_the_fields(site: Interface, puller: HttpPuller) -> None:
    site.answer = by_page(rows(250))

    probe = puller.probe(connection(site), PullOptions("x", what="/bridges", settings=PAGES))

    assert ([column.name for column in probe.columns], probe.rows) == (["id", "name"], 250)


@pytest.mark.parametrize(
    ("how", "field"),
    [({"paging": "page"}, "page_param"), ({"paging": "cursor", "page_param": "c"}, "next_path"),
     ({"colour": "red"}, "colour"), ({"page_size": "viele"}, "page_size")],
)  # fmt: skip
def test_a_wrong_setting_is_told_at_its_field(site, puller: HttpPuller, how, field) -> None:
    with pytest.raises(Rejected) as refused:
        puller.check(connection(site), PullOptions("x", what="/a", settings=how))

    assert field in refused.value.problem.fields
