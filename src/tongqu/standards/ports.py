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


class BadFile(Exception):
    """A file that is not read at all: what is wrong, and what to do (Chinese)."""

    def __init__(self, title: str, next_step: str) -> None:
        super().__init__(title)
        self.title, self.next_step = title, next_step


class TableFiles(Protocol):
    """Reads and writes one table as a file."""

    def read(self, content: bytes, *, name: str) -> list[list[object]]:
        """Return the rows of a csv (UTF-8 or GBK) or of a workbook's one visible sheet.

        Raises ``BadFile``: hidden data, merged cells, formulas without a value, other formats.
        """
        ...

    def write(self, title: str, headers: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
        """Return a workbook whose cells are all texts."""
        ...


_files: list[Callable[[], TableFiles]] = []


def use_files(factory: Callable[[], TableFiles]) -> None:
    _files[:] = [factory]


def files() -> TableFiles:
    """Return the reader of table files. Raises ``Unavailable`` when none is connected."""
    if not _files:
        raise Unavailable("no reader of table files is connected")
    return _files[0]()
