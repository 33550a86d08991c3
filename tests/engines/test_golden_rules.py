"""Every rule and check of the pack counts the same on the embedded engine and on Spark."""

import pytest

from tests.engines import dirt
from tests.res import pack
from tests.res.conftest import Resources
from tongqu.lake import public
from tongqu.lake.public import ods_ref, store
from tongqu.quality.domain import plan as plans
from tongqu.quality.models import RuleResult

PLACED = frozenset({"case_party", "road_transport_operator", "toll_station_exit_flow"})
Counts = dict[str, tuple[object, ...]]


@pytest.fixture
def resources(world, lake, at, tmp_path) -> Resources:
    slugs = sorted(pack.resources())
    for name, table in dirt.source_tables(pack.PACK, [f"ods_{slug}" for slug in slugs]).items():
        store().ensure(ods_ref(name), table.schema)
        store().append(ods_ref(name), table)
    return Resources(world, None, None, tmp_path)


def test_every_rule_of_the_pack_counts_the_same(resources, sail, settings, monkeypatch) -> None:
    """And finds the same places: tried on a few resources, since each is a query of its own."""
    own = {slug: counted(resources, slug, monkeypatch) for slug in sorted(pack.resources())}
    settings.LAKE = {**settings.LAKE, "ENGINE": "spark", "SPARK_REMOTE": sail}
    public.reset()

    carried = {slug: counted(resources, slug, monkeypatch) for slug in own}

    assert carried == own
    assert sum(map(len, own.values())) > 1000
    assert any(places for found in own.values() for _, _, places in found.values())


def counted(resources: Resources, slug: str, monkeypatch) -> Counts:
    with monkeypatch.context() as patch:
        if slug not in PLACED:
            patch.setattr(plans, "compile_samples", lambda *_, **__: None)
        resources.scan(slug)
    found = RuleResult.objects.filter(scan__number=resources.view.number)
    return {r.code: (r.checked, r.wrong, r.samples) for r in found}
