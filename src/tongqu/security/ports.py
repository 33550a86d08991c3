"""What security needs from outside: a place for secrets."""

from typing import Protocol

from tongqu.kernel.problems import Unavailable


class Secrets(Protocol):
    """Keeps this hub's secrets."""

    def secret(self, name: str) -> str:
        """Return a random secret under this name, made at first use, the same ever after."""
        ...


_secrets: Secrets | None = None


def connect_secrets(chosen: Secrets) -> None:
    """Say who keeps the secrets: called once, by the wiring."""
    global _secrets  # noqa: PLW0603  # one wiring a process, like the jobs' runner
    _secrets = chosen


def secrets() -> Secrets:
    """Return who keeps the secrets. Raises: ``Unavailable`` while nobody does."""
    if _secrets is None:
        raise Unavailable("no keeper of secrets is connected")
    return _secrets
