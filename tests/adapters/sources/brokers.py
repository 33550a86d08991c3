"""Brokers for tests: amqtt in a thread of its own, and the mock cluster of Kafka's own client."""

import asyncio
import json
import logging
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PASSWORD = "示例-口令-2026"


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@dataclass
class MqttBroker:
    port: int
    loop: asyncio.AbstractEventLoop
    server: Any = field(default=None, repr=False)
    _client: Any = field(default=None, repr=False)

    def publish(self, topic: str, payloads: Sequence[bytes]) -> None:
        """Send at QoS 1 and wait until the broker has every message.

        A broker that has not yet seen a listener go waits for its receipts, five seconds each.
        """
        self._wait_for_goodbye(f"test-{topic.split('/')[1]}-roads")
        from paho.mqtt.client import Client
        from paho.mqtt.enums import CallbackAPIVersion

        if self._client is None:
            self._client = Client(CallbackAPIVersion.VERSION2)
            self._client.username_pw_set("hub", PASSWORD)
            self._client.max_inflight_messages_set(200)
            self._client.connect("127.0.0.1", self.port)
            self._client.loop_start()
        sent = [self._client.publish(topic, payload, qos=1) for payload in payloads]
        for message in sent:
            message.wait_for_publish(10)

    def _wait_for_goodbye(self, name: str) -> None:
        until = time.monotonic() + 5
        while time.monotonic() < until:
            session, _ = self.server._sessions.get(name, (None, None))
            if session is None or session.transitions.state != "connected":
                return
            time.sleep(0.01)

    def close(self) -> None:
        if self._client is not None:
            self._client.disconnect()
            self._client.loop_stop()


@contextmanager
def mqtt(folder: Path) -> Iterator[MqttBroker]:
    """A broker that knows one user: it keeps no messages for sessions without a name."""
    from amqtt.broker import Broker
    from pwdlib.hashers.argon2 import Argon2Hasher

    logging.getLogger("amqtt").setLevel(logging.CRITICAL)
    for name in ("transitions", "asyncio"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    passwords = folder / "passwords"
    passwords.write_text(
        f"hub:{Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)}\n"
    )
    port, loop = free_port(), asyncio.new_event_loop()
    config = {
        "listeners": {"default": {"type": "tcp", "bind": f"127.0.0.1:{port}"}},
        "plugins": {
            "amqtt.plugins.authentication.FileAuthPlugin": {"password_file": str(passwords)}
        },
    }
    made: dict[str, Any] = {}
    ready = threading.Event()

    async def start() -> None:
        made["broker"] = Broker(config, loop=loop)
        await made["broker"].start()
        ready.set()

    def serve() -> None:
        asyncio.set_event_loop(loop)
        loop.run_until_complete(start())
        loop.run_forever()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    assert ready.wait(20)
    broker = MqttBroker(port, loop, made["broker"])
    try:
        yield broker
    finally:
        broker.close()
        asyncio.run_coroutine_threadsafe(made["broker"].shutdown(), loop).result(20)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)


@dataclass
class KafkaCluster:
    producer: Any
    address: str

    def publish(self, topic: str, payloads: Sequence[bytes]) -> None:
        for n, payload in enumerate(payloads):
            self.producer.produce(topic, payload, partition=n % 2)
        assert self.producer.flush(10) == 0


@contextmanager
def kafka() -> Iterator[KafkaCluster]:
    from confluent_kafka import Producer

    log = logging.getLogger("mock-cluster")
    log.setLevel(logging.CRITICAL)
    producer = Producer({"test.mock.num.brokers": 1, "bootstrap.servers": "mock", "logger": log})
    (broker,) = producer.list_topics(timeout=10).brokers.values()
    yield KafkaCluster(producer, f"kafka://{broker.host}:{broker.port}")


def lines(rows: Sequence[Any]) -> list[bytes]:
    return [json.dumps(row, ensure_ascii=False).encode() for row in rows]
