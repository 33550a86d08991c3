"""Build the index of the benchmark, and ask it: ours, or the bare words."""

import json
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from bench import _search_data as data


def settings() -> None:
    """The rooms ask Django for its settings; no database is opened."""
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongqu.project.settings")
    import django

    django.setup()


def document(row: dict[str, object]) -> object:
    from tongqu.catalog.queries.feed import made

    items = [tuple(reversed(item.split(":"))) for item in row["items"]]  # type: ignore[attr-defined]
    plain = ("sharing_type", "provider", "domain", "update_cycle", "level", "admin_level",
             "mode", "business")  # fmt: skip
    owner = f"org:{row['owner']}"
    return made(
        entry_id=row["id"], version_id=row["id"],  # type: ignore[arg-type]
        seen=("drafts", owner) if row["is_draft"] else ("all",), at=1_700_000_000 + int(row["id"]),  # type: ignore[call-overload]
        code=row["code"], name=row["name"], items=items, others=(row["summary"],),  # type: ignore[arg-type]
        facets={**{n: (row[n],) for n in plain}, "strategy": tuple(row["strategy"])},  # type: ignore[dict-item, arg-type]
    )  # fmt: skip


class Feed:
    """The entries of a file, in place of the database."""

    def __init__(self, path: Path, size: int) -> None:
        self.path, self._size = path, size

    def head(self) -> object:
        from tongqu.catalog.ports import Position

        return Position(self._size, "bench")

    def is_safe(self) -> bool:
        return True

    def size(self) -> int:
        return self._size

    def all_ids(self) -> Iterator[Sequence[object]]:
        batch: list[object] = []
        for row in data.rows(self.path):
            batch.append(row)
            if len(batch) == 5000:
                yield batch
                batch = []
        yield batch

    def documents(self, rows: Iterable[dict[str, object]]) -> Iterator[object]:
        return map(document, rows)


def index(folder: Path, size: int) -> object:
    from tongqu.adapters.search.index import TantivyIndex
    from tongqu.adapters.search.shelf import Folder

    return TantivyIndex(Folder(folder / "index"), Feed(folder / "entries.parquet", size))  # type: ignore[arg-type]


def build(folder: Path, size: int) -> dict[str, object]:
    started = time.perf_counter()
    index(folder, size).rebuild()  # type: ignore[attr-defined]
    bytes_used = sum(p.stat().st_size for p in (folder / "index").rglob("*") if p.is_file())
    return {"seconds": time.perf_counter() - started, "mb": bytes_used / 1e6}


def ours(folder: Path, size: int) -> Callable[[str, int], int]:
    """The query taken apart, permission, nine facets, exact counts, twenty ids; each as if
    nobody had asked the same before."""
    from tongqu.catalog.domain.search import tokens
    from tongqu.catalog.ports import IndexQuery
    from tongqu.catalog.queries.facets import NAMES

    opened = index(folder, size)

    def ask(q: str, n: int) -> int:
        opened._open().counted.clear()  # type: ignore[attr-defined]
        answer = opened.find(IndexQuery(  # type: ignore[attr-defined]
            tokens.asked(q), closed_to=f"org:{n % 50}", chosen=data.CHOSEN[n % len(data.CHOSEN)],
            facets=NAMES))  # fmt: skip
        return int(answer.total)

    return ask


def bare(folder: Path, size: int) -> Callable[[str, int], int]:
    """The same words and the same rank in one query of the engine: no permission, no facets."""
    import tantivy

    from tongqu.adapters.search.asking import MUST, OPEN, SHOULD, Asking
    from tongqu.catalog.domain.search import tokens
    from tongqu.catalog.ports import IndexQuery

    opened = index(folder, size)._open()  # type: ignore[attr-defined]

    def ask(q: str, n: int) -> int:
        del n
        query = IndexQuery(tokens.asked(q))
        asked, asking = query.asked, Asking(opened.index.schema, opened.searcher)
        parts = [*asking.likenesses(asked), *asking.spelled(asked), *asking.weights(asked)]
        if len(asked.words) > 1:
            parts.append(tantivy.Query.const_score_query(asking.in_name(asked), 200.0))
        ranked = tantivy.Query.boolean_query(
            [(MUST, asking.narrowed(query, OPEN)),
             *((SHOULD, part) for part in parts)])  # fmt: skip
        result = opened.searcher.search(ranked, 20)
        ids = opened.searcher.fast_field_values("version", [a for _, a in result.hits])
        return int(result.count) + 0 * len(ids)

    return ask


def measure(
    ask: Callable[[str, int], int],
    *,
    rounds: int = 3,
    served: Callable[[], float] = lambda: 0.0,
) -> None:
    """Print what single queries take, after one round to warm up: by the clock, and of the
    processor in this thread and in the server that answers (``served``), if there is one.

    Only the latter says something on a machine that others use, too.
    """
    found, took = 0, []
    for turn in range(rounds + 1):
        for n, q in enumerate(data.queries()):
            started, worked, before = time.perf_counter(), time.thread_time(), served()
            found += ask(q, n) > 0
            used = time.thread_time() - worked + served() - before
            if turn:
                took.append((time.perf_counter() - started, used))
    tell(took, found)


def tell(took: Sequence[tuple[float, float]], found: int) -> None:
    """Print medians and 99th percentiles of (seconds, seconds of the processor)."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    seconds, cpu = (sorted(column) for column in zip(*took, strict=True))
    print(json.dumps({
        "seconds": statistics.median(seconds), "p99": seconds[int(len(seconds) * 0.99)],
        "cpu": statistics.median(cpu), "cpu_p99": cpu[int(len(cpu) * 0.99)],
        "queries": len(took), "answered": found, "peak_mb": peak}))  # fmt: skip


def main() -> None:
    settings()
    what, folder, size = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    if what == "build":
        print(json.dumps(build(folder, size)))
    else:
        measure({"ours": ours, "bare": bare}[what](folder, size))


if __name__ == "__main__":
    main()
