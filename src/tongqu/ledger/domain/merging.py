"""What several entries of the same thing differ in, and what becomes of them together."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from tongqu.catalog.vocabulary import ItemView
from tongqu.ledger.vocabulary import ConflictKind

KEEP, DROP = "keep", "drop"
_PLACE = re.compile(r"^[\u4e00-\u9fff]{1,8}?(?:省|自治区|市|县|区)(?=[\u4e00-\u9fff]{2})")
_TAIL = re.compile(r"(?:数据表|数据|目录|表)$")
_NOISE = re.compile(r"[\W_]+")
LARGEST_BLOCK = 200  # entries under one pair of characters; a commoner pair tells nothing
LONGEST_LABEL = 120  # characters the column of a conflict has
SIMILAR = 0.6  # half by name, half by items: below, two entries are not proposed together

# What is compared on an item that several sources have, and how it is read.
_COMPARED = (
    (ConflictKind.NAME, "name_zh"),
    (ConflictKind.TYPE, "data_type"),
    (ConflictKind.LENGTH, "length"),
    (ConflictKind.LEVEL, "level"),
    (ConflictKind.CODE_TABLE, "code_table"),
)


def normalised(name: str) -> str:
    """Return a name without place, form and punctuation: 甲市客运站信息表 → 客运站信息."""
    plain = _NOISE.sub("", unicodedata.normalize("NFKC", name)).lower()
    return _TAIL.sub("", _PLACE.sub("", plain)) or plain


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry as the search for duplicates sees it."""

    code: str
    name: str
    items: frozenset[str]  # normalised Chinese names


def similarity(one: Candidate, other: Candidate) -> float:
    """Return 0 to 1: half the likeness of the names, half the overlap of the items."""
    a, b = _pairs(normalised(one.name)), _pairs(normalised(other.name))
    names = 2 * len(a & b) / (len(a) + len(b)) if a or b else 0.0
    union = one.items | other.items
    items = len(one.items & other.items) / len(union) if union else 0.0
    return (names + items) / 2


def _pairs(text: str) -> frozenset[str]:
    return frozenset(text[n : n + 2] for n in range(max(len(text) - 1, 1)))


def groups(candidates: Sequence[Candidate]) -> list[tuple[str, ...]]:
    """Return groups of codes that look like the same thing, the largest first.

    Only entries that share their name, or a pair of characters in it that is not in every
    name (信息), are compared: thousands of entries are not compared each with each.
    """
    by_pair: dict[str, list[int]] = defaultdict(list)
    for n, candidate in enumerate(candidates):
        name = normalised(candidate.name)
        for pair in _pairs(name) | {name}:
            by_pair[pair].append(n)
    root = list(range(len(candidates)))

    def find(n: int) -> int:
        while root[n] != n:
            root[n] = root[root[n]]
            n = root[n]
        return n

    seen: set[tuple[int, int]] = set()
    for holders in by_pair.values():
        if len(holders) > LARGEST_BLOCK:
            continue
        for n, a in enumerate(holders):
            for b in holders[n + 1 :]:
                if (a, b) not in seen:
                    seen.add((a, b))
                    if similarity(candidates[a], candidates[b]) >= SIMILAR:
                        root[find(b)] = find(a)
    found: dict[int, list[str]] = defaultdict(list)
    for n, candidate in enumerate(candidates):
        found[find(n)].append(candidate.code)
    many = [tuple(sorted(codes)) for codes in found.values() if len(codes) > 1]
    return sorted(many, key=lambda codes: (-len(codes), codes))


@dataclass(frozen=True, slots=True)
class Conflict:
    """One thing in which the sources differ; ``values`` maps an entry's code to its text."""

    item: str
    kind: ConflictKind
    values: Mapping[str, str]


Sources = Mapping[str, Sequence[ItemView]]


def matched(sources: Sources) -> list[dict[str, ItemView]]:
    """Return the items of all sources, those with the same name or column together.

    Sources are read in the order of their codes, so that what was decided when conflicts
    were listed is found again when the entry is made.
    """
    rows: list[dict[str, ItemView]] = []
    index: dict[str, int] = {}
    for code, items in sorted(sources.items()):
        for item in items:
            names = [f"zh {normalised(item.name_zh)}", f"en {item.name_en.lower()}"]
            names = [name for name in names if len(name) > 3]
            known = (index[n] for n in names if n in index and code not in rows[index[n]])
            place = next(known, None)
            if place is None:
                place = len(rows)
                rows.append({})
            rows[place][code] = item
            for name in names:
                index.setdefault(name, place)
    return rows


def conflicts(sources: Sources) -> tuple[Conflict, ...]:
    """Return everything the managing office must decide before one entry can be made."""
    found: list[Conflict] = []
    for label, row in labelled(sources):
        if len(row) < len(sources):
            values = {code: row[code].name_zh if code in row else "" for code in sources}
            found.append(Conflict(label, ConflictKind.ONLY_IN_SOME, values))
        for kind, field in _COMPARED:
            values = {code: _text(getattr(item, field)) for code, item in row.items()}
            if len(set(values.values())) > 1:
                found.append(Conflict(label, kind, values))
    return tuple(found)


def labelled(sources: Sources) -> Iterable[tuple[str, dict[str, ItemView]]]:
    """Give every matched row a label of its own: decisions are kept under it."""
    taken: set[str] = set()
    for row in matched(sources):
        item = next(iter(row.values()))
        label = name = (item.name_zh or item.name_en)[:LONGEST_LABEL]
        more = 1
        while label in taken:
            more += 1
            label = f"{name[: LONGEST_LABEL - 10]}（{more}）"
        taken.add(label)
        yield label, row


def _text(value: object) -> str:
    return "" if value is None else str(value)


def allowed(conflict_kind: ConflictKind, values: Iterable[str]) -> tuple[str, ...]:
    """Return the choices open to the managing office for one conflict."""
    return (KEEP, DROP) if conflict_kind is ConflictKind.ONLY_IN_SOME else tuple(values)


def merged(
    sources: Sources, choices: Mapping[tuple[str, ConflictKind], str]
) -> tuple[ItemView, ...]:
    """Return the items of the one entry: what all agree on, and what was decided.

    Where nothing was decided the first source speaks; the stricter level always wins
    when none was chosen, and so do a mask and what one source does not share or open:
    merging alone never lowers a protection.
    """
    kept: list[ItemView] = []
    for label, row in labelled(sources):
        if choices.get((label, ConflictKind.ONLY_IN_SOME), KEEP) == DROP:
            continue
        item = replace(next(iter(row.values())), position=len(kept) + 1, source_column="")
        item = replace(
            item,
            level=max(one.level for one in row.values()),
            mask=next((o.mask for o in row.values() if o.mask not in ("", "none")), item.mask),
            is_shareable=all(one.is_shareable for one in row.values()),
            is_openable=all(one.is_openable for one in row.values()),
        )
        for kind, field in _COMPARED:
            chosen = row.get(choices.get((label, kind), ""))
            if chosen is not None:
                item = replace(item, **{field: getattr(chosen, field)})
        kept.append(item)
    return tuple(kept)
