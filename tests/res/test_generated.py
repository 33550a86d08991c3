"""Every defect that the generator plants is found while loading, counted by its check's code."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from tests.res import pack
from tongqu.adapters.generator import generate as generator
from tongqu.adapters.generator.sizes import LEAST
from tongqu.kernel.clock import SHANGHAI

# Loading repairs what the check would find: blanks round a value are trimmed.
REPAIRED = {"RES-06-BLANKS": "trim"}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The smallest set, as of the moment at which the fixed clock of the tests stands."""
    place = tmp_path_factory.mktemp("generated")
    at = datetime(2026, 9, 24, 9, 0, tzinfo=SHANGHAI)
    generator.generate(generator.order(LEAST, 7, place, file_format="csv", at=at))
    return place


def told(made: Path, slug: str) -> dict:
    return json.loads((made / "truth.json").read_text())[slug]


@pytest.mark.parametrize("slug", sorted(pack.resources()))
def test_planted_defects_are_found(res, made: Path, slug: str) -> None:
    truth = told(made, slug)

    batch = res.send(slug, (made / truth["files"][0]).read_bytes())

    assert batch["received"] == truth["rows"]
    assert batch["duplicate"] == truth["duplicates"]
    effects = effects_of(res, slug)
    rejected = 0
    for planted in truth["planted"]:
        codes, rows = planted["codes"], planted["rows"]
        refusing = [code for code in codes if effects.get(code, "reject") == "reject"]
        if refusing[:1] and refusing[0] in REPAIRED:
            assert batch["fixes"][REPAIRED[refusing[0]]] == rows
        elif refusing:  # a row is told the first of its reasons
            rejected += rows
            assert sum(batch["reasons"].get(code, 0) for code in refusing) >= rows, planted
        else:
            assert all(batch["warnings"].get(code, 0) >= rows for code in codes), planted
    assert batch["rejected"] == rejected, batch["reasons"]
    assert set(batch["reasons"]) | set(batch["warnings"]) <= set(truth["defects"])


def effects_of(res, slug: str) -> dict[str, str]:
    source = res.client.get(f"/api/v1/ingest/sources/{slug}").json()
    return {check["code"]: check["effect"] for check in source["checks"]}
