"""Messages: sent once by a key, read by each person for itself."""

from collections.abc import Collection

from django.db import transaction

from tongqu.identity.models import MessageRead
from tongqu.identity.queries import unread
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor


@transaction.atomic
def mark_read(*, by: Actor, ids: Collection[int] | None = None) -> int:
    """Mark these messages, or all, as read by this person; return how many were new to it."""
    if by.user_id is None:
        return 0
    new = unread(by)
    if ids is not None:
        new = new.filter(pk__in=ids)
    rows = [
        MessageRead(message_id=pk, person_id=by.user_id, at=clock.now())
        for pk in new.values_list("pk", flat=True)
    ]
    MessageRead.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)
