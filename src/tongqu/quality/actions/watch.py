"""Every night: what is overdue goes to the managing office, what nobody disputes is closed."""

from collections.abc import Callable

from django.db import transaction

from tongqu.audit.public import record
from tongqu.kernel import clock
from tongqu.kernel.actor import PLATFORM
from tongqu.policy.clauses import measures_2021 as law
from tongqu.quality import ports
from tongqu.quality.actions import objections, steps
from tongqu.quality.actions.tickets import BEFORE
from tongqu.quality.models import Ticket
from tongqu.quality.vocabulary import PROVED, TicketCommand, TicketState


def watch() -> dict[str, int]:
    """Escalate, lapse, finish; return how many of each. Safe to run twice."""
    return {
        "escalated": _each(_overdue(), _escalate),
        "lapsed": _each(_undisputed(), _lapse),
        "told": objections.finish_waiting(),
    }


def _overdue() -> list[int]:
    found = Ticket.objects.filter(
        state__in=BEFORE, due_on__lt=clock.today(), escalated_at__isnull=True
    )
    return list(found.values_list("pk", flat=True))


def _undisputed() -> list[int]:
    found = Ticket.objects.filter(state=TicketState.CORRECTED, verify_by__lt=clock.today())
    return list(found.exclude(channel__in=PROVED).values_list("pk", flat=True))


def _each(found: list[int], act: Callable[[Ticket], None]) -> int:
    for pk in found:
        with transaction.atomic():
            act(Ticket.objects.select_for_update().get(pk=pk))
    return len(found)


def _escalate(ticket: Ticket) -> None:
    """Tell the managing office, and lay a draft of article 23 (4) before it."""
    ticket.escalated_at = clock.now()
    ticket.save(update_fields=["escalated_at"])
    text = f"截止日 {ticket.due_on}"
    steps.note(ticket, "escalate", by=PLATFORM, text=text)
    record("quality.ticket.escalated", by=PLATFORM, subject=ticket.number,
           basis=law.UNCORRECTED, details={"due_on": str(ticket.due_on)})  # fmt: skip
    steps.tell_office(
        ticket, f"{ticket.entry_name}的质量工单 {ticket.number} 已超期，{text}", kind="超期督办"
    )
    if (oversight := ports.oversight()) is not None:
        oversight.unanswered(
            entry_code=ticket.entry_code,
            organisation_id=ticket.provider_id,
            evidence={
                "ticket": ticket.number,
                "name": ticket.entry_name,
                "title": ticket.title,
                "opened_on": str(clock.legal_day(ticket.opened_at)),
                "due_on": str(ticket.due_on),
                "state": ticket.state,
                "reopened": ticket.reopened,
            },
        )


def _lapse(ticket: Ticket) -> None:
    steps.step(ticket, TicketCommand.LAPSE, by=PLATFORM, text=f"核验截止日 {ticket.verify_by}")
