"""Fields of the index, and how a document and the mark of its position are written.

``open`` and ``closed`` hold the lookup tokens of what everybody may find and of drafts: a
search for the public never touches a draft's tokens, so its permission filter costs nothing.
One document without tokens, the mark, says which sequence the index stands for; it is part
of the same commit as the documents, so the two cannot part.
"""

from collections.abc import Sequence
from functools import lru_cache
from zlib import crc32

import tantivy

from tongqu.catalog.ports import SEARCH_EDITION, Position, SearchDocument

FORM = 4  # raise it when the fields change: older indexes are then rebuilt
EDITION = f"{FORM}.{SEARCH_EDITION}"
FACETS = (
    "sharing_type", "provider", "domain", "update_cycle", "level", "admin_level", "mode",
    "business", "strategy",
)  # fmt: skip
# Facets are counted in threes and twos: each column that is read costs, and a few dozen values
# together cost no more than one. Every document has a value in each. "" is none, "a,b" two.
# First in each what documents do not lie by: a column of runs would be kept in fewer bytes, in
# a coding that takes three times as long to read.
PACKS = {"p1": ("strategy", "admin_level", "sharing_type", "level"),
         "p2": ("update_cycle", "domain"), "p3": ("business", "mode")}  # fmt: skip
# Documents lie in this order, so that what has a chosen value lies together, and a search with
# a choice reads little else. Freshness and rank order what is shown, not the place.
PLACED_BY = ("mode", "sharing_type", "level", "admin_level", "domain")
_PACKED = {name for names in PACKS.values() for name in names}
COLUMNS = (*PACKS, *(name for name in FACETS if name not in _PACKED))
_TEXTS = {"open": "basic", "closed": "basic", "name": "position", "words": "freq",
          "items": "freq", "summary": "freq"}  # fmt: skip
MARK = "mark"
CLOSED = "closed"  # in ``seen`` of whatever is not open to all


def schema() -> tantivy.Schema:
    built = tantivy.SchemaBuilder()
    built.add_unsigned_field("entry", indexed=True, fast=True)
    built.add_unsigned_field("version", fast=True)
    built.add_unsigned_field("freshness", fast=True)
    built.add_unsigned_field("place", fast=True)
    built.add_text_field("seen", tokenizer_name="raw", index_option="basic")
    built.add_text_field("exact", tokenizer_name="raw", index_option="basic")
    built.add_bytes_field("title", stored=True)
    for name, option in _TEXTS.items():
        built.add_text_field(name, tokenizer_name="tokens", index_option=option)
    for name in FACETS:
        is_column = name in COLUMNS
        built.add_text_field(name, fast=is_column, tokenizer_name="raw", index_option="basic")
    for name in PACKS:
        built.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    built.add_text_field(MARK, stored=True, tokenizer_name="raw", index_option="basic")
    built.add_text_field("token", stored=True, tokenizer_name="raw", index_option="basic")
    built.add_unsigned_field("sequence", stored=True)
    return built.build()


def made(path: str | None = None) -> tantivy.Index:
    """Return an empty index, in memory where there is no path."""
    return prepared(tantivy.Index(schema(), path=path, sort_by_field="place"))


def prepared(index: tantivy.Index) -> tantivy.Index:
    """Teach an index our tokens: parted by blanks, nothing else is done to them."""
    analyzer = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    index.register_tokenizer("tokens", analyzer)
    index.config_reader(reload_policy="manual")
    return index


def written(document: SearchDocument, fields: tantivy.Schema) -> tantivy.Document:
    return tantivy.Document.from_dict(_row(document), fields)


def _row(document: SearchDocument) -> dict[str, object]:
    area = "open" if document.is_open else "closed"
    return {
        "entry": document.entry_id,
        "version": document.version_id,
        "freshness": document.freshness,
        "seen": list(document.seen) if document.is_open else [*document.seen, CLOSED],
        "exact": document.exact,
        "title": document.title.encode(),
        "place": _place(document),
        area: document.lookup,
        "name": document.name,
        "words": document.words,
        "items": document.items,
        "summary": document.summary,
        **{name: list(values) for name, values in document.facets.items() if values},
        **{pack: _packed(document, names) for pack, names in PACKS.items()},
    }


def _packed(document: SearchDocument, names: Sequence[str]) -> str:
    return "|".join(",".join(document.facets.get(name, ())) for name in names)


def _place(document: SearchDocument) -> int:
    """Return a number that is near for documents with the same values: eight bits a facet.
    That two values may have the same bits only makes them neighbours."""
    place = 0
    for name in PLACED_BY:
        place = place << 8 | crc32(",".join(document.facets.get(name, ())).encode()) & 0xFF
    return place


def column_of(facet: str) -> str:
    return next((pack for pack, names in PACKS.items() if facet in names), facet)


@lru_cache(maxsize=4096)
def parts_of(value: str) -> tuple[tuple[str, ...], ...]:
    """Return the values of each facet packed into one, in the order of the pack."""
    return tuple(tuple(filter(None, part.split(","))) for part in value.split("|"))


def put_mark(writer: tantivy.IndexWriter, position: Position, fields: tantivy.Schema) -> None:
    """Note the position, in the commit that holds the documents up to it."""
    writer.delete_documents_by_term(MARK, "position")
    row = {"mark": "position", "sequence": position.sequence, "token": position.token,
           "title": EDITION.encode()}  # fmt: skip
    writer.add_document(tantivy.Document.from_dict(row, fields))


def read_mark(index: tantivy.Index, searcher: tantivy.Searcher) -> Position | None:
    """Return the position; None where there is no mark, or one of another edition."""
    query = tantivy.Query.term_query(index.schema, MARK, "position", "basic")
    hits = searcher.search(query, 1, count=False).hits
    if not hits:
        return None
    kept = searcher.doc(hits[0][1])
    if title_of(kept) != EDITION:
        return None
    return Position(int(kept.get_first("sequence") or 0), str(kept.get_first("token") or ""))


def title_of(kept: tantivy.Document) -> str:
    title = kept.get_first("title") or b""  # a text in the indexes of older forms
    return title.decode() if isinstance(title, bytes) else str(title)
