"""Put generated positions (示例) into a hub's source layer, and tell which files hold them."""

import json
import shutil
import sys
from datetime import datetime
from pathlib import Path

from bench._hub import start

# The generator harms whole vehicles; for the pace some fixes have to jump.
JUMP = (
    "CASE WHEN terminal_id LIKE '%7' AND minute(gps_time) % 20 = 10 AND second(gps_time) < 30"
    " THEN lat_wgs84 + 2 ELSE lat_wgs84 END"
)
SLUG = "road_vehicle_realtime_position"


def main() -> None:
    home, rows = Path(sys.argv[1]), int(sys.argv[2])
    start(home / "hub")
    import pyarrow.parquet as pq

    from tongqu.adapters.generator import generate as generator
    from tongqu.kernel.clock import SHANGHAI
    from tongqu.lake.public import engine, ods_ref, store

    made = engine().scratch().parent / "made"  # where the engine may read
    at = datetime(2026, 9, 24, 9, tzinfo=SHANGHAI)
    most = min(rows, 100_000_000)  # the generator's own limit; more is the same again
    generator.generate(generator.order(most, 7, made, only=(SLUG,), at=at))
    paths = sorted(str(path) for path in made.rglob("*.parquet"))
    ref = ods_ref("positions")
    store().ensure(ref, pq.read_schema(paths[0]))
    columns = store().columns(ref)
    for turn in range(-(-rows // most)):
        for path in paths:
            # A later turn is another month: no fix comes twice.
            later = f"INTERVAL {turn * 31} DAYS"
            sql = (
                f"SELECT * REPLACE (gps_time + {later} AS gps_time,"
                f" recv_time + {later} AS recv_time, {JUMP} AS lat_wgs84) FROM t"
            )
            part = store().staging(ref)
            with engine().relation(sql, tables={"t": [path]}, seconds=36_000) as answer:
                answer.write(part, columns=columns)
            store().append(ref, [part])
    shutil.rmtree(made)
    plan = store().plan(ref)
    print(json.dumps({"files": list(plan.files), "rows": plan.rows}))


if __name__ == "__main__":
    main()
