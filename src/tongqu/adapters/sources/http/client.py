"""One careful HTTP client: only to the listed host, never by a detour, with patience and limits."""

import json
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any, Self
from urllib.parse import urljoin, urlsplit

import httpx

from tongqu.adapters.outbound.tls import client_context
from tongqu.adapters.sources.databases.address import numeric_host, refused
from tongqu.adapters.sources.http.auth import Credentials, Request
from tongqu.ingest.ports import Connection, PullFailed
from tongqu.kernel import clock

ATTEMPTS = 5
LONGEST_WAIT = 60.0  # seconds; who asks for more is asked again by the retry queue
LONGEST_ANSWER = 900.0  # seconds; a source that drips holds no worker for ever
MOST_DETOURS = 3
BITS = {"gzip": 31, "x-gzip": 31, "deflate": 15}
Sleep = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Answer:
    body: bytes
    document: Any = None  # the body as the caller reads it
    link: str = ""  # of the next page, from the Link header


@dataclass(frozen=True, slots=True)
class Host:
    """Where requests go: the address is looked up once, so that a name cannot lead elsewhere."""

    scheme: str
    name: str
    port: int
    numeric: str
    prefix: str

    @property
    def origin(self) -> tuple[str, str, int]:
        return self.scheme, self.name, self.port


def host_of(address: str, *, allowed: Sequence[str]) -> Host:
    """Raises: ``Rejected`` ADDRESS_REFUSED."""
    try:
        parts = urlsplit(address.strip())
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        raise refused("地址的写法不对") from None
    if parts.scheme not in {"http", "https"}:
        raise refused("地址须以 http:// 或 https:// 开头")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise refused("地址不能带用户名、口令或参数")
    name = (parts.hostname or "").casefold().rstrip(".")
    numeric = numeric_host(name, port, allowed=allowed)
    return Host(parts.scheme, name, port, numeric, parts.path.rstrip("/"))


class Client:
    """A client of one connection. ``sleep`` waits: between requests and before another try."""

    def __init__(self, connection: Connection, given: dict[str, Any], *,
                 allowed: Sequence[str], sleep: Sleep = time.sleep) -> None:  # fmt: skip
        self.host = host_of(connection.address, allowed=allowed)
        self._limit = int(given["max_megabytes"]) << 20
        self._gap = 1.0 / max(float(given["per_second"]), 0.01)
        self._sleep, self._last = sleep, 0.0
        self._http = httpx.Client(
            verify=client_context(), timeout=float(given["timeout_seconds"]),
            follow_redirects=False, trust_env=False,
        )  # fmt: skip
        self._credentials = Credentials(connection, given, self._token)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:  # fmt: skip
        self._http.close()

    def ask(self, request: Request, read: Callable[[bytes], Any]) -> Answer:
        """Return the whole answer. ``read`` raises ``ValueError`` for a torn one: asked again.

        Raises: ``PullFailed``, whose words hold no secret.
        """
        renewed = False
        for attempt in range(1, ATTEMPTS + 1):
            try:
                status, headers, body = self._once(self._credentials.signed(request))
            except httpx.RequestError:
                self._wait_or_fail(attempt, 0.0)
                continue
            if status == 401 and self._credentials.can_renew and not renewed:
                self._credentials.forget()
                renewed = True
                continue
            if status == 429 or status >= 500:
                self._wait_or_fail(attempt, _retry_after(headers), status=status)
                continue
            if status >= 300:
                raise _refused_by_source(status)
            try:
                return Answer(body, read(body), _next_link(headers))
            except (ValueError, RecursionError):
                if attempt == ATTEMPTS:
                    raise _not_whole() from None
                self._wait_or_fail(attempt, 0.0)
        raise unreachable()

    def path_of(self, link: str, current: str) -> str:
        """Return path and query of a link that stays on the host.

        Raises: ``PullFailed`` REDIRECT_REFUSED.
        """
        base = f"{self.host.scheme}://{self.host.name}:{self.host.port}{current}"
        try:
            parts = urlsplit(urljoin(base, link))
            port = parts.port or (443 if parts.scheme == "https" else 80)
            origin = parts.scheme, (parts.hostname or "").casefold(), port
        except ValueError:  # no address at all
            origin = ("", "", 0)
        if origin != self.host.origin or not (parts.path + parts.query).isprintable():
            raise PullFailed("REDIRECT_REFUSED", "接口把请求引向了另一台主机，已停止。",
                             "请提供部门核对接口；确需换主机的，请另行登记连接。")  # fmt: skip
        return f"{parts.path}?{parts.query}" if parts.query else parts.path

    def _once(self, request: Request) -> tuple[int, httpx.Headers, bytes]:
        path = self.host.prefix + request.path
        for _ in range(MOST_DETOURS + 1):
            self._keep_pace()
            status, headers, body = self._send(request, path)
            if status not in {301, 302, 303, 307, 308}:
                return status, headers, body
            path = self.path_of(headers.get("location", ""), path)
        raise PullFailed("REDIRECT_REFUSED", "接口一再改变地址，已停止。", "请提供部门核对接口。")

    def _send(self, request: Request, path: str) -> tuple[int, httpx.Headers, bytes]:
        host = self.host
        numeric = f"[{host.numeric}]" if ":" in host.numeric else host.numeric
        usual = 443 if host.scheme == "https" else 80
        name = host.name if host.port == usual else f"{host.name}:{host.port}"
        with self._http.stream(
            request.method, f"{host.scheme}://{numeric}:{host.port}{path}",
            params=list(request.query) or None, content=request.body or None,
            headers={"Accept": "application/json, text/csv", "Accept-Encoding": "gzip",
                     **request.headers, "Host": name},
            extensions={"sni_hostname": host.name},
        ) as response:  # fmt: skip
            return response.status_code, response.headers, self._read(response)

    def _read(self, response: httpx.Response) -> bytes:
        """Unpack here and not in the client: it would unpack a bomb before its size is known."""
        body, until = bytearray(), time.monotonic() + LONGEST_ANSWER
        coding = response.headers.get("content-encoding", "").strip().casefold()
        pieces: Iterable[bytes] = response.iter_raw()  # as it comes, however little
        if coding in BITS:
            pieces = _unpacked(pieces, BITS[coding])
        elif coding not in {"", "identity"}:
            raise _not_whole()
        for piece in pieces:
            body += piece
            if time.monotonic() > until:
                raise unreachable()
            if len(body) > self._limit:
                raise PullFailed(
                    "RESPONSE_TOO_LARGE", f"接口一次返回超过 {self._limit >> 20} MB，已停止读取。",
                    "请减小每页条数；确需更大的，请调整连接的单次响应上限。",
                )  # fmt: skip
        return bytes(body)

    def _keep_pace(self) -> None:
        wait = self._last + self._gap - time.monotonic()
        if wait > 0:
            self._sleep(wait)
        self._last = time.monotonic()

    def _wait_or_fail(self, attempt: int, asked: float, *, status: int = 0) -> None:
        if attempt >= ATTEMPTS or asked > LONGEST_WAIT:
            raise unreachable(status)
        self._sleep(asked or min(0.5 * 2 ** (attempt - 1), LONGEST_WAIT))

    def _token(self, path: str, form: bytes, headers: Any) -> str:
        """Fetch a token; what the server says in refusing stays unsaid."""
        try:
            status, _, body = self._once(Request("POST", path, body=form, headers=headers))
        except httpx.RequestError:
            raise unreachable() from None
        if status >= 500:
            raise unreachable(status)
        token = _json_member(body, "access_token") if status == 200 else ""
        if not token:
            raise _refused_by_source(401)
        return token


def _unpacked(pieces: Iterable[bytes], bits: int) -> Iterator[bytes]:
    """Yield a packed body in small pieces, however much a piece of it holds."""
    reader = zlib.decompressobj(bits)
    try:
        for piece in pieces:
            yield reader.decompress(piece, 1 << 20)
            while reader.unconsumed_tail:
                yield reader.decompress(reader.unconsumed_tail, 1 << 20)
    except zlib.error:
        raise _not_whole() from None
    if not reader.eof:
        raise _not_whole()


def _json_member(body: bytes, name: str) -> str:
    try:
        found = json.loads(body)
    except ValueError:
        return ""
    return str(found.get(name, "")) if isinstance(found, dict) else ""


def _retry_after(headers: httpx.Headers) -> float:
    """Return the seconds that the source asks for; nought where it does not."""
    text = headers.get("retry-after", "").strip()
    if text.isdecimal():
        return float(text)
    try:
        return max((parsedate_to_datetime(text) - clock.now()).total_seconds(), 0.0)
    except (TypeError, ValueError):
        return 0.0


def _next_link(headers: httpx.Headers) -> str:
    for part in headers.get("link", "").split(","):
        target, _, rest = part.partition(";")
        if 'rel="next"' in rest or "rel=next" in rest:
            return str(target).strip().strip("<>")
    return ""


def unreachable(status: int = 0) -> PullFailed:
    why = f"接口连续返回 {status}" if status else "接口连接不上或中途断开"
    return PullFailed("SOURCE_UNREACHABLE", f"{why}，已重试。",
                      "平台稍后会自动再试；请提供部门核对接口是否可用。", again=True)  # fmt: skip


def _not_whole() -> PullFailed:
    return PullFailed("NOT_WHAT_IT_SAYS", "接口返回的内容不完整，或不是登记的格式。",
                      "请提供部门核对接口；平台稍后会自动再试。", again=True)  # fmt: skip


def _refused_by_source(status: int) -> PullFailed:
    if status in {401, 403}:
        return PullFailed("CREDENTIALS_WRONG", "接口不接受登记的密钥、口令或签名。",
                          "请提供部门核对授权，更新连接中的密钥后重试。")  # fmt: skip
    if status == 404:
        return PullFailed("PATH_UNKNOWN", "接口没有这个路径。", "请核对来源的接口路径。")
    return PullFailed("SOURCE_REFUSED", f"接口以 {status} 拒绝了请求。",
                      "请按接口说明核对方法、参数和请求体。")  # fmt: skip
