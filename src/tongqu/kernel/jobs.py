"""Long and repeated work, behind one facade.

A room registers a function under a stable name; the edge decides what runs it (django-q2
in a deployment, at once in tests). Delivery is at least once, so every job is idempotent:
its own tables are the truth, not the queue.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

Job = Callable[..., object]


@dataclass(frozen=True, slots=True)
class Registered:
    name: str
    run: Job
    cron: str = ""  # empty: only on demand
    title: str = ""  # 任务名


class Runner(Protocol):
    def enqueue(self, name: str, arguments: dict[str, object]) -> None: ...


_registry: dict[str, Registered] = {}
_runner: Runner | None = None


def job(name: str, *, cron: str = "", title: str = "") -> Callable[[Job], Job]:
    """Register a function as a job; a name is never given twice."""

    def register(function: Job) -> Job:
        if name in _registry and _registry[name].run is not function:
            raise ValueError(f"job {name} is registered twice")
        _registry[name] = Registered(name, function, cron, title)
        return function

    return register


def registered() -> tuple[Registered, ...]:
    return tuple(_registry[name] for name in sorted(_registry))


def run(name: str, **arguments: object) -> object:
    """Run a job here and now: what a worker calls."""
    return _registry[name].run(**arguments)


def enqueue(name: str, **arguments: object) -> None:
    """Hand a job to the runner in use; without one it runs at once."""
    if name not in _registry:
        raise KeyError(name)
    if _runner is None:
        run(name, **arguments)
    else:
        _runner.enqueue(name, arguments)


def use_runner(runner: Runner | None) -> None:
    global _runner  # noqa: PLW0603  (one runner a process, set by the wiring)
    _runner = runner
