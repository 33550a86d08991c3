"""What the search index is fed by, and searches that people keep."""

import secrets
from collections.abc import Iterable

from django.db import connection, models, transaction
from django.db.models import F

from tongqu.kernel import clock


class SearchOutbox(models.Model):
    """检索变更序列: an entry whose place in the search index is to be made anew.

    A row is written in the transaction that changes the entry; nothing else tells the index.
    ``sequence`` is the order in which readers see the rows. It is given when the row is known
    to be committed: on SQLite at once, as writers follow each other there; on PostgreSQL by
    ``queries.feed.place``, since a number taken inside a transaction may become visible after
    a higher one, and a reader that had gone past it would never see it. ``token`` tells one
    history from another, after a database was restored from a copy.
    """

    entry_id = models.PositiveBigIntegerField("条目", db_index=True)
    token = models.CharField("标记", max_length=16)
    at = models.DateTimeField("时间")
    sequence = models.PositiveBigIntegerField("序号", null=True, blank=True, unique=True)

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["id"], condition=models.Q(sequence=None), name="search_outbox_waiting"
            )
        ]

    def __str__(self) -> str:
        return f"{self.sequence or '-'} {self.entry_id}"


@transaction.atomic
def announce(entry_ids: Iterable[int]) -> None:
    """Tell the search index that these entries changed, in the transaction that changes them.

    ``EntryVersion.save`` calls it; whoever writes versions in bulk calls it himself.
    """
    now = clock.now()
    rows = SearchOutbox.objects.bulk_create(
        [
            SearchOutbox(entry_id=entry_id, token=secrets.token_hex(8), at=now)
            for entry_id in entry_ids
        ],
        batch_size=1000,
    )
    if rows and connection.vendor == "sqlite":
        SearchOutbox.objects.filter(sequence=None).update(sequence=F("id"))


class SavedSearch(models.Model):
    """收藏的检索: words and conditions that a person looks for again.

    ``found`` and ``sequence`` are what the person saw last: more hits since then are new.
    """

    person = models.ForeignKey("identity.Person", models.CASCADE, related_name="+")
    title = models.CharField("名称", max_length=80)
    query = models.CharField("检索条件", max_length=1000, blank=True)  # as in the address
    found = models.PositiveBigIntegerField("上次结果数", default=0)
    sequence = models.PositiveBigIntegerField("上次目录序号", default=0)
    created_at = models.DateTimeField("保存时间")
    seen_at = models.DateTimeField("上次查看")

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["person", "query"], name="saved_search_once"),
            models.CheckConstraint(name="saved_search_has_title", condition=~models.Q(title="")),
        ]

    def __str__(self) -> str:
        return self.title
