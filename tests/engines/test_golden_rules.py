"""Every rule and check of the pack counts the same on the embedded engine and on Spark."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import pyarrow as pa
import pytest

from tests.engines import dirt
from tests.engines.test_golden_models import Home, away, show
from tests.res import pack
from tests.res.conftest import Resources
from tongqu.adapters.engines.saying import carried
from tongqu.quality.actions import language, measure, scan
from tongqu.quality.domain import plan as plans
from tongqu.quality.domain.rules import Rule
from tongqu.quality.models import RulePack

PLACED = frozenset({"case_party", "road_transport_operator", "toll_station_exit_flow"})


@pytest.fixture
def resources(world, at, tmp_path) -> Resources:
    return Resources(world, None, None, tmp_path)


def test_every_rule_of_the_pack_counts_the_same(resources, spark_session, at) -> None:
    """And finds the same places: tried on a few resources, since each is a query of its own."""
    tables = dirtied()
    engines = Both(spark_session, tables)
    apart, rules_tried, places_found = {}, 0, 0
    for slug, rules, asked in scans(resources, tables, at.instant):
        for plan in asked:
            one, other = engines.ask(plan, f"ods_{slug}")
            if differs := dirt.compare(one, other):
                apart[slug] = differs
            places_found += one.num_rows if plan is not asked[0] else 0
        rules_tried += rules

    assert apart == {}
    assert rules_tried > 1000
    assert places_found > 50


def dirtied() -> dict[str, pa.Table]:
    """Return the tables that the rules are tried on, by name."""
    return dirt.source_tables(pack.PACK, [f"ods_{slug}" for slug in sorted(pack.resources())], 120)


def scans(
    resources: Resources, tables: dict[str, pa.Table], moment: datetime
) -> Iterator[tuple[str, int, list[plans.Plan]]]:
    """Yield each resource, how many rules it has, and the queries they are compiled to."""
    for slug in sorted(pack.resources()):
        own = tables[f"ods_{slug}"]
        rules = [
            rule for rule in rules_of(resources, slug, own)
            if rule.kind not in measure.LOOKING or rule.limits.get("table") in tables
        ]  # fmt: skip
        schemas = {str(rule.limits["table"]): tables[str(rule.limits["table"])].schema
                   for rule in rules if rule.kind in measure.COMPARING}  # fmt: skip
        rights = language.rights_of(rules, own.schema, schemas)
        asked = [plans.compile_scan(rules, now=moment, rights=rights)]
        if slug in PLACED:
            asked += [
                p for rule in rules if (p := plans.compile_samples(rule, limit=50, rights=rights))
            ]
        yield slug, len(rules), asked


def rules_of(resources: Resources, slug: str, table: pa.Table) -> Sequence[Rule]:
    """Return the rules as a scan has them: implied, of the entry, and the pack's own."""
    from tongqu.quality import public as quality

    entry = resources.publish(slug)
    declared = [
        rule | ({"table": rule["table"].replace("@", "ods_")} if "table" in rule else {})
        for rule in pack.resources()[slug].get("rules", [])
    ]
    quality.save_pack(entry.code, declared, by=resources.world.actor("support"))
    kept = RulePack.objects.filter(entry_code=entry.code).first()
    return scan._rules(entry, kept, frozenset(table.column_names))


class Both:
    """The same tables on both engines; a plan is asked of each."""

    def __init__(self, session: Any, tables: dict[str, pa.Table]) -> None:
        self._session, self._home = session, AtHome(tables)
        for name, table in tables.items():
            show(session, name, table)

    def ask(self, plan: plans.Plan, table: str) -> tuple[pa.Table, pa.Table]:
        own, text = self._home.ask(plan, table)
        return own, away(self._session, text, own.schema)


class AtHome:
    """The tables on the embedded engine; a plan is answered, and told as Spark is to hear it."""

    def __init__(self, tables: dict[str, pa.Table]) -> None:
        self._home, self._tables = Home(), tables

    def ask(self, plan: plans.Plan, table: str) -> tuple[pa.Table, str]:
        named = {"t": table, **plan.references}
        for view, name in named.items():
            self._home.keep(view, self._tables[name])
        own = self._home.ask(plan.sql, plan.parameters)
        views = {view: f"v_{name}" for view, name in named.items()}
        return own, carried(plan.sql, plan.parameters, views)
