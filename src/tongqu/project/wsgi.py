"""The web process: ``gunicorn tongqu.project.wsgi``. Long work goes to the queue from here.

Plain HTTP is answered on the loopback only.
"""

import ipaddress
import os
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from tongqu.adapters.jobs.queue import Queue
from tongqu.kernel.jobs import use_runner

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongqu.project.settings")
django_application = get_wsgi_application()
use_runner(Queue())

REFUSAL = "不得以明文 HTTP 访问本机以外的枢纽。请改用 https:// 地址。（PLAIN_HTTP）\n"
HEALTH = "/healthz"  # of container platforms: it hands out nothing
MACHINES = ("/api/", "/identity/o/", "/iceberg/")  # a redirect would come after the secret was sent


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Refuse what comes unencrypted from another machine, before anything reads it."""
    if _may_pass(environ):
        return django_application(environ, start_response)
    body = REFUSAL.encode()
    headers = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body)))]
    start_response("403 Forbidden", headers)
    return [body]


def _may_pass(environ: dict[str, Any]) -> bool:
    if environ["wsgi.url_scheme"] == "https" or _is_loopback(environ.get("REMOTE_ADDR", "")):
        return True
    path = environ.get("PATH_INFO", "")
    if path == HEALTH:
        return True
    if not settings.IS_HTTPS:
        return False
    if environ.get("HTTP_X_FORWARDED_PROTO") == "https":  # the proxy's word, as Django takes it
        return True
    # A browser's address typed without https is led to it; a program's call is refused.
    return environ["REQUEST_METHOD"] in {"GET", "HEAD"} and not path.startswith(MACHINES)


def _is_loopback(address: str) -> bool:
    if not address:  # a unix socket
        return True
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
