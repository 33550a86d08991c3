"""The statements of a consolidation. All of it is set-based; values are bound, never pasted.

``held``: every record of every source with the key it was born with and the golden key it
belongs to now. ``fresh``: the golden records with what changed since the last run.
A golden key is a keyed hash of the thing's own key: the same thing always has the same one,
and nobody reads an identity number out of it.
"""

from collections.abc import Mapping, Sequence

from tongqu.kernel.statements import quoted
from tongqu.masters.domain.schemes import SchemeRules

FULL = "".join(chr(code) for code in range(0xFF01, 0xFF5F)) + "\u3000"
HALF = "".join(chr(code) for code in range(0x21, 0x7F)).replace("'", "''") + " "
KEY_LENGTH = 20
HEAD = ("golden_key", "born_key", "rank_no", "source_name", "record_key", "told_at")
TAIL = ("conflicts", "source_count", "state", "version", "into_key", "changed_at", "mark")


def plain(expression: str) -> str:
    """Return a value as it is compared: half width, capitals, no blanks around or inside.

    The engine's ``translate`` is dear, so it is asked for what is wide alone.
    """
    text = f"CAST({expression} AS VARCHAR)"
    narrow = (
        f"CASE WHEN regexp_matches({text}, '[！-～　]') THEN translate({text}, '{FULL}', '{HALF}')"
        f" ELSE {text} END"
    )
    return (
        f"CASE WHEN strlen({text}) = length({text}) AND {text} = upper({text})"
        f" AND NOT contains({text}, ' ') AND {text} <> '' THEN {text}"
        f" ELSE nullif(upper(replace(trim({narrow}), ' ', '')), '') END"
    )


def rows_sql(rules: SchemeRules, there: Sequence[int], *, raw: Sequence[int]) -> str:
    """Return every record of the sources that are there, by their place (from 0).

    ``raw``: sources of the source layer, of whose versions of a record the last one speaks.
    Parameters: salt. Reads: source_<n>, merged (old_key, new_key).
    """
    parts = "\n  UNION ALL\n  ".join(_source(rules, n, is_raw=n in raw) for n in there)
    keys = [plain(f"u.{quoted(key)}") for key in rules.keys]
    whole = " AND ".join(f"{key} IS NOT NULL" for key in keys)
    own = ", '|', ".join(keys)
    born = (
        f"CASE WHEN {whole} THEN left(sha256(concat($salt, '|k|', {own})), {KEY_LENGTH}) ELSE"
        f" left(sha256(concat($salt, '|r|', u.rank_no, '|', u.record_key)), {KEY_LENGTH}) END"
    )
    # As texts, once the sources agree on a type: another source's later one changes no table.
    # Keys in the form in which they are compared: two spellings are no conflict.
    columns = ", ".join(
        f"{plain(f'b.{quoted(name)}')} AS {quoted(name)}"
        if name in rules.keys
        else f"CAST(b.{quoted(name)} AS VARCHAR) AS {quoted(name)}"
        for name in rules.columns
    )
    return f"""WITH united AS (
  {parts}
),
born AS (SELECT u.*, {born} AS born_key FROM united AS u)
SELECT coalesce(m.new_key, b.born_key) AS golden_key, b.born_key, b.rank_no, b.source_name,
  b.record_key, b.told_at, {columns}
FROM born AS b LEFT JOIN merged AS m ON m.old_key = b.born_key"""  # noqa: S608  # checked names


def _source(rules: SchemeRules, n: int, *, is_raw: bool) -> str:
    source = rules.sources[n]
    takes = takes_of(rules, n)
    taken = ", ".join(
        f"{takes.get(name, 'NULL')} AS {quoted(name)}" for name in rules.columns
    )  # expressions from a saved scheme, bound by the engine over the named tables alone
    key = str(source.get("key") or " || '|' || ".join(takes[k] for k in rules.keys))
    updated = str(source.get("updated") or ("_load_time" if is_raw else "loaded_at"))
    last = (
        f" QUALIFY row_number() OVER (PARTITION BY {key}"
        f" ORDER BY {updated} DESC NULLS LAST, _load_time DESC, _batch_id DESC, _line DESC) = 1"
    )
    name = str(source["name"]).replace("'", "''")
    return (
        f"SELECT {n + 1} AS rank_no, '{name}' AS source_name, CAST({key} AS VARCHAR) AS record_key,"  # noqa: S608  # checked names
        f" TRY_CAST({updated} AS TIMESTAMP) AS told_at, {taken} FROM source_{n}"
        f"{last if is_raw else ''}"
    )


def takes_of(rules: SchemeRules, n: int) -> Mapping[str, str]:
    """Return column of the record → expression over the source's columns."""
    source = rules.sources[n]
    own = {name: name for name in (*rules.keys, *source.get("takes", ()))}
    return own | {str(k): str(v) for k, v in dict(source.get("as", {})).items()}


def fused_sql(rules: SchemeRules, fusion: str) -> str:
    """Return the golden records of ``held`` by the lake's fusion (its SELECT is handed in)."""
    views = ", ".join(
        f"rows_{n} AS (SELECT * FROM held WHERE rank_no = {n})"  # noqa: S608  # a number
        for n in range(1, len(rules.sources) + 1)
    )
    return f"WITH {views}, {fusion.strip().removeprefix('WITH ')}"


def fresh_sql(rules: SchemeRules) -> str:
    """Return what each record is now beside what it was.

    Reads: fused, held, former, merged. Parameters: now. Shape: the golden table's columns, ``kind``
    (NULL: nothing happened) and ``fields`` (what changed, comma-separated).
    A record that is gone stays as a stone without values, so that its versions go on.
    """
    names = _names(rules)
    values = ", ".join(f"n.{quoted(c)} AS {quoted(c)}" for c in names)
    packed = ", ".join(f"coalesce(CAST(f.{quoted(c)} AS VARCHAR), '␀')" for c in names)
    stop = "false"
    if rules.stop_field:
        listed = ", ".join("'" + v.replace("'", "''") + "'" for v in rules.stop_values)
        stop = f"coalesce(CAST(f.{quoted(rules.stop_field)} AS VARCHAR) IN ({listed}), false)"
    differ = ", ".join(
        f"CASE WHEN n.{quoted(c)} IS DISTINCT FROM o.{quoted(c)} THEN '{c}' END"
        for c in rules.columns
    )
    return f"""WITH n AS (
  SELECT f.*, md5(concat_ws('|', {packed}, f.conflicts, f.source_count, b.born)) AS mark,
    CASE WHEN {stop} THEN 'stopped' ELSE 'active' END AS state
  FROM fused AS f JOIN (
    SELECT golden_key, string_agg(DISTINCT born_key, ',' ORDER BY born_key) AS born FROM held
    GROUP BY golden_key
  ) AS b ON b.golden_key = f.golden_key
),
joined AS (
  SELECT coalesce(n.golden_key, o.golden_key) AS golden_key, {values}, n.conflicts,
    coalesce(n.source_count, 0) AS source_count,
    CASE WHEN n.golden_key IS NOT NULL THEN n.state WHEN m.old_key IS NOT NULL THEN 'merged'
      ELSE 'stopped' END AS state,
    coalesce(CASE WHEN n.golden_key IS NULL THEN m.new_key END, '') AS into_key,
    coalesce(n.mark, '') AS mark, o.golden_key IS NOT NULL AS was_there, o.state AS old_state,
    coalesce(o.into_key, '') AS old_into, o.mark AS old_mark, o.version AS old_version,
    o.changed_at AS old_at,
    nullif(concat_ws(',', {differ}), '') AS fields
  FROM n FULL JOIN former AS o ON o.golden_key = n.golden_key
  LEFT JOIN merged AS m ON m.old_key = coalesce(n.golden_key, o.golden_key)
),
judged AS (
  SELECT j.*, CASE
    WHEN NOT was_there AND state = 'stopped' THEN 'stopped'
    WHEN NOT was_there THEN 'added'
    WHEN state = old_state AND into_key = old_into AND mark = old_mark THEN NULL
    WHEN state = 'merged' THEN 'merged'
    WHEN state = 'stopped' AND old_state = 'stopped' THEN NULL
    WHEN state = 'stopped' THEN 'stopped'
    WHEN old_state = 'active' THEN 'changed'
    ELSE 'added' END AS kind
  FROM joined AS j
)
SELECT golden_key, {", ".join(quoted(c) for c in names)}, conflicts,
  CAST(source_count AS BIGINT) AS source_count, state,
  CAST(CASE WHEN kind IS NULL THEN coalesce(old_version, 1) ELSE coalesce(old_version, 0) + 1 END
    AS BIGINT) AS version, into_key,
  CASE WHEN kind IS NULL THEN old_at ELSE CAST($now AS TIMESTAMP) END AS changed_at, mark, kind,
  CASE WHEN kind = 'changed' THEN fields END AS fields
FROM judged"""  # noqa: S608  # checked names


def golden_sql(rules: SchemeRules) -> str:
    names = ", ".join(quoted(c) for c in ("golden_key", *_names(rules), *TAIL))
    return f"SELECT {names} FROM fresh"  # noqa: S608  # checked names


# Each event once: a run that broke off before the records were written makes the same again.
EVENTS = """
SELECT CAST($seq + row_number() OVER (ORDER BY n.golden_key) AS BIGINT) AS seq, n.kind,
  n.golden_key, n.into_key, n.version, coalesce(n.fields, '') AS fields, n.changed_at AS at
FROM fresh AS n ANTI JOIN told AS t ON t.golden_key = n.golden_key AND t.version = n.version
WHERE n.kind IS NOT NULL"""

COUNTS = "SELECT kind, count(*) AS n FROM fresh WHERE kind IS NOT NULL GROUP BY kind"


def clashes_sql(rules: SchemeRules, limit: int) -> str:
    """Return keys under which sources tell different identities: key, field, sources, total."""
    parts = "\nUNION ALL\n".join(
        f"""SELECT r.born_key AS key, '{name}' AS field,
  string_agg(DISTINCT r.source_name, ',') AS sources
FROM held AS r GROUP BY r.born_key
HAVING count(DISTINCT {plain("r." + quoted(name))}) > 1"""  # noqa: S608  # checked names
        for name in rules.identity
    )
    return (
        f"SELECT c.*, count(*) OVER () AS total FROM ({parts}) AS c"  # noqa: S608  # checked names
        f" ORDER BY c.key, c.field LIMIT {limit}"
    )


def _names(rules: SchemeRules) -> list[str]:
    return [part for name in rules.columns for part in (name, f"{name}_from")]
