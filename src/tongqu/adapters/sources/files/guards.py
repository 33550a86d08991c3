"""Streaming guards: line length, line census, decompression limit. Constant memory."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO

from tongqu.ingest.ports import Unreadable

CHUNK = 1 << 20
MAX_UNPACKED = 64 << 30
MAX_RATIO = 250  # text packs 5 to 30 times; an all-equal bomb more than 1,000 times
RATIO_FLOOR = 64 << 20  # below this nobody is harmed


@dataclass(slots=True)
class LineGuard:
    """Refuse a line longer than the limit, as soon as it is, with its number."""

    limit: int
    line: int = 1
    length: int = 0  # of the line under way

    def feed(self, chunk: bytes) -> None:
        """Jump from newline to newline at most ``limit`` apart: a few calls a chunk."""
        start = 0
        while True:
            end = start + self.limit - self.length + 1
            last = chunk.rfind(b"\n", start, end)
            if last < 0:
                self.length += len(chunk) - start
                if self.length > self.limit:
                    raise self._too_long()
                return
            self.line += chunk.count(b"\n", start, last + 1)
            start, self.length = last + 1, 0

    def _too_long(self) -> Unreadable:
        return Unreadable(
            "LINE_TOO_LONG",
            f"第 {self.line} 行超过单行上限（{self.limit} 字节），已停止读取。",
            "请检查该行是否缺少换行，或文件是否不是文本；确需更长的行请在来源中调整单行上限。",
            line=self.line,
            limit=self.limit,
        )


@dataclass(slots=True)
class Census:
    """Count lines, blank lines, quotes and delimiters of UTF-8 text with LF line ends.

    The counts owe nothing to the parser: the ledger's received rows rest on them.
    """

    delimiter: bytes
    newlines: int = 0
    quotes: int = 0
    delimiters: int = 0
    blanks: list[int] = field(default_factory=list)  # line numbers from 1
    _tail: bytes = b"\n"

    def feed(self, chunk: bytes) -> None:
        if not chunk:
            return
        if (self._tail + chunk[:1]) == b"\n\n" or b"\n\n" in chunk:
            self._note_blanks(chunk)
        self.newlines += chunk.count(b"\n")
        self.quotes += chunk.count(b'"')
        self.delimiters += chunk.count(self.delimiter)
        self._tail = chunk[-1:]

    def _note_blanks(self, chunk: bytes) -> None:
        import numpy as np

        ends = np.frombuffer(self._tail + chunk, dtype=np.uint8) == 10
        # A newline right after a newline ends a blank line.
        positions = np.flatnonzero(ends[1:])
        ordinal = np.arange(1, positions.size + 1)
        blank = ordinal[ends[:-1][positions]]
        self.blanks.extend((blank + self.newlines).tolist())

    @property
    def lines(self) -> int:
        """Return the lines that are not blank; the last may lack its newline."""
        return self.all_lines - len(self.blanks)

    @property
    def all_lines(self) -> int:
        return self.newlines + (self._tail != b"\n")


def chunks(stream: IO[bytes], *, packed: int | None) -> Iterator[bytes]:
    """Read a stream to its end; ``packed`` is the size it was unpacked from, if it was."""
    total = 0
    while chunk := stream.read(CHUNK):
        total += len(chunk)
        if packed is not None and (
            total > MAX_UNPACKED or (total > RATIO_FLOOR and total > packed * MAX_RATIO)
        ):
            raise bomb()
        yield chunk


def bomb() -> Unreadable:
    return Unreadable(
        "DECOMPRESSION_BOMB",
        "压缩文件解开后异常庞大，已停止解压。",
        "请核对压缩包内容；数据量确实很大时请分批报送或报送未压缩文件。",
        limit_ratio=MAX_RATIO,
    )
