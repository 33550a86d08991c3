"""Rules about places, the row before, volume and distribution count alike on Spark."""

from datetime import UTC, datetime

import pyarrow as pa

from tests.engines.test_golden_models import Home, away, show
from tests.unit.quality.test_places_and_windows import FIXES, RULES, rule
from tongqu.adapters.engines.saying import carried
from tongqu.quality.domain import plan as plans

NOW = datetime(2026, 9, 24, tzinfo=UTC)
DRIFTS = [
    rule(kind="drift", code="lat", column="lat", edges=[26.5, 30], within=0.2),
    rule(kind="drift", code="colors", column="color", codes=["1", "2"], within=0.2),
]


def test_every_kind_counts_and_places_the_same_on_both_engines(spark_session) -> None:
    home = Home()
    t = home.ask(
        "SELECT v, time::TIMESTAMP AS time, lon, lat, plate, color, 'B' AS _batch_id,"
        " line AS _line, TIMESTAMP '2026-09-22 00:00:00' AS _load_time"
        f" FROM (VALUES {FIXES}) AS f(v, time, lon, lat, plate, color, line)",
        [],
    )
    rules = [*(one for one, _, _ in RULES), *DRIFTS]
    asked = [plans.compile_scan(rules, now=NOW)]
    asked += [p for one in rules if (p := plans.compile_samples(one, limit=9))]
    home.keep("t", t)
    show(spark_session, "t", t)

    for plan in asked:
        views = {"t": "v_t"}
        for view, shape in plan.given.items():
            table = pa.table(dict(shape.columns))
            home.keep(view, table)
            views[view.lower()] = f"v_{view.replace('.', '_')}"
            show(spark_session, view.replace(".", "_"), table)
        own = home.ask(plan.sql, plan.parameters)

        other = away(spark_session, carried(plan.sql, plan.parameters, views), own.schema)

        assert other.to_pylist() == own.to_pylist(), plan.sql
        assert own.num_rows > 0
