"""What the search index is fed with: the sequence of changes and the entries' documents."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max, Prefetch, Q

from tongqu.catalog.domain.search import tokens
from tongqu.catalog.domain.search.forms import SearchDocument
from tongqu.catalog.domain.search.normal import normal
from tongqu.catalog.models import Entry, EntryVersion, InformationItem, SearchOutbox, Serial
from tongqu.catalog.ports import Changes, Position, words_of
from tongqu.catalog.vocabulary import IN_FORCE, WORKING

_IN_FORCE = sorted(state.value for state in IN_FORCE)
_WORKING = sorted(state.value for state in WORKING)
_SEQUENCE = "search outbox"
BATCH = 500
# Facets whose value is a column of the version under the same name.
PLAIN = ("sharing_type", "update_cycle", "admin_level", "mode", "business")

_PLACE = """
UPDATE catalog_searchoutbox AS o SET sequence = %s + w.n
FROM (SELECT id, row_number() OVER (ORDER BY id) AS n
      FROM catalog_searchoutbox WHERE sequence IS NULL) AS w
WHERE o.id = w.id
"""


class Feed:
    """The catalogue's side of the index: see ``ports.SearchFeed``."""

    def is_safe(self) -> bool:
        """Decide whether what is read now is committed.

        Inside a transaction of ours rows may be seen that are later rolled back; an index
        that took them in would drift. The tests play inside one and say so in the settings.
        """
        return not connection.in_atomic_block or bool(settings.SEARCH["IN_TRANSACTION"])

    def head(self) -> Position:
        place()
        found = SearchOutbox.objects.exclude(sequence=None).order_by("-sequence")
        row = found.values_list("sequence", "token").first()
        return Position(row[0] or 0, row[1]) if row else Position()

    def after(self, position: Position, *, limit: int) -> Changes:
        """Return the entries changed since; ``is_known`` is False in another history.

        The row that the position stands for is read, too: when it is gone, or has another
        token, the database was put back or the index is older than what is kept.
        """
        rows = list(
            SearchOutbox.objects.filter(sequence__gte=position.sequence)
            .order_by("sequence")
            .values_list("sequence", "token", "entry_id")[: limit + 2]
        )
        if position.sequence:
            if not rows or rows[0][:2] != (position.sequence, position.token):
                return Changes((), position, is_known=False)
            rows = rows[1:]
        page = rows[:limit]
        upto = Position(page[-1][0] or 0, page[-1][1]) if page else position
        ids = tuple(dict.fromkeys(row[2] for row in page))
        return Changes(ids, upto, is_more=len(rows) > limit)

    def documents(self, entry_ids: Sequence[int]) -> Iterator[SearchDocument]:
        for start in range(0, len(entry_ids), BATCH):
            yield from _documents(entry_ids[start : start + BATCH])

    def all_ids(self) -> Iterator[tuple[int, ...]]:
        last = 0
        while True:
            found = Entry.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)
            ids = tuple(found[:BATCH])
            if not ids:
                return
            yield ids
            last = ids[-1]

    def size(self) -> int:
        return Entry.objects.count()


def place() -> None:
    """Number the rows that are waiting and can be seen, which only committed ones can.

    One at a time, under the lock of a counter, held for two statements: a row that commits
    later gets a later number, whatever order the writers began in.
    """
    if connection.vendor == "sqlite":  # numbered as it is written: writers take turns there
        return
    if not SearchOutbox.objects.filter(sequence=None).exists():
        return
    with transaction.atomic():
        serial, _ = Serial.objects.select_for_update().get_or_create(name=_SEQUENCE)
        newest = SearchOutbox.objects.aggregate(newest=Max("sequence"))["newest"] or 0
        last = max(serial.last, newest)
        with connection.cursor() as cursor:
            cursor.execute(_PLACE, [last])
            serial.last = last + cursor.rowcount
        serial.save(update_fields=["last"])


def prune(*, before: datetime) -> int:
    """Forget rows older than an instant that a newer row of the same entry stands for.

    An index that had stopped before them finds its row gone and is built anew.
    """
    kept = SearchOutbox.objects.values("entry_id").annotate(newest=Max("id")).values("newest")
    old = SearchOutbox.objects.filter(at__lt=before).exclude(sequence=None).exclude(pk__in=kept)
    return old.delete()[0]


def _documents(entry_ids: Sequence[int]) -> Iterator[SearchDocument]:
    items = Prefetch("items", InformationItem.objects.only("version_id", "name_zh", "name_en"))
    found = (
        EntryVersion.objects.filter(entry_id__in=entry_ids, state__in=[*_IN_FORCE, *_WORKING])
        .filter(Q(state__in=_IN_FORCE) | ~Q(entry__versions__state__in=_IN_FORCE))
        .select_related("entry", "provider", "entry__owner")
        .prefetch_related(items)
        .order_by("entry_id")
    )
    versions = list(found)
    words = words_of([version.entry.code for version in versions])
    for version in versions:
        yield document_of(version, words.get(version.entry.code, ()))


def document_of(version: EntryVersion, words: Sequence[str] = ()) -> SearchDocument:
    """Return the document of the version that stands for its entry in a search.

    ``words``: by what else it is found, e.g. the titles of its files.
    """
    entry = version.entry
    provider = version.provider or entry.owner
    is_open = version.state in _IN_FORCE
    at = version.valid_from or version.edited_at
    return made(
        entry_id=entry.pk,
        version_id=version.pk,
        seen=("all",) if is_open else ("drafts", f"org:{entry.owner_id}"),
        at=int(at.timestamp()) if is_open else 0,
        code=entry.code,
        name=version.name,
        items=[(item.name_zh, item.name_en) for item in version.items.all()],
        others=(version.summary, version.category, version.source_system, *words),
        facets={
            **{name: (str(getattr(version, name)),) for name in PLAIN if getattr(version, name)},
            "provider": (provider.code,),
            "domain": (entry.domain,),
            **({"level": (str(version.level),)} if version.level else {}),
            "strategy": tuple(map(str, version.strategies)),
        },
    )


def made(
    *,
    entry_id: int,
    version_id: int,
    seen: tuple[str, ...],
    at: int,
    code: str,
    name: str,
    items: Iterable[tuple[str, str]],
    others: Iterable[str],
    facets: dict[str, tuple[str, ...]],
) -> SearchDocument:
    """Return a document from plain values. ``at``: seconds since 1970; 0 sorts last."""
    title = normal(name)
    item_text = normal(" ".join(f"{zh} {en}" for zh, en in items))
    other_text = normal(" ".join(others))
    lookup = tokens.lookups(title, with_single=True)
    lookup |= tokens.lookups(item_text) | tokens.lookups(other_text)
    lookup |= tokens.spellings(title) | tokens.identifiers(code)
    return SearchDocument(
        entry_id=entry_id,
        version_id=version_id,
        is_open="all" in seen,
        seen=seen,
        # Newest first; of the same instant the older entry first.
        freshness=(at << 30) | ((1 << 30) - 1 - entry_id % (1 << 30)),
        exact="".join(title.split()),
        title=name,
        lookup=" ".join(lookup),
        name=" ".join(tokens.stream(title)),
        words=" ".join(tokens.words(title)),
        items=" ".join(tokens.words(item_text)),
        summary=" ".join(tokens.words(other_text)),
        facets=facets,
    )
