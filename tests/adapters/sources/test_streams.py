"""MQTT and Kafka hold the contract of sources, and what only streams must hold."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from tests.adapters.contract_sources import Row, SourceContract, count, distinct, rows_of, stored
from tests.adapters.sources import brokers
from tests.adapters.sources.resending import resending

from tongqu.adapters.sources.streams import kafka as kafka_module
from tongqu.adapters.sources.streams import mqtt as mqtt_module
from tongqu.adapters.sources.streams.follow import Follow
from tongqu.adapters.sources.streams.kafka import KafkaPuller
from tongqu.adapters.sources.streams.mqtt import MqttPuller
from tongqu.identity.models import Message
from tongqu.ingest import ports
from tongqu.ingest import public as ingest
from tongqu.ingest.models import Batch
from tongqu.ingest.vocabulary import Mode, PullState
from tongqu.kernel.problems import Rejected

ALLOWED = ("127.0.0.1",)
NUMBERS = itertools.count()


def quick() -> Follow:
    return Follow(idle_seconds=0.2)


@dataclass
class StreamSupply:
    connector: str
    address: str
    broker: Any
    what: str = ""
    topic: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    wrong_secrets: Mapping[str, str] | None = None
    mode: Mode = Mode.STREAM
    options: Mapping[str, Any] = field(default_factory=lambda: {"seconds": 0.2})
    keeps_empty: bool = True

    def fill(self, rows: Sequence[Row]) -> None:
        self.broker.publish(self.topic, brokers.lines(rows))

    def drift(self) -> None:
        self.broker.publish(self.topic, [b'{"id": 10, "name": "x", "km": 1, "lanes": 4}'])


@contextmanager
def plugged(name: str, factory: Any) -> Iterator[None]:
    """Plug a puller in; not by monkeypatch, which the contract's own tests undo."""
    usual = ports._plugs.pullers[name]
    ingest.provide_puller(name, factory)
    try:
        yield
    finally:
        ingest.provide_puller(name, usual)


class StreamContract(SourceContract):
    def test_a_new_structure_stops_the_gate_and_keeps_the_last_good_rows(
        self, world: Any, source: str, supply: Any
    ) -> None:
        """One odd message must not stop a stream: it is kept apart, with its reason."""
        supply.fill(rows_of(0, 10))
        supply.drift()
        supply.broker.publish(supply.topic, [b"garbage", b"\xff\xfe", b"", b"[]", b"[1]"])
        supply.fill(rows_of(10, 12))

        run = self.pull(world, source)

        assert (run.state, run.stored, run.rejected) == (PullState.DONE, 12, 5), run
        assert count() == 12

    def test_messages_sent_twice_are_stored_once(
        self, world: Any, source: str, supply: Any
    ) -> None:
        supply.fill([*rows_of(0, 50), *rows_of(0, 50)])

        run = self.pull(world, source)

        assert (run.received, run.stored, run.duplicate) == (100, 50, 50)

    def test_numbers_stay_as_they_were_written(self, world: Any, source: str, supply: Any) -> None:
        text = b'[{"id": 1, "name": "1.10", "km": 0.1}, {"id": 2, "name": {"a": [1, "x"]}}]'
        supply.broker.publish(supply.topic, [text])

        self.pull(world, source)

        assert stored("id, name") == [(1, "1.10"), (2, '{"a":[1,"x"]}')]


@pytest.fixture(scope="module")
def cluster() -> Iterator[brokers.KafkaCluster]:
    with brokers.kafka() as found:
        yield found


class TestKafka(StreamContract):
    @pytest.fixture
    def supply(self, cluster: brokers.KafkaCluster) -> Iterator[StreamSupply]:
        topic = f"roads-{next(NUMBERS)}"
        cluster.publish(topic, [])
        cluster.producer.list_topics(topic, timeout=10)  # the mock makes it, with its partitions
        with plugged("kafka", lambda: KafkaPuller(allowed=ALLOWED, follow=quick)):
            yield StreamSupply("kafka", cluster.address, cluster, what=topic, topic=topic)

    def test_messages_deleted_before_they_were_read_are_told_and_counted(
        self, world: Any, source: str, supply: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        supply.fill(rows_of(0, 10))
        self.pull(world, source)
        monkeypatch.setattr(kafka_module, "_kept", lambda _c, _t, partition: (8 - partition, 99))
        supply.fill(rows_of(10, 30))  # 10 of them in each partition, from offset 5 on

        run = self.pull(world, source)

        assert (run.received, run.stored) == (15, 15)  # 3 of one partition, 2 of the other gone
        assert any("删除 5 条没有取走" in line["text"] for line in run.log)
        assert Message.objects.filter(kind="数据缺失").count() == 1
        assert Batch.objects.latest("pk").facts["lost"] == 5
        monkeypatch.setattr(kafka_module, "_kept", lambda *_: (0, 3))  # the topic was made anew
        assert self.pull(world, source).received == 30


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[brokers.MqttBroker]:
    with brokers.mqtt(tmp_path_factory.mktemp("broker")) as found:
        yield found


class TestMqtt(StreamContract):
    @pytest.fixture
    def supply(self, broker: brokers.MqttBroker, tmp_path: Any) -> Iterator[StreamSupply]:
        number = next(NUMBERS)

        def puller() -> MqttPuller:
            return MqttPuller(tmp_path / "spool", ALLOWED, quick, session=f"test-{number}-")

        with plugged("mqtt", puller):
            yield StreamSupply(
                "mqtt", f"mqtt://127.0.0.1:{broker.port}", broker,
                what=f"示例/{number}/+", topic=f"示例/{number}/roads",
                settings={"username": "hub"}, secrets={"password": brokers.PASSWORD},
                wrong_secrets={"password": "示例-错误"},
            )  # fmt: skip

    @pytest.fixture(autouse=True)
    def session(self, world: Any, source: str) -> None:
        """A broker keeps messages for a session that it knows: the first pull makes it known."""
        assert self.pull(world, source).state == PullState.DONE

    def test_a_full_spool_takes_nothing_more_and_loses_nothing(
        self, world: Any, source: str, supply: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Back-pressure: beyond the limit the broker keeps what is not taken."""
        monkeypatch.setattr(mqtt_module, "MOST_WAITING", 2_000)
        waiting: list[int] = []
        seal = mqtt_module._Listener.seal_old

        def watched(listener: Any, **how: Any) -> None:
            seal(listener, **how)
            waiting.append(listener.spool.bytes_waiting() if listener._full else 0)

        monkeypatch.setattr(mqtt_module._Listener, "seal_old", watched)
        supply.fill(rows_of(0, 600))

        run = self.pull(world, source)

        assert max(waiting) > 2_000  # it was full at times
        assert (run.stored, count(), distinct()) == (600, 600, 600)

    def test_a_listener_that_breaks_down_is_no_pull_without_news(
        self, world: Any, source: str, supply: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(*_: object) -> None:
            raise OSError(28, "No space left on device")

        supply.fill(rows_of(0, 60))
        monkeypatch.setattr(mqtt_module.Spool, "add", full)

        run = self.pull(world, source)

        assert (run.state, run.code, run.stored) == (PullState.RETRY, "LISTENER_FAILED", 0)


class TestRedelivery:
    source, plan, pull = SourceContract.source, SourceContract.plan, SourceContract.pull

    @pytest.fixture
    def supply(self, tmp_path: Any) -> Iterator[StreamSupply]:
        def puller() -> MqttPuller:
            return MqttPuller(tmp_path / "spool", ALLOWED, quick, session="test-")

        with resending() as broker, plugged("mqtt", puller):
            yield StreamSupply("mqtt", f"mqtt://127.0.0.1:{broker.port}", broker,
                               what="示例/+", topic="示例/roads")  # fmt: skip

    def test_what_a_broken_listener_did_not_acknowledge_comes_again_and_counts_once(
        self, world: Any, source: str, supply: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """By a double that sends again as the standard demands: amqtt forgets what is under way."""
        broker, sync, times = supply.broker, mqtt_module.Spool.sync, itertools.count(1)
        assert self.pull(world, source).state == PullState.DONE  # the session is known from now

        def breaks(spool: Any) -> None:
            if next(times) == 1:
                raise OSError(28, "No space left on device")
            sync(spool)

        supply.fill(rows_of(0, 60))
        with monkeypatch.context() as patch:
            patch.setattr(mqtt_module.Spool, "sync", breaks)
            broken = self.pull(world, source)

        assert (broken.state, broken.code) == (PullState.RETRY, "LISTENER_FAILED")
        assert len(broker.waiting) == 60  # no receipt for what was not safe on the disk

        run = self.pull(world, source)

        assert run.state == PullState.DONE
        assert len(broker.resent) == 60
        assert broker.waiting == {}  # and each has its receipt now
        assert (count(), distinct()) == (60, 60)


@pytest.mark.parametrize(
    ("connector", "address", "what"),
    [
        ("mqtt", "mqtt://10.0.0.1", "a/b"),
        ("mqtt", "mqtt://127.0.0.1", "#"),
        ("mqtt", "mqtt://127.0.0.1", "+/a"),
        ("mqtt", "mqtt://127.0.0.1", "a/#/b"),
        ("mqtt", "mqtt://127.0.0.1", "a/b+"),
        ("mqtt", "mqtt://127.0.0.1", "$SYS/#"),
        ("mqtt", "mqtt://user:word@127.0.0.1", "a"),
        ("mqtt", "http://127.0.0.1", "a"),
        ("kafka", "kafka://127.0.0.1,kafka://evil.example", "a"),
        ("kafka", "kafka://127.0.0.1", "^.*"),
    ],
)
def test_what_may_not_be_listened_to_is_refused(connector, address, what, tmp_path) -> None:
    puller = KafkaPuller(ALLOWED) if connector == "kafka" else MqttPuller(tmp_path, ALLOWED)
    options = ports.PullOptions("roads", mode=Mode.STREAM, what=what)

    with pytest.raises(Rejected, match=r"ADDRESS_REFUSED|OPTION_WRONG"):
        puller.check(ports.Connection(address), options)


__all__ = ["TestKafka", "TestMqtt", "distinct"]
