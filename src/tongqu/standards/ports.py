"""What standards ask of others: an engine that tries a check, and who refers to a standard."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from tongqu.kernel.problems import Unavailable
from tongqu.standards.vocabulary import Follower


class Unreadable(ValueError):
    """The engine cannot read a condition; ``position`` says which."""

    def __init__(self, position: int) -> None:
        super().__init__(position)
        self.position = position


class Judge(Protocol):
    """The engine that runs checks at load, for one value at a time."""

    def judge(
        self, conditions: Sequence[str], row: Mapping[str, str | None]
    ) -> tuple[bool | None, ...]:
        """Return what each SQL condition says of a row of texts (columns quoted by name).

        Raises ``Unreadable`` for the first condition that the engine cannot read.
        """
        ...


Followers = Callable[[str], Sequence[Follower]]
_judge: list[Callable[[], Judge]] = []
_followers: list[Followers] = []


def use_judge(factory: Callable[[], Judge]) -> None:
    """Set the engine; a factory, so that nothing heavy is loaded before it is used."""
    _judge[:] = [factory]


def judge() -> Judge:
    """Return the engine. Raises ``Unavailable`` when none is connected."""
    if not _judge:
        raise Unavailable("no engine is connected to try checks with")
    return _judge[0]()


def has_judge() -> bool:
    return bool(_judge)


def register_followers(function: Followers) -> None:
    """Let another room say what refers to a standard: asked when that is replaced."""
    if function not in _followers:
        _followers.append(function)


def followers(standard_code: str) -> tuple[Follower, ...]:
    return tuple(found for ask in _followers for found in ask(standard_code))
