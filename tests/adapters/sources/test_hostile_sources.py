"""Sources that attack who fetches from them: bombs, detours, endless files, names that climb."""

import gzip
import logging
import os
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import asyncssh
import pytest
from tests.adapters.sources import test_places as servers
from tests.adapters.sources.http_server import Interface, Reply, running

from tongqu.adapters.sources.databases import scanner
from tongqu.adapters.sources.databases.puller import DatabasePuller
from tongqu.adapters.sources.http import client
from tongqu.adapters.sources.http.connector import HttpPuller
from tongqu.adapters.sources.places.folder import FolderPuller, FolderStore
from tongqu.adapters.sources.places.puller import Entry, Take
from tongqu.adapters.sources.places.sftp import SftpPuller
from tongqu.ingest.ports import Connection, PullFailed, PullOptions
from tongqu.kernel.problems import Rejected


@pytest.fixture(scope="module")
def site() -> Iterator[Interface]:
    with running() as interface:
        yield interface


def pull(site: Interface, into: Path, reply: Reply, /, **how: object) -> PullFailed | None:
    """Return how a pull of one answer fails; None where it does not."""
    site.answer = lambda asked: reply
    puller = HttpPuller(allowed=["127.0.0.1"], sleep=lambda seconds: None)
    to = Connection(site.address, {"per_second": 10_000, "max_megabytes": 1})
    try:
        list(puller.pull(to, PullOptions("x", what="/a", settings=how), None, into))
    except PullFailed as error:
        return error
    return None


NEXT = {"paging": "link"}
COUNTED = {"records": "data", "total_path": "total"}
BOMB = gzip.compress(b"[" + b" " * (64 << 20) + b"]")


@pytest.mark.parametrize(
    ("reply", "how", "code"),
    [
        (Reply(body=BOMB, headers={"Content-Encoding": "gzip"}), {}, "RESPONSE_TOO_LARGE"),
        (Reply(body=gzip.compress(BOMB), headers={"Content-Encoding": "gzip, gzip"}), {},
         "NOT_WHAT_IT_SAYS"),
        (Reply(body=b"no", headers={"Content-Encoding": "gzip"}), {}, "NOT_WHAT_IT_SAYS"),
        (Reply(body=BOMB[:99], headers={"Content-Encoding": "gzip"}), {}, "NOT_WHAT_IT_SAYS"),
        (Reply(status=302, headers={"Location": "http://127.0.0.1:99999/"}), {},
         "REDIRECT_REFUSED"),
        (Reply([{"a": 1}], headers={"Link": '<http://[::1>; rel="next"'}), NEXT,
         "REDIRECT_REFUSED"),
        (Reply({"data": [], "total": "9" * 5000}), COUNTED, None),
        (Reply(body=b'{"data": [{"a": "\\ud800"}]}'), COUNTED, "NOT_WHAT_IT_SAYS"),
    ],
)  # fmt: skip
def test_an_answer_that_attacks_becomes_a_problem_in_words(
    site: Interface, tmp_path: Path, reply: Reply, how: dict[str, object], code: str | None
) -> None:
    error = pull(site, tmp_path, reply, **how)

    assert (error.code if error else None) == code


def test_a_packed_answer_is_unpacked(site: Interface, tmp_path: Path) -> None:
    body = gzip.compress(b'[{"a": 1}]')
    assert pull(site, tmp_path, Reply(body=body, headers={"Content-Encoding": "gzip"})) is None
    assert (tmp_path / "records.json").read_text() == '[{"a": 1}]'


@pytest.mark.timeout(20)
def test_an_interface_that_drips_holds_no_worker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "LONGEST_ANSWER", 0.3)
    monkeypatch.setattr(client, "ATTEMPTS", 1)
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            caller, _ = listener.accept()
            with caller, suppress(OSError):
                caller.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n")
                while not over.wait(0.05):
                    caller.sendall(b" ")

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        puller = HttpPuller(allowed=["127.0.0.1"], sleep=lambda seconds: None)
        to = Connection(f"http://127.0.0.1:{listener.getsockname()[1]}", {"per_second": 1000})
        with pytest.raises(PullFailed) as failed:
            list(puller.pull(to, PullOptions("x", what="/a"), None, tmp_path))
        over.set()
        thread.join(5)
    assert failed.value.code == "SOURCE_UNREACHABLE"


def test_a_limit_of_its_own_making_is_refused(site: Interface) -> None:
    puller = HttpPuller(allowed=["127.0.0.1"])
    for name in ("max_megabytes", "timeout_seconds", "per_second"):
        with pytest.raises(Rejected) as refused:
            puller.check(Connection(site.address, {name: 10**7}), PullOptions("x"))
        assert name in refused.value.problem.fields


def test_clients_stay_silent_though_the_operators_turn_the_log_up() -> None:
    for name in ("httpx", "httpcore.http11", "asyncssh.sftp"):
        assert not logging.getLogger(name).isEnabledFor(logging.ERROR)


@pytest.fixture
def silent_mysql() -> Iterator[int]:
    """Speak the first words of MySQL, then announce an answer that never comes."""
    listener = socket.create_server(("127.0.0.1", 0))
    head = b"\x0a8.0.0\0" + struct.pack("<I", 1) + b"12345678\0"
    head += struct.pack("<HBHH", 0xF7FF & ~0x0800, 33, 2, 0x000F) + bytes([21]) + b"\0" * 10
    head += b"123456789012\0mysql_native_password\0"
    over = threading.Event()

    def serve() -> None:
        caller, _ = listener.accept()
        with caller:
            caller.sendall(struct.pack("<I", len(head))[:3] + b"\0" + head)
            caller.recv(4096)
            caller.sendall(b"\7\0\0\2\0\0\0\2\0\0\0")
            caller.recv(4096)
            caller.sendall(b"\xff\xff\xff\1")
            over.wait(20)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield listener.getsockname()[1]
    over.set()
    thread.join(5)
    listener.close()


def test_a_database_that_falls_silent_lets_go_of_the_worker(
    silent_mysql: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanner, "READ_SECONDS", 1)
    puller = DatabasePuller(allowed=["127.0.0.1"])
    address = f"mysql://u@127.0.0.1:{silent_mysql}/d"

    with pytest.raises(PullFailed) as failed:
        puller.probe(Connection(address), PullOptions("x"))

    assert failed.value.code == "SOURCE_UNREACHABLE"


# -- places --------------------------------------------------------------------------------


def test_a_file_that_became_a_link_or_a_pipe_is_not_read(tmp_path: Path) -> None:
    secret, drop, target = tmp_path / "secret", tmp_path / "drop", tmp_path / "target"
    secret.write_text("1234567890")
    drop.mkdir()
    store = FolderStore(drop)
    (drop / "a.csv").symlink_to(secret)
    os.mkfifo(drop / "b.csv")

    for name in ("a.csv", "b.csv"):
        with pytest.raises(PullFailed):
            store.fetch("", Entry(name, 10, 0.0), target)
    assert not target.exists()
    assert list(store.entries("")) == []


def test_no_more_is_copied_than_was_announced(tmp_path: Path) -> None:
    (tmp_path / "drop").mkdir()
    (tmp_path / "drop" / "a.csv").write_bytes(b"x" * 1000)
    FolderStore(tmp_path / "drop").fetch("", Entry("a.csv", 10, 0.0), tmp_path / "target")
    assert (tmp_path / "target").stat().st_size == 11


def test_the_folder_of_what_is_done_leads_nowhere_else(tmp_path: Path) -> None:
    drop, elsewhere = tmp_path / "drop", tmp_path / "elsewhere"
    drop.mkdir()
    elsewhere.mkdir()
    (drop / "done").symlink_to(elsewhere)
    (drop / "a.csv").write_text("id\n1\n")
    os.utime(drop / "a.csv", (0, 0))
    puller = FolderPuller(allowed=[str(tmp_path)])
    options = PullOptions("x", settings={"after": "move"})

    pieces = list(puller.pull(Connection(str(drop)), options, None, tmp_path))

    assert pieces[0].settled is not None
    with pytest.raises(PullFailed):
        pieces[0].settled()
    assert list(elsewhere.iterdir()) == []
    assert (drop / "a.csv").exists()


@pytest.mark.parametrize(
    "name", ["", "a/..", "../../x.csv", "a\\b.csv", "a\0b.csv", "a\nb.csv", "甲" * 86]
)
def test_a_name_that_is_no_name_is_passed_over(at: Any, name: str) -> None:
    assert Take("", stable_seconds=0).look([Entry(name, 1, 0.0)], {}).ready == []


class _Endless(asyncssh.SFTPServer):
    """Says ten bytes in its list, and gives bytes for ever."""

    def read(self, file_obj: object, offset: int, size: int) -> bytes:
        return b"x" * size


def test_an_endless_file_of_a_server_is_cut(
    at: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, into = tmp_path / "root", tmp_path / "into"
    into.mkdir()
    (root / "in").mkdir(parents=True)
    (root / "in" / "a.csv").write_bytes(b"0123456789")
    os.utime(root / "in" / "a.csv", (0, 0))
    monkeypatch.setattr(asyncssh, "SFTPServer", _Endless)
    with servers.sftp_server(root) as (port, key):
        puller = SftpPuller(allowed=["127.0.0.1"])
        settings = {"user": "dept", "host_key": key}
        to = Connection(f"sftp://127.0.0.1:{port}/", settings, {"secret": "right"})

        pieces = list(puller.pull(to, PullOptions("x", what="in"), None, into))

    assert pieces == []
    assert list(into.iterdir()) == []
