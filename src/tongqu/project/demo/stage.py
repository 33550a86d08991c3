"""What the steps of the main job share: actors, the injected clock, calls through the API."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.http import HttpResponseBase
from django.test import Client

from tongqu.identity.models import Person
from tongqu.identity.public import actor_for
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.project.demo.manifest import Manifest, SourceFile

# The days of the main job. The conditional request crosses the National Day of 2026.
COMPILED, OPENED = date(2026, 6, 15), date(2026, 6, 16)
FILED, PASSED, DECIDED = date(2026, 9, 24), date(2026, 9, 29), date(2026, 10, 9)
USED, CLOSED = date(2026, 10, 12), date(2026, 10, 13)


class Unmet(AssertionError):
    """The platform did not do what the law and the step ask for; the message says what."""


@dataclass(slots=True)
class Stage:
    """The running main job. ``entries`` maps a source's code to its catalogue identifier."""

    manifest: Manifest
    watch: clock.FixedClock
    entries: dict[str, str] = field(default_factory=dict)
    grants: dict[str, str] = field(default_factory=dict)
    receipts: dict[str, str] = field(default_factory=dict)

    @property
    def main(self) -> SourceFile:
        return self.manifest.source(self.manifest.main)

    def on(self, day: date, hour: int = 9) -> None:
        """Move the clock to that hour of that day in Shanghai."""
        self.watch.instant = clock.FixedClock.on(day, hour).instant

    def actor(self, username: str) -> Actor:
        return actor_for(Person.objects.get(username=username))

    def call(
        self, username: str, method: str, path: str, body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> "Answer":  # fmt: skip
        """Call the API as a person would: the whole way through log-in, gate and trail."""
        client = Client(SERVER_NAME="127.0.0.1", headers=dict(headers or {}))
        client.force_login(
            Person.objects.get(username=username), "django.contrib.auth.backends.ModelBackend"
        )
        response: HttpResponseBase = client.generic(
            method,
            f"/api/v1{path}",
            data="" if body is None else json.dumps(body),
            content_type="application/json",
        )
        raw = response.getvalue()
        return Answer(response.status_code, raw, dict(response.headers))


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    content: bytes
    headers: Mapping[str, str]

    @property
    def body(self) -> Any:
        return json.loads(self.content)

    @property
    def code(self) -> str:
        return str(self.body.get("code", "")) if self.status >= 400 else ""

    def must(self, *statuses: int) -> "Answer":
        if self.status not in statuses:
            raise Unmet(f"应答为 {self.status} {self.code}，应为 {statuses[0]}")
        return self


def expect(holds: object, otherwise: str) -> None:
    """Fail the step with a sentence unless something holds."""
    if not holds:
        raise Unmet(otherwise)


Told = tuple[Mapping[str, Any], str]  # counts, one sentence
Step = Callable[[Stage], Told]
