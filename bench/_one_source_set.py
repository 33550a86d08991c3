"""Read the labelled set: items with generated value profiles, and which pairs are one datum."""

import random
import tomllib
import zlib
from itertools import combinations
from pathlib import Path

from tongqu.onesource.vocabulary import ItemFacts, ValueProfile

FILE = Path(__file__).parent / "one_source_set.toml"
ROWS = 2_000  # values of a whole universe
SKETCH = 64
FEW = {
    "pcol": 6, "division": 11, "grade": 4, "state": 4, "state2": 4, "vtype": 9, "fuel": 6,
    "dclass": 8, "cstate": 5, "scope": 30, "bureau": 12, "bureau2": 12, "site": 25, "sstate": 3,
    "tollclass": 16, "route": 40, "station": 300, "area": 80, "bridge": 900, "port": 10,
    "portname": 20, "bgrade": 5, "qgrade": 4, "cgrade": 5, "igrade": 3,
}  # fmt: skip
SHAPES = {
    "company": "文", "person": "文", "uscc": "99999999AA9999999A", "phone": "99999999999",
    "address": "文99文", "plate": "文A99999", "vin": "AAA9AAA99AA999999", "date": "9999-99-99",
    "datetime": "9999-99-99 99:99:99", "idno": "999999999999999999", "serial12": "999999999999",
    "serial14": "A9999999999999", "serial10": "A999999999", "lon": "999.999999",
    "lat": "99.999999", "stake": "A999+999", "route": "A99", "case": "文〔9999〕999文",
    "amount": "9999", "rate": "9.99", "small": "9", "shipid": "AA99999999999",
    "mmsi": "999999999",
}  # fmt: skip
DETECTORS = {"uscc": "uscc", "phone": "phone", "plate": "plate", "idno": "id_card", "vin": "vin"}

Pair = frozenset[tuple[str, str]]


def read(half: str) -> tuple[list[ItemFacts], set[Pair]]:
    """Return the items of a half, and the pairs of different sources that are one datum."""
    entries = [e for e in tomllib.loads(FILE.read_text())["entry"] if e["half"] == half]
    departments = sorted({e["department"] for e in entries})
    items, datum = list[ItemFacts](), dict[tuple[str, str], str]()
    for number, entry in enumerate(entries):
        for name_zh, name_en, kind, length, element, meaning, values in entry["items"]:
            item = ItemFacts(
                entry_code=f"{half}-{number:02}", entry_name=entry["name"],
                provider_id=departments.index(entry["department"]),
                provider_name=entry["department"], system=entry["system"], name_zh=name_zh,
                name_en=name_en, data_type=kind, length=length or None, element=element,
                profile=_profile(values, f"{number}{name_en}"),
            )  # fmt: skip
            items.append(item)
            datum[item.key] = meaning
    same = {
        frozenset({a.key, b.key})
        for a, b in combinations(items, 2)
        if a.source != b.source and datum[a.key] == datum[b.key]
    }
    return items, same


def _profile(values: str, seed: str) -> ValueProfile:
    """Return the profile of a part of a universe of values: the same universe, the same hashes."""
    kind, universe, share = (*values.split(":"), "1")[:3]
    chance = random.Random(seed)
    size = FEW.get(kind, ROWS)
    held = [n for n in range(size) if chance.random() < float(share)]
    hashes = sorted(zlib.crc32(f"{kind}:{universe}:{n}".encode()) for n in held)
    return ValueProfile(
        rows=max(ROWS // 2, len(held)), null_share=chance.choice((0.0, 0.0, 0.02, 0.1)),
        distinct=len(held), max_length=12, shapes=(SHAPES.get(kind, "文"),),
        detector=DETECTORS.get(kind, ""), sketch=tuple(hashes[:SKETCH]),
    )  # fmt: skip
