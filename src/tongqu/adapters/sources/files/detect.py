"""What a file is, by its content and not by its name alone."""

import gzip
import html
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from tongqu.adapters.sources.files.guards import bomb
from tongqu.ingest.ports import Unreadable
from tongqu.ingest.vocabulary import FileFormat, FileOptions

HEAD = 1 << 16
SUFFIXES = {
    ".csv": FileFormat.CSV, ".txt": FileFormat.CSV, ".tsv": FileFormat.CSV,
    ".xlsx": FileFormat.XLSX, ".xlsm": FileFormat.XLSX, ".xls": FileFormat.XLSX,
    ".ods": FileFormat.XLSX,
    ".json": FileFormat.JSON, ".jsonl": FileFormat.JSON, ".ndjson": FileFormat.JSON,
    ".geojson": FileFormat.GEOJSON,
    ".parquet": FileFormat.PARQUET, ".xml": FileFormat.XML, ".shp": FileFormat.SHAPEFILE,
}  # fmt: skip
SIGNATURES = (
    (b"PK\x03\x04", "zip"), (b"PK\x05\x06", "zip"), (b"\x1f\x8b", "gz"), (b"PAR1", "parquet"),
    (b"\x89PNG", "PNG 图片"), (b"\xff\xd8\xff", "JPEG 图片"), (b"GIF8", "GIF 图片"),
    (b"%PDF", "PDF 文档"), (b"\xd0\xcf\x11\xe0", "旧版 Office 文件"), (b"\x7fELF", "可执行程序"),
    (b"MZ", "可执行程序"), (b"7z\xbc\xaf", "7z 压缩包"), (b"Rar!", "RAR 压缩包"),
    (b"SQLite format 3", "SQLite 数据库"), (b"BZh", "bzip2 压缩包"), (b"\xfd7zXZ", "xz 压缩包"),
)  # fmt: skip
# What programs print when they fail, saved as data: pieces of a page as well as whole ones.
_MARKUP = (b"<!doctype html", b"<html", b"<?xml", b"<br", b"<b>", b"<pre", b"<p>", b"<div",
           b"<body", b"<table", b"<font")  # fmt: skip
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
SHAPE_HEAD = b"\x00\x00\x27\x0a"
TEXTS = frozenset({FileFormat.CSV, FileFormat.JSON, FileFormat.GEOJSON})


@dataclass(frozen=True, slots=True)
class Kind:
    format: FileFormat
    compression: str  # none, gz, zip
    member: str = ""


def not_what_it_says(claimed: str, found: str) -> Unreadable:
    return Unreadable(
        "NOT_WHAT_IT_SAYS",
        f"文件内容与声明的格式不符：声明为{claimed}，内容看起来是{found}。",
        "请按声明的格式重新导出，或在来源中改正读取选项。",
        claimed=claimed,
        found=found,
    )


def shape_parts(missing: list[str]) -> Unreadable:
    return Unreadable(
        "SHAPEFILE_PARTS",
        f"Shapefile 不完整，缺少：{'、'.join(missing)}。",
        "请把同名的 shp、dbf、shx、prj（有 cpg 的一并）放进一个 zip 报送。",
        missing=missing,
    )


def empty_file() -> Unreadable:
    return Unreadable(
        "EMPTY_FILE", "文件是空的，没有表头也没有数据。", "请核对导出程序后重新报送。"
    )


def signature(head: bytes) -> str:
    """Return what the first bytes betray; empty for what may be text."""
    found = next((what for magic, what in SIGNATURES if head.startswith(magic)), "")
    if found == "可执行程序" and b"\x00" not in head:
        return ""  # a text may begin with MZ
    start = head[:512].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if not found and start.startswith(_MARKUP):
        return "网页或 XML"
    return found


def _members(path: Path) -> list[str]:
    try:
        with zipfile.ZipFile(path) as archive:
            return [info.filename for info in archive.infolist() if not info.is_dir()]
    except zipfile.BadZipFile:
        raise not_what_it_says("压缩包", "损坏或不完整的压缩包") from None


def _member(members: list[str], wanted: str) -> str:
    members = [m for m in members if not m.startswith("__MACOSX/")]
    if wanted:
        if wanted in members:
            return wanted
    elif len(members) == 1:
        return members[0]
    elif len(shapes := [m for m in members if m.lower().endswith(".shp")]) == 1:
        return shapes[0]
    raise Unreadable(
        "ZIP_MEMBER",
        "压缩包内找不到要读取的文件，或不止一个文件。",
        "请在来源的读取选项中写明包内文件名（member），或每包只放一个文件。",
        files=len(members),
    )


def kind_of(path: Path, options: FileOptions, *, name: str) -> Kind:
    """Decide format and compression, and refuse what is not what it says.

    Raises: ``Unreadable`` EMPTY_FILE, NOT_WHAT_IT_SAYS, ZIP_MEMBER, FORMAT_UNKNOWN.
    """
    with path.open("rb") as file:
        head = file.read(HEAD)
    if not head:
        raise empty_file()
    plain = name.lower()
    said = options.compression or (
        "gz" if plain.endswith(".gz") else "zip" if plain.endswith(".zip") else "none"
    )
    found = signature(head)
    if said not in {"none", found}:
        raise not_what_it_says(f" {said} 压缩文件", found or "未压缩的文本")
    member = ""
    if said == "zip":
        member = _member(_members(path), options.member)
        plain = member.lower()
    elif said == "gz":
        plain = plain.removesuffix(".gz")
    kind = Kind(_format(plain, options), said, member)
    with unpacked(path, kind) as stream:
        _check_signature(kind, stream.read(HEAD), path)
    return kind


def _format(plain: str, options: FileOptions) -> FileFormat:
    if options.format:
        return FileFormat(options.format)
    found = SUFFIXES.get(Path(plain).suffix)
    if found is None:
        raise Unreadable(
            "FORMAT_UNKNOWN",
            "看不出文件的格式。",
            "请在来源的读取选项中写明格式：" + "、".join(f.value for f in FileFormat) + "。",
        )
    return found


def _check_signature(kind: Kind, head: bytes, path: Path) -> None:
    if not head.strip(b"\xef\xbb\xbf \r\n\t"):
        raise empty_file()
    found = signature(head)
    claimed = kind.format.label
    match kind.format:
        case FileFormat.PARQUET:
            if found != "parquet":
                raise not_what_it_says(claimed, found or "文本")
        case FileFormat.XLSX:
            if found not in {"zip", "旧版 Office 文件"}:
                raise not_what_it_says(claimed, found or "文本")
        case FileFormat.SHAPEFILE:
            if kind.compression != "zip":
                raise shape_parts(["zip"])
            if not head.startswith(SHAPE_HEAD):
                raise not_what_it_says(claimed, found or "其他内容")
        case FileFormat.XML:
            if found != "网页或 XML" or b"<html" in head[:512].lower():
                raise not_what_it_says(claimed, found or "其他文本")
        case _ if found:
            office = found == "zip" and any(m == "[Content_Types].xml" for m in _members(path))
            raise not_what_it_says(claimed, "Office 文件（xlsx/docx）" if office else found)
        case _ if b"\x00" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise not_what_it_says(claimed, "二进制内容")


@contextmanager
def unpacked(path: Path, kind: Kind) -> Iterator[IO[bytes]]:
    """Open the content itself, through gzip or a member of a zip."""
    try:
        if kind.compression == "gz":
            with gzip.open(path, "rb") as stream:
                yield io.BufferedReader(stream, 1 << 20)
        elif kind.compression == "zip":
            with zipfile.ZipFile(path) as archive, archive.open(kind.member) as member:
                yield member
        else:
            with path.open("rb") as file:
                yield file
    except (gzip.BadGzipFile, zipfile.BadZipFile, EOFError, zlib.error):
        raise not_what_it_says("压缩文件", "损坏或不完整的压缩文件") from None
    except RuntimeError as error:  # zipfile's word for a password
        if "encrypted" in str(error):
            raise not_what_it_says("压缩文件", "加密的压缩文件") from None
        raise


def first_pages(path: Path) -> list[str]:
    """Return metadata and the first page as text, whatever the file claims to be.

    Read without trust: a mark must be found even in a file that will be refused anyway.
    """
    with path.open("rb") as file:
        head = file.read(HEAD)
    pages = [path.name, *_decodings(head)]
    what = signature(head)
    if what == "gz":
        try:
            with gzip.open(path, "rb") as stream:
                pages += _decodings(stream.read(HEAD))
        except (OSError, EOFError, zlib.error):
            pass  # damaged: kind_of refuses it with words
    elif what == "zip":
        pages += _inside_zip(path)
    elif what == "parquet":
        pages += _parquet_metadata(path)
    return pages


# Parts of an Office file that hold its properties, its words and its first sheet.
_OFFICE = ("docProps/core.xml", "docProps/app.xml", "docProps/custom.xml", "xl/sharedStrings.xml",
           "xl/worksheets/sheet1.xml", "word/document.xml", "word/header1.xml",
           "meta.xml", "content.xml")  # fmt: skip


def _inside_zip(path: Path) -> list[str]:
    pages: list[str] = []
    try:
        with zipfile.ZipFile(path) as archive:
            pages += _decodings(archive.comment)
            names = [info.filename for info in archive.infolist()][:200]
            pages += names
            # Attribute tables and texts first: geometry holds no words.
            texts = [n for n in names if not n.lower().endswith((".shp", ".shx", ".sbn", ".sbx"))]
            wanted = [n for n in names if n in _OFFICE] or texts[:20]
            for name in wanted:
                with archive.open(name) as member:
                    pages += _decodings(member.read(HEAD))
    except (zipfile.BadZipFile, RuntimeError, zlib.error, EOFError, NotImplementedError):
        pass  # damaged or locked: kind_of refuses it with words
    return pages


def _parquet_metadata(path: Path) -> list[str]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path)
        pages = [*file.schema_arrow.names]
        for key, value in (file.metadata.metadata or {}).items():
            pages += [key.decode("utf-8", "replace"), value.decode("utf-8", "replace")[:HEAD]]
        first = next(file.iter_batches(batch_size=20), None)
        if first is not None:
            pages.append(str(first.to_pylist())[:HEAD])
    except (pa.ArrowException, OSError):
        return []  # damaged: reading refuses it with words
    return pages


def _decodings(head: bytes) -> list[str]:
    """Return the head as text in the encodings a mark may be written in, escapes undone."""
    texts = _decoded(head)
    return texts + [plain for text in texts if (plain := _unescaped(text)) != text]


def _unescaped(text: str) -> str:
    """Undo what JSON and XML may write for a character: a mark is a mark in either."""
    if "\\u" in text:
        text = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
    return html.unescape(text) if "&#" in text else text


def _decoded(head: bytes) -> list[str]:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return [head.decode("utf-16", "replace")]
    try:
        return [head.decode("utf-8")]
    except UnicodeDecodeError as error:
        if error.start > len(head) - 4:  # cut in the middle of a character
            return [head.decode("utf-8", "replace")]
        return [head.decode("utf-8", "replace"), head.decode("gb18030", "replace")]


__all__ = ["HEAD", "TEXTS", "Kind", "bomb", "first_pages", "kind_of", "unpacked"]
