"""The system's Chromium against a real server on an installation made for these tests.

Skipped with a reason where there is no browser. The server is a process of its own with its
own data folder: the browser's clicks meet real commits, and this process no database at all.
"""

import functools
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
# The shell draws the same pages without a window around each.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
HEIGHT = 900
START_SECONDS = 60
# Every rule that is on by default, and the target size of WCAG 2.2.
RUN_AXE = """async (rules) => {
  const options = {resultTypes: ['violations'], rules: {'target-size': {enabled: true}}};
  if (rules.length) options.runOnly = {type: 'rule', values: rules};
  const found = await axe.run(document, options);
  return found.violations.map(v => v.id + ': ' + v.help + ' — ' +
    v.nodes.slice(0, 3).map(n => n.target.join(' ')).join(' | '));
}"""
DRESS = """([theme, size]) => {
  const root = document.documentElement;
  root.setAttribute('data-theme', theme);
  size ? root.setAttribute('data-size', size) : root.removeAttribute('data-size');
}"""
WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def _executable() -> str:
    return next((path for name in NAMES if (path := shutil.which(name))), "")


# One for all modules, and gone before the next folder: the browser's loop and the ORM do not mix.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    path = _executable()
    if not path:
        reason = f"no browser: none of {', '.join(NAMES)} is on PATH"
        if os.environ.get("TONGQU_NEEDS_BROWSER") == "1":
            pytest.fail(reason)  # CI promised one
        pytest.skip(reason)
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        expect.set_options(timeout=10_000)
        yield found
        found.close()


@dataclass(frozen=True, slots=True)
class Province:
    """A running installation and what is in it."""

    url: str
    facts: dict[str, Any]

    def __getitem__(self, name: str) -> str:
        return str(self.facts[name])


@pytest.fixture(scope="package")
def province(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Province]:
    home = tmp_path_factory.mktemp("province")
    url = f"http://127.0.0.1:{_free_port()}"
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("TONGQU_", "DATABASE_", "COVERAGE_"))
    } | {"TONGQU_HOME": str(home), "TONGQU_DEMO": "1", "TONGQU_BASE_URL": url,
         "TONGQU_SCAN_ALLOWED": tempfile.gettempdir()}  # fmt: skip
    facts = home / "province.json"
    _run(["-m", "tests.e2e.prepare", str(facts)], environment)
    bind = url.removeprefix("http://")
    log = (home / "server.log").open("wb")
    server = subprocess.Popen(
        [sys.executable, "-m", "tongqu.project.cli", "serve", "--bind", bind],
        cwd=ROOT, env=environment, stdout=log, stderr=log,
    )  # fmt: skip
    try:
        _wait_for(url + "/help/", server, home / "server.log")
        yield Province(url, json.loads(facts.read_text()))
    finally:
        server.terminate()
        server.wait(timeout=30)
        log.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _run(arguments: list[str], environment: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-4000:]


def _wait_for(url: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    pytest.fail(f"the server did not answer: {log.read_text()[-3000:]}")


@dataclass
class Visit:
    """One open page, and what went wrong on it so far."""

    page: Page
    url: str
    complaints: list[str] = field(default_factory=list)
    strays: list[str] = field(default_factory=list)  # requests that left this server

    @contextmanager
    def watched(self) -> Iterator[None]:
        listeners: dict[Any, Callable[[Any], None]] = {
            "console": self._on_console,
            "pageerror": lambda error: self.complaints.append(str(error)),
            "request": self._on_request,
        }
        for event, listener in listeners.items():
            self.page.on(event, listener)
        yield
        for event, listener in listeners.items():
            self.page.remove_listener(event, listener)

    def _on_console(self, message: Any) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)

    def _on_request(self, request: Any) -> None:
        if not request.url.startswith((self.url, "data:", "blob:")):
            self.strays.append(request.url)

    def show(self, *, width: int, theme: str = "light", size: str = "") -> None:
        """Change how the open page is shown, without loading it again."""
        self.page.set_viewport_size({"width": width, "height": HEIGHT})
        self.page.evaluate(DRESS, [theme, size])

    def is_too_wide(self) -> bool:
        return bool(self.page.evaluate(WIDER))

    def axe(self, *rules: str) -> list[str]:
        """Return axe's violations; of some rules only, if named."""
        if not self.page.evaluate("typeof axe !== 'undefined'"):
            self.page.evaluate(AXE.read_text())  # not a script tag: the policy forbids those
        return list(self.page.evaluate(RUN_AXE, list(rules)))


@pytest.fixture(scope="package")
def context_of(browser: Browser, province: Province) -> Iterator[Callable[[str], BrowserContext]]:
    """Return a browser context in which somebody is logged in; "" for the public."""
    opened: dict[str, BrowserContext] = {}

    def context(username: str) -> BrowserContext:
        if username not in opened:
            opened[username] = browser.new_context(
                viewport={"width": 1440, "height": HEIGHT}, reduced_motion="reduce"
            )
            if username:
                session = province.facts["sessions"][username]
                cookie = {"name": "sessionid", "value": session, "url": province.url}
                opened[username].add_cookies([cookie])
        return opened[username]

    yield context
    for found in opened.values():
        found.close()


@pytest.fixture(scope="package")
def tab_of(context_of: Callable[[str], BrowserContext]) -> Callable[[str], Page]:
    """Return the one page kept open for somebody: to open one costs more than to fill one."""
    return functools.cache(lambda who: context_of(who).new_page())


@pytest.fixture
def look_at(tab_of: Callable[[str], Page], province: Province) -> Iterator[Callable[..., Visit]]:
    """Look at an address in the kept page of somebody, one at a time."""
    with ExitStack() as watching:

        def open_(path: str, *, who: str = "") -> Visit:
            visit = Visit(tab_of(who), province.url)
            watching.enter_context(visit.watched())
            visit.page.set_viewport_size({"width": 1440, "height": HEIGHT})
            visit.page.goto(province.url + path)
            return visit

        yield open_


@pytest.fixture
def page_at(
    context_of: Callable[[str], BrowserContext], province: Province
) -> Iterator[Callable[..., Visit]]:
    """Open an address in a page of its own: ``page_at("/desk/", who="consumer")``."""
    with ExitStack() as opened:

        def open_(path: str, *, who: str = "") -> Visit:
            visit = Visit(context_of(who).new_page(), province.url)
            opened.callback(visit.page.close)
            opened.enter_context(visit.watched())
            visit.page.goto(province.url + path)
            return visit

        yield open_
