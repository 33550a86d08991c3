"""SQL that carries a service table from one run to the next, and the checks of a model.

Everything is set-based: the engine compares whole tables, keys and hashes. Names come from
checked schemas and are quoted; values are bound.
"""

from collections.abc import Sequence

from tongqu.kernel.statements import quoted
from tongqu.lake.domain.packs import ModelTest


def row_hash(columns: Sequence[str]) -> str:
    """Return the expression of ``_row_hash``: NULL, empty text and column borders differ."""
    parts = ", ".join(f"{quoted(column)} := {quoted(column)}" for column in sorted(columns))
    return f"md5(CAST(to_json(struct_pack({parts})) AS VARCHAR))"


def merged(columns: Sequence[str], keys: Sequence[str]) -> str:
    """Return the SELECT of a service table's next state, from views ``fresh`` and ``former``.

    ``fresh`` holds the model's rows, ``former`` the table with its technical columns;
    ``$seq`` is this run's sequence.

    Shape: columns, _row_hash, _seq, _op; one row a key, or with no keys one a row version
    and its occurrence. An unchanged row keeps its _seq and _op; a changed one is 'U', a new
    or returning one 'I'; a vanished one stays as it was last, with _op 'D'.
    """
    names = ", ".join(quoted(column) for column in columns)
    if keys:
        match = " AND ".join(f"n.{quoted(k)} IS NOT DISTINCT FROM o.{quoted(k)}" for k in keys)
        nth = "1"
    else:
        match = "n._row_hash = o._row_hash AND n.__nth = o.__nth"
        nth = "row_number() OVER (PARTITION BY _row_hash)"
    new = ", ".join(f"n.{quoted(column)}" for column in columns)
    old = ", ".join(f"o.{quoted(column)}" for column in columns)
    return f"""
WITH hashed AS (SELECT {names}, {row_hash(columns)} AS _row_hash FROM fresh),
n AS (SELECT {names}, _row_hash, {nth} AS __nth FROM hashed),
o AS (SELECT {names}, _row_hash, _seq, _op, {nth} AS __nth FROM former)
SELECT {new}, n._row_hash,
  CAST(CASE WHEN o._op IS NOT NULL AND o._op <> 'D' AND o._row_hash = n._row_hash
       THEN o._seq ELSE $seq END AS BIGINT) AS _seq,
  CASE WHEN o._op IS NULL OR o._op = 'D' THEN 'I'
       WHEN o._row_hash = n._row_hash THEN o._op ELSE 'U' END AS _op
FROM n LEFT JOIN o ON {match}
UNION ALL
SELECT {old}, o._row_hash,
  CAST(CASE WHEN o._op = 'D' THEN o._seq ELSE $seq END AS BIGINT) AS _seq, 'D' AS _op
FROM o WHERE NOT EXISTS (SELECT 1 FROM n WHERE {match})
"""  # noqa: S608  # quoted names from checked schemas


# Row versions that are new in run ``$seq``.
CHANGED = "SELECT count(*) FROM fresh WHERE _seq = $seq"


def violations(test: ModelTest) -> str:
    """Return the SELECT that counts the rows of view ``fresh`` that break a check."""
    columns = [quoted(argument) for argument in test.arguments]
    match test.kind:
        case "not_null":
            where = " OR ".join(f"{column} IS NULL" for column in columns)
            return f"SELECT count(*) FROM fresh WHERE {where}"  # noqa: S608  # quoted names
        case "unique":
            by = ", ".join(columns)
            return f"SELECT count(*) FROM (SELECT 1 FROM fresh GROUP BY {by} HAVING count(*) > 1)"  # noqa: S608  # quoted names
        case "min_rows":
            least = int(test.arguments[0])
            return f"SELECT CAST(count(*) < {least} AS BIGINT) FROM fresh"  # noqa: S608  # a number
        case "in_range":
            low, high = float(test.arguments[1]), float(test.arguments[2])
            return f"SELECT count(*) FROM fresh WHERE {columns[0]} NOT BETWEEN {low} AND {high}"  # noqa: S608  # numbers
        case _:  # accepted
            known = ", ".join("'" + a.replace("'", "''") + "'" for a in test.arguments[1:])
            return (
                f"SELECT count(*) FROM fresh WHERE CAST({columns[0]} AS VARCHAR) NOT IN ({known})"  # noqa: S608  # quoted words
            )
