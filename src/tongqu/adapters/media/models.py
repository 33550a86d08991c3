"""glTF, its binary form, and 3D Tiles: version and number of elements."""

import json
import lzma
import os
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tongqu.adapters.media.reading import bomb, broken, exactly, number

MOST_JSON = 64 << 20
MOST_DEPTH = 64  # of a tree of tiles
MOST_MEMBERS = 200_000
MOST_UNPACKED = 20 << 30
MOST_RATIO = 200
# What the readers of archives raise for one that is torn or lies about itself.
TORN = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, EOFError, KeyError, ValueError,
    NotImplementedError, RuntimeError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """``elements``: nodes with a mesh of a glTF, tiles with content of a 3D Tiles set."""

    version: str
    elements: int
    text: str = ""


def read_gltf(path: Path) -> ModelFacts:
    return _gltf(_json(_head(path), "glTF"))


def read_glb(path: Path) -> ModelFacts:
    """Read the first chunk of a GLB, which is the JSON."""
    with path.open("rb") as file:
        head = exactly(file, 20, "GLB")
        total, size = number(head, "<I", 8), number(head, "<I", 12)
        if head[16:20] != b"JSON" or size > MOST_JSON or total != os.fstat(file.fileno()).st_size:
            raise broken("GLB")
        return _gltf(_json(exactly(file, size, "GLB"), "GLB"))


def read_tiles(path: Path) -> ModelFacts:
    return _tiles(_json(_head(path), "3D Tiles"))


def _head(path: Path) -> bytes:
    """Return no more of a document than shows that it is too large."""
    with path.open("rb") as file:
        return file.read(MOST_JSON + 1)


def read_archive(path: Path) -> ModelFacts:
    """Read ``tileset.json`` of an archive; nothing else of it is unpacked."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            unpacked = sum(member.file_size for member in members)
            if len(members) > MOST_MEMBERS or unpacked > MOST_UNPACKED:
                raise bomb()
            if unpacked > max(64 << 20, path.stat().st_size * MOST_RATIO):
                raise bomb()
            if any(_leads_out(member.filename) for member in members):
                raise broken("3D Tiles")
            with archive.open("tileset.json") as file:
                return _tiles(_json(file.read(MOST_JSON + 1), "3D Tiles"))
    except TORN as error:
        raise broken("3D Tiles") from error


def _leads_out(name: str) -> bool:
    return name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/")


def _json(data: bytes, kind: str) -> dict[str, Any]:
    if len(data) > MOST_JSON:
        raise bomb()
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise broken(kind) from error
    if not isinstance(found, dict):
        raise broken(kind)
    return found


def _asset(found: dict[str, Any], kind: str) -> dict[str, Any]:
    asset = found.get("asset")
    if not isinstance(asset, dict) or not isinstance(asset.get("version"), str):
        raise broken(kind)
    return asset


def _gltf(found: dict[str, Any]) -> ModelFacts:
    asset = _asset(found, "glTF")
    nodes = found.get("nodes", [])
    if not isinstance(nodes, list):
        raise broken("glTF")
    elements = sum(1 for node in nodes if isinstance(node, dict) and "mesh" in node)
    return ModelFacts(asset["version"][:20], elements, json.dumps(asset, ensure_ascii=False))


def _tiles(found: dict[str, Any]) -> ModelFacts:
    asset = _asset(found, "3D Tiles")
    if not isinstance(found.get("root"), dict):
        raise broken("3D Tiles")
    elements, level = 0, [found["root"]]
    for _ in range(MOST_DEPTH):
        elements += sum(1 for tile in level if "content" in tile or "contents" in tile)
        held = [tile.get("children") for tile in level]
        below = (child for children in held if isinstance(children, list) for child in children)
        level = [child for child in below if isinstance(child, dict)]
        if not level:
            break
    else:
        raise broken("3D Tiles")
    return ModelFacts(asset["version"][:20], elements, json.dumps(asset, ensure_ascii=False))
