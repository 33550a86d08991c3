"""A bare Django handler: one SELECT over the newest service file, rendered as JSON by the engine.

No log-in, no gate, no quota, no cursor, no trail; the same rows, columns, mask and order.
"""

import sys
from pathlib import Path
from typing import Any

from bench._lap import Laps
from bench.query import CALLS, ROWS

SELECT = """SELECT '[' || string_agg(to_json(r)::VARCHAR, ',') || ']' FROM (
  SELECT * EXCLUDE (dep_delay, arr_delay, _row_hash, _seq, _op)
    REPLACE (left(tailnum, 1) || '****' || right(tailnum, 1) AS tailnum)
  FROM read_parquet('{path}')
  WHERE _op <> 'D' AND dest IN ('BUF', 'ROC', 'SYR', 'ALB')
  ORDER BY _seq, _row_hash LIMIT {rows}) AS r"""


def main() -> None:
    import django
    import duckdb
    from django.conf import settings
    from django.http import HttpResponse
    from django.test import Client
    from django.urls import path as route

    files = sorted(Path(sys.argv[1]).rglob("*svc_flights*/**/*.parquet"))
    query = SELECT.format(path=files[-1], rows=ROWS)
    connection = duckdb.connect(config={"threads": 2, "memory_limit": "2048MB"})

    def rows(request: Any) -> HttpResponse:
        del request
        found = connection.cursor().execute(query).fetchone()
        return HttpResponse(found[0] if found else "[]", content_type="application/json")

    settings.configure(ROOT_URLCONF="bench_urls", ALLOWED_HOSTS=["*"], SECRET_KEY="bench")
    django.setup()
    urls = type(sys)("bench_urls")
    urls.urlpatterns = [route("rows", rows)]  # type: ignore[attr-defined]
    sys.modules["bench_urls"] = urls
    laps, client = Laps(), Client()
    for call in range(CALLS + 2):
        if call < 2:
            client.get("/rows")
        else:
            with laps.lap():
                client.get("/rows")
    laps.tell()


if __name__ == "__main__":
    main()
