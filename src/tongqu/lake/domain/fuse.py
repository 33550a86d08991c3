"""融合: rows of several sources become one row a key, field by field, by a declared rule.

A fusion is a table of decisions, not a program. It names its sources in the order of their
priority and, for each field, how the winner among the sources' values is found:

    priority   the first source that has a value, in the order of the sources
    newest     the value told last
    longest    the longest value
    frequent   the value that most records of the key tell
    [a, b]     the first of the named sources that has a value, then the others

It becomes one SELECT. Ties fall to the order of the sources, so the result never depends on
the order of the rows. An empty value never wins; of several rows of a source for one key, what it
told last speaks for it. Shape: keys, fields, ``<field>_from`` (which
source gave it), ``conflicts`` (fields for which sources disagree; NULL: none), ``sources`` (key of
the record in each source), ``source_count``.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tongqu.lake.vocabulary import PREFIXES, Layer

NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
SOURCE = re.compile(r"[\w（）()·]{1,40}")
RESERVED = frozenset(
    {"rank_no", "source_name", "record_key", "told_at", "place", "recency", "conflicts", "sources",
     "source_count"}
)  # fmt: skip
# Above the place of a row within its key: rows of one key are far fewer.
STEP = 1_000_000


class Survive(StrEnum):
    """Which value survives."""

    PRIORITY = "priority"
    NEWEST = "newest"
    LONGEST = "longest"
    FREQUENT = "frequent"


SURVIVE_LABELS = {
    Survive.PRIORITY: "来源优先", Survive.NEWEST: "取最近一次", Survive.LONGEST: "取最长",
    Survive.FREQUENT: "取多数来源",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FuseSource:
    name: str  # as people call the system
    table: str
    key: str  # expression: the record's key in this source
    updated: str  # expression: when it was last told
    takes: Mapping[str, str]  # output column → expression over the table's columns


@dataclass(frozen=True, slots=True)
class FuseField:
    name: str
    rule: Survive
    first: tuple[str, ...] = ()  # sources that come before the others for this field

    @property
    def told(self) -> str:
        """Word the rule for people."""
        return f"依次取 {'、'.join(self.first)}" if self.first else SURVIVE_LABELS[self.rule]


@dataclass(frozen=True, slots=True)
class Fusion:
    keys: tuple[str, ...]
    sources: tuple[FuseSource, ...]
    fields: tuple[FuseField, ...]

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> "Fusion":
        """Read a declaration. Raises: ``ValueError`` telling what is wrong."""
        if document.get("kind") != "fuse":
            raise ValueError("kind 须为 fuse")
        keys = tuple(document.get("keys", []))
        sources = tuple(_source(row, keys) for row in document.get("sources", []))
        fields = tuple(_field(name, rule) for name, rule in document.get("fields", {}).items())
        fusion = cls(keys, sources, fields)
        fusion._check()
        return fusion

    def _check(self) -> None:
        if not self.keys or not self.sources or not self.fields:
            raise ValueError("keys、sources、fields 都不能为空")
        names = [source.name for source in self.sources]
        if len(set(names)) < len(names):
            raise ValueError("来源的 name 重复")
        columns = {*self.keys, *(one.name for one in self.fields)}
        if taken := sorted(RESERVED & columns) or [k for k in self.keys if not NAME.fullmatch(k)]:
            raise ValueError(f"列名 {taken[0]} 不能使用")
        for source in self.sources:
            if strange := sorted(set(source.takes) - columns):
                raise ValueError(f"{source.name} 取用了 fields 中没有的 {strange[0]}")
        for one in self.fields:
            if strange := sorted(set(one.first) - set(names)):
                raise ValueError(f"{one.name} 的优先来源 {strange[0]} 不在 sources 中")
            if not any(one.name in source.takes for source in self.sources):
                raise ValueError(f"没有来源给出 {one.name}")

    def among(self, tables: Collection[str]) -> "Fusion | None":
        """Return the fusion of the sources that are there; None without any."""
        there = tuple(source for source in self.sources if source.table in tables)
        return Fusion(self.keys, there, self.fields) if there else None

    def sql(self) -> str:
        """Return the one SELECT that fuses. Shape: see above; one row a key."""
        keys = ", ".join(f"r.{key}" for key in self.keys)
        columns = ",\n  ".join(part for one in self.fields for part in self._columns(one))
        conflicts = ", ".join(
            f"CASE WHEN count(DISTINCT r.{one.name}) > 1 THEN '{one.name}' END"
            for one in self.fields
        )
        held = ", ".join(
            f"min_by('{source.name}=' || r.record_key, r.place) FILTER (WHERE r.rank_no = {rank})"
            for rank, source in enumerate(self.sources, start=1)
        )
        return f"""{self._ranked()}
SELECT {keys},
  {columns},
  nullif(concat_ws(',', {conflicts}), '') AS conflicts,
  concat_ws('; ', {held}) AS sources,
  count(DISTINCT r.rank_no) AS source_count
FROM ranked AS r
GROUP BY {keys}"""  # noqa: S608  # names from a checked declaration

    def decisions(self) -> str:
        """Return the SELECT that explains one key: every source's part in every field.

        Parameters: the key's values by name. Shape: field, rule, source, source_key, told_at,
        has_value, agrees (with the value taken), is_taken; no value of a row.
        """
        where = " AND ".join(f"CAST(r.{key} AS VARCHAR) = ${key}" for key in self.keys)
        parts = "\nUNION ALL\n".join(self._decision(n, one) for n, one in enumerate(self.fields))
        return f"""{self._ranked()},
one AS (SELECT * FROM ranked AS r WHERE {where}),
told AS ({parts})
SELECT t.field, t.rule, t.source, t.source_key, t.told_at, t.value IS NOT NULL AS has_value,
  coalesce(t.value = min_by(t.value, t.turn) FILTER (WHERE t.value IS NOT NULL)
    OVER (PARTITION BY t.field), false) AS agrees,
  t.value IS NOT NULL AND t.turn = min(t.turn) FILTER (WHERE t.value IS NOT NULL)
    OVER (PARTITION BY t.field) AS is_taken
FROM told AS t
ORDER BY t.field_no, t.turn"""  # noqa: S608  # names from a checked declaration

    def _ranked(self) -> str:
        rows = "\n  UNION ALL\n  ".join(
            self._rows(rank, source) for rank, source in enumerate(self.sources, start=1)
        )
        names = ", ".join(f"u.{name}" for name in (*self.keys, *(one.name for one in self.fields)))
        by = ", ".join(f"u.{key}" for key in self.keys)
        there = " AND ".join(f"u.{key} IS NOT NULL" for key in self.keys)
        votes = "".join(
            f"\n    count(u.{one.name}) OVER (PARTITION BY {by}, u.{one.name}) AS {one.name}_votes,"
            for one in self.fields
            if one.rule is Survive.FREQUENT
        )
        return f"""WITH united AS (
  {rows}
),
ranked AS (
  SELECT {names}, u.rank_no, u.source_name, u.record_key, u.told_at,{votes}
    row_number() OVER (PARTITION BY {by}
      ORDER BY u.rank_no, u.told_at DESC NULLS LAST, u.record_key) AS place,
    row_number() OVER (PARTITION BY {by}
      ORDER BY u.told_at DESC NULLS LAST, u.rank_no, u.record_key) AS recency
  FROM united AS u
  WHERE {there}
)"""  # noqa: S608  # names from a checked declaration

    def _rows(self, rank: int, source: FuseSource) -> str:
        """Return one source's rows: of several for a key, what it told last."""
        taken = ", ".join(
            f"{source.takes.get(name, 'NULL')} AS {name}"
            for name in (*self.keys, *(one.name for one in self.fields))
        )
        by = ", ".join(source.takes[key] for key in self.keys)
        is_raw = source.table.startswith(PREFIXES[Layer.ODS])
        last = "_load_time DESC, _batch_id DESC, _line DESC" if is_raw else self._apart(source)
        return (
            f"SELECT {taken}, {rank} AS rank_no, '{source.name}' AS source_name,"  # noqa: S608
            f" CAST({source.key} AS VARCHAR) AS record_key, {source.updated} AS told_at"
            f" FROM {source.table} QUALIFY row_number() OVER"
            f" (PARTITION BY {by} ORDER BY {source.updated} DESC NULLS LAST, {last}) = 1"
        )

    def _apart(self, source: FuseSource) -> str:
        """Return the order of rows that were told at one moment: by all that is taken of them,
        so that those which still tie are the same row."""
        taken = [source.takes[one.name] for one in self.fields if one.name in source.takes]
        return ", ".join(f"{part} NULLS LAST" for part in dict.fromkeys([source.key, *taken]))

    def _turn(self, one: FuseField) -> str:
        """Return the expression by which the rows of a key line up for a field; the first wins."""
        if one.first:
            cases = " ".join(
                f"WHEN r.source_name = '{name}' THEN {n}" for n, name in enumerate(one.first)
            )
            return f"CASE {cases} ELSE {len(one.first)} END * {STEP} + r.place"
        match one.rule:
            case Survive.NEWEST:
                return "r.recency"
            case Survive.LONGEST:
                return f"r.place - length(CAST(r.{one.name} AS VARCHAR)) * {STEP}"
            case Survive.FREQUENT:
                return f"r.place - r.{one.name}_votes * {STEP}"
            case _:
                return "r.place"

    def _columns(self, one: FuseField) -> Sequence[str]:
        there = f"FILTER (WHERE r.{one.name} IS NOT NULL)"
        turn = self._turn(one)
        return (
            f"min_by(r.{one.name}, {turn}) {there} AS {one.name}",
            f"min_by(r.source_name, {turn}) {there} AS {one.name}_from",
        )

    def _decision(self, number: int, one: FuseField) -> str:
        return (
            f"SELECT {number} AS field_no, '{one.name}' AS field, '{one.told}' AS rule,"  # noqa: S608
            " r.source_name AS source, r.record_key AS source_key, r.told_at,"
            f" CAST(r.{one.name} AS VARCHAR) AS value, {self._turn(one)} AS turn FROM one AS r"
        )


def _source(row: Mapping[str, Any], keys: Sequence[str]) -> FuseSource:
    known = {"name", "table", "key", "updated", "takes", "as"}
    if strange := sorted(set(row) - known):
        raise ValueError(f"来源有不认识的项 {strange[0]}")
    name, table = str(row.get("name", "")), str(row.get("table", ""))
    if not SOURCE.fullmatch(name) or not NAME.fullmatch(table):
        raise ValueError("每个来源都要有 name 和 table")
    takes = {column: column for column in (*keys, *row.get("takes", []))} | {
        str(column): str(expression) for column, expression in row.get("as", {}).items()
    }
    return FuseSource(
        name, table, str(row.get("key", " || '|' || ".join(takes[key] for key in keys))),
        str(row.get("updated", "_load_time" if table.startswith("ods_") else "loaded_at")), takes,
    )  # fmt: skip


def _field(name: str, rule: object) -> FuseField:
    if not NAME.fullmatch(name):
        raise ValueError(f"字段名 {name} 写法不对")
    if isinstance(rule, list) and rule and all(isinstance(one, str) for one in rule):
        return FuseField(name, Survive.PRIORITY, tuple(rule))
    if rule not in set(Survive):
        raise ValueError(f"{name} 的规则须为 priority、newest、longest、frequent 或来源名的列表")
    return FuseField(name, Survive(str(rule)))
