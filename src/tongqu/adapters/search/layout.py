"""Fields of the index, and how a document and the mark of its position are written.

``open`` and ``closed`` hold the lookup tokens of what everybody may find and of drafts: a
search for the public never touches a draft's tokens, so its permission filter costs nothing.
One document without tokens, the mark, says which sequence the index stands for; it is part
of the same commit as the documents, so the two cannot part.
"""

from collections.abc import Sequence
from functools import lru_cache

import tantivy

from tongqu.catalog.ports import SEARCH_EDITION, Position, SearchDocument

FORM = 2  # raise it when the fields change: older indexes are then rebuilt
EDITION = f"{FORM}.{SEARCH_EDITION}"
FACETS = (
    "sharing_type", "provider", "domain", "update_cycle", "level", "admin_level", "mode",
    "business", "strategy",
)  # fmt: skip
# Facets with one value at most are counted in threes and twos: each column that is read costs,
# and a few dozen values together cost no more than one. Every document has a value in each.
PACKS = {"p1": ("sharing_type", "level", "admin_level"), "p2": ("domain", "update_cycle"),
         "p3": ("mode", "business")}  # fmt: skip
_PACKED = {name for names in PACKS.values() for name in names}
COLUMNS = (*PACKS, *(name for name in FACETS if name not in _PACKED))
_TEXTS = {"open": "basic", "closed": "basic", "name": "position", "words": "freq",
          "items": "freq", "summary": "freq"}  # fmt: skip
MARK = "mark"


def schema() -> tantivy.Schema:
    built = tantivy.SchemaBuilder()
    built.add_unsigned_field("entry", indexed=True, fast=True)
    built.add_unsigned_field("version", fast=True)
    built.add_unsigned_field("freshness", fast=True)
    built.add_text_field("seen", tokenizer_name="raw", index_option="basic")
    built.add_text_field("exact", tokenizer_name="raw", index_option="basic")
    built.add_text_field("title", stored=True, tokenizer_name="raw", index_option="basic")
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
        "seen": list(document.seen),
        "exact": document.exact,
        "title": document.title,
        area: document.lookup,
        "name": document.name,
        "words": document.words,
        "items": document.items,
        "summary": document.summary,
        **{name: list(values) for name, values in document.facets.items() if values},
        **{pack: _packed(document, names) for pack, names in PACKS.items()},
    }


def _packed(document: SearchDocument, names: Sequence[str]) -> str:
    return "|".join("".join(document.facets.get(name, ())) for name in names)


def column_of(facet: str) -> str:
    return next((pack for pack, names in PACKS.items() if facet in names), facet)


@lru_cache(maxsize=4096)
def facets_of(column: str, value: str) -> tuple[tuple[str, str], ...]:
    """Return the facets, each with its value, that a value of a column stands for."""
    if column not in PACKS:
        return ((column, value),)
    return tuple((n, v) for n, v in zip(PACKS[column], value.split("|"), strict=True) if v)


def put_mark(writer: tantivy.IndexWriter, position: Position, fields: tantivy.Schema) -> None:
    """Note the position, in the commit that holds the documents up to it."""
    writer.delete_documents_by_term(MARK, "position")
    row = {"mark": "position", "sequence": position.sequence, "token": position.token,
           "title": EDITION}  # fmt: skip
    writer.add_document(tantivy.Document.from_dict(row, fields))


def read_mark(index: tantivy.Index, searcher: tantivy.Searcher) -> Position | None:
    """Return the position; None where there is no mark, or one of another edition."""
    query = tantivy.Query.term_query(index.schema, MARK, "position", "basic")
    hits = searcher.search(query, 1, count=False).hits
    if not hits:
        return None
    kept = searcher.doc(hits[0][1])
    if kept.get_first("title") != EDITION:
        return None
    return Position(int(kept.get_first("sequence") or 0), str(kept.get_first("token") or ""))
