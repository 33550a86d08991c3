"""Where events of OpenLineage go: a receiver over HTTP, or a file of one event a line."""

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tongqu.adapters.outbound.tls import Outbound, client_context
from tongqu.kernel.problems import Unavailable
from tongqu.lake.vocabulary import EventRefused
from tongqu.security.public import report_refused_peer

# Of this event, not of the receiver, our token or the way there: it will not be taken later.
OF_THE_EVENT = frozenset({400, 409, 410, 411, 413, 414, 415, 422, 431})


def emitter(url: str, token: str) -> Callable[[Mapping[str, Any]], None]:
    """Return what sends one event; it returns once the receiver has it for good."""
    parts = urlsplit(url)
    if parts.scheme in {"http", "https"}:
        return Receiver(url, token).emit
    return Lines(Path(parts.path)).emit


class Receiver:
    """A receiver such as Marquez. Plain HTTP on the loopback alone."""

    def __init__(self, url: str, token: str) -> None:
        parts = urlsplit(url)
        self._path = parts.path or "/api/v1/lineage"
        self._base = f"{parts.scheme}://{parts.netloc}"
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    def emit(self, event: Mapping[str, Any]) -> None:
        with Outbound(self._base, context=client_context(), report=report_refused_peer) as peer:
            answer = peer.request("POST", self._path, json=event, headers=self._headers)
        if answer.status_code in OF_THE_EVENT:
            raise EventRefused(answer.status_code)
        if not answer.is_success:
            raise Unavailable(f"the receiver of lineage answered {answer.status_code}")


class Lines:
    """A file that only grows; a line is on the disk before the event counts as sent."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def emit(self, event: Mapping[str, Any]) -> None:
        line = json.dumps(event, ensure_ascii=False, sort_keys=True)
        with self._path.open("a", encoding="utf-8") as out:
            out.write(f"{line}\n")
            out.flush()
            os.fsync(out.fileno())
