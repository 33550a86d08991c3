"""Drop folder, SFTP and S3: the same rules about files, against real servers."""

import asyncio
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncssh
import pytest
from tests.adapters import s3 as s3_server

from tongqu.adapters.sources.places import puller as puller_module
from tongqu.adapters.sources.places import sftp as sftp_module
from tongqu.adapters.sources.places.folder import FolderPuller
from tongqu.adapters.sources.places.puller import PlacePuller
from tongqu.adapters.sources.places.s3 import S3Puller
from tongqu.adapters.sources.places.sftp import SftpPuller
from tongqu.ingest.ports import Connection, Piece, PullFailed, PullOptions, Remark
from tongqu.kernel import clock
from tongqu.kernel.problems import Rejected

NOW = {"stable_seconds": 0}


@dataclass
class Place:
    """One place: how to reach it, and how a department lays a file down there."""

    puller: PlacePuller
    connection: Connection
    put: Callable[[str, bytes], None]
    names: Callable[[], set[str]]

    def pull(self, into: Path, cursor: Any = None, **how: object) -> list[tuple[Piece, bytes]]:
        options = PullOptions("x", what="in", settings={**NOW, **how})
        found = self.puller.pull(self.connection, options, cursor, into)
        return [(one, one.path.read_bytes()) for one in found if isinstance(one, Piece)]

    def remarks(self, into: Path, cursor: Any = None, **how: object) -> list[str]:
        options = PullOptions("x", what="in", settings={**NOW, **how})
        found = self.puller.pull(self.connection, options, cursor, into)
        return [one.text for one in found if isinstance(one, Remark)]


class _Server(asyncssh.SSHServer):
    def begin_auth(self, username: str) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == ("dept", "right")


@contextmanager
def sftp_server(root: Path) -> Iterator[tuple[int, str]]:
    """Give port and host key of a server that shows a folder."""
    key = asyncssh.generate_private_key("ssh-ed25519")
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    async def start() -> Any:
        return await asyncssh.create_server(
            _Server, "127.0.0.1", 0, server_host_keys=[key],
            sftp_factory=lambda chan: asyncssh.SFTPServer(chan, chroot=str(root).encode()),
        )  # fmt: skip

    server = asyncio.run_coroutine_threadsafe(start(), loop).result(20)
    try:
        yield server.get_port(), key.export_public_key().decode()
    finally:
        server.close()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    root = tmp_path_factory.mktemp("sftp")
    with sftp_server(root) as (port, key), s3_server.running() as endpoint:
        yield {"root": root, "port": port, "key": key, "endpoint": endpoint}


@pytest.fixture(params=["folder", "sftp", "s3"])
def place(request: pytest.FixtureRequest, servers: dict[str, Any], tmp_path: Path) -> Place:
    if request.param == "folder":
        return _folder(tmp_path / "drop")
    return _sftp(servers) if request.param == "sftp" else _s3(servers, tmp_path)


def _laid(root: Path) -> tuple[Callable[[str, bytes], None], Callable[[], set[str]]]:
    def put(name: str, content: bytes) -> None:
        (root / "in").mkdir(parents=True, exist_ok=True)
        (root / "in" / name).write_bytes(content)

    return put, lambda: {path.name for path in (root / "in").rglob("*") if path.is_file()}


def _folder(root: Path) -> Place:
    (root / "in").mkdir(parents=True)
    puller = FolderPuller(allowed=[str(root.parent)])
    return Place(puller, Connection(str(root)), *_laid(root))


def _sftp(servers: dict[str, Any], password: str = "right", key: str = "") -> Place:
    import shutil

    shutil.rmtree(servers["root"] / "in", ignore_errors=True)
    (servers["root"] / "in").mkdir()
    connection = Connection(
        f"sftp://127.0.0.1:{servers['port']}/",
        {"user": "dept", "host_key": key or servers["key"]},
        {"secret": password},
    )
    return Place(SftpPuller(allowed=["127.0.0.1"]), connection, *_laid(servers["root"]))


def _s3(servers: dict[str, Any], tmp_path: Path) -> Place:
    from pyarrow import fs

    user, secret = s3_server.KEYS.values()
    files = fs.S3FileSystem(endpoint_override=servers["endpoint"], access_key=user,
                            secret_key=secret, allow_bucket_creation=True)  # fmt: skip
    bucket = "b-" + "".join(c for c in tmp_path.name.lower() if c.isalnum())[-40:]
    files.create_dir(f"{bucket}/in")
    connection = Connection(f"s3://{bucket}", {"endpoint": servers["endpoint"], "user": user},
                            {"secret": secret})  # fmt: skip

    def put(name: str, content: bytes) -> None:
        with files.open_output_stream(f"{bucket}/in/{name}") as out:
            out.write(content)

    def names() -> set[str]:
        found = files.get_file_info(fs.FileSelector(f"{bucket}/in", recursive=True))
        return {one.base_name for one in found if one.type == fs.FileType.File}

    return Place(S3Puller(allowed=["127.0.0.1"]), connection, put, names)


def test_a_file_is_taken_once_as_it_is_and_again_when_it_changed(place: Place, tmp_path) -> None:
    place.put("a.csv", b"id\n1\n")

    ((piece, content),) = place.pull(tmp_path)
    assert content == b"id\n1\n"
    assert (piece.name, piece.is_file) == ("a.csv", True)
    assert place.pull(tmp_path, piece.cursor) == []

    place.put("a.csv", b"id\n1\n2\n")
    ((_, content),) = place.pull(tmp_path, piece.cursor)
    assert content == b"id\n1\n2\n"


def test_unfinished_hidden_and_unmarked_files_are_left_alone(place: Place, tmp_path) -> None:
    for name in ("a.csv", "b.csv", "b.csv.done", "c.csv.part", ".d.csv", "~e.csv", "f.txt"):
        place.put(name, b"id\n1\n")

    assert {p.name for p, _ in place.pull(tmp_path, pattern="*.csv")} == {"a.csv", "b.csv"}
    assert [p.name for p, _ in place.pull(tmp_path, pattern="*.csv", marker=".done")] == ["b.csv"]


def test_a_file_that_just_changed_is_left_until_it_stands_still(place: Place, tmp_path) -> None:
    place.put("a.csv", b"id\n1\n")

    assert place.pull(tmp_path, stable_seconds=3600) == []
    with clock.use(clock.FixedClock(clock.now().replace(year=clock.now().year + 1))):
        assert len(place.pull(tmp_path, stable_seconds=3600)) == 1


def test_what_was_taken_may_be_moved_aside(place: Place, tmp_path: Path) -> None:
    place.put("a.csv", b"id\n1\n")

    options = PullOptions("x", what="in", settings={**NOW, "after": "move"})
    for piece in place.puller.pull(place.connection, options, None, tmp_path):
        assert isinstance(piece, Piece)
        assert piece.settled is not None
        piece.settled()

    assert place.pull(tmp_path) == []
    assert place.names() == {"a.csv"}  # in the folder below


def test_a_file_over_the_limit_and_a_list_over_another_hold_nobody_up(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(puller_module, "MOST_FILES", 3)
    monkeypatch.setattr(sftp_module, "LISTED_AT_ONCE", 2)
    for n in range(7):
        place.put(f"{n}.csv", b"id\n1\n")
    place.put("big.csv", b"x" * (2 << 20))
    place.put("other.txt", b"not asked for")
    limits = {"pattern": "*.csv", "max_megabytes": 1}
    cursor: Any = None
    taken = set[str]()

    for more in (4, 1, 0):
        told = place.remarks(tmp_path, cursor, **limits)
        assert [f"其余 {more} 个" in text for text in told if "待取的文件" in text] == [True] * (
            more > 0
        )
        for piece, _ in place.pull(tmp_path, cursor, **limits):
            taken.add(piece.name)
            cursor = piece.cursor

    last = place.remarks(tmp_path, cursor, **limits)
    assert taken == {f"{n}.csv" for n in range(7)}
    assert len(last) == 1
    assert "big.csv 有 2 MB，超过单个文件上限 1 MB" in last[0]


def test_the_place_shows_its_files_and_the_columns_of_the_oldest(place: Place) -> None:
    place.put("a.csv", "id,名称\n1,桥\n".encode("gb18030"))

    probe = place.puller.probe(place.connection, PullOptions("x", what="in", settings=NOW))

    assert probe.choices == ("a.csv",)
    assert [column.name for column in probe.columns] == ["id", "名称"]


def test_a_folder_that_is_not_there_is_told_so(place: Place, tmp_path: Path) -> None:
    with pytest.raises(PullFailed) as failed:
        list(place.puller.pull(place.connection, PullOptions("x", what="no"), None, tmp_path))

    assert failed.value.code == "FOLDER_UNKNOWN"


@pytest.mark.parametrize("what", ["../x", "a/../../b", "./a"])
def test_nobody_walks_out_of_the_place(place: Place, what: str) -> None:
    with pytest.raises(Rejected):
        place.puller.check(place.connection, PullOptions("x", what=what))


def test_another_host_key_is_another_server(servers: dict[str, Any], tmp_path: Path) -> None:
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode()
    with pytest.raises(PullFailed) as failed:
        _sftp(servers, key=other).pull(tmp_path)
    assert failed.value.code == "HOST_KEY_DIFFERS"

    with pytest.raises(PullFailed) as failed:
        _sftp(servers, password="wrong").pull(tmp_path)
    assert failed.value.code == "CREDENTIALS_WRONG"


def test_wrong_keys_to_a_store_and_a_dead_server_are_told_apart(servers, tmp_path: Path) -> None:
    way = _s3(servers, tmp_path).connection
    dead = Connection(way.address, {**way.settings, "endpoint": "http://127.0.0.1:9"}, way.secrets)
    with pytest.raises(PullFailed) as failed:
        Place(S3Puller(allowed=["127.0.0.1"]), dead, print, set).pull(tmp_path)
    assert (failed.value.code, failed.value.again) == ("SOURCE_UNREACHABLE", True)
    with pytest.raises(Rejected):
        S3Puller(allowed=[]).check(way, PullOptions("x"))


def test_a_link_out_of_the_folder_leads_nowhere(tmp_path: Path) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "a.csv").write_text("id\n1\n")
    place = _folder(tmp_path / "drop")
    os.symlink(tmp_path / "secret" / "a.csv", tmp_path / "drop" / "in" / "a.csv")
    os.symlink(tmp_path / "secret", tmp_path / "drop" / "out")

    assert place.pull(tmp_path) == []
    with pytest.raises(PullFailed):
        list(place.puller.pull(place.connection, PullOptions("x", what="out"), None, tmp_path))
    with pytest.raises(Rejected):
        FolderPuller(allowed=["/srv"]).check(place.connection, PullOptions("x"))
