"""A real interface on the loopback that can be told to misbehave."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass
class Asked:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes


@dataclass
class Reply:
    """``cut``: bytes after which the connection breaks, though more was announced."""

    document: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    cut: int | None = None


@dataclass
class Interface:
    port: int = 0
    asked: list[Asked] = field(default_factory=list)
    answer: Callable[[Asked], Reply] = lambda asked: Reply(status=404)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def rows(count: int, **extra: object) -> list[dict[str, object]]:
    return [{"id": n, "name": f"桥{n}", **extra} for n in range(1, count + 1)]


@contextmanager
def running() -> Iterator[Interface]:
    interface = Interface()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            length = int(self.headers.get("Content-Length", 0))
            asked = Asked(self.command, parts.path, dict(parse_qsl(parts.query)),
                          dict(self.headers), self.rfile.read(length))  # fmt: skip
            interface.asked.append(asked)
            reply = interface.answer(asked)
            body = reply.body if reply.body is not None else json.dumps(reply.document).encode()
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: reply.cut])
            if reply.cut is not None:
                self.close_connection = True

        do_POST = do_GET

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    interface.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield interface
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
