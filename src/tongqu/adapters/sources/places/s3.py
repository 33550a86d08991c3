"""Files in an object store that speaks S3."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tongqu.adapters.sources.databases.address import numeric_host, refused
from tongqu.adapters.sources.files.landing import storage_errors
from tongqu.adapters.sources.places.puller import (
    Entry,
    PlacePuller,
    Store,
    copy,
    gone,
    no_folder,
    not_let_in,
    wrong,
)
from tongqu.ingest.ports import Connection, PullFailed, Setting


def _problem(error: Exception) -> PullFailed:
    """Tell the usual causes apart; the driver's words hold addresses and go nowhere."""
    words = str(error).upper()
    if any(word in words for word in ("ACCESS_DENIED", "INVALID_ACCESS", "SIGNATURE", "FORBIDDEN")):
        return not_let_in()
    if "NOT FOUND" in words or "NO_SUCH" in words or isinstance(error, FileNotFoundError):
        return no_folder()
    return gone()


def _entry(found: Any) -> Entry:
    """Return a file as it was told. Seconds are whole: a list tells more of them than a look."""
    return Entry(found.base_name, found.size or 0, (found.mtime_ns or 0) // 1_000_000_000)


@dataclass(frozen=True, slots=True)
class S3Store:
    files: Any
    root: str

    def _at(self, folder: str) -> str:
        return f"{self.root}/{folder}".rstrip("/")

    def entries(self, folder: str) -> Iterator[Entry]:
        from pyarrow import fs

        try:
            found = self.files.get_file_info(fs.FileSelector(self._at(folder), recursive=False))
        except OSError as error:
            raise _problem(error) from None
        yield from (_entry(one) for one in found if one.type == fs.FileType.File)

    def is_still(self, folder: str, entry: Entry) -> bool:
        try:
            found = self.files.get_file_info(f"{self._at(folder)}/{entry.name}")
        except OSError as error:
            raise _problem(error) from None
        return entry == _entry(found)

    def fetch(self, folder: str, entry: Entry, target: Path) -> None:
        try:
            with (
                storage_errors(),
                self.files.open_input_stream(f"{self._at(folder)}/{entry.name}") as source,
            ):
                copy(source, target, size=entry.size)
        except OSError as error:
            raise _problem(error) from None

    def move(self, folder: str, entry: Entry) -> None:
        place = self._at(folder)
        try:
            self.files.move(f"{place}/{entry.name}", f"{place}/done/{entry.name}")
        except OSError as error:
            raise _problem(error) from None


class S3Puller(PlacePuller):
    """``allowed``: hosts that may be asked (TONGQU_SCAN_ALLOWED)."""

    title = "对象存储（S3）"
    connection_settings: tuple[Setting, ...] = (
        Setting("endpoint", "服务地址", "如 https://oss.example.gov.cn；留空为公有 S3",
                required=False),
        Setting("region", "区域", default="us-east-1", required=False),
        Setting("user", "访问标识（Access Key）"),
        Setting("secret", "访问密钥（Secret Key）", "加密保存，不再显示", kind="secret"),
    )  # fmt: skip

    def __init__(self, *, allowed: Sequence[str]) -> None:
        self.allowed = tuple(allowed)

    def check_connection(self, connection: Connection) -> None:
        self._reach(connection)

    @contextmanager
    def opened(self, connection: Connection) -> Iterator[Store]:
        from pyarrow import fs

        scheme, host, bucket = self._reach(connection)
        files = fs.S3FileSystem(
            access_key=connection.settings["user"], secret_key=connection.secrets["secret"],
            endpoint_override=host, scheme=scheme, connect_timeout=5, request_timeout=60,
            region=str(connection.settings.get("region") or "us-east-1"),
            retry_strategy=fs.AwsStandardS3RetryStrategy(max_attempts=3),
        )  # fmt: skip
        yield S3Store(files, bucket)

    def _reach(self, connection: Connection) -> tuple[str, str, str]:
        """Return scheme, host with port, bucket with prefix."""
        if not connection.settings.get("user") or not connection.secrets.get("secret"):
            raise wrong("user", "没有填写访问标识或访问密钥。", "请补填；平台加密保存。")
        place = urlsplit(connection.address.strip())
        if place.scheme != "s3" or not place.netloc or "@" in place.netloc:
            raise refused("地址须写作 s3://桶/前缀")
        region = connection.settings.get("region") or "us-east-1"
        endpoint = urlsplit(str(connection.settings.get("endpoint") or "")
                            or f"https://s3.{region}.amazonaws.com")  # fmt: skip
        if (
            endpoint.scheme not in {"http", "https"}
            or endpoint.username
            or endpoint.path.strip("/")
        ):
            raise refused("服务地址的写法不对")
        port = endpoint.port or (443 if endpoint.scheme == "https" else 80)
        numeric = numeric_host(endpoint.hostname or "", port, allowed=self.allowed)
        # A certificate names the host; without one the address that was looked up is used.
        host = endpoint.hostname if endpoint.scheme == "https" else numeric
        return endpoint.scheme, f"{host}:{port}", (place.netloc + place.path).rstrip("/")
