"""Messages as lines, and the spool that survives a kill."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongqu.adapters.sources.streams.lines import Lines, Poison, Shape
from tongqu.adapters.sources.streams.spool import Spool
from tongqu.assets.domain.trust import WINDOW, Window, seen_after

COLUMNS = ("id", "name")


def lines(message: bytes, shape: Shape = Shape.JSON) -> list[str]:
    return [line.decode() for line in Lines(COLUMNS, shape).of(message)]


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (b'{"id": 1.10, "name": "x"}', ['{"id": 1.10, "name": "x"}\n']),
        (b'{"id": 1}', ['{"id": 1, "name": null}\n']),
        (b"{}", ['{"id": null, "name": null}\n']),
        (b'{\n "id":\r\n 1, "name": "a"}', ['{"id":  1, "name": "a"}\n']),
        (b'[{"id": 1, "name": "a"}, {"id": 2, "name": "b"}]',
         ['{"id": 1, "name": "a"}\n', '{"id": 2, "name": "b"}\n']),
        (b"[]", []),
    ],
)  # fmt: skip
def test_a_message_keeps_its_own_text(message: bytes, expected: list[str]) -> None:
    assert lines(message) == expected


@pytest.mark.parametrize(
    ("message", "why"),
    [
        (b"garbage", Poison.NOT_JSON),
        (b'{"id": NaN}', Poison.NOT_JSON),
        (b'{"id": 1} {"id": 2}', Poison.NOT_JSON),
        (b'[{"id": 1},]', Poison.NOT_JSON),
        (b"[" * 100_000, Poison.NOT_JSON),
        (b"1", Poison.NOT_JSON),
        (b'{"id": 1, "other": 2}', Poison.UNKNOWN_FIELD),
        (b"\xff\xfe", Poison.NOT_TEXT),
        (b"  ", Poison.EMPTY),
        (b'{"id": "' + b"x" * (1 << 20) + b'"}', Poison.TOO_LARGE),
    ],
)
def test_what_is_no_row_says_why_and_is_no_object(message: bytes, why: Poison) -> None:
    (line,) = lines(message)

    assert line.startswith(f"{{!{why}!")
    assert line.count("\n") == 1
    with pytest.raises(ValueError):  # noqa: PT011  (whatever the reader says)
        json.loads(line)


def test_a_csv_line_has_as_many_cells_as_there_are_columns() -> None:
    assert [json.loads(line) for line in lines('1,"甲,乙"\n2,'.encode(), Shape.CSV)] == [
        {"id": "1", "name": "甲,乙"}, {"id": "2", "name": None}
    ]  # fmt: skip
    assert lines(b"1,2,3", Shape.CSV)[0].startswith(f"{{!{Poison.WRONG_WIDTH}!")


@given(st.binary(max_size=200))
def test_any_bytes_become_whole_lines(message: bytes) -> None:
    for line in Lines(COLUMNS).of(message):
        assert line.endswith(b"\n")
        assert line.count(b"\n") == 1
        assert line.startswith(b"{")


def test_a_spool_gives_back_what_was_safe_and_forgets_what_is_done(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    spool.add([b"{1}\n"])
    spool.seal()
    spool.add([b"{2}\n"])
    spool.close()  # not sealed: as a kill leaves it
    with (tmp_path / "open").open("ab") as file:
        file.write(b"{3")  # the line that a kill cut

    again = Spool(tmp_path)

    assert [path.read_bytes() for path in again.sealed()] == [b"{1}\n", b"{2}\n"]
    later = Spool(tmp_path, done=1)  # the cursor says that piece 1 is in the lake
    assert [path.read_bytes() for path in later.sealed()] == [b"{2}\n"]
    later.drop(2)
    later.add([b"{4}\n"])
    later.seal()
    assert [path.name for path in Spool(tmp_path, done=2).sealed()] == ["000000000003.ndjson"]


def test_a_number_is_never_given_twice_even_when_all_pieces_are_gone(tmp_path: Path) -> None:
    spool = Spool(tmp_path, done=41)
    spool.add([b"{}\n"])
    spool.seal()

    assert [path.name for path in spool.sealed()] == ["000000000042.ndjson"]


@given(st.lists(st.integers(0, 200), max_size=80))
def test_no_sequence_is_taken_twice(sequences: list[int]) -> None:
    window, taken = Window(), []

    for sequence in sequences:
        if (after := seen_after(window, sequence)) is not None:
            taken.append(sequence)
            window = after

    assert len(taken) == len(set(taken))
    assert 0 <= window.seen < 1 << WINDOW
    near = [s for s in sequences if window.highest is not None and s > window.highest - WINDOW]
    assert set(near) >= {s for s in taken if window.highest and s > window.highest - WINDOW}
