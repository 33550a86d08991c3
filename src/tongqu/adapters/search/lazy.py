"""The index, made at the first search: pages that search nothing do not load the engine."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connections

from tongqu.catalog.ports import IndexAnswer, IndexQuery, SearchFeed

if TYPE_CHECKING:
    from tongqu.adapters.search.index import TantivyIndex


class LazyIndex:
    """One index for each folder named in the settings; no folder means memory."""

    def __init__(self, feed: SearchFeed) -> None:
        self.feed = feed
        self._made: TantivyIndex | None = None
        self._folder: str | None = None
        self._lock = threading.Lock()

    def find(self, query: IndexQuery) -> IndexAnswer:
        return self._index().find(query)

    def totals(self, queries: Sequence[IndexQuery]) -> tuple[int, ...]:
        return self._index().totals(queries)

    def suggest(self, query: IndexQuery) -> tuple[str, ...]:
        return self._index().suggest(query)

    def catch_up(self) -> int:
        return self._index().catch_up()

    def rebuild(self) -> int:
        return self._index().rebuild()

    def _index(self) -> TantivyIndex:
        folder = str(settings.SEARCH["FOLDER"])
        with self._lock:
            if self._made is None or self._folder != folder:
                from tongqu.adapters.search.index import TantivyIndex
                from tongqu.adapters.search.shelf import Folder, Memory, Shelf

                shelf: Shelf = Folder(Path(folder)) if folder else Memory()
                self._made = TantivyIndex(shelf, self.feed, finished=connections.close_all)
                self._folder = folder
            return self._made

    def forget(self) -> None:
        """Let go of the index in this process; one in memory is gone."""
        self._made = None
