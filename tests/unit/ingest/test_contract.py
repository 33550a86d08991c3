"""Options and columns: what may be agreed, and what counts as drift."""

from datetime import UTC, datetime, timedelta

import pytest

from tongqu.ingest.domain import contract
from tongqu.ingest.domain.freshness import state_of
from tongqu.ingest.domain.ledger import Figures, from_summary
from tongqu.ingest.domain.states import BATCH
from tongqu.ingest.vocabulary import BatchState, ColumnSpec, FileOptions, Freshness
from tongqu.kernel.problems import Rejected

WRONG = {
    "unknown key": ({"delimitor": ";"}, "OPTION_UNKNOWN"),
    "two characters": ({"delimiter": "||"}, "OPTION_WRONG"),
    "a letter": ({"delimiter": "x"}, "OPTION_WRONG"),
    "unknown encoding": ({"encoding": "latin-1"}, "OPTION_WRONG"),
    "unknown format": ({"format": "pdf"}, "OPTION_WRONG"),
    "number for text": ({"member": 3}, "OPTION_WRONG"),
    "truth for number": ({"max_line_bytes": True}, "OPTION_WRONG"),
    "no limit": ({"max_line_bytes": 1 << 40}, "OPTION_WRONG"),
    "list of numbers": ({"null_values": [1]}, "OPTION_WRONG"),
}


@pytest.mark.parametrize(("given", "code"), WRONG.values(), ids=WRONG)
def test_options_that_cannot_be_meant_are_refused(given, code) -> None:
    with pytest.raises(Rejected) as refused:
        contract.parse_options(given)

    assert refused.value.problem.code == code


def test_options_survive_their_json() -> None:
    options = FileOptions(delimiter=";", encoding="gb18030", null_values=("NA",))

    assert contract.parse_options(contract.options_json(options)) == options
    assert contract.parse_options({"encoding": "GBK"}).encoding == "gb18030"


@pytest.mark.parametrize("names", [("",), ("a", "A"), ("_line",), ("a\x00",)])
def test_columns_that_the_lake_could_not_hold_are_refused(names) -> None:
    with pytest.raises(Rejected):
        contract.check_columns([ColumnSpec(name) for name in names])


def test_columns_survive_their_json() -> None:
    columns = (ColumnSpec("类型", codes=("K1",), code_map={"大型": "K1"}, length=3, is_key=True),)

    assert contract.parse_columns(contract.columns_json(columns)) == columns


def test_one_column_gone_and_one_new_reads_as_a_rename() -> None:
    found = contract.drift([ColumnSpec("a"), ColumnSpec("b")], ["a", "c"])

    assert found
    assert str(found) == "列“b”疑似改名为“c”"
    assert not contract.drift([ColumnSpec("a"), ColumnSpec("b")], ["b", "a"])


@pytest.mark.parametrize(
    ("hours", "cycle", "state"),
    [
        (26, "daily", Freshness.ON_TIME),
        (27, "daily", Freshness.LATE),
        (9999, "irregular", Freshness.ON_TIME),
    ],
)
def test_a_resource_is_late_only_past_its_tolerance(hours, cycle, state) -> None:
    now = datetime(2026, 9, 24, tzinfo=UTC)

    found = state_of(
        now - timedelta(hours=hours), cycle, now=now, tolerances={"daily": timedelta(hours=26)}
    )

    assert found is state


def test_what_was_never_loaded_has_no_freshness() -> None:
    now = datetime(2026, 9, 24, tzinfo=UTC)

    assert state_of(None, "daily", now=now, tolerances={}) is Freshness.NONE


def test_the_ledger_survives_a_snapshots_summary() -> None:
    figures = Figures(5, 2, 1, 2, 1, {"TYPE_MISMATCH": 1}, {"trim": 3})

    assert from_summary(figures.summary()) == figures
    assert figures.is_balanced


def test_only_an_open_batch_moves() -> None:
    assert BATCH.final == {BatchState.CLOSED, BatchState.QUARANTINED, BatchState.FAILED}
