"""Read a pack: a folder of plain data that says what a province's resources are.

A pack holds no code. ``pack.toml`` names it and lists its documents; nothing else is read.
"""

import os
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from tongqu.kernel.problems import Problem, Rejected
from tongqu.standards.vocabulary import Check, CheckKind, Code, CodeTable

Document = Mapping[str, Any]
HERE = Path(__file__).resolve()
# In a checkout beside the sources, in the wheel inside the package.
SHELVES = (HERE.parents[4] / "packs", HERE.parents[2] / "packs")


@dataclass(frozen=True, slots=True)
class PackEntry:
    """One resource: ``document`` is what the catalogue imports, ``rules`` what quality keeps."""

    number: int
    slug: str
    file: str
    supply: str  # 供给方式, as the list of the batch says
    cycle: str  # 更新周期, as the list of the batch says
    document: Document
    rules: tuple[Document, ...]
    assumptions: tuple[str, ...]

    @property
    def name(self) -> str:
        return str(self.document.get("name", ""))

    @property
    def items(self) -> Sequence[Document]:
        found = self.document.get("items", [])
        return found if isinstance(found, list) else []

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(str(item.get("name_en", "")) for item in self.items)


@dataclass(frozen=True)
class Pack:
    """A pack as its files say; ``check`` has not yet judged it."""

    folder: Path
    head: Document
    standards: tuple[Document, ...] = ()
    elements: tuple[Document, ...] = ()
    tables: tuple[Document, ...] = ()
    crosswalks: tuple[Document, ...] = ()
    messages: tuple[Document, ...] = ()
    entries: tuple[PackEntry, ...] = ()
    topics: tuple[Document, ...] = ()
    masters: tuple[Document, ...] = ()
    batch: Document | None = None

    @property
    def name(self) -> str:
        return str(self.head.get("name", ""))

    @property
    def version(self) -> str:
        return str(self.head.get("version", ""))

    @property
    def title(self) -> str:
        return str(self.head.get("title", ""))

    @cached_property
    def by_slug(self) -> Mapping[str, PackEntry]:
        return {entry.slug: entry for entry in self.entries}

    @cached_property
    def code_tables(self) -> Mapping[str, CodeTable]:
        """Return the code tables as values, for checks that run without a database."""
        return {str(table["name"]): _code_table(table) for table in self.tables}

    @cached_property
    def element_checks(self) -> Mapping[str, tuple[Check, ...]]:
        """Return element code → its own checks, not yet bound to a column."""
        from tongqu.standards.public import parse_checks

        return {
            str(one["code"]): parse_checks(
                one.get("checks", []), where=str(one["code"]), needs_columns=False
            )
            for one in self.elements
        }

    def checks(self, slug: str) -> tuple[Check, ...]:
        """Return every check that a row of a resource must pass.

        Those of its items' elements, those of its code tables (code NOT_IN_CODES, as loading
        calls it) and the entry's own.
        """
        from tongqu.standards.public import parse_checks

        entry = self.by_slug[slug]
        found: list[Check] = []
        for item in entry.items:
            column = str(item["name_en"])
            bound = self.element_checks.get(str(item.get("element")), ())
            found += [check.bound(column) for check in bound]
            table = str(item.get("code_table", ""))
            if table and not any(table in check.tables for check in bound):
                found.append(_in_codes(column, table))
        own = parse_checks(
            entry.document.get("checks", []), where=entry.file, columns=entry.columns
        )
        return (*found, *own)


def _in_codes(column: str, table: str) -> Check:
    return Check("NOT_IN_CODES", "应为代码表中的代码", CheckKind.CODES, (column,), {"table": table})


def _code_table(document: Document) -> CodeTable:
    rows = document.get("codes", [])
    codes = tuple(
        Code(
            str(row["code"]), str(row["label"]), str(row.get("parent", "")),
            row.get("valid_from"), row.get("valid_to"),
        )
        for row in rows
    )  # fmt: skip
    return CodeTable(
        str(document["name"]), str(document["title"]), str(document["version"]), codes,
        str(document.get("standard", "")),
    )  # fmt: skip


def names() -> tuple[str, ...]:
    """Return the names of the packs that come with this installation."""
    found = {
        path.parent.name
        for shelf in SHELVES
        if shelf.is_dir()
        for path in shelf.glob("*/pack.toml")
    }
    return tuple(sorted(found))


def folder_of(name: str | os.PathLike[str]) -> Path:
    """Return a pack's folder by name or path. Raises: ``Rejected`` NO_SUCH_PACK."""
    given = Path(name)
    for folder in (given, *(shelf / given.name for shelf in SHELVES if str(name) == given.name)):
        if (folder / "pack.toml").is_file():
            return folder
    raise Rejected(
        Problem(
            code="NO_SUCH_PACK",
            title=f"没有名为 {given.name} 的数据包。",
            next_step=f"现有：{'、'.join(names()) or '无'}；也可以给出含 pack.toml 的目录。",
        )
    )


def read_pack(name: str | os.PathLike[str]) -> Pack:
    """Return a pack. Raises: ``Rejected`` NO_SUCH_PACK, PACK_UNREADABLE naming the file."""
    folder = folder_of(name)
    head = _toml(folder / "pack.toml")
    files = [path for listed in head.get("documents", []) for path in _files(folder, str(listed))]
    texts = {path.relative_to(folder).as_posix(): _toml(path) for path in files}

    def every(key: str) -> tuple[Document, ...]:
        return tuple(row for text in texts.values() for row in text.get(key, []))

    entries = sorted(
        (_entry(name, text) for name, text in texts.items() if "entry" in text),
        key=lambda entry: entry.number,
    )
    return Pack(
        folder=folder,
        head=head,
        standards=every("standards"),
        elements=every("elements"),
        tables=every("tables"),
        crosswalks=every("crosswalks"),
        messages=every("messages"),
        entries=tuple(entries),
        topics=every("topics"),
        masters=every("masters"),
        batch=next((text for text in texts.values() if "batch" in text), None),
    )


def _files(folder: Path, listed: str) -> list[Path]:
    path = folder / listed
    if not path.resolve().is_relative_to(folder.resolve()):
        raise _unreadable(listed, "不在数据包目录中")
    return sorted(path.glob("*.toml")) if path.is_dir() else [path]


def _entry(file: str, text: Document) -> PackEntry:
    number = text.get("number")
    return PackEntry(
        number=number if isinstance(number, int) else 0,
        slug=str(text.get("slug", "")),
        file=file,
        supply=str(text.get("supply", "")),
        cycle=str(text.get("cycle", "")),
        document=text["entry"],
        rules=tuple(text.get("rules", [])),
        assumptions=tuple(map(str, text.get("assumptions", []))),
    )


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise _unreadable(path.name, "文件不存在或不能读取") from error
    except UnicodeDecodeError as error:
        raise _unreadable(path.name, "不是 UTF-8 文本") from error
    except tomllib.TOMLDecodeError as error:
        raise _unreadable(path.name, f"不是合法的 TOML：{error}") from error


def _unreadable(file: str, what: str) -> Rejected:
    return Rejected(
        Problem(
            code="PACK_UNREADABLE",
            title=f"数据包文件 {file} {what}。",
            next_step="请改正该文件后重试。",
            facts={"file": file},
        )
    )
