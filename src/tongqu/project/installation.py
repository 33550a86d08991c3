"""Prepare an installation and run its processes."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command

from tongqu.project.tables import bring_up_to_date


def prepare() -> None:
    """Bring the databases up to date and finish what a crash left open. Safe to run twice."""
    for folder in (settings.LANDING, settings.EXPORTS, settings.KEYS, settings.STATIC_ROOT):
        folder.mkdir(parents=True, exist_ok=True)
    bring_up_to_date()
    _recover()


def _recover() -> None:
    """Close or redo what stood open when the last process died."""
    from tongqu.ingest.public import recover
    from tongqu.kernel.actor import PLATFORM

    recover(by=PLATFORM)


def serve(bind: str, *, workers: int = 1, with_jobs: bool = True, first: str = "") -> None:
    """Serve the portal until stopped; the jobs run in a process beside it.

    ``first``: an option of that process, which says what it does before its jobs.
    """
    from gunicorn.app.base import BaseApplication

    class Portal(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
        def load_config(self) -> None:
            chosen: dict[str, Any] = {
                "bind": bind,
                "workers": workers,
                "worker_class": "gthread",
                "threads": 8,
                "timeout": 120,
                "graceful_timeout": 10,
                "control_socket_disable": True,
                **_encryption(),
            }
            for name, value in chosen.items():
                if name in self.cfg.settings:
                    self.cfg.set(name, value)

        def load(self) -> Any:
            from tongqu.project.wsgi import application

            return application

    beside = _start_worker(first) if with_jobs else None
    try:
        Portal(None).run()
    finally:
        if beside is not None:
            beside.terminate()
            beside.wait(timeout=20)


def _encryption() -> dict[str, Any]:
    """Return the server's settings for TLS; nothing where a proxy in front does it."""
    if not settings.TLS_CERTIFICATE:
        return {}
    from tongqu.adapters.outbound.tls import server_context
    from tongqu.security.public import report_refused_peer

    made: list[Any] = []

    def context(_config: object, _usual: object) -> Any:
        """One context a process: the files are read once, and sessions can be resumed."""
        if not made:
            made.append(
                server_context(
                    Path(settings.TLS_CERTIFICATE),
                    Path(settings.TLS_KEY) if settings.TLS_KEY else None,
                    peers=Path(settings.TLS_PEERS) if settings.TLS_PEERS else None,
                    report=report_refused_peer,
                )
            )
        return made[0]

    return {
        "certfile": settings.TLS_CERTIFICATE,
        "keyfile": settings.TLS_KEY or None,
        "do_handshake_on_connect": True,  # so that a refusal is noticed where it happens
        "ssl_context": context,
    }


def _start_worker(first: str) -> subprocess.Popen[bytes]:
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tongqu.project.settings"}
    command = [sys.executable, "-m", "tongqu.project.cli", "work", *([first] if first else [])]
    return subprocess.Popen(command, env=environment)  # noqa: S603  # our own interpreter


def work() -> None:
    """Run the jobs until stopped."""
    from tongqu.adapters.jobs.queue import schedule_all

    schedule_all()
    call_command("qcluster")
