"""A catalogue on paper: what the index is fed with, kept in a file that outlives a process."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from tongqu.catalog.ports import (
    Asked,
    Changes,
    IndexQuery,
    Position,
    SearchDocument,
    Wanted,
)


class PaperFeed:
    """Entries are ``id → name``; the log holds ``[entry id, token]``, a place is a sequence."""

    def __init__(self, path: Path) -> None:
        self.path = path
        if not path.exists():
            self._keep({}, [])

    def write(self, entry_id: int, name: str) -> None:
        names, log = self._read()
        names[str(entry_id)] = name
        self._keep(names, [*log, [entry_id, f"t{len(log)}"]])

    def restore(self) -> None:
        """Put another history in place, as after a return to an older copy."""
        names, log = self._read()
        self._keep(names, [[entry_id, f"r{token}"] for entry_id, token in log])

    def head(self) -> Position:
        log = self._read()[1]
        return Position(len(log), log[-1][1]) if log else Position()

    def is_safe(self) -> bool:
        return True

    def after(self, position: Position, *, limit: int) -> Changes:
        log = self._read()[1]
        at = position.sequence
        if at and (at > len(log) or log[at - 1][1] != position.token):
            return Changes((), position, is_known=False)
        page = log[at : at + limit]
        upto = Position(at + len(page), page[-1][1]) if page else position
        return Changes(
            tuple(dict.fromkeys(i for i, _ in page)), upto, is_more=len(log) > at + limit
        )

    def documents(self, entry_ids: Sequence[int]) -> Iterator[SearchDocument]:
        names = self._read()[0]
        for entry_id in entry_ids:
            if name := names.get(str(entry_id)):
                yield paper(entry_id, name)

    def all_ids(self) -> Iterable[tuple[int, ...]]:
        ids = sorted(int(key) for key in self._read()[0])
        return [tuple(ids[n : n + 2]) for n in range(0, len(ids), 2)]

    def size(self) -> int:
        return len(self._read()[0])

    def _read(self) -> tuple[dict[str, str], list[list]]:
        kept = json.loads(self.path.read_text())
        return kept["names"], kept["log"]

    def _keep(self, names: dict[str, str], log: list[list]) -> None:
        draft = self.path.with_suffix(".draft")
        draft.write_text(json.dumps({"names": names, "log": log}))
        draft.replace(self.path)


class MixedFeed(PaperFeed):
    """Every fourth entry is a draft of unit 7; levels and strategies differ."""

    def documents(self, entry_ids: Sequence[int]) -> Iterator[SearchDocument]:
        for plain in super().documents(entry_ids):
            n = plain.entry_id
            is_open = n % 4 != 0
            yield replace(
                plain,
                is_open=is_open,
                seen=("all",) if is_open else ("drafts", "org:7"),
                facets={
                    "level": (str(1 + (n % 2 == 0)),),
                    "strategy": (("b",), ("a",), ("a", "b"), ("a",))[n % 4],
                },
            )


def paper(entry_id: int, name: str) -> SearchDocument:
    return SearchDocument(
        entry_id=entry_id, version_id=entry_id, is_open=True, seen=("all",), freshness=entry_id,
        exact=name, title=name, lookup=name, name=name, words=name, items="", summary="",
        facets={"level": ("1",)},
    )  # fmt: skip


def word(text: str) -> IndexQuery:
    return IndexQuery(
        Asked(words=(Wanted(text, ((text,),)),), exact=text, phrase=(text,), scored=(text,)),
        facets=("level",), limit=100,
    )  # fmt: skip
