"""A delimited text as a stream of typed blocks, with nothing kept: neither a copy nor a table.

Arrow's reader parses strictly but stops at the first value that does not fit, trims blanks
silently and does not say where a row stood. So each block of whole lines is looked over as bytes
first. One that might hold anything but plain values is read as text and judged line by line with
the same SQL as everywhere; the lines in doubt are cut out, by their numbers.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv as arrow_csv

from tongqu.adapters.sources.ahead import ahead
from tongqu.adapters.sources.files.detect import Kind, unpacked
from tongqu.adapters.sources.files.guards import chunks
from tongqu.adapters.sources.files.staging import text_of
from tongqu.adapters.sources.files.types import FALSE, TRUE

AHEAD = 4  # blocks
BLOCK = 1 << 20  # fits a core's cache, and is read several times over there
Bytes = npt.NDArray[np.uint8]
Places = npt.NDArray[np.int64]
Judge = Callable[[pa.Table], pa.Table]  # text with ``line`` → the plain rows, typed
_NEWLINE, _QUOTE, _SPACE, _TAB = b'\n" \t'
DOUBTFUL_SHARE = 5  # one line in so many: then reading twice costs more than it saves
DOUBTFUL_FLOOR = 1_000


class NotPlain(Exception):
    """The text as a whole must go the careful way."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How to read: the kinds are Arrow's, or None where SQL makes the value from the text."""

    path: Path
    kind: Kind
    encoding: str
    delimiter: str
    header: bool
    width: int
    max_line_bytes: int
    nulls: tuple[str, ...]
    kinds: Mapping[int, pa.DataType | None]  # by position in the file; only those wanted

    @property
    def schema(self) -> pa.Schema:
        fields = [pa.field(f"c{n}", kind or pa.string()) for n, kind in self.kinds.items()]
        return pa.schema([*fields, pa.field("line", pa.int64())])


@dataclass(slots=True)
class Blocks:
    """The stream, and what it counted: the counts owe nothing to the parsers."""

    layout: Layout
    judge: Judge
    records: int = 0
    fed: int = 0
    first: int = 1  # the line of the first record
    last: int = 0
    doubtful: list[Places] = field(default_factory=list)  # lines cut out
    blank: list[Places] = field(default_factory=list)
    error: BaseException | None = None
    _in_doubt: int = 0

    @contextmanager
    def reader(self) -> Iterator[pa.RecordBatchReader]:
        """Give the stream, which a thread parses a few blocks ahead of whoever reads it."""
        batches = ahead(self._batches(), depth=AHEAD)
        try:
            yield pa.RecordBatchReader.from_batches(self.layout.schema, batches)
        finally:
            batches.close()

    def _batches(self) -> Iterator[pa.RecordBatch]:
        try:
            for block, line, count in self.lines():
                for batch in self._read(block, line, count).to_batches():
                    self.fed += batch.num_rows
                    yield batch
        except BaseException as error:  # the engine would put it in words of its own
            self.error = error
            raise

    def lines(self) -> Iterator[tuple[bytes, int, int]]:
        """Yield blocks of whole lines after the header: text, number of the first, how many."""
        line, held = 1, self.layout.header
        for block in _whole_lines(self._pieces(), self.layout.max_line_bytes):
            if held:
                block, line = _after_header(block)  # noqa: PLW2901  # the header belongs to nobody
                self.first, held = line, False
            if block:
                count = block.count(b"\n")
                yield block, line, count
                line += count
        self.last = line - 1

    def _pieces(self) -> Iterator[bytes]:
        layout = self.layout
        packed = layout.path.stat().st_size if layout.kind.compression != "none" else None
        with unpacked(layout.path, layout.kind) as stream:
            if packed is None and layout.encoding.startswith("utf-8"):
                yield from _plain_pieces(stream)
            else:
                yield from text_of(chunks(stream, packed=packed), layout.encoding, layout.kind)

    def _read(self, block: bytes, line: int, count: int) -> pa.Table:
        if self._is_plain(block):
            try:
                table = self._parse(block, self.layout.kinds)
            except pa.ArrowInvalid:
                table = None
            if table is not None and table.num_rows == count:
                self.records += count
                return table.append_column("line", numbers_of(np.arange(line, line + count)))
        return self._by_line(block, line)

    def _parse(self, block: bytes, kinds: Mapping[int, pa.DataType | None]) -> pa.Table:
        layout = self.layout
        return arrow_csv.read_csv(
            pa.BufferReader(block),
            read_options=arrow_csv.ReadOptions(
                use_threads=False, block_size=len(block) + 1,
                column_names=[f"c{n}" for n in range(layout.width)],
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter=layout.delimiter, quote_char='"' if b'"' in block else False
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types={f"c{n}": kind or pa.string() for n, kind in kinds.items()},
                include_columns=[f"c{n}" for n in kinds],
                null_values=list(layout.nulls), strings_can_be_null=True,
                true_values=_cases(TRUE), false_values=_cases(FALSE),
            ),
        ).combine_chunks()  # fmt: skip

    def _is_plain(self, block: bytes) -> bool:
        """Tell whether no value can be padded or wide, nor read more kindly than we would."""
        a = np.frombuffer(block, np.uint8)
        border = np.zeros(256, bool)
        border[[ord(self.layout.delimiter), _NEWLINE, _QUOTE]] = True
        for blank in (_SPACE, _TAB):
            if blank == ord(self.layout.delimiter) or bytes([blank]) not in block:
                continue
            at = np.flatnonzero(a == blank)
            # Before the first byte there is, as at -1, the end of a line.
            if border[a[at - 1]].any() or border[a[at + 1]].any() or self._hours(a, at, border):
                return False
        if b"T" in block and self._hours(a, np.flatnonzero(a == ord("T")), border):
            return False
        if b'"' in block and not _quotes_pair(a, border):
            return False
        return not (_is_hexadecimal(a, block) or _is_wide(a, block))

    def _hours(self, a: Bytes, at: Places, border: npt.NDArray[np.bool_]) -> bool:
        """Find ``2026-01-31 12``, which Arrow takes for noon and we for a mistake."""
        if not any(kind is not None and pa.types.is_timestamp(kind)
                   for kind in self.layout.kinds.values()):  # fmt: skip
            return False
        return bool((border[a.take(at + 3, mode="clip")] & (a[at - 3] == ord("-"))).any())

    def _by_line(self, block: bytes, line: int) -> pa.Table:
        """Read a block that is not plain throughout: blank, ragged and doubtful lines apart."""
        a = np.frombuffer(block, np.uint8)
        ends = np.flatnonzero(a == _NEWLINE)
        lengths = np.diff(ends, prepend=-1)
        is_blank = lengths == 1
        ragged = np.zeros(len(ends), bool)
        if b'"' in block:
            border = np.zeros(256, bool)
            border[[ord(self.layout.delimiter), _NEWLINE]] = True
            if not _quotes_pair(a, border):
                raise NotPlain
        else:
            delimiters = np.flatnonzero(a == ord(self.layout.delimiter))
            before = np.searchsorted(delimiters, ends)
            ragged = (np.diff(before, prepend=0) != self.layout.width - 1) & ~is_blank
        keep = ~(is_blank | ragged)
        numbers = np.arange(line, line + len(ends))
        kept = a[np.repeat(keep, lengths)].tobytes()
        plain = self._judged(kept, numbers[keep]) if kept else self.layout.schema.empty_table()
        self.blank.append(numbers[is_blank])
        self.records += len(ends) - int(is_blank.sum())
        self._doubt(np.setdiff1d(numbers[~is_blank], plain["line"].to_numpy(), assume_unique=True))
        return plain

    def _judged(self, kept: bytes, numbers: Places) -> pa.Table:
        try:
            table = self._parse(kept, dict.fromkeys(self.layout.kinds))
        except pa.ArrowInvalid as error:
            raise NotPlain from error
        if table.num_rows != len(numbers):
            raise NotPlain
        return self.judge(table.append_column("line", numbers_of(numbers))).cast(self.layout.schema)

    def _doubt(self, lines: Places) -> None:
        self.doubtful.append(lines)
        self._in_doubt += len(lines)
        if too_many(self._in_doubt, self.records):
            raise NotPlain


def numbers_of(values: Places) -> pa.Array:
    """Return Arrow's view of numbers. ``pa.array`` would bring in pandas, for a second."""
    return pa.Array.from_buffers(pa.int64(), len(values), [None, pa.py_buffer(values)])


def too_many(doubtful: int, records: int) -> bool:
    return doubtful > DOUBTFUL_FLOOR + records // DOUBTFUL_SHARE


def _cases(words: Sequence[str]) -> list[str]:
    return sorted({case for word in words for case in (word, word.upper(), word.capitalize())})


def _plain_pieces(stream: IO[bytes]) -> Iterator[bytes]:
    """Yield UTF-8 text as it stands; what is not UTF-8 the parser finds."""
    piece = stream.read(BLOCK).removeprefix(b"\xef\xbb\xbf")
    held = b""
    while piece:
        if b"\x00" in piece:
            raise NotPlain
        if held or b"\r" in piece:
            piece = held + piece
            held = b"\r" if piece.endswith(b"\r") else b""
            piece = piece.removesuffix(b"\r").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        yield piece
        piece = stream.read(BLOCK)
    if held:
        yield b"\n"


def _whole_lines(pieces: Iterator[bytes], limit: int) -> Iterator[bytes]:
    rest = b""
    for piece in pieces:
        cut = piece.rfind(b"\n") + 1
        if not cut:
            rest += piece
            if len(rest) > limit:
                raise NotPlain
            continue
        yield rest + piece[:cut]
        rest = piece[cut:]
    if rest:
        yield rest + b"\n"


def _after_header(block: bytes) -> tuple[bytes, int]:
    """Return what follows the header, the first line that is not blank, and its line number."""
    start = len(block) - len(block.lstrip(b"\n"))
    end = block.find(b"\n", start) + 1
    if not end or block.count(b'"', start, end) % 2:
        raise NotPlain
    return block[end:], start + 2


def _quotes_pair(a: Bytes, border: npt.NDArray[np.bool_]) -> bool:
    """Tell whether each field is quoted whole or not at all, with no quote or line end inside."""
    at = np.flatnonzero(a == _QUOTE)
    if len(at) % 2:
        return False
    opens, closes = at[::2], at[1::2]
    outside = border.copy()
    outside[_QUOTE] = False
    if not (outside[a[opens - 1]].all() and outside[a[closes + 1]].all()):
        return False
    ends = np.flatnonzero(a == _NEWLINE)
    return bool((np.searchsorted(ends, opens) == np.searchsorted(ends, closes)).all())


def _is_hexadecimal(a: Bytes, block: bytes) -> bool:
    return any(
        letter in block and bool((a[np.flatnonzero(a == letter[0]) - 1] == ord("0")).any())
        for letter in (b"x", b"X")
    )


def _is_wide(a: Bytes, block: bytes) -> bool:
    """Find full-width letters and digits, and the blanks beyond ASCII, by their UTF-8."""
    if b"\xef" in block:
        at = np.flatnonzero(a == 0xEF)
        second, third = a.take(at + 1, mode="clip"), a.take(at + 2, mode="clip")
        upper = (third >= 0x90) & (third <= 0x99) | (third >= 0xA1) & (third <= 0xBA)
        lower = (third >= 0x81) & (third <= 0x9A)
        if ((second == 0xBC) & upper | (second == 0xBD) & lower | (second == 0xBB)).any():
            return True
    if b"\xe3" in block:
        at = np.flatnonzero(a == 0xE3)
        if ((a.take(at + 1, mode="clip") == 0x80) & (a.take(at + 2, mode="clip") == 0x80)).any():
            return True
    return b"\xc2" in block and b"\xc2\xa0" in block


def pick(blocks: Iterator[tuple[bytes, int, int]], lines: Places) -> Iterator[bytes]:
    """Yield the lines of these numbers, which are in order, without their ends."""
    for block, first, count in blocks:
        low, high = np.searchsorted(lines, [first, first + count])
        if low == high:
            continue
        ends = np.flatnonzero(np.frombuffer(block, np.uint8) == _NEWLINE)
        for n in (lines[low:high] - first).tolist():
            start = int(ends[n - 1]) + 1 if n else 0
            yield block[start : int(ends[n])]


__all__ = ["Blocks", "Layout", "NotPlain", "Places", "pick", "too_many"]
