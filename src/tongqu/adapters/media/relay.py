"""Pictures of cameras: fetched here, marked here; the address goes no further."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tongqu.adapters.media.pictures import marked
from tongqu.assets.vocabulary import Picture
from tongqu.kernel.problems import Unavailable

SECONDS = 5.0
LONGEST = 15.0  # seconds for a whole frame: a gateway that drips holds no worker
MOST_FRAME = 20 << 20


@dataclass(frozen=True, slots=True)
class FrameRelay:
    """Asks a media gateway for one frame over HTTP, or takes it from a file of an allowed folder.

    The gateway speaks GB/T 28181 and JT/T 1078; this hub does not. ``allowed``: hosts and
    folders that the operators listed.
    """

    allowed: Sequence[str] = ()

    def accepts(self, address: str) -> bool:
        try:
            parts = urlsplit(address)
            port = parts.port or (443 if parts.scheme == "https" else 80)
        except ValueError:
            return False
        if parts.scheme == "file":
            path = Path(parts.path).resolve()
            roots = [Path(root).resolve() for root in self.allowed if root.startswith("/")]
            return any(path.is_relative_to(root) for root in roots)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            return False
        return bool(
            {parts.hostname, f"{parts.hostname}:{port}"} & {a.casefold() for a in self.allowed}
        )

    def picture(self, address: str, *, watermark: str) -> Picture:
        if not self.accepts(address):  # the list may have grown shorter
            raise Unavailable("the camera's address is not on the list")
        try:
            return Picture(marked(self._frame(address), watermark), "image/jpeg")
        except (OSError, ValueError, SyntaxError) as error:
            raise Unavailable("no frame could be had") from error

    def _frame(self, address: str) -> bytes:
        parts = urlsplit(address)
        if parts.scheme == "file":
            path = Path(parts.path)
            if not path.is_file():  # a pipe would be waited for
                raise ValueError("not a file")
            with path.open("rb") as file:
                return file.read(MOST_FRAME)
        import httpx

        from tongqu.adapters.outbound.tls import client_context

        until = time.monotonic() + LONGEST
        try:
            with (
                httpx.Client(verify=client_context(), timeout=SECONDS, trust_env=False) as client,
                client.stream("GET", address, headers={"Accept-Encoding": "identity"}) as answer,
            ):
                answer.raise_for_status()
                found = bytearray()
                for chunk in answer.iter_raw():  # as it drips; unpacked by nobody
                    found += chunk
                    if len(found) > MOST_FRAME or time.monotonic() > until:
                        raise ValueError("the frame is too large, or too slow")
                return bytes(found)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            # The client's own words hold the address.
            raise Unavailable("the media gateway did not answer") from error
