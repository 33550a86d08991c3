"""The labelled set is fit for its use, and the shipped weights keep their figures."""

from bench._one_source_set import read
from bench.one_source import measure


def test_the_two_halves_share_no_entry_and_both_hold_pairs() -> None:
    (fit, fit_pairs), (held, held_pairs) = read("fit"), read("held")

    assert not {i.entry_name for i in fit} & {i.entry_name for i in held}
    assert min(len(fit_pairs), len(held_pairs)) > 20


def test_the_matching_finds_most_and_is_seldom_wrong() -> None:
    result = measure()

    assert float(str(result.figures["precision"])) >= 0.9
    assert float(str(result.figures["recall"])) >= 0.8
    assert result.is_reached
