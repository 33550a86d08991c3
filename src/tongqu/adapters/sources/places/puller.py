"""Places where departments lay files down: one puller over whatever can list and fetch.

A file is taken when it has stopped changing (or its done-marker lies beside it), as it is, in
the order in which files came. The cursor remembers what was taken; a file that came again under
the same name is taken again, and its rows are then duplicates.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, Protocol, TypeAlias

from tongqu.ingest.ports import (
    Connection,
    Contract,
    Cursor,
    Piece,
    Probe,
    PullFailed,
    PullOptions,
    Remark,
    Setting,
    Unreadable,
)
from tongqu.ingest.vocabulary import ColumnSpec, FileOptions, Form, Mode
from tongqu.kernel import clock
from tongqu.kernel.problems import Problem, Rejected
from tongqu.policy.clauses import measures_2021 as law

UNFINISHED = (".part", ".tmp", ".temp", ".filepart", ".crdownload", ".swp", "~")
MOST_FILES = 100_000  # of one run; those behind them come with the next
LONGEST_LIST = 5_000_000  # a server that never ends its list
MOST_REMARKS = 20
LONGEST_NAME = 255
CHUNK = 8 << 20
OPTIONS = (
    Setting("pattern", "文件名", "可用 * 和 ?，如 flow_*.csv", default="*", required=False),
    Setting("stable_seconds", "静置时间（秒）", "文件这么久没有变化才取，避免取到写了一半的文件",
            kind="number", default=60, required=False),
    Setting("marker", "完成标记后缀", "如 .done：有同名标记文件才取；填写后不看静置时间",
            required=False),
    Setting("after", "取走之后", kind="choice",
            choices=(("leave", "留在原处"), ("move", "移到 done 文件夹")), default="leave"),
    Setting("max_megabytes", "单个文件上限（MB）", kind="number", default=4096, required=False),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """A file in a place. ``stamp``: when it last changed, in seconds since 1970."""

    name: str
    size: int
    stamp: float

    @property
    def mark(self) -> list[Any]:
        """Return how the cursor remembers the file as it is."""
        return [self.size, self.stamp]


Taken: TypeAlias = Mapping[str, list[Any]]


@dataclass(slots=True)
class Look:
    """What a folder holds: files to take, oldest first, and how many more than can be held.

    ``there``: names that were taken and still lie there; the cursor forgets the others.
    """

    ready: list[Entry] = field(default_factory=list)
    there: set[str] = field(default_factory=set)
    more: int = 0
    large: list[Entry] = field(default_factory=list)  # over the limit of one file


class Store(Protocol):
    """A place that was opened. Raises ``PullFailed`` without the words of its driver."""

    def entries(self, folder: str) -> Iterator[Entry]:
        """Yield the files of a folder, not of those below it, as they are listed."""
        ...

    def is_still(self, folder: str, entry: Entry) -> bool:
        """Tell whether a file is as it was listed, without listing all of them again."""
        ...

    def fetch(self, folder: str, entry: Entry, target: Path) -> None:
        """Copy a file; of one that is larger than was said, no more than shows that it is."""
        ...

    def move(self, folder: str, entry: Entry) -> None:
        """Move a file to ``done/`` below its folder."""
        ...


def wrong(field: str, title: str, next_step: str) -> Rejected:
    return Rejected(
        Problem(code="SETTING_WRONG", title=title, next_step=next_step,
                basis=law.CONNECT_IN_TIME, fields={field: title})
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Take:
    """Which files to take, out of the settings."""

    folder: str
    pattern: str = "*"
    stable_seconds: int = 60
    marker: str = ""
    after: str = "leave"
    max_megabytes: int = 4096

    def wants(self, entry: Entry) -> bool:
        """Tell by its name whether a file is one of those to take."""
        return (
            fnmatchcase(entry.name, self.pattern)
            and _is_plain(entry.name)
            and not entry.name.startswith((".", "~"))
            and not entry.name.endswith((*UNFINISHED, *((self.marker,) if self.marker else ())))
        )

    def look(self, entries: Iterable[Entry], taken: "Taken") -> "Look":
        """Return what there is to take of a folder: of a huge one as much as can be held."""
        look, now, markers = Look(), clock.now().timestamp(), set[str]()
        for entry in islice(entries, LONGEST_LIST):
            if self.marker and entry.name.endswith(self.marker):
                markers.add(entry.name)
            if entry.name in taken:
                look.there.add(entry.name)
            if taken.get(entry.name) == entry.mark or not self.wants(entry):
                continue
            if not self.marker and now - entry.stamp < self.stable_seconds:
                continue
            if entry.size > self.max_megabytes << 20:
                look.large.append(entry)
            elif len(look.ready) < MOST_FILES:
                look.ready.append(entry)
            else:
                look.more += 1
        if self.marker:
            look.ready = [e for e in look.ready if {e.name + self.marker,
                          Path(e.name).stem + self.marker} & markers]  # fmt: skip
        look.ready.sort(key=lambda entry: (entry.stamp, entry.name))
        return look


def _is_plain(name: str) -> bool:
    """A server may call its files what it likes; here a name is one part of a path."""
    return (
        0 < len(name.encode("utf-8", "surrogateescape")) <= LONGEST_NAME
        and name.isprintable()
        and not set(name) & {"/", "\\"}
    )


def take_of(options: PullOptions) -> Take:
    """Raises: ``Rejected`` SETTING_WRONG."""
    given: dict[str, Any] = {
        one.name: options.settings.get(one.name, one.default) for one in OPTIONS
    }
    if unknown := sorted(set(options.settings) - set(given)):
        raise wrong(unknown[0], f"不认识的设置：{'、'.join(unknown)}。", "请删去后重试。")
    for name in ("stable_seconds", "max_megabytes"):
        if not str(given[name]).isdecimal():
            raise wrong(name, "须是不小于零的整数。", "请改填数字。")
        given[name] = int(given[name])
    if given["after"] not in {"leave", "move"}:
        raise wrong("after", "不在可选范围内。", "请从列表中选择。")
    folder = options.what.strip().strip("/")
    if any(part in {"..", "."} for part in folder.split("/")):
        raise wrong("what", "文件夹里不能有 . 或 .. 。", "请写登记地址之下的文件夹。")
    return Take(folder, **{**given, "pattern": given["pattern"] or "*"})


class PlacePuller(ABC):
    """Common to every place. A subclass says how to open it."""

    title = ""
    form = Form.FILE
    modes: tuple[Mode, ...] = (Mode.FULL,)
    connection_settings: tuple[Setting, ...] = ()
    option_settings: tuple[Setting, ...] = OPTIONS

    @abstractmethod
    def opened(self, connection: Connection) -> AbstractContextManager[Store]: ...

    @abstractmethod
    def check_connection(self, connection: Connection) -> None:
        """Raises: ``Rejected`` ADDRESS_REFUSED, SETTING_WRONG."""

    def check(self, connection: Connection, options: PullOptions) -> None:
        self.check_connection(connection)
        take_of(options)

    def probe(self, connection: Connection, options: PullOptions) -> Probe:
        """Say which files lie there, and what columns the oldest one shows."""
        take = take_of(options)
        with self.opened(connection) as store:
            ready = take.look(store.entries(take.folder), {}).ready
            columns = _columns(store, take, ready[0]) if ready else ()
        names = tuple(entry.name for entry in ready[:50])
        return Probe(columns=columns, choices=names, note=f"可取的文件 {len(ready)} 个。")

    def pull(
        self, connection: Connection, options: PullOptions, cursor: Cursor | None, into: Path
    ) -> Iterator[Piece | Remark]:
        take = take_of(options)
        taken: Taken = (cursor or {}).get("taken", {})
        with self.opened(connection) as store:
            look = take.look(store.entries(take.folder), taken)
            taken = {name: mark for name, mark in taken.items() if name in look.there}
            yield from _remarks(take, look)
            for entry in look.ready:
                path = into / Path(entry.name).name
                if not _fetched(store, take, entry, path):
                    continue  # it is being written again: the next run takes it
                taken = {**taken, entry.name: entry.mark}
                yield Piece(path, {"taken": taken}, name=entry.name, is_file=True,
                            facts={"bytes": entry.size},
                            settled=_mover(store, take, entry))  # fmt: skip


def _remarks(take: Take, look: Look) -> Iterator[Remark]:
    """Say what is left where it lies: the files behind it are taken all the same."""
    limit = f"超过单个文件上限 {take.max_megabytes} MB，没有取"
    for entry in look.large[:MOST_REMARKS]:
        size = f"{entry.size >> 20} MB"
        yield Remark(f"文件 {entry.name} 有 {size}，{limit}；请拆成几份，或调整来源的上限。")
    if len(look.large) > MOST_REMARKS:
        yield Remark(f"共有 {len(look.large)} 个文件{limit}。")
    if look.more:
        yield Remark(f"待取的文件超过 {MOST_FILES} 个，本次先取这些，其余 {look.more} 个以后再取。")


def _fetched(store: Store, take: Take, entry: Entry, path: Path) -> bool:
    """Fetch a file; tell whether it is the same after as before."""
    store.fetch(take.folder, entry, path)
    if path.stat().st_size == entry.size and (take.marker or store.is_still(take.folder, entry)):
        return True
    path.unlink(missing_ok=True)
    return False


def _mover(store: Store, take: Take, entry: Entry) -> Any:
    return (lambda: store.move(take.folder, entry)) if take.after == "move" else None


def _columns(store: Store, take: Take, entry: Entry) -> tuple[ColumnSpec, ...]:
    """Return what the oldest file shows; nothing where it cannot be read yet."""
    import tempfile

    from tongqu.adapters.sources.files.connector import FileConnector

    connector, options = FileConnector(), FileOptions()
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / Path(entry.name).name
        if not _fetched(store, take, entry, path):
            return ()
        try:
            landed = connector.land(path, Path(place) / "landing", options, name=path.name)
            with connector.open(landed, Contract("", options, ()), name=path.name) as opened:
                return opened.profile(title="")[1]
        except Unreadable:  # the load itself says why
            return ()


def copy(source: BinaryIO, target: Path, *, size: int) -> None:
    """Copy what was announced and one byte more where there is more: no source fills the disk."""
    left = size + 1
    with target.open("wb") as file:
        while left > 0 and (piece := source.read(min(CHUNK, left))):
            file.write(piece)
            left -= len(piece)


def gone() -> PullFailed:
    return PullFailed("SOURCE_UNREACHABLE", "文件所在的位置连接不上，或中途断开。",
                      "平台稍后会自动再试；请提供部门核对服务和网络。", again=True)  # fmt: skip


def not_let_in() -> PullFailed:
    return PullFailed("CREDENTIALS_WRONG", "对方不接受登记的用户、口令或密钥。",
                      "请提供部门核对授权，更新连接后重试。")  # fmt: skip


def no_folder() -> PullFailed:
    return PullFailed("FOLDER_UNKNOWN", "没有登记的文件夹，或没有读它的权限。",
                      "请核对文件夹名称和授权。")  # fmt: skip
