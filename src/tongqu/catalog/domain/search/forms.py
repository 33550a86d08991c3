"""What goes into the index and what is asked of it; adapters know these through ``ports``."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """One entry as the index keeps it: one document an entry, made of the version shown.

    Each text is tokens parted by blanks. ``lookup`` decides whether an entry is found,
    ``name``, ``words``, ``items`` and ``summary`` only how high. ``seen`` holds who may find
    it: ``all``, or ``drafts`` and the owner's ``org:<id>``. ``freshness`` orders what has no
    rank: greater is newer.
    """

    entry_id: int
    version_id: int
    is_open: bool  # found by everybody
    seen: tuple[str, ...]
    freshness: int
    exact: str
    title: str  # for suggestions, as people read it
    lookup: str
    name: str
    words: str
    items: str
    summary: str
    facets: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """One word of a query: any of its ``ways`` will do; a way needs all of its tokens.

    The ways are the word itself and its synonyms. ``providers`` are codes of the
    organisations whose name holds the word. ``begins`` is the beginning of a Latin word.
    """

    text: str
    ways: tuple[tuple[str, ...], ...]
    begins: str = ""
    providers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """A query taken apart. ``phrase`` is the whole of it as consecutive tokens of a name."""

    words: tuple[Wanted, ...] = ()
    exact: str = ""
    phrase: tuple[str, ...] = ()
    likewise: tuple[tuple[str, ...], ...] = ()  # the phrase said in other words
    scored: tuple[str, ...] = ()
    spelled: str = ""  # the whole query as pinyin, if it may be one


@dataclass(frozen=True, slots=True)
class IndexQuery:
    """A search with everything that narrows it: all of it is part of the index's query.

    ``closed_to`` says whose drafts may be found besides what is open to all: None nobody's,
    ``drafts`` everybody's, else ``org:<id>``. ``chosen`` maps a facet to its chosen values.
    """

    asked: Asked
    closed_to: str | None = None
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    facets: tuple[str, ...] = ()
    offset: int = 0
    limit: int = 20


@dataclass(frozen=True, slots=True)
class IndexAnswer:
    """Version ids in order, exact counts, and the sequence that the answer stands for.

    ``counts``: facet → value → number, each honouring every other facet's choice.
    """

    total: int
    version_ids: tuple[int, ...]
    counts: Mapping[str, Mapping[str, int]]
    sequence: int
    is_behind: bool = False
