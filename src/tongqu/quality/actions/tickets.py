"""Tickets: opened by scans and people, handled by the department, proved by data or the filer."""

from collections.abc import Sequence

from django.db import transaction

from tongqu.audit.public import record
from tongqu.catalog.ports import consumers
from tongqu.catalog.public import published
from tongqu.catalog.vocabulary import EntryView
from tongqu.kernel.actor import PLATFORM, Actor
from tongqu.kernel.problems import Rejected
from tongqu.quality.actions import checks, objections, routing, steps
from tongqu.quality.actions.steps import Filed
from tongqu.quality.domain import problems, states
from tongqu.quality.models import RuleResult, Scan, Ticket
from tongqu.quality.queries.tickets import OPEN_STATES, SEES_ALL, tickets_for
from tongqu.quality.vocabulary import Channel, TicketCommand, TicketState

C, S = TicketCommand, TicketState
BEFORE = frozenset({S.ASSIGNED, S.CHECKING, S.CORRECTING})  # the correction


def follow(scan: Scan, entry: EntryView, over: Sequence[RuleResult], *, by: Actor) -> Ticket | None:
    """Bring the entry's ticket in line with a scan: open, refresh, close or reopen it."""
    found = Ticket.objects.filter(
        entry_code=entry.code, channel=Channel.SCAN, state__in=OPEN_STATES
    ).first()
    if found is not None and not _is_measured_again(found, scan):
        return found
    if not over:
        return _settle(found, scan) if found else None
    title = "；".join(result.title for result in over[:3]) + ("等" if len(over) > 3 else "")
    wrong = sum(result.wrong for result in over)
    if found is None:
        route = routing.route(entry, {result.column for result in over if result.column})
        filed = Filed(Channel.SCAN, title, wrong=wrong, scan=scan)
        return steps.open_ticket(entry, route, filed, by=by)
    found.title, found.wrong, found.scan = title[:200], wrong, scan
    found.save(update_fields=["title", "wrong", "scan"])
    if found.state == S.CORRECTED:
        steps.step(found, C.REOPEN, by=PLATFORM, text=f"依据检测 {scan.number}")
    return found


def _is_measured_again(ticket: Ticket, scan: Scan) -> bool:
    """Say whether a scan may judge a ticket: the same table, and every rule that was over."""
    last = ticket.scan
    if last is None:
        return True
    was = set(last.results.filter(is_over=True).values_list("code", flat=True))
    return last.table == scan.table and was <= set(scan.results.values_list("code", flat=True))


def _settle(ticket: Ticket, scan: Scan) -> Ticket:
    """Close what a scan proves right, whether or not somebody had said that it was corrected."""
    text = f"依据检测 {scan.number}"
    if ticket.state in BEFORE:
        steps.step(ticket, C.CORRECT, by=PLATFORM, text=text)
    return steps.step(ticket, C.CLOSE, by=PLATFORM, text=text)


@transaction.atomic
def file_ticket(
    entry_code: str,
    *,
    title: str,
    by: Actor,
    item: str = "",
    text: str = "",
    channel: Channel | None = None,
) -> Ticket:
    """File a problem that somebody found (article 15); the same words again are one ticket.

    Raises: ``Rejected`` NOTE_REQUIRED, ITEM_UNKNOWN, NOT_GRANTED for a user without a grant.
    """
    entry = published(entry_code)
    said = steps.reasoned(title, problems.NOTE)[:200]
    if item and item not in {one.name_en for one in entry.items}:
        raise Rejected(problems.NO_ITEM)
    came = channel or _channel(entry, by)
    same = Ticket.objects.filter(
        entry_code=entry_code, channel=came, title=said, filer_key=by.key, state__in=OPEN_STATES
    ).first()
    if same is not None:
        steps.note(same, "note", by=by, text=steps.plain(text, 300))
        return same
    filed = Filed(came, said, item=item, text=steps.plain(text, 1000))
    return steps.open_ticket(entry, routing.route(entry, {item} - {""}), filed, by=by)


def _channel(entry: EntryView, by: Actor) -> Channel:
    """Say in which part somebody files: a user has to hold what it complains of."""
    is_office = by.kind == "platform" or bool(by.roles & SEES_ALL)
    if is_office or by.organisation_id == entry.provider_id:
        return Channel.OVERSIGHT
    if by.organisation_id not in consumers(entry.code):
        raise Rejected(problems.NOT_GRANTED)
    return Channel.USER


@transaction.atomic
def handle(
    number: str, command: TicketCommand, *, note: str = "", department: str = "", by: Actor
) -> Ticket:
    """Take one step of a ticket as one's part in it allows.

    Raises: NO_SUCH_TICKET, NOT_YOUR_TICKET, NOTE_REQUIRED (a step against somebody's word
    without a reason), APPEALED_ALREADY, ``IllegalStep`` when the ticket has moved on.
    """
    ticket = Ticket.objects.select_for_update().filter(number=number).first()
    if ticket is None:
        raise Rejected(problems.NO_TICKET)
    held = steps.parts(ticket, by)
    if not held:
        # Who does not see it learns that it is another's, not more.
        raise Rejected(problems.NOT_YOURS)
    if command is C.ROUTE:
        return _route(ticket, department, note, by=by)
    if command is C.APPEAL and ticket.is_appealed and states.FILER in held:
        raise Rejected(problems.APPEALED)
    is_case = ticket.channel in {Channel.OPERATOR, Channel.SUBJECT}
    if command is C.DISMISS and is_case:
        raise Rejected(problems.CONFIRMED)
    text = steps.reasoned(note) if command in steps.REASONED else steps.plain(note, 300)
    done = steps.step(ticket, command, by=by, text=text)
    if command is C.CORRECT and is_case:
        checks.repaired(done, by=by)
        objections.corrected(done)
    return done


def _route(ticket: Ticket, department: str, note: str, *, by: Actor) -> Ticket:
    """Send a ticket to another department: support, with a reason (002 §15)."""
    text = steps.reasoned(note)
    route = routing.named(department)
    steps.step(ticket, C.ROUTE, by=by, text=text)
    ticket.provider_id, ticket.routed = route.organisation_id, f"改派：{text}"[:300]
    ticket.save(update_fields=["provider", "routed"])
    steps.tell_provider(ticket, f"{ticket.entry_name}有质量问题待校核，{ticket.due_on}前办结")
    return ticket


@transaction.atomic
def department_abolished(organisation_id: int, by: Actor) -> int:
    """Hand what waits for a department to who stands in its place; return how many."""
    waiting = Ticket.objects.select_for_update().filter(
        provider_id=organisation_id, state__in=OPEN_STATES
    )
    moved = 0
    for ticket in list(waiting):
        route = routing.standing(organisation_id, ticket.routed)
        ticket.provider_id, ticket.routed = route.organisation_id, route.why[:300]
        ticket.save(update_fields=["provider", "routed"])
        steps.note(ticket, "successor", by=by, text=route.why)
        record("quality.ticket.successor", by=by, subject=ticket.number,
               basis=states.ROUTED_BY_SOURCE)  # fmt: skip
        _tell_successor(ticket)
        moved += 1
    heir = routing.standing(organisation_id, "").organisation_id
    checks.hand_over(organisation_id, heir)
    objections.hand_over(organisation_id, heir)
    return moved


def _tell_successor(ticket: Ticket) -> None:
    text = f"{ticket.entry_name}的质量工单转由你单位办理，{ticket.due_on}前办结"
    steps.tell_provider(ticket, text)
    if ticket.provider.is_managing_office:
        steps.tell_office(ticket, text, kind="质量整改")


def seen(number: str, actor: Actor) -> Ticket:
    """Return a ticket in the asker's sight. Raises: ``Rejected`` NO_SUCH_TICKET."""
    found = tickets_for(actor).filter(number=number).first()
    if found is None:
        raise Rejected(problems.NO_TICKET)
    return found
