"""The harness of the benchmarks: ratios, medians, verdicts. Nothing here is timed."""

import json
from types import SimpleNamespace

import pytest
from bench import _harness
from bench._harness import Result, Timing, alternate
from bench._lap import Laps


def test_a_median_is_not_moved_by_one_slow_run() -> None:
    timing = Timing(seconds=(1.0, 9.0, 1.2), peak_mb=100.0)
    assert timing.median == 1.2
    assert timing.as_figure() == "1.200 s (1.000–9.000), peak 100 MB"


@pytest.mark.parametrize(
    ("ratio", "target", "better", "is_reached"),
    [
        (0.6, 0.5, "higher", True),
        (0.4, 0.5, "higher", False),
        (0.5, 0.5, "higher", True),
        (0.4, 0.5, "lower", True),
        (0.6, 0.5, "lower", False),
    ],
)
def test_a_result_knows_which_way_is_good(ratio, target, better, is_reached) -> None:
    result = Result("demo", ratio, target, better)
    assert result.is_reached is is_reached
    assert ("未达到" in result.as_text()) is not is_reached


def test_a_result_has_exactly_the_published_keys() -> None:
    answer = json.loads(json.dumps(Result("demo", 0.5, 0.5, "higher", {"ours": "1 s"}).as_dict()))
    assert list(answer) == ["name", "ratio", "target", "better", "figures"]


def test_two_programs_run_in_turn_and_are_told_apart(monkeypatch) -> None:
    told = {"ours": iter([4.0, 2.0, 3.0]), "theirs": iter([1.0, 1.5, 0.5])}
    order = []

    def run(command, **_):
        name = command[2]
        order.append(name)
        last = json.dumps({"seconds": next(told[name]), "peak_mb": 50.0 + len(order)})
        return SimpleNamespace(returncode=0, stdout=f"words before\n{last}\n", stderr="")

    monkeypatch.setattr(_harness.subprocess, "run", run)
    ours, theirs = alternate(["ours"], ["theirs"], rounds=3)
    assert order == ["ours", "theirs"] * 3
    assert (ours.median, theirs.median) == (3.0, 1.0)
    assert (ours.peak_mb, theirs.peak_mb) == (55.0, 56.0)


def test_a_program_that_fails_is_no_measurement(monkeypatch) -> None:
    failed = SimpleNamespace(returncode=1, stdout="", stderr="no data")
    monkeypatch.setattr(_harness.subprocess, "run", lambda *_, **__: failed)
    with pytest.raises(RuntimeError, match="no data"):
        alternate(["ours"], ["theirs"], rounds=1)


def test_only_what_lies_inside_the_laps_is_counted(monkeypatch, capsys) -> None:
    clock = iter([10.0, 12.0, 50.0, 51.0])
    monkeypatch.setattr("bench._lap.time.perf_counter", lambda: next(clock))
    laps = Laps()
    for _ in range(2):
        with laps.lap():
            pass
    laps.tell()
    answer = json.loads(capsys.readouterr().out)
    assert answer["seconds"] == 3.0
    assert answer["peak_mb"] > 0
