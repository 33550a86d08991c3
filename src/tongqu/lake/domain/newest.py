"""SQL of the state that rows of the source layer tell: the newest of each key, what is there."""

from collections.abc import Iterable

from tongqu.kernel.statements import quoted

ORDER = "_load_time DESC, _batch_id DESC, _line DESC"


def newest_sql(keys: Iterable[str], rows: str = "SELECT * FROM stored") -> str:
    """Return SQL of the newest row of each key; of every row where nothing is a key."""
    by = ", ".join(map(quoted, keys))
    if not by:
        return rows
    return f"{rows} QUALIFY row_number() OVER (PARTITION BY {by} ORDER BY {ORDER}) = 1"


def there_sql(newest: str) -> str:
    """Return SQL of newest rows without those that were deleted, withdrawn or truncated."""
    return (
        f"WITH newest AS ({newest}),"  # noqa: S608  # made of names from the table's schema
        " emptied AS (SELECT max(struct_pack(t := _load_time, n := _line)) AS moment"
        " FROM newest WHERE _op = 'T')"
        " SELECT newest.* FROM newest, emptied WHERE coalesce(_op, '') NOT IN ('D', 'T')"
        " AND (moment IS NULL OR struct_pack(t := _load_time, n := _line) > moment)"
    )
