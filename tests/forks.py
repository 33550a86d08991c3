"""Hubs in processes of their own that a test may kill, without a new interpreter for each.

One process imports everything, opens no database and starts no engine, and forks: a start of
Python with all libraries takes seconds, a fork takes none. A child does what a function of a
test's module does, ``"tests.db.ingest.process:load"``, and ends; its exit code is the real one.
"""

import atexit
import functools
import json
import os
import shutil
import subprocess
import sys
import tempfile
import traceback
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Ended:
    """How a child ended: minus the signal that killed it, or its exit code."""

    returncode: int
    out: str
    err: str


@dataclass(slots=True)
class Child:
    parent: "Parent"
    pid: int
    files: tuple[Path, Path]

    def kill(self) -> None:
        """SIGKILL; a child that has ended is not reaped before ``wait``, so its id is its own."""
        os.kill(self.pid, 9)

    def wait(self) -> Ended:
        code = self.parent.asked({"wait": self.pid})
        return Ended(code, *(path.read_text() for path in self.files))


class Parent:
    """The process that forks; ``home`` is the data folder of all its children."""

    def __init__(self, database_url: str) -> None:
        environment = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
        path = os.pathsep.join([str(ROOT), str(ROOT / "src")])
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.forks"], cwd=ROOT, text=True,
            env={**environment, "DATABASE_URL": database_url, "PYTHONPATH": path},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        self._count = 0
        self.folder = Path(self._read())
        self.home = self.folder / "home"

    def start(self, function: str, *arguments: Any, **settings: Any) -> Child:
        """Fork a child that calls ``module:function``, with settings of its own."""
        self._count += 1
        files = tuple(self.folder / f"{self._count}.{name}" for name in ("out", "err"))
        pid = self.asked({"function": function, "arguments": arguments, "settings": settings,
                          "files": files})  # fmt: skip
        return Child(self, pid, files)  # type: ignore[arg-type]  # two of them

    def run(self, function: str, *arguments: Any, **settings: Any) -> Ended:
        return self.start(function, *arguments, **settings).wait()

    def command(self, *arguments: str, environment: dict[str, str]) -> Ended:
        """Do what ``tongqu …`` does in an environment of its own, settings and home and all."""
        return self.run("tests.forks:_command", arguments, environment)

    def home_like(self, prepared: Path | None) -> Path:
        """Give the children a data folder like the prepared one, or an empty one."""
        for path in self.home.iterdir():
            if path.is_dir():
                shutil.rmtree(path)
            elif path.name != "secret.key":  # read once by the process that forks
                path.unlink()
        if prepared:
            shutil.copytree(prepared, self.home, dirs_exist_ok=True)
        return self.home

    def stop(self) -> None:
        self._process.communicate()

    def asked(self, question: dict[str, Any]) -> int:
        assert self._process.stdin
        self._process.stdin.write(json.dumps(question, default=str) + "\n")
        self._process.stdin.flush()
        return int(self._read())

    def _read(self) -> str:
        assert self._process.stdout
        if line := self._process.stdout.readline():
            return line.strip()
        raise RuntimeError("the process that forks has ended")


@functools.cache
def parent(database_url: str = "") -> Parent:
    """Return the process that forks, one for all tests of a worker; empty: SQLite in its home."""
    found = Parent(database_url)
    atexit.register(found.stop)
    return found


@dataclass(slots=True)
class _Forker:
    answers: Any
    running: set[int] = field(default_factory=set)

    def answer(self, question: dict[str, Any]) -> int:
        if pid := question.get("wait"):
            self.running.discard(pid)
            return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        if (pid := os.fork()) == 0:
            self.answers.close()
            _child(**question)
        self.running.add(pid)
        return int(pid)


def _child(function: str, arguments: list[Any], settings: dict[str, Any], files: list[str]) -> None:
    code = 1
    try:
        for number, path in enumerate([os.devnull, *files]):
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
            os.dup2(descriptor, number)
            os.close(descriptor)
        from importlib import import_module

        from django.conf import settings as django_settings

        for name, value in settings.items():
            setattr(django_settings, name, value)
        module, name = function.split(":")
        getattr(import_module(module), name)(*arguments)
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _command(arguments: list[str], environment: dict[str, str]) -> None:
    from importlib import reload

    from django.conf import settings
    from django.db import connections
    from django.utils.functional import empty

    from tongqu.project import cli
    from tongqu.project import settings as module

    os.environ.clear()
    os.environ.update(environment)
    reload(module)
    settings._wrapped = empty  # read again
    for alias in connections:
        del connections[alias]  # made with the former settings, and never opened
    connections.__dict__.pop("settings")
    connections._settings = None
    sys.argv = ["tongqu", *arguments]
    cli.main()


def _load(home: Path) -> None:
    """Import what hubs need, and leave no thread and no connection behind."""
    os.environ |= {"TONGQU_HOME": str(home), "DJANGO_SETTINGS_MODULE": "tongqu.project.settings"}
    import django

    django.setup()
    import pyarrow.parquet  # noqa: F401
    import sqlglot  # noqa: F401

    import tongqu.adapters.engines.duck
    import tongqu.adapters.search.index
    import tongqu.adapters.sources.databases
    import tongqu.adapters.sources.files.connector
    import tongqu.adapters.tables.compaction
    import tongqu.adapters.tables.iceberg
    import tongqu.project.cli  # noqa: F401


def main() -> None:
    answers = os.fdopen(os.dup(1), "w")  # what else is printed does not disturb
    os.dup2(2, 1)
    with tempfile.TemporaryDirectory(prefix="tongqu-forks-") as folder:
        _load(Path(folder) / "home")
        forker = _Forker(answers)
        print(folder, file=answers, flush=True)
        for line in sys.stdin:
            print(forker.answer(json.loads(line)), file=answers, flush=True)
        for pid in forker.running:
            os.kill(pid, 9)
            os.waitpid(pid, 0)


if __name__ == "__main__":
    main()
