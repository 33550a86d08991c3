"""Rejected rows as a ticket's work: opened by the load, settled by the corrected rows alone."""

from contextlib import suppress

from django.db import transaction

from tongqu.catalog.public import published
from tongqu.kernel.actor import PLATFORM
from tongqu.kernel.problems import Rejected
from tongqu.quality import ports
from tongqu.quality.actions import routing, steps
from tongqu.quality.actions.steps import Filed
from tongqu.quality.actions.tickets import BEFORE
from tongqu.quality.models import Ticket, TicketBatch
from tongqu.quality.queries.tickets import OPEN_STATES
from tongqu.quality.vocabulary import Channel, TicketCommand


@transaction.atomic
def rejected(entry_code: str, *, batch: str, rows: int, received: int) -> Ticket | None:
    """Open a ticket for a batch's rejected rows, or add them to the open one (ING-19, QLT-04).

    None where no published entry says who produces the data: the batch's page tells it alone.
    """
    with suppress(Rejected):
        entry = published(entry_code)
        ticket = _open_of(entry_code)
        title = f"批次 {batch} 隔离 {rows} 行，占 {rows / received:.2%}，超过阈值"
        if ticket is None:
            filed = Filed(Channel.LOAD, title, wrong=rows)
            ticket = steps.open_ticket(entry, routing.route(entry), filed, by=PLATFORM)
        else:
            steps.note(ticket, "note", by=PLATFORM, text=title)
            ticket.wrong += rows
            ticket.save(update_fields=["wrong"])
        TicketBatch.objects.get_or_create(
            batch=batch, defaults={"ticket": ticket, "rejected": rows, "left": rows}
        )
        return ticket
    return None


def _open_of(entry_code: str) -> Ticket | None:
    return Ticket.objects.filter(
        entry_code=entry_code, channel=Channel.LOAD, state__in=OPEN_STATES
    ).first()


@transaction.atomic
def resubmitted(entry_code: str, *, batch: str) -> Ticket | None:
    """Look which rejected rows a load brought corrected; close the ticket when all of them are.

    Nobody clicks: the rows themselves are found among those stored since.
    """
    ticket, keeper = _open_of(entry_code), ports.rejections()
    if ticket is None or keeper is None:
        return ticket
    for one in ticket.batches.exclude(batch=batch).filter(left__gt=0):
        left = keeper.left(one.batch)
        if left >= one.left:
            continue
        text = f"批次 {batch} 更正了批次 {one.batch} 的 {one.left - left} 行，尚余 {left} 行"
        one.left, one.settled_by = left, batch if not left else ""
        one.save(update_fields=["left", "settled_by"])
        steps.note(ticket, "note", by=PLATFORM, text=text)
    if ticket.batches.exists() and not ticket.batches.filter(left__gt=0).exists():
        if ticket.state in BEFORE:
            steps.step(ticket, TicketCommand.CORRECT, by=PLATFORM, text=f"更正批次 {batch}")
        steps.step(ticket, TicketCommand.CLOSE, by=PLATFORM, text=f"依据批次 {batch}")
    return ticket
