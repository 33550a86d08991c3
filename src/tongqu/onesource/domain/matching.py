"""Do two declared items look like the same datum? By name, element and value profile together.

``features`` are facts between 0 and 1; ``WEIGHTS`` were fitted by logistic regression on the
training half of the labelled set (``bench/one_source.py --fit`` prints them anew); the figures
that the benchmark reports come from the other half.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from itertools import combinations
from math import exp

from tongqu.onesource.domain.names import GENERIC, bigrams, english, parted, subject
from tongqu.onesource.vocabulary import ItemFacts, Likeness, ValueProfile

Key = tuple[str, str, str, str]  # two entries and items

THRESHOLD = 0.5
# From here on every pair of the fitting half of the labelled set is one datum, and none is lost;
# in the held half precision is 1, too, and recall 0.81. Shown first; the rest stays at hand.
STRONG = 0.85
LARGEST_BLOCK = 400  # items under one key; a commoner key tells nothing
SHARED_HASHES = 3  # equal hashes that make two items candidates whatever their names
NUMERIC = frozenset({"integer", "decimal"})
TEMPORAL = frozenset({"date", "datetime", "time"})
TEXTUAL = frozenset({"string", "text"})

FEATURES = (
    "name", "head_differs", "english", "same_element", "type_differs",
    "length", "shapes", "values", "no_values", "density", "subject", "detector",
)  # fmt: skip
WEIGHTS: Mapping[str, float] = {
    "name": 3.60,
    "head_differs": -0.91,
    "english": 3.94,
    "same_element": 1.52,
    "type_differs": -0.73,
    "length": 1.48,
    "shapes": 1.06,
    "values": 2.08,
    "no_values": -3.35,
    "density": -0.30,
    "subject": 1.79,
    "detector": 5.16,
}
BIAS = -3.57


def likeness(first: ItemFacts, second: ItemFacts) -> Likeness:
    if first.element and second.element and first.element != second.element:
        return Likeness(first, second, 0.0, ("绑定不同的数据元",))
    found = features(first, second)
    total = BIAS + sum(WEIGHTS[name] * value for name, value in found.items())
    score = 1 / (1 + exp(-max(-40.0, min(40.0, total))))
    return Likeness(first, second, round(score, 4), _reasons(found))


def features(first: ItemFacts, second: ItemFacts) -> dict[str, float]:
    """Return every feature of ``FEATURES``, each between 0 and 1."""
    (narrow_a, head_a), (narrow_b, head_b) = parted(first.name_zh), parted(second.name_zh)
    about = _alike(bigrams(subject(first.entry_name)), bigrams(subject(second.entry_name)))
    full_a = narrow_a or (subject(first.entry_name) if head_a in GENERIC else "")
    full_b = narrow_b or (subject(second.entry_name) if head_b in GENERIC else "")
    names = _narrowed(full_a, full_b) if head_a == head_b else 0.0
    a, b = first.profile, second.profile
    both_bound = bool(first.element and second.element)
    return {
        "name": names,
        "head_differs": float(head_a != head_b),
        "english": _alike(english(first.name_en), english(second.name_en)),
        "same_element": float(both_bound and first.element == second.element),
        "type_differs": float(_family(first.data_type) != _family(second.data_type)),
        "length": _ratio(first.length, second.length),
        "shapes": _alike(frozenset(a.shapes), frozenset(b.shapes)) if a and b else 0.0,
        "values": _overlap(a, b),
        "no_values": float(_apart(a, b)),
        "density": 1 - abs(_density(a) - _density(b)) if a and b else 0.0,
        "subject": about,
        "detector": float(bool(a and b and a.detector and a.detector == b.detector)),
    }  # fmt: skip


def candidates(items: Sequence[ItemFacts]) -> Iterator[tuple[ItemFacts, ItemFacts]]:
    """Yield pairs of different sources that share a key, each once: not every pair is looked at."""
    blocks: dict[tuple[str, str], list[int]] = defaultdict(list)
    for position, item in enumerate(items):
        for key in _keys(item):
            blocks[key].append(position)
    seen: set[tuple[int, int]] = set()
    shared: dict[tuple[int, int], int] = defaultdict(int)
    for (kind, _), held in blocks.items():
        if len(held) > LARGEST_BLOCK:
            continue
        for pair in combinations(held, 2):
            if items[pair[0]].source == items[pair[1]].source:
                continue
            shared[pair] += SHARED_HASHES if kind != "hash" else 1
            if shared[pair] >= SHARED_HASHES and pair not in seen:
                seen.add(pair)
                yield items[pair[0]], items[pair[1]]


def conflicts(items: Sequence[ItemFacts]) -> list[Likeness]:
    """Return the pairs that look like one datum declared by two sources, likeliest first."""
    found = (likeness(first, second) for first, second in candidates(items))
    return sorted(
        (pair for pair in found if pair.score >= THRESHOLD),
        key=lambda pair: (-pair.score, pair.first.key, pair.second.key),
    )


def joined(pairs: Iterable[Likeness], apart: Set[Key]) -> list[Likeness]:
    """Keep the pairs that join what was not joined yet, the likeliest first.

    A datum that n sources declare gives n − 1 pairs and not n × (n − 1) / 2. Pairs in ``apart``
    were called different by people and join nothing, so that the rest is looked at again.
    """
    group: dict[tuple[str, str], tuple[str, str]] = {}

    def root(key: tuple[str, str]) -> tuple[str, str]:
        while (above := group.get(key, key)) != key:
            key = above
        return key

    kept = []
    for pair in pairs:
        first, second = root(pair.first.key), root(pair.second.key)
        if key_of(pair) in apart:
            kept.append(pair)
        elif first != second:
            group[first] = second
            kept.append(pair)
    return kept


def key_of(pair: Likeness) -> Key:
    """Return what a pair is known by, whichever side comes first."""
    first, second = sorted((pair.first.key, pair.second.key))
    return (*first, *second)


def _keys(item: ItemFacts) -> Iterable[tuple[str, str]]:
    narrow, head = parted(item.name_zh)
    about = subject(item.entry_name) if not narrow and head in GENERIC else narrow
    yield from (("name", f"{head}|{part}") for part in bigrams(about) | {about})
    if head not in GENERIC:
        yield ("head", head)
    if item.element:
        yield ("element", item.element)
    words = english(item.name_en)
    if len(words) > 1:
        yield ("english", " ".join(sorted(words)))
    if item.profile:
        yield from (("hash", str(value)) for value in item.profile.sketch)


def _alike(a: frozenset[str], b: frozenset[str]) -> float:
    return len(a & b) / len(a | b) if a and b else 0.0


def _narrowed(a: str, b: str) -> float:
    """Return how alike two narrowings are; one inside the other counts, since names are cut."""
    if a == b:
        return 1.0
    if not a or not b:
        return 0.5
    inside = min(len(a), len(b)) / max(len(a), len(b)) if a in b or b in a else 0.0
    return max(_alike(bigrams(a), bigrams(b)), 0.5 + inside / 2 if inside else 0.0)


def _family(data_type: str) -> str:
    for name, kinds in (("number", NUMERIC), ("time", TEMPORAL), ("text", TEXTUAL)):
        if data_type in kinds:
            return name
    return data_type


def _ratio(a: int | None, b: int | None) -> float:
    return min(a, b) / max(a, b) if a and b else 0.5


def _density(profile: ValueProfile | None) -> float:
    if profile is None or not profile.rows:
        return 0.0
    return min(1.0, profile.distinct / (profile.rows * (1 - profile.null_share) or 1))


def _overlap(a: ValueProfile | None, b: ValueProfile | None) -> float:
    """Return the share of equal values, estimated from the smallest hashes of both."""
    if not a or not b or not a.sketch or not b.sketch:
        return 0.0
    size = min(len(a.sketch), len(b.sketch))
    smallest = set(sorted({*a.sketch, *b.sketch})[:size])
    return len(smallest & set(a.sketch) & set(b.sketch)) / size


def _apart(a: ValueProfile | None, b: ValueProfile | None) -> bool:
    """Say whether both were scanned and not one value was found in both."""
    if not a or not b or not a.sketch or not b.sketch:
        return False
    return not set(a.sketch) & set(b.sketch)


def _reasons(found: Mapping[str, float]) -> tuple[str, ...]:
    told = (
        (found["same_element"] > 0, "绑定同一数据元"),
        (found["name"] >= 0.8, "名称含义相同"),
        (0.5 <= found["name"] < 0.8, "名称相近"),
        (found["english"] >= 0.6, "英文名相近"),
        (found["values"] >= 0.1, f"抽样取值约 {found['values']:.0%} 相同"),
        (found["detector"] > 0, "识别为同类敏感信息"),
        (found["shapes"] >= 0.5, "取值格式相同"),
    )
    return tuple(says for holds, says in told if holds)
