"""A hub with one stream, in a process: ``python -m tests.db.ingest.streaming first|again …``.

``first`` sets the hub up before the worker begins, ``again`` says what the lake holds once the
worker has ended: a process less each, for a start of the hub is what takes the time.
"""

import json
import sys

from tests.db.ingest.process import migrate, start


def setup(connector: str, address: str, topic: str) -> None:
    from tests import world
    from tongqu.catalog.vocabulary import DataType
    from tongqu.ingest import public as ingest
    from tongqu.ingest.vocabulary import ColumnSpec, Mode

    migrate()
    people = world.build()
    by, provider_id = people.actor("cataloguer"), people.organisations["990000-MH"].pk
    ingest.register_connection(
        code="there", name="示例消息服务", connector=connector, address=address,
        provider_id=provider_id, by=by,
    )  # fmt: skip
    ingest.register_source(
        code="sensors", name="示例感知数据", provider_id=provider_id, by=by,
        columns=(ColumnSpec("id", DataType.INTEGER, is_key=True), ColumnSpec("name"),
                 ColumnSpec("km", DataType.DECIMAL)),
    )  # fmt: skip
    ingest.plan_pull(
        "sensors",
        ingest.Plan(connection="there", what=topic, mode=Mode.STREAM, piece_rows=100,
                    settings={"seconds": 0.5}),
        by=by,
    )  # fmt: skip


def report() -> None:
    from tongqu.ingest.models import Batch
    from tongqu.lake import public as lake

    ref = lake.ods_ref("ods_sensors")

    def scalar(sql: str) -> int:
        if not lake.store().exists(ref) or lake.store().current(ref) is None:
            return 0
        return int(lake.engine().relation(sql, tables={"t": ref}).scalar())

    rows = list(Batch.objects.values_list("rejected", "state"))
    print(json.dumps({
        "rows": scalar("SELECT count(*) FROM t"),
        "ids": scalar("SELECT count(DISTINCT id) FROM t"),
        "rejected": sum(rejected for rejected, _ in rows),
        "open": sum(1 for _, state in rows if state == "open"),
    }))  # fmt: skip


def work() -> None:
    """Do what ``tongqu stream sensors`` does."""
    from tongqu.project.cli import app

    app(["stream", "sensors"], standalone_mode=False)


if __name__ == "__main__":
    start()
    if sys.argv[1] == "first":
        setup(*sys.argv[2:])
    work()
    report()
