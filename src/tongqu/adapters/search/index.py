"""The index that catches up with the database before it answers, and mends itself."""

import logging
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

import tantivy

from tongqu.adapters.search import answers, layout
from tongqu.adapters.search.answers import Opened
from tongqu.adapters.search.shelf import Shelf
from tongqu.catalog.ports import (
    IndexAnswer,
    IndexQuery,
    Position,
    SearchDocument,
    SearchFeed,
)
from tongqu.kernel.problems import Unavailable

log = logging.getLogger(__name__)
T = TypeVar("T")
AT_ONCE = 500  # changes that a search applies itself before it answers
SMALL = 2_000  # entries: an index of so many is built while the asker waits
WAIT_SECONDS = 1.0  # for another process that is writing
LONG_WAIT_SECONDS = 600.0
MOST_SEGMENTS = 24  # more of them slow a search down: they are then merged
HEAP = 32_000_000
# Built in few large segments by one thread: each segment adds to the cost of every facet.
HEAP_EACH, MOST_HEAP = 2_500, 1_500_000_000
REST_SECONDS = 30.0  # between two attempts to mend what does not want to be mended


class TantivyIndex:
    """See ``catalog.ports.SearchIndex``. ``shelf`` says where, ``feed`` what goes in."""

    def __init__(
        self,
        shelf: Shelf,
        feed: SearchFeed,
        *,
        finished: Callable[[], None] = lambda: None,
        step: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.shelf = shelf
        self.feed = feed
        self._finished = finished  # called by the building thread when it ends
        self._step = step  # told of every point where a process may die: for tests
        self._opened: Opened | None = None
        self._is_stale = False  # somebody here has written since it was opened
        self._builder: threading.Thread | None = None
        self._guard = threading.Lock()
        self._mended_at = float("-inf")

    # Answers

    def find(self, query: IndexQuery) -> IndexAnswer:
        return self._answer(
            lambda opened, is_behind: answers.found(opened, query, is_behind=is_behind)
        )

    def totals(self, queries: Sequence[IndexQuery]) -> tuple[int, ...]:
        return self._answer(
            lambda opened, _: tuple(answers.total_of(opened, query) for query in queries)
        )

    def suggest(self, query: IndexQuery) -> tuple[str, ...]:
        return self._answer(lambda opened, _: answers.titles(opened, query))

    def _answer(self, ask: Callable[[Opened, bool], T]) -> T:
        opened, is_behind = self._current()
        try:
            return ask(opened, is_behind)
        except BaseException as error:
            if not _is_damage(error):
                raise
            log.warning("search index cannot be read (%s): it is built anew", type(error).__name__)
        self._mend()
        opened, is_behind = self._current()
        try:
            return ask(opened, is_behind)
        except (OSError, ValueError) as error:
            log.exception("the search index answers nothing, though it was built anew")
            raise Unavailable("the search index answers nothing") from error

    def _current(self) -> tuple[Opened, bool]:
        """Return the newest state that can be had within the bound, and whether it is behind."""
        opened = self._open()
        if opened is None:
            opened = self._make_or_wait()
        head = self.feed.head()
        if head == opened.position or not self.feed.is_safe():
            return opened, head != opened.position
        opened = self._advanced(opened)
        return opened, head.sequence > opened.position.sequence

    def _open(self) -> Opened | None:
        """Return the index in use, opened anew when somebody has written or replaced it."""
        stamp, kept = self.shelf.stamp(), self._opened
        if kept is not None and stamp is not None and kept.stamp == stamp and not self._is_stale:
            return kept
        with self._guard:
            self._is_stale = False
            self._opened = _opened(self.shelf, kept, stamp)
            return self._opened

    # Catching up

    def _advanced(self, opened: Opened) -> Opened:
        with self.shelf.locked(WAIT_SECONDS) as is_ours:
            if not is_ours:
                return self._open() or opened
            opened = self._open() or opened
            changes = self.feed.after(opened.position, limit=AT_ONCE)
            if changes.is_known:
                self._apply(opened, changes.entry_ids, changes.upto)
                return self._open() or opened
        self._mend()
        return self._open() or self._make_or_wait()

    def _apply(self, opened: Opened, entry_ids: Sequence[int], upto: Position) -> None:
        """Make the documents of these entries anew, and move the mark, in one commit."""
        if upto == opened.position:
            return
        writer = opened.index.writer(heap_size=HEAP, num_threads=1)
        if entry_ids:  # by query: by term, the engine's binding finds no unsigned number
            fields = opened.index.schema
            old = tantivy.Query.term_set_query(fields, "entry", list(entry_ids))
            writer.delete_documents_by_query(old)
        _write(writer, self.feed.documents(entry_ids), opened.index.schema)
        layout.put_mark(writer, upto, opened.index.schema)
        self._step("before the commit")
        writer.commit()
        self._step("after the commit")
        if opened.searcher.num_segments > MOST_SEGMENTS or opened.searcher.num_docs < SMALL:
            writer.wait_merging_threads()
        self._is_stale = True

    def catch_up(self) -> int:
        """Apply everything that is waiting, however much; build what is missing."""
        opened = self._open()
        if opened is None:
            return self.rebuild()
        while self.feed.head() != opened.position:
            with self.shelf.locked(LONG_WAIT_SECONDS) as is_ours:
                if not is_ours:
                    raise Unavailable("another process holds the search index")
                opened = self._open() or opened
                changes = self.feed.after(opened.position, limit=20 * AT_ONCE)
                if changes.is_known:
                    self._apply(opened, changes.entry_ids, changes.upto)
            if not changes.is_known:
                return self.rebuild()
            opened = self._open() or opened
        return opened.position.sequence

    # Building

    def rebuild(self) -> int:
        with self.shelf.locked(LONG_WAIT_SECONDS) as is_ours:
            if not is_ours:
                raise Unavailable("another process holds the search index")
            return self._build().sequence

    def _build(self) -> Position:
        """Build a generation beside the one in use and put it in its place. Under the lock.

        The position is read first: what changes meanwhile comes after it, and is applied
        once more by whoever reads next.
        """
        position = self.feed.head()
        name, index = self.shelf.begun()
        self._step("before the documents")
        heap = min(max(HEAP, HEAP_EACH * self.feed.size()), MOST_HEAP)
        writer = index.writer(heap_size=heap, num_threads=1)
        for ids in self.feed.all_ids():
            _write(writer, self.feed.documents(ids), index.schema)
            self._step("between the documents")
        layout.put_mark(writer, position, index.schema)
        writer.commit()
        writer.wait_merging_threads()
        self._step("before the swap")
        self.shelf.put(name)
        self._step("after the swap")
        self._is_stale = True
        return position

    def _make_or_wait(self) -> Opened:
        """Build a small index at once; have a large one built while the database answers."""
        if not self.feed.is_safe():
            raise Unavailable("no search index, and a transaction is open")
        if self.feed.size() > SMALL:
            self._build_beside()
            raise Unavailable("the search index is being built")
        with self.shelf.locked(WAIT_SECONDS) as is_ours:
            opened = self._open()  # another process may have built it meanwhile
            if opened is None and is_ours:
                self._build()
                opened = self._open()
        if opened is None:
            raise Unavailable("the search index is being built")
        return opened

    def _build_beside(self) -> None:
        with self._guard:
            if self._builder is None or not self._builder.is_alive():
                self._builder = threading.Thread(target=self._build_in_thread, daemon=True)
                self._builder.start()

    def _build_in_thread(self) -> None:
        try:
            with self.shelf.locked(WAIT_SECONDS) as is_ours:
                if is_ours and self._open() is None:
                    self._build()
        except Exception:
            log.exception("the search index could not be built; the next search tries again")
        finally:
            self._finished()

    def _mend(self) -> None:
        """Put an unreadable or foreign index out of use. Raises Unavailable when in vain."""
        now = time.monotonic()
        if now - self._mended_at < REST_SECONDS:
            raise Unavailable("the search index was mended a moment ago, in vain")
        self._mended_at = now
        self._opened = None
        if not self.feed.is_safe():
            raise Unavailable("the search index is broken, and a transaction is open")
        with self.shelf.locked(WAIT_SECONDS) as is_ours:
            if not is_ours:
                raise Unavailable("the search index is being built")
            if self.feed.size() <= SMALL:
                self._build()
                return
            self.shelf.put(_empty(self.shelf))
        self._build_beside()
        raise Unavailable("the search index is being built")


def _empty(shelf: Shelf) -> str:
    """Return the name of a generation without a mark: nobody can take it for an index."""
    return shelf.begun()[0]


def _opened(shelf: Shelf, kept: Opened | None, stamp: object) -> Opened | None:
    if stamp is None:
        return None
    try:
        index = kept.index if kept and _same_generation(kept.stamp, stamp) else shelf.taken()
        if index is None:
            return None
        index.reload()
        searcher = index.searcher()
        position = layout.read_mark(index, searcher)
    except BaseException as error:
        if not _is_damage(error):
            raise
        return None
    return None if position is None else Opened(index, searcher, position, stamp)


def _same_generation(one: object, other: object) -> bool:
    return isinstance(one, tuple) and isinstance(other, tuple) and one[0] == other[0]


def _is_damage(error: BaseException) -> bool:
    """Decide whether the engine failed over its files; it panics over some of them."""
    return isinstance(error, (OSError, ValueError)) or type(error).__name__ == "PanicException"


def _write(
    writer: tantivy.IndexWriter, documents: Iterable[SearchDocument], fields: tantivy.Schema
) -> None:
    for document in documents:
        writer.add_document(layout.written(document, fields))
