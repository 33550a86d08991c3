"""MQTT at QoS 1 in a persistent session: acknowledged only what lies safely in the spool."""

import logging
import re
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tongqu.adapters.sources.streams import places
from tongqu.adapters.sources.streams.follow import Follow
from tongqu.adapters.sources.streams.lines import Lines, Shape, columns_of
from tongqu.adapters.sources.streams.spool import Spool, number_of
from tongqu.ingest.ports import (
    Connection,
    Cursor,
    Piece,
    Probe,
    PullFailed,
    PullOptions,
    Setting,
)
from tongqu.ingest.vocabulary import ColumnSpec, FileOptions, Form, Mode

log = logging.getLogger(__name__)
SCHEMES = {"mqtt": (1883, False), "mqtts": (8883, True)}
MOST_WAITING = 256 << 20  # bytes in the spool; beyond it nothing more is taken from the broker
SYNC_SECONDS = 0.05
SYNC_MESSAGES = 500
CONNECT_SECONDS = 10
_TOPIC = re.compile(r"[^\x00#+]+(?:/(?:\+|[^\x00#+/]+))*(?:/#)?")
PIECE = FileOptions(format="json", encoding="utf-8", keep_empty=True)


@dataclass(slots=True)
class MqttPuller:
    """``folder`` holds the spools; ``follow`` says when to stop listening.

    ``session`` begins the name under which a broker knows us: two hubs at one broker differ.
    """

    folder: Path
    allowed: Sequence[str] = ()
    follow: Callable[[], Follow] = Follow
    session: str = "tongqu-"

    title = "MQTT 消息流"
    form = Form.STREAM
    modes: tuple[Mode, ...] = (Mode.STREAM,)
    connection_settings: tuple[Setting, ...] = (
        Setting("username", "用户名", required=False),
        Setting("password", "口令", kind="secret", required=False),
    )
    option_settings: tuple[Setting, ...] = (
        Setting("shape", "消息格式", kind="choice", choices=(("json", "JSON"), ("csv", "CSV 行")),
                default="json", required=False),
        Setting("seconds", "成批秒数", kind="number", default=5, required=False),
    )  # fmt: skip

    def check(self, connection: Connection, options: PullOptions) -> None:
        places.broker(connection.address, SCHEMES, self.allowed)
        if options.what and not _TOPIC.fullmatch(options.what):
            raise places.wrong("what", "主题须以固定的一级开头，通配符只能独占一级")
        if options.what.startswith("$"):
            raise places.wrong("what", "不能订阅系统主题")
        shape_of(options)

    def probe(self, connection: Connection, options: PullOptions) -> Probe:
        """Listen for a moment, in a session that leaves nothing behind."""
        self.check(connection, options)
        found: list[bytes] = []
        session = _Session(connection, self._broker(connection), options, client_id="")
        session.take = lambda payload, _: found.append(payload)
        session.open()
        until = time.monotonic() + 3
        while time.monotonic() < until and len(found) < 100:
            session.turn()
        session.close()
        names = columns_of(found)
        note = "" if names else "3 秒内没有收到消息，请直接登记列。"
        return Probe(tuple(ColumnSpec(name) for name in names), note=note)

    def pull(
        self, connection: Connection, options: PullOptions, cursor: Cursor | None, into: Path
    ) -> Iterator[Piece]:
        self.check(connection, options)
        spool = Spool(self.folder / options.source_code, done=int((cursor or {}).get("piece", 0)))
        listener = _Listener(
            _Session(connection, self._broker(connection), options,
                     client_id=f"{self.session}{options.source_code}"),
            spool, lines_of(options), options.piece_rows,
        )  # fmt: skip
        listener.start()
        try:
            yield from _pieces(listener, spool, options, into, self.follow())
        finally:
            listener.stop()

    def _broker(self, connection: Connection) -> places.Broker:
        return places.broker(connection.address, SCHEMES, self.allowed)


def shape_of(options: PullOptions) -> Shape:
    word = str(options.settings.get("shape") or Shape.JSON)
    if word not in set(Shape):
        raise places.wrong("shape", "消息格式为 json 或 csv")
    return Shape(word)


def lines_of(options: PullOptions) -> Lines:
    return Lines(tuple(column.name for column in options.columns), shape_of(options))


def seconds_of(options: PullOptions) -> float:
    try:
        return min(max(float(options.settings.get("seconds") or 5), 0.1), 600)
    except (TypeError, ValueError):
        raise places.wrong("seconds", "成批秒数须是数字") from None


def _pieces(listener: "_Listener", spool: Spool, options: PullOptions, into: Path,
            follow: Follow) -> Iterator[Piece]:  # fmt: skip
    """Yield what the spool holds, oldest first, until nothing comes or the worker must stop."""
    seconds = seconds_of(options)
    while True:
        for path in spool.sealed():
            yield _piece(spool, path, into)
        listener.check()
        is_over = follow.is_over(idle=listener.idle_seconds())
        listener.seal_old(seconds=seconds, is_over=is_over)
        if is_over and not spool.sealed():
            return
        follow.wait(0.05)


def _piece(spool: Spool, path: Path, into: Path) -> Piece:
    number = number_of(path)
    copy = into / f"{number}.ndjson"
    copy.unlink(missing_ok=True)
    copy.hardlink_to(path) if _same_device(path, into) else shutil.copyfile(path, copy)
    return Piece(copy, {"piece": number}, name=f"第 {number} 批消息", options=PIECE,
                 settled=lambda: spool.drop(number))  # fmt: skip


def _same_device(path: Path, into: Path) -> bool:
    return path.stat().st_dev == into.stat().st_dev


@dataclass(slots=True)
class _Session:
    """One connection to a broker. ``client_id`` empty: nothing of the session is kept."""

    connection: Connection
    broker: places.Broker
    options: PullOptions
    client_id: str
    take: Callable[[bytes, int], None] = lambda _payload, _mid: None
    refusal: str = ""
    _client: Any = None
    _ready: bool = False

    def open(self) -> None:
        import ssl

        from paho.mqtt.client import Client
        from paho.mqtt.enums import CallbackAPIVersion

        client = Client(
            CallbackAPIVersion.VERSION2, client_id=self.client_id,
            clean_session=not self.client_id, manual_ack=True,
        )  # fmt: skip
        if name := self.connection.settings.get("username"):
            client.username_pw_set(str(name), self.connection.secrets.get("password"))
        if self.broker.is_encrypted:
            client.tls_set(cert_reqs=ssl.CERT_REQUIRED)
        client.on_connect = self._connected
        client.on_subscribe = self._subscribed
        client.on_message = lambda _c, _u, message: self.take(bytes(message.payload), message.mid)
        self._client = client
        try:
            client.connect(self.broker.host, self.broker.port, keepalive=60)
        except (OSError, ValueError):
            raise _unreachable() from None
        until = time.monotonic() + CONNECT_SECONDS
        while not self._ready and not self.refusal and time.monotonic() < until:
            if client.loop(0.1):
                break
        if not self._ready:
            self.close()
            raise refused(self.refusal) if self.refusal else _unreachable()

    def turn(self) -> bool:
        """Do what is to do on the wire; False when the connection is lost."""
        return bool(self._client.loop(SYNC_SECONDS) == 0)

    def ack(self, mids: Sequence[int]) -> None:
        for mid in mids:
            self._client.ack(mid, 1)

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop(0.01)

    def _connected(self, client: Any, _user: Any, flags: Any, reason: Any, _props: Any) -> None:
        """Subscribe. A broker that knows our session may first want receipts for what it kept."""
        if reason.is_failure:
            self.refusal = "connect"
            return
        self._ready = flags.session_present
        client.subscribe(self.options.what, qos=1)

    def _subscribed(self, _client: Any, _u: Any, _mid: Any, reasons: Any, _props: Any) -> None:
        self._ready = not any(reason.is_failure for reason in reasons)
        if not self._ready:
            self.refusal = "subscribe"


def _unreachable() -> PullFailed:
    return PullFailed("SOURCE_UNREACHABLE", "消息服务连接不上。",
                      "请核对地址和网络；平台会自动重试。", again=True)  # fmt: skip


def refused(step: str) -> PullFailed:
    if step == "subscribe":
        return PullFailed("ACCESS_DENIED", "消息服务不许订阅这个主题。",
                          "请消息服务的管理方授予订阅权限。")  # fmt: skip
    return PullFailed("CREDENTIALS_WRONG", "消息服务拒绝了用户名或口令。",
                      "请在连接页核对用户名和口令。")  # fmt: skip


@dataclass(slots=True)
class _Listener:
    """A thread that moves messages from the wire to the spool, and acknowledges what is safe."""

    session: _Session
    spool: Spool
    lines: Lines
    piece_rows: int
    error: PullFailed | None = None
    _thread: threading.Thread | None = None
    _halt: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _mids: list[int] = field(default_factory=list)
    _last: float = 0.0  # when the last message came
    _since: float = 0.0  # when the open file was begun
    _full: bool = False

    def start(self) -> None:
        self.session.take = self._take
        self._last = time.monotonic()
        self.session.open()
        self._thread = threading.Thread(target=self._kept, name="mqtt", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._halt.set()
        if self._thread is not None:
            self._thread.join(timeout=10)
        self.spool.close()

    def check(self) -> None:
        if self.error is not None and not self.spool.rows:
            raise self.error

    def idle_seconds(self) -> float:
        return 0.0 if self._full else time.monotonic() - self._last

    def seal_old(self, *, seconds: float, is_over: bool) -> None:
        """End a piece that has waited long enough; a full one was ended by its last message."""
        with self._lock:
            has = self.spool.rows
            is_old = time.monotonic() - self._since >= seconds or self.error is not None
            if has and (is_over or is_old):
                self._seal()
        self._full = self.spool.bytes_waiting() > MOST_WAITING

    def _kept(self) -> None:
        """Listen; a thread that ends for another reason than being told to says so."""
        try:
            self._listen()
        except Exception:  # a full disk, a bug: what was not acknowledged comes again
            log.exception("the listener of %s broke down", self.session.client_id)
            self.error = PullFailed(
                "LISTENER_FAILED", "接收消息中断，未确认的消息由消息服务保留。",
                "平台会自动重试；持续出现请技术支持部门查看磁盘和日志。", again=True,
            )  # fmt: skip
            self.session.close()

    def _listen(self) -> None:
        synced = time.monotonic()
        while not self._halt.is_set():
            if self._full:  # back-pressure: the broker keeps what is not taken
                self._halt.wait(0.2)
                continue
            if not self.session.turn() and not self._again():
                break
            if self.session.refusal:  # of a subscription that the broker knew until now
                self.error = refused(self.session.refusal)
                break
            if self._mids and (
                len(self._mids) >= SYNC_MESSAGES or time.monotonic() - synced > SYNC_SECONDS
            ):
                with self._lock:
                    self._acknowledge()
                synced = time.monotonic()
        with self._lock:
            self._acknowledge()
        self.session.close()

    def _again(self) -> bool:
        """Connect anew after a cut: the broker sends again what was not acknowledged."""
        self._mids.clear()
        for wait in (0.2, 1.0, 3.0):
            if self._halt.wait(wait):
                return False
            try:
                self.session.open()
            except PullFailed as error:
                self.error = error
            else:
                self.error = None
                return True
        return False

    def _take(self, payload: bytes, mid: int) -> None:
        with self._lock:
            if not self.spool.rows:
                self._since = time.monotonic()
            self.spool.add(list(self.lines.of(payload)))
            self._mids.append(mid)
            if self.spool.rows >= self.piece_rows:
                self._seal()
        self._last = time.monotonic()

    def _seal(self) -> None:
        self._acknowledge()
        self.spool.seal()

    def _acknowledge(self) -> None:
        self.spool.sync()
        mids, self._mids = self._mids, []
        self.session.ack([mid for mid in mids if mid])


__all__ = ["MqttPuller", "lines_of", "seconds_of", "shape_of"]
