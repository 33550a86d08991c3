"""Looks whether this hub answers: its web pages by HTTP, its lake by its catalogue."""

from collections.abc import Mapping
from urllib.error import URLError
from urllib.request import urlopen

PATIENCE = 5  # seconds


class HubProbe:
    """Calls ``/healthz`` as a visitor would, and lists the lake's tables."""

    def __init__(self, base_url: str) -> None:
        self.url = f"{base_url.rstrip('/')}/healthz"

    def __call__(self) -> Mapping[str, str]:
        """Return the parts that do not answer with the kind of failure, never an address."""
        found = {}
        if why := self._web():
            found["网页"] = why
        if why := self._lake():
            found["湖表"] = why
        return found

    def _web(self) -> str:
        try:
            with urlopen(self.url, timeout=PATIENCE) as answer:  # noqa: S310  # our own address
                return "" if answer.status == 200 else f"状态码 {answer.status}"
        except (URLError, OSError, ValueError) as error:
            return type(error).__name__

    def _lake(self) -> str:
        from tongqu.lake.public import store

        try:
            store().list()
        except Exception as error:  # whatever keeps the lake from answering
            return type(error).__name__
        return ""
