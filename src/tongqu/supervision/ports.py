"""What supervision needs from outside: somebody who looks whether the platform answers."""

from collections.abc import Callable, Mapping

Probe = Callable[[], Mapping[str, str]]  # part of the platform → why it does not answer


class _Wired:
    probe: Probe | None = None


def use_probe(probe: Probe | None) -> None:
    _Wired.probe = probe


def probe() -> Mapping[str, str]:
    """Return the parts that do not answer; empty when all do, or where nobody looks."""
    return _Wired.probe() if _Wired.probe else {}
