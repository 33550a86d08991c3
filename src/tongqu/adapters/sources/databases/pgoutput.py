"""Decode PostgreSQL's ``pgoutput`` messages (protocol version 1).

The protocol is a stream of records, so this is one of the few places that walks row by row; it
sees changes only, never whole tables. Values come as the database's own text.
Source: PostgreSQL documentation, "Logical Replication Message Formats".
"""

import struct
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from tongqu.ingest.ports import PullFailed
from tongqu.ingest.vocabulary import Op

Values = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a row; ``seq`` orders all changes of the source and is never given twice."""

    op: Op
    seq: str
    values: Values


@dataclass(frozen=True, slots=True)
class Committed:
    """The end of a transaction: everything before ``lsn`` may be let go once it is stored."""

    lsn: int


@dataclass(frozen=True, slots=True)
class _Relation:
    name: str
    schema: str
    columns: tuple[str, ...]
    keys: frozenset[str]


def lsn_text(lsn: int) -> str:
    return f"{lsn >> 32:X}/{lsn & 0xFFFFFFFF:X}"


def lsn_of(text: str) -> int:
    high, _, low = text.partition("/")
    return (int(high, 16) << 32) + int(low, 16)


def seq_of(lsn: int, number: int) -> str:
    """Return the place of a change as text that sorts: commit position, number in it."""
    return f"{lsn:016x}-{number:08x}"


class _Toasted:
    """A large value that the update did not touch and the database did not send."""


TOASTED = _Toasted()


@dataclass(slots=True)
class Decoder:
    """Keeps what relations look like from message to message. ``table``: schema and name."""

    schema: str
    table: str
    _relations: dict[int, _Relation] = field(default_factory=dict)
    _commit: int = 0
    _number: int = 0

    def decode(self, messages: Iterable[bytes]) -> Iterator[Change | Committed]:
        for message in messages:
            match message[:1]:
                case b"B":
                    (self._commit,), self._number = struct.unpack_from(">Q", message, 1), 0
                case b"C":
                    (end,) = struct.unpack_from(">Q", message, 10)
                    yield Committed(end)
                case b"R":
                    self._relation(message)
                case b"I" | b"U" | b"D" | b"T":
                    yield from self._row(message)
                case _:  # origin, type, logical message: nothing of a row
                    continue

    def _relation(self, message: bytes) -> None:
        (oid,) = struct.unpack_from(">I", message, 1)
        schema, at = _string(message, 5)
        name, at = _string(message, at)
        (count,) = struct.unpack_from(">H", message, at + 1)
        at += 3
        columns, keys = [], set()
        for _ in range(count):
            flags = message[at]
            column, at = _string(message, at + 1)
            at += 8
            columns.append(column)
            if flags & 1:
                keys.add(column)
        self._relations[oid] = _Relation(name, schema, tuple(columns), frozenset(keys))

    def _is_ours(self, relation: _Relation) -> bool:
        return (relation.schema, relation.name) == (self.schema, self.table)

    def _row(self, message: bytes) -> Iterator[Change]:
        if message[:1] == b"T":
            yield from self._truncate(message)
            return
        (oid,) = struct.unpack_from(">I", message, 1)
        relation = self._relations[oid]
        if not self._is_ours(relation):
            return
        match message[:1]:
            case b"I":
                new, _ = _tuple(message, 6, relation)
                yield self._change(Op.INSERT, new)
            case b"D":
                old, _ = _tuple(message, 6, relation)
                yield self._change(Op.DELETE, old)
            case _:
                yield from self._update(message, relation)

    def _truncate(self, message: bytes) -> Iterator[Change]:
        (count,) = struct.unpack_from(">I", message, 1)
        for (oid,) in struct.iter_unpack(">I", message[6 : 6 + 4 * count]):
            relation = self._relations[oid]
            if self._is_ours(relation):
                yield self._change(Op.TRUNCATE, dict.fromkeys(relation.columns))

    def _update(self, message: bytes, relation: _Relation) -> Iterator[Change]:
        """An update of the key is the end of one row and another's beginning."""
        at, old = 5, None
        if message[at : at + 1] in {b"K", b"O"}:
            old, at = _tuple(message, at + 1, relation)
        new, _ = _tuple(message, at + 1, relation)
        for name, value in list(new.items()):
            if value is TOASTED:
                new[name] = old.get(name) if old else TOASTED
        if old is not None and any(old.get(key) != new.get(key) for key in relation.keys):
            yield self._change(Op.DELETE, old)
        yield self._change(Op.UPDATE, new)

    def _change(self, op: Op, values: Mapping[str, object]) -> Change:
        if any(value is TOASTED for value in values.values()):
            raise PullFailed(
                "CDC_IDENTITY",
                "源表有大字段，更新时未带出其原值，无法完整捕获。",
                "请在源库执行 ALTER TABLE … REPLICA IDENTITY FULL 后重试。",
            )
        self._number += 1
        return Change(op, seq_of(self._commit, self._number), values)  # type: ignore[arg-type]  # checked above


def _string(message: bytes, at: int) -> tuple[str, int]:
    end = message.index(b"\0", at)
    return message[at:end].decode(), end + 1


def _tuple(message: bytes, at: int, relation: _Relation) -> tuple[dict[str, object], int]:
    """Return the values of a row; of a deletion by key, the others are NULL."""
    (count,) = struct.unpack_from(">H", message, at)
    at += 2
    values: dict[str, object] = {}
    for name in relation.columns[:count]:
        kind = message[at : at + 1]
        at += 1
        match kind:
            case b"t":
                (size,) = struct.unpack_from(">I", message, at)
                values[name] = message[at + 4 : at + 4 + size].decode()
                at += 4 + size
            case b"u":
                values[name] = TOASTED
            case _:
                values[name] = None
    return values, at
