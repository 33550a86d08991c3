"""Which records may be one thing: pairs within blocks, weighed field by field.

The weights add up (Fellegi and Sunter): score = 1 / (1 + 2^-(prior + sum)). A block value that
more than ``CROWD`` records share is no block: it says little and costs its square.
"""

from tongqu.kernel.statements import quoted
from tongqu.masters.domain.golden import plain
from tongqu.masters.domain.schemes import Comparison, Level, SchemeRules

CROWD = 200


def likeness_sql(rules: SchemeRules, limit: int) -> str:
    """Return the likeliest pairs. Reads: golden, apart (first_key, second_key), merged.

    Shape: first_key, second_key, score, one ``level_<field>`` for each compared field (its
    place, −1: differs, NULL: nothing to compare), total (exact, whatever the limit).
    """
    used = {c.field for c in rules.likeness.compare}
    used |= {part.partition(":")[0] for block in rules.likeness.blocks for part in block}
    columns = ", ".join(f"{plain(f'g.{quoted(name)}')} AS {quoted(name)}" for name in sorted(used))
    blocks = "\n  UNION\n  ".join(_block(block) for block in rules.likeness.blocks)
    levels = ", ".join(f"{_level(c)} AS level_{c.field}" for c in rules.likeness.compare)
    weight = " + ".join(_weight(c) for c in rules.likeness.compare)
    shown = ", ".join(f"s.level_{c.field}" for c in rules.likeness.compare)
    return f"""WITH r AS (
  SELECT g.golden_key, {columns} FROM golden AS g
  WHERE g.state = 'active' AND g.golden_key NOT IN (SELECT old_key FROM merged)
),
pairs AS (
  {blocks}
),
judged AS (
  SELECT p.first_key, p.second_key, {levels}
  FROM pairs AS p JOIN r AS a ON a.golden_key = p.first_key
  JOIN r AS b ON b.golden_key = p.second_key
),
scored AS (
  SELECT j.*, 1 / (1 + pow(2, -({rules.likeness.prior!r} + {weight}))) AS score FROM judged AS j
)
SELECT s.first_key, s.second_key, s.score, {shown}, count(*) OVER () AS total
FROM scored AS s ANTI JOIN apart AS x
  ON x.first_key = s.first_key AND x.second_key = s.second_key
WHERE s.score >= {rules.likeness.threshold!r}
ORDER BY s.score DESC, s.first_key, s.second_key LIMIT {limit}"""  # noqa: S608  # checked names


def _block(block: tuple[str, ...]) -> str:
    parts = [_part(part) for part in block]
    there = " AND ".join(f"{part} IS NOT NULL" for part in parts)
    own = f"concat_ws('|', {', '.join(parts)})"
    held = (
        f"SELECT golden_key, {own} AS block FROM r WHERE {there}"  # noqa: S608  # checked names
        f" QUALIFY count(*) OVER (PARTITION BY {own}) BETWEEN 2 AND {CROWD}"
    )
    return (
        f"SELECT a.golden_key AS first_key, b.golden_key AS second_key FROM ({held}) AS a"  # noqa: S608
        f" JOIN ({held}) AS b ON a.block = b.block AND a.golden_key < b.golden_key"
    )


def _part(part: str) -> str:
    name, _, length = part.partition(":")
    return f"nullif(left({quoted(name)}, {int(length)}), '')" if length else quoted(name)


def _level(comparison: Comparison) -> str:
    a, b = f"a.{quoted(comparison.field)}", f"b.{quoted(comparison.field)}"
    cases = " ".join(
        f"WHEN {_fits(level, a, b)} THEN {n}" for n, level in enumerate(comparison.levels)
    )
    return f"CASE WHEN {a} IS NULL OR {b} IS NULL THEN NULL {cases} ELSE -1 END"


def _fits(level: Level, a: str, b: str) -> str:
    number = f"TRY_CAST({a} AS DOUBLE)", f"TRY_CAST({b} AS DOUBLE)"
    return {
        "exact": f"{a} = {b}",
        "jaro_winkler": f"jaro_winkler_similarity({a}, {b}) >= {level.bound!r}",
        "levenshtein": f"levenshtein({a}, {b}) <= {int(level.bound)}",
        "prefix": f"left({a}, {int(level.bound)}) = left({b}, {int(level.bound)})",
        "within": f"abs({number[0]} - {number[1]}) <= {level.bound!r} * abs({number[0]})",
    }[level.how]


def _weight(comparison: Comparison) -> str:
    column = f"j.level_{comparison.field}"
    cases = " ".join(
        f"WHEN {column} = {n} THEN {level.weight!r}" for n, level in enumerate(comparison.levels)
    )
    return f"CASE WHEN {column} IS NULL THEN 0 {cases} ELSE {comparison.otherwise!r} END"
