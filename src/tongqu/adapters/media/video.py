"""MP4 by its boxes: duration, size of the picture, codecs. Nothing is decoded."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from tongqu.adapters.media.reading import broken, number

KIND = "MP4"
MOST_BOXES = 10_000
MOST_DEPTH = 16
MOST_TEXT = 64 << 10
CONTAINERS = frozenset({b"moov", b"trak", b"mdia", b"minf", b"stbl", b"udta"})
CODECS = {
    "avc1": "H.264", "avc3": "H.264", "hvc1": "H.265", "hev1": "H.265", "av01": "AV1",
    "vp09": "VP9", "mp4v": "MPEG-4", "mp4a": "AAC", "Opus": "Opus", "alaw": "G.711A",
}  # fmt: skip


@dataclass(slots=True)
class VideoFacts:
    """Units: seconds, pixels. Zero: the file does not say."""

    seconds: float = 0.0
    width: int = 0
    height: int = 0
    codecs: list[str] = field(default_factory=list)
    text: str = ""
    has_movie: bool = False


@dataclass(frozen=True, slots=True)
class _Box:
    name: bytes
    start: int  # of its content
    end: int


def read(path: Path) -> VideoFacts:
    """Return what the boxes say. Raises ``Unfit`` for one that leads out of its parent."""
    facts = VideoFacts()
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        budget = [MOST_BOXES]
        for box in _boxes(file, 0, size, budget):
            if box.name == b"moov":
                facts.has_movie = True
                _walk(file, box, facts, budget)
    if not facts.has_movie:
        raise broken(KIND)
    return facts


def _walk(
    file: BinaryIO, parent: _Box, facts: VideoFacts, budget: list[int], depth: int = 0
) -> None:
    if depth > MOST_DEPTH:
        raise broken(KIND)
    for box in _boxes(file, parent.start, parent.end, budget):
        if box.name in CONTAINERS:
            _walk(file, box, facts, budget, depth + 1)
            if box.name == b"udta":
                facts.text += _text(file, box)
        elif box.name == b"mvhd":
            facts.seconds = _duration(_content(file, box, 120))
        elif box.name == b"tkhd":
            _picture(_content(file, box, 104), facts)
        elif box.name == b"stsd":
            _codec(_content(file, box, 16), facts)
        elif box.name == b"meta":
            facts.text += _text(file, box)


def _boxes(file: BinaryIO, start: int, end: int, budget: list[int]) -> Iterator[_Box]:
    at = start
    while at + 8 <= end:
        budget[0] -= 1
        if budget[0] < 0:
            raise broken(KIND)
        file.seek(at)
        head = file.read(16)
        size, begin = number(head, ">I"), at + 8
        if size == 1 and len(head) == 16:
            size, begin = number(head, ">Q", 8), at + 16
        elif size == 0:
            size = end - at
        if size < begin - at or at + size > end:
            raise broken(KIND)
        yield _Box(head[4:8], begin, at + size)
        at += size


def _content(file: BinaryIO, box: _Box, most: int) -> bytes:
    file.seek(box.start)
    return file.read(min(most, box.end - box.start))


def _duration(data: bytes) -> float:
    is_long = data[:1] == b"\x01"
    if len(data) < (32 if is_long else 20):
        raise broken(KIND)
    scale = number(data, ">I", 20 if is_long else 12)
    length = number(data, ">Q" if is_long else ">I", 24 if is_long else 16)
    return length / scale if scale else 0.0


def _picture(data: bytes, facts: VideoFacts) -> None:
    at = 88 if data[:1] == b"\x01" else 76
    if len(data) < at + 8:
        raise broken(KIND)
    width, height = number(data, ">I", at) >> 16, number(data, ">I", at + 4) >> 16
    if width * height > facts.width * facts.height:
        facts.width, facts.height = width, height


def _codec(data: bytes, facts: VideoFacts) -> None:
    if len(data) < 16:
        return
    name = data[12:16].decode("latin-1")
    word = CODECS.get(name, name if name.isalnum() else "未知")
    if word not in facts.codecs:
        facts.codecs.append(word)


def _text(file: BinaryIO, box: _Box) -> str:
    """Return what metadata boxes hold, for the search of marks."""
    return _content(file, box, MOST_TEXT).decode("utf-8", "ignore") + "\n"
