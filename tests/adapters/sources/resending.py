"""A broker of MQTT 3.1.1 that keeps its word: what was not acknowledged is sent again.

The broker of the other tests forgets what is under way when a listener goes. This one knows one
session at a time, delivers at QoS 1, and remembers what it sent a second time.
"""

import socket
import struct
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

CONNECT, PUBACK, SUBSCRIBE, PING, GOODBYE = 1, 4, 8, 12, 14
DUP = 0x08


@dataclass
class ResendingBroker:
    port: int
    topic: str = ""
    known: set[str] = field(default_factory=set)
    waiting: dict[int, bytes] = field(default_factory=dict)  # sent or to be sent, no receipt yet
    sent: set[int] = field(default_factory=set)
    resent: set[int] = field(default_factory=set)
    _last: int = 0
    _link: socket.socket | None = None
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def publish(self, topic: str, payloads: Sequence[bytes]) -> None:
        with self._lock:
            self.topic = topic
            for payload in payloads:
                self._last += 1
                self.waiting[self._last] = payload
            self._deliver(again=False)

    def _deliver(self, *, again: bool) -> None:
        for number, payload in sorted(self.waiting.items()):
            if self._link is None or (number in self.sent and not again):
                continue
            head = 0x32 | (DUP if number in self.sent else 0)
            if number in self.sent:
                self.resent.add(number)
            self.sent.add(number)
            name = self.topic.encode()
            body = struct.pack("!H", len(name)) + name + struct.pack("!H", number) + payload
            self._say(head, body)

    def _say(self, head: int, body: bytes) -> None:
        length, rest = b"", len(body)
        while True:
            rest, byte = divmod(rest, 128)
            length += bytes([byte | (0x80 if rest else 0)])
            if not rest:
                break
        if self._link is not None:
            with suppress(OSError):
                self._link.sendall(bytes([head]) + length + body)

    def serve(self, server: socket.socket) -> None:
        while True:
            try:
                link, _ = server.accept()
            except OSError:  # the test is over
                return
            with link, suppress(OSError, EOFError):
                self._talk(link)
            with self._lock:
                self._link = None

    def _talk(self, link: socket.socket) -> None:
        while True:
            kind, body = _packet(link)
            with self._lock:
                if kind == CONNECT:
                    self._connected(link, body)
                elif kind == SUBSCRIBE:
                    self._say(0x90, body[:2] + b"\x01")
                elif kind == PUBACK:
                    self.waiting.pop(struct.unpack("!H", body[:2])[0], None)
                elif kind == PING:
                    self._say(0xD0, b"")
                elif kind == GOODBYE:
                    return

    def _connected(self, link: socket.socket, body: bytes) -> None:
        at = 2 + struct.unpack("!H", body[:2])[0] + 4  # name, level, flags, keep-alive
        size = struct.unpack("!H", body[at : at + 2])[0]
        name = body[at + 2 : at + 2 + size].decode()
        self._link = link
        self._say(0x20, bytes([name in self.known, 0]))
        if name in self.known:
            self._deliver(again=True)
        self.known.add(name)


def _packet(link: socket.socket) -> tuple[int, bytes]:
    head, size, shift = _exactly(link, 1)[0], 0, 0
    while True:
        byte = _exactly(link, 1)[0]
        size |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80:
            return head >> 4, _exactly(link, size)


def _exactly(link: socket.socket, size: int) -> bytes:
    found = b""
    while len(found) < size:
        piece = link.recv(size - len(found))
        if not piece:
            raise EOFError
        found += piece
    return found


@contextmanager
def resending() -> Iterator[ResendingBroker]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        broker = ResendingBroker(server.getsockname()[1])
        thread = threading.Thread(target=broker.serve, args=(server,), daemon=True)
        thread.start()
        yield broker
        server.shutdown(socket.SHUT_RDWR)
    thread.join(10)
