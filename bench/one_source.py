"""Find items of two sources that are one datum: our matching beside equal plain names.

``python -m bench.one_source --fit`` fits the weights anew on the first half of the labelled
set and prints them; the figures below come from the other half only.
"""

import sys
from collections.abc import Set
from itertools import combinations
from math import exp

from bench._harness import Result
from bench._one_source_set import Pair, read
from tongqu.onesource.domain import matching
from tongqu.onesource.domain.matching import FEATURES, conflicts, features
from tongqu.onesource.domain.names import plain

TARGET = 1.15


def measure() -> Result:
    """Return our F1 over that of names equal once synonyms are; figures: precision and recall."""
    items, same = read("held")
    found = {frozenset({pair.first.key, pair.second.key}) for pair in conflicts(items)}
    by_name = {
        frozenset({a.key, b.key})
        for a, b in combinations(items, 2)
        if a.source != b.source and plain(a.name_zh) == plain(b.name_zh)
    }
    ours, theirs = _score(found, same), _score(by_name, same)
    figures: dict[str, object] = {
        "items": len(items),
        "pairs_that_are_one_datum": len(same),
        "precision": ours[0], "recall": ours[1], "f1": ours[2],
        "by_equal_plain_names": f"precision {theirs[0]}, recall {theirs[1]}, f1 {theirs[2]}",
    }  # fmt: skip
    return Result("one-source", round(ours[2] / theirs[2], 3), TARGET, "higher", figures)


def _score(found: Set[Pair], same: Set[Pair]) -> tuple[float, float, float]:
    right = len(found & same)
    precision = right / len(found) if found else 0.0
    recall = right / len(same)
    f1 = 2 * precision * recall / (precision + recall) if right else 0.0
    return round(precision, 3), round(recall, 3), round(f1, 3)


def fit(rounds: int = 6_000, rate: float = 0.3, decay: float = 2e-4) -> None:
    """Print the weights of a logistic regression over the candidates of the fitting half."""
    items, same = read("fit")
    rows = [
        ([features(a, b)[name] for name in FEATURES], frozenset({a.key, b.key}) in same)
        for a, b in combinations(items, 2)
        if a.source != b.source
    ]
    weights, bias = [0.0] * len(FEATURES), 0.0
    heavy = sum(not label for _, label in rows) / max(1, sum(label for _, label in rows)) / 4
    for _ in range(rounds):
        slope, slope_bias, total = [0.0] * len(FEATURES), 0.0, 0.0
        for values, label in rows:
            z = bias + sum(w * v for w, v in zip(weights, values, strict=True))
            weight = heavy if label else 1.0
            error = weight * (1 / (1 + exp(-max(-40, min(40, z)))) - label)
            total += weight
            slope_bias += error
            for n, value in enumerate(values):
                slope[n] += error * value
        bias -= rate * 10 * slope_bias / total
        weights = [
            w - rate * 10 * (s / total + decay * w) for w, s in zip(weights, slope, strict=True)
        ]
    for name, weight in zip(FEATURES, weights, strict=True):
        print(f'    "{name}": {weight:.2f},')
    print(f"BIAS = {bias:.2f}")


if __name__ == "__main__":
    if "--fit" in sys.argv:
        fit()
    else:
        print(measure().as_text())
        assert matching.WEIGHTS
