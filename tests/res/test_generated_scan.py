"""A scan of generated data counts what was planted: for each rule that number and no other."""

from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from tests.res import pack
from tests.res.conftest import Resources
from tongqu.adapters.generator import generate as generator
from tongqu.adapters.generator.sizes import LEAST
from tongqu.kernel.clock import SHANGHAI
from tongqu.quality.actions import language, scan
from tongqu.quality.domain import plan as plans
from tongqu.quality.vocabulary import RuleKind
from tongqu.standards.vocabulary import CheckKind

MOMENT = datetime(2026, 9, 24, 9, 0, tzinfo=SHANGHAI)
CODED = frozenset({CheckKind.CODES, CheckKind.DIVISION})


@pytest.fixture
def resources(world, at, tmp_path) -> Resources:
    return Resources(world, None, None, tmp_path)


def test_every_rule_counts_what_was_planted_for_it(resources, tmp_path: Path) -> None:
    order = generator.order(LEAST, 7, tmp_path / "made", at=MOMENT)
    truth = generator.generate(order)
    apart, tried = {}, 0
    for slug in sorted(pack.resources()):
        told = truth[slug]
        connection = duckdb.connect(config={"threads": 1})
        connection.execute("SET TimeZone = 'Asia/Shanghai'")
        files = [str(tmp_path / "made" / name) for name in told["files"]]
        connection.read_parquet(files).create_view("t")
        schema = connection.sql("SELECT * FROM t LIMIT 0").to_arrow_table().schema
        entry = resources.publish(slug)
        rules = scan._rules(entry, None, frozenset(schema.names))
        rights = language.rights_of(rules, schema, {})
        plan = plans.compile_scan(rules, now=MOMENT, rights=rights, prunes=True)

        row = connection.execute(plan.sql, plan.parameters).to_arrow_table().to_pylist()[0]

        found: dict[str, int] = {}
        for index, rule in enumerate(rules):
            code = "duplicates" if rule.kind is RuleKind.UNIQUE else rule.code
            if rule.check is not None:
                is_coded = rule.check.kind in CODED and rule.check.code not in told["defects"]
                code = "NOT_IN_CODES" if is_coded else rule.check.code
            if row[f"w{index}"]:
                found[code] = found.get(code, 0) + row[f"w{index}"]
        planted = {code: count for code, count in told["defects"].items() if count}
        if told["duplicates"]:
            planted["duplicates"] = told["duplicates"]
        tried += len(rules)
        if found != planted:
            apart[slug] = {"found": found, "planted": planted}
    assert apart == {}
    assert tried > 900
