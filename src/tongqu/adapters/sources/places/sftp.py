"""Files on an SFTP server whose host key was registered: another key is another server."""

import asyncio
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISREG
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit

from tongqu.adapters.sources.databases.address import numeric_host, refused
from tongqu.adapters.sources.files.landing import storage_errors
from tongqu.adapters.sources.places.puller import (
    CHUNK,
    Entry,
    PlacePuller,
    Store,
    gone,
    no_folder,
    not_let_in,
    wrong,
)
from tongqu.ingest.ports import Connection, PullFailed, Setting

CONNECT_SECONDS, LOGIN_SECONDS, STEP_SECONDS = 10, 20, 600
LISTED_AT_ONCE = 10_000
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Reach:
    host: str
    port: int
    root: str


def _entry(name: str, attrs: Any) -> Entry:
    return Entry(name, int(attrs.size or 0), float(attrs.mtime or 0))


@dataclass(frozen=True, slots=True)
class SftpStore:
    runner: asyncio.Runner
    client: Any
    root: str

    def _at(self, folder: str) -> str:
        return f"{self.root}/{folder}".rstrip("/") or "/"

    def _do(self, step: Coroutine[Any, Any, T]) -> T:
        import asyncssh

        try:
            return self.runner.run(asyncio.wait_for(step, STEP_SECONDS))
        except (asyncssh.SFTPNoSuchFile, asyncssh.SFTPPermissionDenied, asyncssh.SFTPNoSuchPath):
            raise no_folder() from None
        except (asyncssh.Error, OSError, TimeoutError):
            raise gone() from None

    def entries(self, folder: str) -> Iterator[Entry]:
        listed = self.client.scandir(self._at(folder))
        while found := self._do(self._listed(listed)):
            for one in found:
                if S_ISREG(one.attrs.permissions or 0):  # neither folders nor links leading away
                    yield _entry(str(one.filename), one.attrs)

    def is_still(self, folder: str, entry: Entry) -> bool:
        found = self._do(self._looked_at(f"{self._at(folder)}/{entry.name}"))
        return found is not None and entry == _entry(entry.name, found)

    async def _looked_at(self, place: str) -> Any:
        import asyncssh

        try:
            return await self.client.lstat(place)
        except (asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath):
            return None

    def fetch(self, folder: str, entry: Entry, target: Path) -> None:
        with storage_errors():
            self._do(self._copied(f"{self._at(folder)}/{entry.name}", target, entry.size))

    async def _listed(self, listed: Any) -> list[Any]:
        """Return the next entries of a list that may be long; none at its end."""
        found: list[Any] = []
        async for one in listed:
            found.append(one)
            if len(found) == LISTED_AT_ONCE:
                break
        return found

    async def _copied(self, place: str, target: Path, size: int) -> None:
        """Copy as much as was announced and one byte more: see ``Store.fetch``."""
        left = size + 1
        async with self.client.open(place, "rb") as source:
            with target.open("wb") as file:
                while left > 0 and (piece := await source.read(min(CHUNK, left))):
                    file.write(piece)
                    left -= len(piece)

    def move(self, folder: str, entry: Entry) -> None:
        self._do(self._moved(self._at(folder), entry.name))

    async def _moved(self, place: str, name: str) -> None:
        await self.client.makedirs(f"{place}/done", exist_ok=True)
        if await self.client.exists(f"{place}/done/{name}"):
            await self.client.remove(f"{place}/done/{name}")
        await self.client.rename(f"{place}/{name}", f"{place}/done/{name}")


class SftpPuller(PlacePuller):
    """``allowed``: hosts that may be asked (TONGQU_SCAN_ALLOWED)."""

    title = "SFTP"
    connection_settings: tuple[Setting, ...] = (
        Setting("user", "用户名"),
        Setting("host_key", "主机公钥", "一行 OpenSSH 格式，如 ssh-ed25519 AAAA…；请向提供部门索取",
                kind="long"),
        Setting("secret", "口令", "与私钥二选一；加密保存，不再显示", kind="secret",
                required=False),
        Setting("private_key", "私钥", "OpenSSH 格式；加密保存，不再显示", kind="secret",
                required=False),
    )  # fmt: skip

    def __init__(self, *, allowed: Sequence[str]) -> None:
        self.allowed = tuple(allowed)

    def check_connection(self, connection: Connection) -> None:
        self._reach(connection)
        _host_key(connection)
        _own_keys(connection)
        if not connection.settings.get("user"):
            raise wrong("user", "没有填写用户名。", "请补填。")

    @contextmanager
    def opened(self, connection: Connection) -> Iterator[Store]:
        self.check_connection(connection)
        reach = self._reach(connection)
        with asyncio.Runner() as runner:
            link = runner.run(_connect(connection, reach))
            try:
                client = runner.run(_client(link))
                yield SftpStore(runner, client, reach.root)
            finally:
                link.abort()
                runner.run(link.wait_closed())

    def _reach(self, connection: Connection) -> _Reach:
        try:
            parts = urlsplit(connection.address.strip())
            port = parts.port or 22
        except ValueError:
            raise refused("地址的写法不对") from None
        if parts.scheme != "sftp" or parts.username or parts.password:
            raise refused("地址须写作 sftp://主机:端口/文件夹，不带用户名")
        numeric = numeric_host(parts.hostname or "", port, allowed=self.allowed)
        return _Reach(numeric, port, unquote(parts.path).rstrip("/"))


async def _client(link: Any) -> Any:
    return await link.start_sftp_client()


async def _connect(connection: Connection, reach: _Reach) -> Any:
    import asyncssh

    keys = _own_keys(connection)
    try:
        return await asyncssh.connect(
            reach.host, reach.port, username=connection.settings["user"],
            password=connection.secrets.get("secret") or None, client_keys=keys or None,
            known_hosts=([_host_key(connection)], [], []), config=None, agent_path=None,
            connect_timeout=CONNECT_SECONDS, login_timeout=LOGIN_SECONDS,
        )  # fmt: skip
    except asyncssh.HostKeyNotVerifiable:
        raise PullFailed(
            "HOST_KEY_DIFFERS", "对方主机的公钥与登记的不同，已断开。",
            "请向提供部门核实：更换过主机的，登记新的主机公钥；没有更换的，请立即报告。",
        ) from None  # fmt: skip
    except asyncssh.PermissionDenied:
        raise not_let_in() from None
    except (asyncssh.Error, OSError, TimeoutError):
        raise gone() from None


def _host_key(connection: Connection) -> Any:
    import asyncssh

    try:
        return asyncssh.import_public_key(str(connection.settings.get("host_key", "")).strip())
    except (asyncssh.KeyImportError, ValueError):
        raise wrong("host_key", "主机公钥的写法不对。",
                    "请写一行 OpenSSH 格式的公钥，如 ssh-ed25519 AAAA…。") from None  # fmt: skip


def _own_keys(connection: Connection) -> list[Any]:
    import asyncssh

    text = connection.secrets.get("private_key", "")
    try:
        return [asyncssh.import_private_key(text)] if text else []
    except (asyncssh.KeyImportError, ValueError):
        raise wrong("private_key", "私钥的写法不对。", "请用不带口令的 OpenSSH 格式。") from None
