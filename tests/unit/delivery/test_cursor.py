"""Cursors open where they were sealed and nowhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongqu.delivery.domain.compiler import Position
from tongqu.delivery.domain.cursor import Cursor, Sealer
from tongqu.kernel.problems import Rejected

SEALER = Sealer("secret", ("SQ-2026-0924-001", "page", []))


@given(st.integers(0, 2**62), st.integers(0, 2**62), st.text("0123456789abcdef", max_size=64))
def test_a_cursor_comes_back_as_it_was(snapshot_id: int, seq: int, row_hash: str) -> None:
    cursor = Cursor(snapshot_id, Position(seq, row_hash))

    assert SEALER.open(SEALER.seal(cursor)) == cursor


def test_a_cursor_does_not_show_the_hash_of_the_row() -> None:
    sealed = SEALER.seal(Cursor(1, Position(1, "abcdef0123456789")))

    assert "abcdef" not in sealed


@pytest.mark.parametrize(
    "other",
    [
        Sealer("other", SEALER.scope),
        Sealer("secret", ("SQ-2026-0924-002", "page", [])),
        Sealer("secret", ("SQ-2026-0924-001", "changes", [])),
        Sealer("secret", ("SQ-2026-0924-001", "page", [["a", "eq", ["1"]]])),
    ],
)
def test_another_secret_grant_manner_or_condition_does_not_open_it(other: Sealer) -> None:
    sealed = SEALER.seal(Cursor(1, Position(1, "a")))

    with pytest.raises(Rejected, match="CURSOR_INVALID"):
        other.open(sealed)


@given(st.text(max_size=700))
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(Rejected, match="CURSOR_INVALID"):
        SEALER.open(text)
