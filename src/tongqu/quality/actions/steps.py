"""How a ticket begins and moves: one place for numbers, deadlines, parts and the chain."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.db.models import Model

from tongqu.audit.public import record
from tongqu.catalog.vocabulary import EntryView
from tongqu.identity.public import notify
from tongqu.identity.vocabulary import Role
from tongqu.kernel import clock
from tongqu.kernel.actor import PLATFORM, Actor
from tongqu.kernel.problems import IllegalStep, Problem, Rejected
from tongqu.kernel.states import StateTable, Step
from tongqu.kernel.workdays import Deadline
from tongqu.policy.clauses import measures_2021 as law
from tongqu.policy.public import calendar, terms_on
from tongqu.quality.actions import corrections
from tongqu.quality.actions.routing import Route
from tongqu.quality.domain import problems, states
from tongqu.quality.domain.states import TICKETS
from tongqu.quality.models import Scan, Ticket, TicketEvent
from tongqu.quality.vocabulary import PROVED, Channel, TicketCommand, TicketState

C, S = TicketCommand, TicketState
REASONED = frozenset({C.DISMISS, C.DISPUTE, C.APPEAL})
ENDS = frozenset({C.CLOSE, C.VERIFY, C.LAPSE})
AGAIN = frozenset({C.REOPEN, C.DISPUTE, C.APPEAL})  # the work begins anew, so does its term


@dataclass(frozen=True, slots=True)
class Filed:
    """What somebody found. ``due`` and ``state`` are given where a case decided them before."""

    channel: Channel
    title: str
    item: str = ""
    text: str = ""
    wrong: int = 0
    scan: Scan | None = None
    due: Deadline | None = None
    is_confirmed: bool = False


def plain(text: str, most: int) -> str:
    return text.replace("\x00", "").strip()[:most]


def reasoned(text: str, problem: Problem = problems.REASON) -> str:
    """Return a reason that says something. Raises: ``Rejected`` NOTE_REQUIRED."""
    found = plain(text, 300)
    if len(found) < problems.LEAST_NOTE:
        raise Rejected(problem)
    return found


def next_number(model: type[Model], prefix: str) -> str:
    """Return the next number of the day, e.g. DQ-2026-0924-001."""
    stem = f"{prefix}-{clock.today():%Y-%m%d}-"
    found = model._default_manager.filter(number__startswith=stem).order_by("-pk")
    last = found.values_list("number", flat=True).first()
    return f"{stem}{int(str(last).rsplit('-', 1)[1]) + 1 if last else 1:03}"


def term_from(day: date) -> Deadline:
    """Return the last day for a provider's answer that is asked for on a day (article 15)."""
    return calendar().after(day, terms_on(day).correction_working_days)


def open_ticket(entry: EntryView, route: Route, filed: Filed, *, by: Actor) -> Ticket:
    """Open a ticket and send it to the department that answers for the data."""
    now = clock.now()
    due = filed.due or term_from(clock.legal_day(now))
    ticket = Ticket.objects.create(
        number=next_number(Ticket, "DQ"),
        entry_code=entry.code,
        entry_name=entry.name,
        provider_id=route.organisation_id,
        routed=route.why[:300],
        state=S.CORRECTING if filed.is_confirmed else S.NEW,
        channel=filed.channel,
        title=filed.title[:200],
        item=filed.item,
        text=filed.text[:1000],
        wrong=filed.wrong,
        scan=filed.scan,
        filed_by=str(by)[:120],
        filer_key=by.key,
        filer_organisation_id=by.organisation_id,
        opened_at=now,
        due_on=due.on,
        due_provisional=due.provisional,
    )
    note(ticket, "open", by=by)
    record("quality.ticket.opened", by=by, subject=ticket.number, basis=law.CORRECTION,
           details={"entry": entry.code, "wrong": filed.wrong,
                    "channel": filed.channel.value})  # fmt: skip
    if filed.is_confirmed:
        note(ticket, C.ROUTE, by=PLATFORM, text=route.why)
    else:
        step(ticket, C.ROUTE, by=PLATFORM, text=route.why)
    tell_provider(ticket, f"{entry.name}有质量问题待校核，{due}前办结")
    return ticket


def note(ticket: Ticket, command: str, *, by: Actor, text: str = "") -> None:
    TicketEvent.objects.create(
        ticket=ticket, command=command, actor=str(by)[:160], note=text[:300], at=clock.now()
    )


def parts(ticket: Ticket, by: Actor) -> frozenset[str]:
    """Return as what somebody may act on a ticket: the department's, the filer, support."""
    if by.kind == "platform":
        return frozenset({states.PLATFORM})
    found: set[str] = set()
    if ticket.provider_id == by.organisation_id:
        found |= by.roles & {states.PROVIDER, states.CATALOGUER}
        if Role.MANAGING_OFFICE in by.roles:  # no department is left: the office answers itself
            found.add(states.PROVIDER)
    if states.SUPPORT in by.roles:
        found.add(states.SUPPORT)
    if is_filer(ticket, by):
        found.add(states.FILER)
    return frozenset(found)


def is_filer(ticket: Ticket, by: Actor) -> bool:
    """Say whether the asker, or a colleague, filed the ticket."""
    if Channel(ticket.channel) in PROVED or (by.user_id is None and by.kind != "client"):
        return False
    same = by.organisation_id is not None and by.organisation_id == ticket.filer_organisation_id
    return same or by.key == ticket.filer_key


def row_for(
    table: StateTable[Any, Any],
    at: tuple[StrEnum, StrEnum],
    held: frozenset[str],
    *,
    problem: Problem = problems.NOT_YOURS,
) -> Step[Any, Any]:
    """Return the row of a table for (state, command) that these parts may take.

    Raises: ``Rejected`` where it is another's step, ``IllegalStep`` where it is nobody's now.
    """
    state, command = at
    rows = [row for row in table.steps if row.source == state and row.command == command]
    for row in rows:
        if row.actor in held:
            return row
    if any(row.actor != states.PLATFORM for row in rows):
        raise Rejected(problem)
    raise IllegalStep(f"{table.name}: {command} is not possible in {state}")


def step(ticket: Ticket, command: TicketCommand, *, by: Actor, text: str = "") -> Ticket:
    """Take a step as one of the actor's parts; who waits for it learns of it.

    Raises: ``Rejected`` NOT_YOUR_TICKET for another's step, ``IllegalStep`` for nobody's now.
    """
    row = row_for(TICKETS, (S(ticket.state), command), parts(ticket, by))
    ticket.state = row.target
    changed = ["state", *_consequences(ticket, command)]
    ticket.save(update_fields=changed)
    note(ticket, command, by=by, text=text)
    record("quality.ticket." + command, by=by, subject=ticket.number, basis=row.basis)
    if command is C.CORRECT:
        corrections.announce(ticket)
    _tell(ticket, command)
    return ticket


def _consequences(ticket: Ticket, command: TicketCommand) -> list[str]:
    """Set what a step brings with it; return the names of the fields."""
    today = clock.today()
    if command is C.CORRECT:
        ticket.corrected_at = clock.now()
        ticket.verify_by = None
        if ticket.channel not in PROVED:
            ticket.verify_by = calendar().after(today, states.VERIFY_WORKING_DAYS).on
        return ["corrected_at", "verify_by"]
    if command in AGAIN:
        due = term_from(today)
        ticket.due_on, ticket.due_provisional = due.on, due.provisional
        ticket.escalated_at = None
        ticket.reopened += command is not C.APPEAL
        ticket.is_appealed |= command is C.APPEAL
        return ["due_on", "due_provisional", "escalated_at", "reopened", "is_appealed"]
    if command in ENDS:
        ticket.closed_at = clock.now()
        return ["closed_at"]
    return []


def _tell(ticket: Ticket, command: TicketCommand) -> None:
    if command in AGAIN:
        tell_provider(ticket, f"{ticket.entry_name}的质量工单退回校核，{ticket.due_on}前办结")
    if command is C.APPEAL:
        tell_office(ticket, f"{ticket.entry_name}的质量工单有申诉", kind="质量申诉")
    is_his = ticket.filer_organisation_id and ticket.channel not in PROVED
    if is_his and command in {C.CORRECT, C.DISMISS}:
        words = "已更正，请核验" if command is C.CORRECT else "被认定不成立，可申诉一次"
        notify(
            f"你单位反馈的{ticket.entry_name}质量问题{words}"[:300],
            key=f"ticket:{ticket.number}:{command}:{ticket.reopened}",
            kind="质量反馈",
            url=address(ticket),
            organisation_id=ticket.filer_organisation_id,
        )


def address(ticket: Ticket) -> str:
    return f"/manage/quality/issues/{ticket.number}/"


def tell_provider(ticket: Ticket, text: str) -> None:
    notify(
        text[:300],
        key=f"ticket:{ticket.number}:{ticket.provider_id}:{ticket.events.count()}",
        kind="质量整改",
        url=address(ticket),
        organisation_id=ticket.provider_id,
        role=Role.PROVIDER_REVIEWER,
    )


def tell_office(ticket: Ticket, text: str, *, kind: str) -> None:
    notify(
        text[:300],
        key=f"ticket:{ticket.number}:office:{kind}:{ticket.reopened}",
        kind=kind,
        url=address(ticket),
        role=Role.MANAGING_OFFICE,
    )
