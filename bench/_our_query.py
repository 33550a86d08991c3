"""Governed calls: log-in, gate, quota, masks, cursor, trail; through the whole middleware."""

import sys
from pathlib import Path

from bench._hub import start
from bench._lap import Laps
from bench.query import CALLS, ROWS


def main() -> None:
    start(Path(sys.argv[1]))
    from django.test import Client

    from tongqu.delivery.models import Grant
    from tongqu.identity.models import Person
    from tongqu.kernel import clock
    from tongqu.project.demo.requesting import CONSUMER
    from tongqu.project.demo.stage import USED

    laps = Laps()
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(
        Person.objects.get(username=CONSUMER), "django.contrib.auth.backends.ModelBackend"
    )
    grant = Grant.objects.get(purpose_code="emergency", row_filter__isnull=False)
    path = f"/api/v1/data/{grant.number}/rows?purpose=emergency&limit={ROWS}"
    with clock.use(clock.FixedClock.on(USED)):
        for call in range(CALLS + 2):  # the first two warm the process, as the bare ones do
            if call < 2:
                answer = client.get(path)
            else:
                with laps.lap():
                    answer = client.get(path)
            if answer.status_code != 200:
                raise RuntimeError(f"{answer.status_code} {answer.content[:300]!r}")
    laps.tell()


if __name__ == "__main__":
    main()
