"""多源校核: one fact of several sources, joined on a key and compared item by item.

A check names its keys, its sources in the order of their priority and its items:

    keys     column → nothing else; every source gives them (``as`` where it calls them otherwise)
    sources  name, entry, table (the entry's own unless told), as, updated
    items    column → title, rule (priority | newest | majority), first (sources), tolerance

Two values agree when they are equal, or equal once width, case and blanks are set aside, or,
both numbers, no further apart than the tolerance. A missing value is no disagreement.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from tongqu.kernel.statements import quoted
from tongqu.masters.domain.golden import plain
from tongqu.masters.vocabulary import Winner

NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
COLUMN = re.compile(r"[a-z][a-z0-9_]{0,62}")


@dataclass(frozen=True, slots=True)
class CrossSource:
    name: str
    entry: str
    table: str
    takes: Mapping[str, str]  # our column → the source's expression
    updated: str


@dataclass(frozen=True, slots=True)
class CrossItem:
    name: str
    title: str
    rule: Winner
    order: tuple[int, ...]  # places of the sources (from 1), the first goes first
    tolerance: float


@dataclass(frozen=True, slots=True)
class CrossRules:
    code: str
    title: str
    keys: tuple[str, ...]
    sources: tuple[CrossSource, ...]
    items: tuple[CrossItem, ...]

    @property
    def ranks(self) -> range:
        return range(1, len(self.sources) + 1)


@dataclass(frozen=True, slots=True)
class Shape:
    """How a source's rows lie: ``unique``: its keys are known to be; ``is_number`` by column."""

    unique: bool
    is_raw: bool
    has_op: bool
    updated: str
    is_number: Mapping[str, bool]


def read(document: Mapping[str, Any]) -> CrossRules:
    """Read a check. Raises: ``ValueError`` telling what is wrong, in words for people."""
    code, keys = str(document.get("code", "")), tuple(document.get("keys", ()))
    if not NAME.fullmatch(code):
        raise ValueError("code 须为小写字母、数字和下划线，不超过 40 位")
    if strange := sorted(set(document) - {"code", "title", "keys", "sources", "items"}):
        raise ValueError(f"不认识的项 {strange[0]}")
    items: Mapping[str, Any] = document.get("items", {})
    named = [*keys, *items]
    if not keys or not items or not all(COLUMN.fullmatch(str(name)) for name in named):
        raise ValueError("keys、items 须为列名，都不能为空")
    sources = tuple(_source(row, named) for row in document.get("sources", ()))
    names = [source.name for source in sources]
    if len(names) < 2 or len(set(names)) < len(names) or not all(names):
        raise ValueError("须有两个以上名称不同的来源")
    if not all(source.entry for source in sources):
        raise ValueError("每个来源都要写明目录 entry")
    found = tuple(_item(str(name), row, names) for name, row in items.items())
    return CrossRules(code, str(document.get("title", code)), keys, sources, found)


def _source(row: Mapping[str, Any], named: Sequence[str]) -> CrossSource:
    if strange := sorted(set(row) - {"name", "entry", "table", "as", "updated"}):
        raise ValueError(f"来源有不认识的项 {strange[0]}")
    takes = {name: quoted(name) for name in named}
    takes |= {str(k): quoted(str(v)) for k, v in dict(row.get("as", {})).items() if k in takes}
    return CrossSource(
        str(row.get("name", "")), str(row.get("entry", "")), str(row.get("table", "")), takes,
        str(row.get("updated", "")),
    )  # fmt: skip


def _item(name: str, row: Mapping[str, Any], names: Sequence[str]) -> CrossItem:
    first = [str(one) for one in row.get("first", ())]
    if strange := sorted(set(first) - set(names)):
        raise ValueError(f"{name} 的优先来源 {strange[0]} 不在 sources 中")
    order = [names.index(one) + 1 for one in first]
    order += [rank for rank in range(1, len(names) + 1) if rank not in order]
    rule = str(row.get("rule", Winner.PRIORITY))
    if rule not in set(Winner):
        raise ValueError(f"{name} 的 rule 须为 {'、'.join(Winner)}")
    tolerance = float(row.get("tolerance", 0))
    return CrossItem(name, str(row.get("title", name)), Winner(rule), tuple(order), tolerance)


def _joined(rules: CrossRules, shapes: Sequence[Shape]) -> str:
    """Return the sources side by side: one row a key that any of them holds."""
    views = ", ".join(
        f"s{rank} AS ({_rows(rules, rank, shape)})"
        for rank, shape in zip(rules.ranks, shapes, strict=True)
    )
    using = ", ".join(f"key_{n}" for n in range(len(rules.keys)))
    joins = " ".join(f"FULL JOIN s{rank} USING ({using})" for rank in rules.ranks[1:])
    return f"WITH {views}, joined AS (SELECT * FROM s1 {joins})"  # noqa: S608  # checked names


def _rows(rules: CrossRules, rank: int, shape: Shape) -> str:
    source = rules.sources[rank - 1]
    keys = [source.takes[key] for key in rules.keys]
    taken = ", ".join(
        [
            *(f"{plain(key)} AS key_{n}" for n, key in enumerate(keys)),
            *(f"{source.takes[item.name]} AS {_v(n, rank)}" for n, item in enumerate(rules.items)),
            f"TRY_CAST({shape.updated or 'NULL'} AS TIMESTAMP) AS told_{rank}",
            f"true AS there_{rank}",
        ]
    )
    there = " AND ".join(f"{key} IS NOT NULL" for key in keys)
    last = ""
    if not shape.unique:
        raw = ", _load_time DESC, _batch_id DESC, _line DESC" if shape.is_raw else ""
        newest = f"{shape.updated} DESC NULLS LAST{raw}" if shape.updated else "1"
        last = f" QUALIFY row_number() OVER (PARTITION BY {', '.join(keys)} ORDER BY {newest}) = 1"
    alive = " AND coalesce(_op, 'I') <> 'D'" if shape.has_op else ""
    if shape.has_op and not shape.unique:  # the last word may be that it is gone
        inner = f"SELECT * FROM source_{rank} WHERE {there}{last}"  # noqa: S608  # checked names
        return f"SELECT {taken} FROM ({inner}) WHERE true{alive}"  # noqa: S608  # checked names
    return f"SELECT {taken} FROM source_{rank} WHERE {there}{alive}{last}"  # noqa: S608


def _v(n: int, rank: int) -> str:
    return f"v{n}_{rank}"


def _differ(item: CrossItem, a: str, b: str, *, is_number: bool) -> str:
    if is_number and item.tolerance:
        return f"(abs({a} - {b}) > {item.tolerance!r})"
    if is_number:
        return f"({a} <> {b})"
    # A CASE, since the engine would work out both sides of an AND for every row.
    return (
        f"CASE WHEN {a} IS NULL OR {b} IS NULL THEN NULL"
        f" WHEN CAST({a} AS VARCHAR) = CAST({b} AS VARCHAR) THEN false"
        f" ELSE {plain(a)} IS DISTINCT FROM {plain(b)} END"
    )


def _numbers(rules: CrossRules, shapes: Sequence[Shape]) -> list[bool]:
    return [all(shape.is_number.get(item.name, False) for shape in shapes) for item in rules.items]


def _conflict(rules: CrossRules, n: int, *, is_number: bool) -> str:
    pairs = [
        _differ(rules.items[n], _v(n, a), _v(n, b), is_number=is_number)
        for a, b in combinations(rules.ranks, 2)
    ]
    return (
        f"coalesce({' OR '.join(pairs)}, false)"
        if len(pairs) == 1
        else ("(" + " OR ".join(f"coalesce({pair}, false)" for pair in pairs) + ")")
    )


def held_sql(rules: CrossRules, shapes: Sequence[Shape]) -> str:
    """Return one row: how many keys each source holds."""
    views = ", ".join(
        f"s{rank} AS ({_rows(rules, rank, shape)})"
        for rank, shape in zip(rules.ranks, shapes, strict=True)
    )
    counts = ", ".join(f"(SELECT count(*) FROM s{r}) AS held_{r}" for r in rules.ranks)  # noqa: S608
    return f"WITH {views} SELECT {counts}"


def torn_sql(rules: CrossRules, shapes: Sequence[Shape]) -> str:
    """Return the keys of which the sources do not all tell every item, and tell it alike.

    What is left out is whole and equal, so that everything else is counted from these few.
    """
    alike = " AND ".join(
        f"{_v(n, rank)} = {_v(n, rank + 1)}"
        for n in range(len(rules.items))
        for rank in rules.ranks[:-1]
    )
    return f"{_joined(rules, shapes)} SELECT * FROM joined WHERE ({alike}) IS NOT TRUE"  # noqa: S608


def counts_sql(rules: CrossRules, shapes: Sequence[Shape]) -> str:
    """Return one row: shared, and compared_<n>, conflicts_<n>, alone_<n> by item.

    Reads: torn. Parameters: held_1 (keys of the first source; those not torn are whole).
    """
    numbers = _numbers(rules, shapes)
    present = " + ".join(f"CAST(there_{rank} IS NOT NULL AS INTEGER)" for rank in rules.ranks)
    whole = "($held_1 - count(there_1))"
    parts = [f"{whole} + count(*) FILTER (WHERE {present} > 1) AS shared"]
    for n in range(len(rules.items)):
        said = " + ".join(f"CAST({_v(n, rank)} IS NOT NULL AS INTEGER)" for rank in rules.ranks)
        parts += [
            f"{whole} + count(*) FILTER (WHERE {said} > 1) AS compared_{n}",
            f"count(*) FILTER (WHERE {_conflict(rules, n, is_number=numbers[n])}) AS conflicts_{n}",
            f"count(*) FILTER (WHERE {said} = 1 AND {present} > 1) AS alone_{n}",
        ]
    return f"SELECT {', '.join(parts)} FROM torn"  # noqa: S608  # checked names


def conflicts_sql(rules: CrossRules, shapes: Sequence[Shape]) -> str:
    """Return every conflict as a row. Reads: torn.

    Shape: item, key_<n>, value_<rank>, told_<rank>, lost_<rank> (its value is not the suggested
    one), winner (rank), reason.
    """
    numbers = _numbers(rules, shapes)
    parts = "\nUNION ALL\n".join(
        _branch(rules, n, is_number=numbers[n]) for n in range(len(rules.items))
    )
    lost = ", ".join(_lost(rules, rank) for rank in rules.ranks)
    return f"WITH told AS ({parts}) SELECT t.*, {lost} FROM told AS t"  # noqa: S608


def _branch(rules: CrossRules, n: int, *, is_number: bool) -> str:
    item = rules.items[n]
    keys = ", ".join(f"CAST(key_{k} AS VARCHAR) AS key_{k}" for k in range(len(rules.keys)))
    values = ", ".join(
        f"CAST({_v(n, rank)} AS VARCHAR) AS value_{rank}, told_{rank}" for rank in rules.ranks
    )
    winner, reason = _winner(rules, n, is_number=is_number)
    return (
        f"SELECT '{item.name}' AS item, {keys}, {values}, CAST({winner} AS BIGINT) AS winner,"  # noqa: S608
        f" {reason} AS reason FROM torn WHERE {_conflict(rules, n, is_number=is_number)}"
    )


def _winner(rules: CrossRules, n: int, *, is_number: bool) -> tuple[str, str]:
    """Return the expressions of the suggested source's rank and of the reason."""
    item = rules.items[n]
    first = " ".join(f"WHEN {_v(n, rank)} IS NOT NULL THEN {rank}" for rank in item.order)
    by_order = f"CASE {first} END"
    if item.rule is Winner.PRIORITY or (item.rule is Winner.MAJORITY and len(rules.sources) < 3):
        return by_order, f"'{Winner.PRIORITY}'"
    cases = []
    for rank in item.order:
        if item.rule is Winner.NEWEST:
            others = ", ".join(
                f"CASE WHEN {_v(n, o)} IS NOT NULL THEN told_{o} END" for o in rules.ranks
            )
            cases.append(
                f"WHEN {_v(n, rank)} IS NOT NULL AND told_{rank} = greatest({others}) THEN {rank}"
            )
            continue
        same = " + ".join(
            "CAST(coalesce(NOT "
            + _differ(item, _v(n, rank), _v(n, o), is_number=is_number)
            + ", false) AS INTEGER)"
            for o in rules.ranks
        )
        said = " + ".join(f"CAST({_v(n, o)} IS NOT NULL AS INTEGER)" for o in rules.ranks)
        cases.append(f"WHEN ({same}) * 2 > {said} THEN {rank}")
    found = f"CASE {' '.join(cases)} END"
    return (
        f"coalesce({found}, {by_order})",
        f"CASE WHEN {found} IS NULL THEN '{Winner.PRIORITY}' ELSE '{item.rule}' END",
    )


def _lost(rules: CrossRules, rank: int) -> str:
    taken = " ".join(f"WHEN {o} THEN t.value_{o}" for o in rules.ranks if o != rank)
    return (
        f"CASE WHEN t.winner = {rank} OR t.value_{rank} IS NULL THEN false ELSE"
        f" {plain(f't.value_{rank}')} IS DISTINCT FROM {plain(f'(CASE t.winner {taken} END)')} END"
        f" AS lost_{rank}"
    )


def losers_sql(rules: CrossRules) -> str:
    """Return by item how many conflicts each source is asked to look at. Reads: conflicts."""
    lost = ", ".join(f"count(*) FILTER (WHERE lost_{rank}) AS lost_{rank}" for rank in rules.ranks)
    return f"SELECT item, {lost} FROM conflicts GROUP BY item ORDER BY item"  # noqa: S608
