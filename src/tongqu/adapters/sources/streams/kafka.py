"""Kafka: offsets live in our own cursor, and are committed only when a batch is closed."""

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tongqu.adapters.sources.streams import places
from tongqu.adapters.sources.streams.follow import Follow
from tongqu.adapters.sources.streams.lines import Lines, columns_of
from tongqu.adapters.sources.streams.mqtt import PIECE, lines_of, seconds_of, shape_of
from tongqu.ingest.ports import Connection, Cursor, Piece, Probe, PullFailed, PullOptions, Setting
from tongqu.ingest.vocabulary import ColumnSpec, Form, Mode

SCHEMES = {"kafka": (9092, False), "kafkas": (9093, True)}
BEGINNING = -2
META_SECONDS = 10
SILENT_SECONDS = 30.0  # neither a message nor the end of a partition: nobody is there
AT_ONCE = 2000  # messages asked of the client in one call


@dataclass(slots=True)
class KafkaPuller:
    """One reader a source: partitions are assigned, not balanced, and the cursor is the truth."""

    allowed: Sequence[str] = ()
    follow: Callable[[], Follow] = Follow

    title = "Kafka 消息流"
    form = Form.STREAM
    modes: tuple[Mode, ...] = (Mode.STREAM,)
    connection_settings: tuple[Setting, ...] = (
        Setting("username", "用户名", required=False),
        Setting("password", "口令", kind="secret", required=False),
        Setting("mechanism", "认证方式", kind="choice", required=False, default="PLAIN",
                choices=(("PLAIN", "PLAIN"), ("SCRAM-SHA-256", "SCRAM-SHA-256"),
                         ("SCRAM-SHA-512", "SCRAM-SHA-512"))),
    )  # fmt: skip
    option_settings: tuple[Setting, ...] = (
        Setting("shape", "消息格式", kind="choice", choices=(("json", "JSON"), ("csv", "CSV 行")),
                default="json", required=False),
        Setting("seconds", "成批秒数", kind="number", default=5, required=False),
    )  # fmt: skip

    def check(self, connection: Connection, options: PullOptions) -> None:
        self._servers(connection)
        if options.what.startswith("^") or len(options.what) > 249:
            raise places.wrong("what", "须写一个确定的主题名")
        shape_of(options)

    def probe(self, connection: Connection, options: PullOptions) -> Probe:
        self.check(connection, options)
        consumer = self._consumer(connection, "tongqu-probe")
        try:
            topics = _topics(consumer)
            if not options.what:
                return Probe(choices=tuple(t for t in sorted(topics) if not t.startswith("__")))
            partitions = _partitions(consumer, options.what)
            consumer.assign([_at(options.what, p, BEGINNING) for p in partitions])
            found = consumer.consume(100, timeout=3)
            values = [m.value() or b"" for m in found if m.error() is None]
        finally:
            consumer.close()
        return Probe(tuple(ColumnSpec(name) for name in columns_of(values)))

    def pull(
        self, connection: Connection, options: PullOptions, cursor: Cursor | None, into: Path
    ) -> Iterator[Piece]:
        self.check(connection, options)
        consumer = self._consumer(connection, f"tongqu-{options.source_code}")
        try:
            partitions = _partitions(consumer, options.what)
            known = {int(p): int(o) for p, o in (cursor or {}).get("offsets", {}).items()}
            lost = _missed(consumer, options.what, known)
            consumer.assign([_at(options.what, p, known.get(p, BEGINNING)) for p in partitions])
            reader = _Reader(consumer, lines_of(options), len(partitions), dict(known), lost)
            yield from _pieces(reader, options, into, self.follow())
        finally:
            consumer.close()

    def _servers(self, connection: Connection) -> tuple[str, bool]:
        parts = [part for part in connection.address.split(",") if part.strip()]
        found = [places.broker(part, SCHEMES, self.allowed) for part in parts]
        if not found:
            raise places.refused("没有写地址")
        servers = ",".join(f"{broker.host}:{broker.port}" for broker in found)
        return servers, any(broker.is_encrypted for broker in found)

    def _consumer(self, connection: Connection, group: str) -> Any:
        from confluent_kafka import Consumer

        servers, is_encrypted = self._servers(connection)
        has_login = bool(connection.settings.get("username"))
        protocol = ("SASL_" if has_login else "") + ("SSL" if is_encrypted else "PLAINTEXT")
        settings: dict[str, Any] = {
            "bootstrap.servers": servers, "group.id": group, "enable.auto.commit": False,
            "auto.offset.reset": "earliest", "enable.partition.eof": True,
            "security.protocol": protocol,
            "allow.auto.create.topics": False, "queued.max.messages.kbytes": 65536,
            "logger": _silent(), "isolation.level": "read_committed",
        }  # fmt: skip
        if has_login:
            settings |= {
                "sasl.mechanism": str(connection.settings.get("mechanism") or "PLAIN"),
                "sasl.username": str(connection.settings["username"]),
                "sasl.password": connection.secrets.get("password", ""),
            }
        return Consumer(settings)


def _silent() -> Any:
    """Return a logger that says nothing: the client's own lines name addresses and topics."""
    import logging

    log = logging.getLogger("tongqu.kafka")
    log.addHandler(logging.NullHandler())
    log.propagate = False
    return log


def _topics(consumer: Any) -> Mapping[str, Any]:
    from confluent_kafka import KafkaException

    try:
        topics: Mapping[str, Any] = consumer.list_topics(timeout=META_SECONDS).topics
    except KafkaException:
        raise _unreachable() from None
    return topics


def _unreachable() -> PullFailed:
    return PullFailed("SOURCE_UNREACHABLE", "消息服务连接不上，或拒绝了用户名、口令。",
                      "请核对地址、网络和口令；平台会自动重试。", again=True)  # fmt: skip


def _partitions(consumer: Any, topic: str) -> list[int]:
    found = _topics(consumer).get(topic)
    if found is None or found.error is not None:
        raise PullFailed("TOPIC_UNKNOWN", "消息服务里没有这个主题，或无权读取。",
                         "请核对主题名和读取权限。")  # fmt: skip
    return sorted(found.partitions)


def _missed(consumer: Any, topic: str, known: dict[int, int]) -> int:
    """Return how many messages the broker has deleted unread; ``known`` goes on behind them.

    A place beyond the end is one of a topic that was made anew: its beginning is read.
    """
    lost = 0
    for partition, offset in list(known.items()):
        low, high = _kept(consumer, topic, partition)
        if offset < low:
            lost += low - offset
            known[partition] = low
        elif offset > high:
            del known[partition]
    return lost


def _kept(consumer: Any, topic: str, partition: int) -> tuple[int, int]:
    """Return the first offset that the broker still has, and the one that comes next."""
    from confluent_kafka import KafkaException

    place = _at(topic, partition, 0)
    try:
        found = consumer.get_watermark_offsets(place, timeout=META_SECONDS, cached=False)
    except KafkaException:
        raise _unreachable() from None
    if found is None:
        raise _unreachable()
    return int(found[0]), int(found[1])


def _at(topic: str, partition: int, offset: int) -> Any:
    from confluent_kafka import TopicPartition

    return TopicPartition(topic, partition, offset)


@dataclass(slots=True)
class _Reader:
    """What is read and how far: idle only when every partition has come to its end."""

    consumer: Any
    lines: Lines
    partitions: int
    offsets: dict[int, int]
    lost: int = 0  # messages deleted before they were read; told with the next piece
    _ended: set[int] = field(default_factory=set)
    _last: float = field(default_factory=time.monotonic)

    def read(self, most: int) -> Iterator[bytes]:
        """Yield lines of up to so many messages."""
        for message in self.consumer.consume(most, timeout=0.1):
            self._last = time.monotonic()
            if self._is_end(message):
                self._ended.add(message.partition())
                continue
            self._ended.discard(message.partition())
            self.offsets[message.partition()] = message.offset() + 1
            yield from self.lines.of(message.value() or b"", _added(message))

    def idle_seconds(self) -> float:
        """Return for how long there was nothing to read. Raises: ``PullFailed``, nobody there."""
        silent = time.monotonic() - self._last
        if len(self._ended) == self.partitions:
            return silent
        if silent > SILENT_SECONDS:
            raise _unreachable()
        return 0.0

    def _is_end(self, message: Any) -> bool:
        from confluent_kafka import KafkaError

        error = message.error()
        if error is None:
            return False
        if error.code() == KafkaError._PARTITION_EOF:
            return True
        raise _unreachable()


def _pieces(reader: _Reader, options: PullOptions, into: Path, follow: Follow) -> Iterator[Piece]:
    """Yield a piece as soon as it has its rows or its seconds.

    While a piece is being loaded nothing is fetched: the broker keeps what was not read.
    """
    seconds, number = seconds_of(options), 0
    while True:
        path, rows, began = into / f"kafka-{number}.ndjson", 0, time.monotonic()
        is_over = False
        with path.open("wb") as file:
            while rows < options.piece_rows and not is_over:
                for line in reader.read(min(AT_ONCE, options.piece_rows - rows)):
                    file.write(line)
                    rows += 1
                is_over = follow.is_over(idle=reader.idle_seconds())
                if rows and time.monotonic() - began >= seconds:
                    break
        if rows:
            piece = _piece(reader.consumer, options, dict(reader.offsets), path, rows)
            yield replace(piece, facts={"lost": reader.lost}) if reader.lost else piece
            reader.lost = 0
        else:
            path.unlink()
        if is_over:
            return
        number += 1


def _piece(consumer: Any, options: PullOptions, offsets: dict[int, int], path: Path,
           rows: int) -> Piece:  # fmt: skip
    def settled() -> None:
        """Tell the broker, for its own monitors; our cursor is what the next pull goes by."""
        from confluent_kafka import KafkaException

        try:
            places_ = [_at(options.what, p, o) for p, o in offsets.items()]
            consumer.commit(offsets=places_, asynchronous=False)
        except KafkaException:
            return

    cursor = {"offsets": {str(p): o for p, o in sorted(offsets.items())}}
    return Piece(path, cursor, rows=rows, name=json.dumps(cursor["offsets"])[:120],
                 options=PIECE, settled=settled)  # fmt: skip


def _added(message: Any) -> dict[str, Any]:
    return {"_topic": message.topic(), "_partition": message.partition(),
            "_offset": message.offset()}  # fmt: skip


__all__ = ["KafkaPuller"]
