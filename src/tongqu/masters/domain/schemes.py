"""方案: what one kind of master data is made of, told as data.

    code, domain, title
    keys        columns that together name one thing: equal keys are one record (exact rule)
    identity    columns of which one thing has one value: two values are a clash, for people
    fields      survivorship by field, in the words of the lake's fusion
    sources     as in the lake's fusion, and the catalogue entry that each comes from
    names       what people call the fields
    stops       a field and its values that say that the thing is out of use
    likeness    fuzzy rules: blocks (which pairs are looked at), compare (what counts how much)

A compared field has levels, the first that fits counts: its weight is the logarithm to base 2
of how much likelier such agreement is among pairs that are one thing (Fellegi and Sunter, as
Splink has it). ``otherwise`` is the weight of disagreement; a missing value weighs nothing.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tongqu.masters.vocabulary import MasterDomain

NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
COLUMN = re.compile(r"[a-z][a-z0-9_]{0,62}")
HOWS = ("exact", "jaro_winkler", "levenshtein", "prefix", "within")
KNOWN = {
    "code", "domain", "title", "keys", "identity", "fields", "sources", "names", "stops",
    "likeness", "entries",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Level:
    how: str
    weight: float
    bound: float = 0.0  # least likeness, most edits, length of a prefix, share of the number

    @property
    def told(self) -> str:
        return {
            "exact": "相同",
            "jaro_winkler": f"相近（{self.bound:g} 以上）",
            "levenshtein": f"相差至多 {self.bound:g} 个字",
            "prefix": f"前 {self.bound:g} 位相同",
            "within": f"相差不超过 {self.bound:.0%}",
        }[self.how]


@dataclass(frozen=True, slots=True)
class Comparison:
    field: str
    levels: tuple[Level, ...]
    otherwise: float


@dataclass(frozen=True, slots=True)
class LikenessRules:
    """``blocks``: each a list of fields, or ``field:n`` for its first n letters."""

    blocks: tuple[tuple[str, ...], ...] = ()
    compare: tuple[Comparison, ...] = ()
    prior: float = -8.0  # how rare one thing is among the pairs looked at, as a weight
    threshold: float = 0.7


@dataclass(frozen=True, slots=True)
class SchemeRules:
    """A scheme that was read and holds together. ``fusion`` is the lake's own declaration."""

    code: str
    domain: MasterDomain
    title: str
    keys: tuple[str, ...]
    identity: tuple[str, ...]
    fields: Mapping[str, Any]
    sources: tuple[Mapping[str, Any], ...]
    entries: Mapping[str, str]  # source → code of the entry it comes from
    names: Mapping[str, str]
    stop_field: str = ""
    stop_values: tuple[str, ...] = ()
    likeness: LikenessRules = field(default_factory=LikenessRules)

    @property
    def columns(self) -> tuple[str, ...]:
        """Return every column of a record, keys first."""
        return (*self.keys, *(name for name in self.fields if name not in self.keys))

    def title_of(self, column: str) -> str:
        return self.names.get(column, column)

    def fusion(self) -> dict[str, Any]:
        """Return the fusion of records that share a golden key, as the lake reads it.

        Its sources are the rows of ``held`` by rank: see ``domain.golden``.
        """
        rules = dict.fromkeys(self.keys, "priority") | dict(self.fields)
        return {
            "kind": "fuse",
            "keys": ["golden_key"],
            "fields": rules,
            "sources": [
                {
                    "name": source["name"], "table": f"rows_{rank}", "key": "record_key",
                    "updated": "told_at", "takes": list(self.columns),
                }
                for rank, source in enumerate(self.sources, start=1)
            ],
        }  # fmt: skip


def read(document: Mapping[str, Any]) -> SchemeRules:
    """Read a scheme. Raises: ``ValueError`` telling what is wrong, in words for people."""
    if strange := sorted(set(document) - KNOWN):
        raise ValueError(f"不认识的项 {strange[0]}")
    code, domain = str(document.get("code", "")), str(document.get("domain", ""))
    if not NAME.fullmatch(code):
        raise ValueError("code 须为小写字母、数字和下划线，不超过 40 位")
    if domain not in set(MasterDomain):
        raise ValueError("domain 须为五个主数据域之一")
    stops = document.get("stops", {})
    rules = SchemeRules(
        code=code,
        domain=MasterDomain(domain),
        title=str(document.get("title", code)),
        keys=tuple(document.get("keys", ())),
        identity=tuple(document.get("identity", ())),
        fields=dict(document.get("fields", {})),
        sources=tuple(document.get("sources", ())),
        entries=dict(document.get("entries", {})),
        names=dict(document.get("names", {})),
        stop_field=str(stops.get("field", "")),
        stop_values=tuple(map(str, stops.get("values", ()))),
        likeness=_likeness(document.get("likeness", {})),
    )
    _check(rules)
    return rules


def _check(rules: SchemeRules) -> None:
    if not rules.keys or not rules.fields or not rules.sources:
        raise ValueError("keys、fields、sources 都不能为空")
    known = set(rules.columns)
    if wrong := [name for name in known if not COLUMN.fullmatch(name)]:
        raise ValueError(f"列名 {min(wrong)} 写法不对")
    named = {str(source.get("name", "")) for source in rules.sources}
    asked = {*rules.identity, *(c.field for c in rules.likeness.compare)}
    asked |= {part.partition(":")[0] for block in rules.likeness.blocks for part in block}
    asked |= {rules.stop_field} - {""}
    if strange := sorted(asked - known):
        raise ValueError(f"规则用到没有的字段 {strange[0]}")
    if strange := sorted(set(rules.entries) - named):
        raise ValueError(f"entries 中的 {strange[0]} 不在 sources 中")


def _likeness(document: Mapping[str, Any]) -> LikenessRules:
    if strange := sorted(set(document) - {"blocks", "compare", "prior", "threshold"}):
        raise ValueError(f"likeness 有不认识的项 {strange[0]}")
    threshold = float(document.get("threshold", 0.7))
    if not 0 < threshold < 1:
        raise ValueError("threshold 须在 0 与 1 之间")
    return LikenessRules(
        blocks=tuple(tuple(block) for block in document.get("blocks", ())),
        compare=tuple(_comparison(row) for row in document.get("compare", ())),
        prior=float(document.get("prior", -8.0)),
        threshold=threshold,
    )


def _comparison(row: Mapping[str, Any]) -> Comparison:
    levels: Sequence[Mapping[str, Any]] = row.get("levels", ())
    found = tuple(
        Level(str(one.get("how", "")), float(one["weight"]), float(one.get("bound", 0)))
        for one in levels
    )
    if not found or any(level.how not in HOWS for level in found):
        raise ValueError(
            f"{row.get('field', '')} 的 levels 须写明 how（{'、'.join(HOWS)}）和 weight"
        )
    return Comparison(str(row.get("field", "")), found, float(row.get("otherwise", 0)))
