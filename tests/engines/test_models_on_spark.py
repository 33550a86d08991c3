"""``TONGQU_ENGINE=spark`` and nothing else: the same models serve the same rows."""

from pathlib import Path

import pyarrow as pa
import pytest

from tests.db.lake.test_models import pack  # noqa: F401  # a fixture
from tests.engines import dirt
from tongqu.kernel.actor import PLATFORM
from tongqu.lake import public
from tongqu.lake.public import compute, engine, run_models, store, svc_ref

pytestmark = pytest.mark.django_db
SERVED = ("svc_flights", "svc_delay")


def served() -> dict[str, pa.Table]:
    return {
        name: engine().relation("SELECT * FROM t", tables={"t": svc_ref(name[4:])}).arrow()
        for name in SERVED
    }


def test_models_run_by_spark_serve_the_rows_that_duckdb_serves(
    sail: str,
    pack: Path,  # noqa: F811
    settings,
) -> None:
    assert run_models(pack, by=PLATFORM).ok
    own = served()
    for ref in (public.dw_ref("flights"), *(svc_ref(name[4:]) for name in SERVED)):
        store().drop(ref)
    settings.LAKE = {**settings.LAKE, "ENGINE": "spark", "SPARK_REMOTE": sail}
    public.reset()
    assert type(compute()).__name__ == "SparkEngine"

    run = run_models(pack, by=PLATFORM)

    assert run.ok, [(s.model, s.code, s.message) for s in run.steps.all()]
    assert {
        name: dirt.compare(own[name], table) for name, table in served().items()
    } == dict.fromkeys(SERVED, "")
