"""总账对账: the ledger's totals beside the catalogue's, and every entry that differs."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Difference:
    """One entry on which ledger and catalogue do not agree; the side without it is empty."""

    code: str
    what: str
    in_ledger: str
    in_catalogue: str


def differences(
    ledger: Mapping[str, Mapping[str, str]], catalogue: Mapping[str, Mapping[str, str]]
) -> list[Difference]:
    """Compare row by row (code → state → value); an empty list means the totals agree."""
    found = []
    for code in sorted({*ledger, *catalogue}):
        ours, theirs = ledger.get(code), catalogue.get(code)
        if ours is None:
            found.append(Difference(code, "条目", "", "有"))
        elif theirs is None:
            found.append(Difference(code, "条目", "有", ""))
        else:
            found += [
                Difference(code, name, ours.get(name, ""), value)
                for name, value in theirs.items()
                if ours.get(name, "") != value
            ]
    return found


def counted(rows: Mapping[str, Mapping[str, str]], name: str) -> dict[str, int]:
    """Return how many rows stand in each value of one state, in a fixed order."""
    return dict(sorted(Counter(row[name] for row in rows.values()).items()))
