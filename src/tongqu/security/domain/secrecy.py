"""Markings of state secrecy (国家秘密标志) on the first page of a file.

Only a marking counts, in the places where documents carry one: "机密★10年", "密级：秘密",
a line that says nothing else, a column 密级 with such a value. The words inside a sentence
are no marking.
"""

import html
import re
import struct
import zlib
from collections.abc import Iterator

MARKS = "绝密|机密|秘密"
SPACED = {"绝密": r"绝\s*密", "机密": r"机\s*密", "秘密": r"秘\s*密"}
ANY = "|".join(SPACED.values())
STARRED = re.compile(rf"(?<![业事作])({ANY})\s*[★☆]")
LABELLED = re.compile(
    rf"(?:密\s*级|保密等级|秘密等级|涉密等级)[\s\"']*(?:[:：=＝为,，\t|]|</?[^<>]*>)[\s\"'\[【（(]*({ANY})"
    r"(?!\s*[/、或])"
)
ALONE = re.compile(
    rf"[\s\"'\[【（(]*({ANY})\s*(?:级|件|文件)?\s*(?:\d+\s*(?:年|个月|月)|长期)?[\s\"'\]】）),，]*"
)
COLUMN = re.compile(r"密级|保密等级|秘密等级|涉密等级")
CELL = re.compile(rf"(?:^|[,，;|\t\"])\s*({MARKS})\s*(?=[,，;|\t\"\r]|$)", re.MULTILINE)
TAG = re.compile(r"<[^<>]*>")
HEX_TEXT = re.compile(rb"<\s*(FEFF[0-9A-Fa-f\s]{4,2000})>", re.IGNORECASE)
FIRST_PAGE = 64 * 1024
FIRST_LINES = 5
MOST_UNPACKED = 256 * 1024  # of one part of an office file: a small file can unpack to anything
PARTS = re.compile(
    r"docProps/|word/document|word/header|xl/sharedStrings|xl/worksheets/sheet1\b|ppt/slides/slide1\b|content\.xml|meta\.xml"
)


def secrecy_mark(head: bytes | str) -> str | None:
    """Return 绝密, 机密 or 秘密 if the first page carries that marking, else None.

    ``head`` is the beginning of a file in UTF-8, GBK or UTF-16, an office file (its
    properties and first sheet or page are read as far as they are in ``head``) or a PDF
    (its metadata).
    """
    texts = [head[:FIRST_PAGE]] if isinstance(head, str) else _texts(head)
    for text in texts:
        if found := _mark(text):
            return found
    return None


def _mark(text: str) -> str | None:
    for pattern in (STARRED, LABELLED):
        if match := pattern.search(text):
            return _plain(match[1])
    lines = [line for line in text.splitlines() if line.strip()][:FIRST_LINES]
    for line in lines:
        if match := ALONE.fullmatch(line):
            return _plain(match[1])
    if lines and COLUMN.search(lines[0]) and (match := CELL.search(text)):
        return _plain(match[1])
    return None


def _plain(text: str) -> str:
    return re.sub(r"\s", "", text)


def _texts(head: bytes) -> Iterator[str]:
    if head.startswith(b"PK\x03\x04"):
        for part in _parts(head):
            text = html.unescape(part.decode("utf-8", "ignore"))  # some write &#26426; for 机
            yield text
            # A word processor cuts a word into runs; a sheet keeps one cell in one element.
            yield TAG.sub("", re.sub(r"</(?:w:p|si|is|a:p|text:p|dc:\w+|cp:\w+)>", "\n", text))
        return
    head = head[:FIRST_PAGE]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        yield head.decode("utf-16", "ignore")
        return
    yield head.decode("utf-8-sig", "ignore")
    yield head.decode("gb18030", "ignore")
    if b"\x00" in head or head.startswith(b"%PDF"):
        for encoding in ("utf-16-le", "utf-16-be"):
            yield head.decode(encoding, "ignore")
            yield head[1:].decode(encoding, "ignore")  # text that begins at an odd place
    for match in HEX_TEXT.finditer(head):
        digits = b"".join(match[1].split()).decode()
        yield bytes.fromhex(digits[: len(digits) // 2 * 2]).decode("utf-16", "ignore")


def _parts(archive: bytes) -> Iterator[bytes]:
    """Yield the parts of a zip archive that carry text, read from its front: the directory
    at its end need not be there."""
    at = 0
    while archive[at : at + 4] == b"PK\x03\x04" and len(archive) >= at + 30:
        method, packed, name_size, extra_size = struct.unpack_from("<8xH8xI4xHH", archive, at)
        begin = at + 30 + name_size + extra_size
        name = archive[at + 30 : at + 30 + name_size].decode("utf-8", "ignore")
        if method == zlib.DEFLATED:
            body, used = _inflate(archive[begin:], wanted=bool(PARTS.search(name)))
        else:
            body, used = archive[begin : begin + packed][:MOST_UNPACKED], packed
        if PARTS.search(name):
            yield body
        at = _next(archive, begin + (packed or used))


def _inflate(packed: bytes, *, wanted: bool) -> tuple[bytes, int]:
    """Return the beginning of a deflated part and how many packed bytes it took."""
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        body = stream.decompress(packed, MOST_UNPACKED)
        while not wanted and not stream.eof and stream.unconsumed_tail:
            stream.decompress(stream.unconsumed_tail, MOST_UNPACKED)
    except zlib.error:
        return b"", len(packed)
    return body, len(packed) - len(stream.unused_data) - len(stream.unconsumed_tail)


def _next(archive: bytes, at: int) -> int:
    """Return where the next part begins: a data descriptor may stand between."""
    found = archive.find(b"PK\x03\x04", at, at + 64)
    return found if found >= 0 else len(archive)
