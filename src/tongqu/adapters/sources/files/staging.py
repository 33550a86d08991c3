"""Make a text file readable: unpacked, UTF-8, LF line ends, guarded, counted. One pass."""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tongqu.adapters.sources.files.detect import HEAD, Kind, not_what_it_says, unpacked
from tongqu.adapters.sources.files.guards import Census, LineGuard, chunks
from tongqu.adapters.sources.files.landing import storage_errors
from tongqu.ingest.ports import Unreadable

ENCODINGS = ("utf-8", "utf-8-sig", "gb18030")
LABELS = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8（带 BOM）", "gb18030": "GB 18030（GBK）"}


@dataclass(frozen=True, slots=True)
class StagedText:
    path: Path
    encoding: str
    census: Census


def wrong_encoding(declared: str, looks_like: str, offset: int | None = None) -> Unreadable:
    said = f"登记的编码是 {LABELS.get(declared, declared)}，" if declared else ""
    return Unreadable(
        "WRONG_ENCODING",
        f"{said}文件内容看起来是 {LABELS.get(looks_like, looks_like)}。",
        "请在来源的读取选项中改正编码，或按登记的编码重新导出。",
        declared=declared,
        looks_like=looks_like,
        offset=offset,
    )


def fits(head: bytes, encoding: str) -> bool:
    """Tell whether bytes decode; a character cut off at the end is no fault."""
    try:
        codecs.getincrementaldecoder(encoding)("strict").decode(head, False)
    except UnicodeDecodeError:
        return False
    return True


def looks_like(head: bytes) -> str:
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "UTF-16"
    return next((code for code in ("utf-8", "gb18030") if fits(head, code)), "未知编码")


def choose(head: bytes, declared: str) -> str:
    """Return the encoding to read with. A declared one wins, or fails with what it is not."""
    seen = looks_like(head)
    if not declared:
        if seen not in ENCODINGS:
            raise wrong_encoding("", seen)
        return seen
    if declared.startswith("utf-8") and seen.startswith("utf-8"):
        return seen
    # UTF-8 text often decodes as GB 18030 too, into nonsense: believe the stricter encoding.
    if declared == "gb18030" and not head.isascii() and seen.startswith("utf-8"):
        raise wrong_encoding(declared, seen)
    if not fits(head, declared):
        raise wrong_encoding(declared, seen)
    return declared


def stage(path: Path, kind: Kind, *, target: Path, guard: LineGuard | None,
          encoding: str, delimiter: str) -> StagedText:  # fmt: skip
    """Write ``target`` as UTF-8 text with LF line ends.

    Raises: ``Unreadable`` WRONG_ENCODING, LINE_TOO_LONG, NOT_WHAT_IT_SAYS, STORAGE_FULL,
    DECOMPRESSION_BOMB.
    """
    with unpacked(path, kind) as stream:
        head = stream.read(HEAD)
    chosen = choose(head, encoding)
    try:
        return _transcode(path, kind, target, (guard, chosen, delimiter))
    except _Undecodable as error:
        # The first pages were plain ASCII and the text turned out to be something else.
        other = "gb18030" if chosen.startswith("utf-8") else "utf-8"
        if encoding or not head.isascii():
            raise wrong_encoding(chosen, looks_like(error.piece), error.offset) from None
    try:
        fresh = LineGuard(guard.limit) if guard else None
        return _transcode(path, kind, target, (fresh, other, delimiter))
    except _Undecodable as error:
        raise wrong_encoding("", "未知编码", error.offset) from None


class _Undecodable(Exception):
    def __init__(self, offset: int, piece: bytes) -> None:
        super().__init__(offset)
        self.offset, self.piece = offset, piece


def _transcode(path: Path, kind: Kind, target: Path,
               how: tuple[LineGuard | None, str, str]) -> StagedText:  # fmt: skip
    guard, encoding, delimiter = how
    census = Census(delimiter.encode())
    packed = path.stat().st_size if kind.compression != "none" else None
    with storage_errors(), unpacked(path, kind) as stream, target.open("wb") as out:
        for piece in text_of(chunks(stream, packed=packed), encoding, kind):
            if guard:
                guard.feed(piece)
            census.feed(piece)
            out.write(piece)
    return StagedText(target, encoding, census)


def text_of(pieces: Iterator[bytes], encoding: str, kind: Kind) -> Iterator[bytes]:
    """Yield UTF-8 with LF line ends; a decoder keeps what a chunk cut apart."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    offset, held = 0, b""
    for piece in pieces:
        if b"\x00" in piece:
            raise not_what_it_says(kind.format.label, "二进制内容")
        try:
            decoded = decoder.decode(piece, False)
        except UnicodeDecodeError as error:
            start = max(error.start - 16, 0)
            raise _Undecodable(offset, error.object[start : start + 4096]) from None
        offset += len(piece)
        data = held + decoded.encode("utf-8")
        held = b"\r" if data.endswith(b"\r") else b""
        if held:
            data = data[:-1]
        yield data.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in data else data
    try:
        rest = decoder.decode(b"", True)
    except UnicodeDecodeError as error:
        raise _Undecodable(offset, error.object[:4096]) from None
    if rest or held:
        yield rest.encode("utf-8") + (b"\n" if held else b"")
