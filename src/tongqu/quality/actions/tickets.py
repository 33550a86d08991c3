"""Tickets: opened by a scan or by a user, handled by the provider, closed by a re-scan."""

from collections.abc import Sequence

from django.db import transaction

from tongqu.audit.public import record
from tongqu.catalog.public import published
from tongqu.catalog.vocabulary import EntryView
from tongqu.identity.public import notify
from tongqu.identity.vocabulary import Role
from tongqu.kernel import clock
from tongqu.kernel.actor import PLATFORM, Actor
from tongqu.kernel.problems import IllegalStep, Problem, Rejected
from tongqu.policy.clauses import measures_2021 as law
from tongqu.policy.public import calendar, terms_on
from tongqu.quality.domain.states import TICKETS
from tongqu.quality.models import RuleResult, Scan, Ticket, TicketEvent
from tongqu.quality.queries import open_ticket
from tongqu.quality.vocabulary import TicketCommand, TicketState

LEAST_NOTE = 5  # characters: "不成立" alone is no reason


def follow(scan: Scan, entry: EntryView, over: Sequence[RuleResult], *, by: Actor) -> Ticket | None:
    """Bring the entry's ticket in line with a scan: open, refresh, close or reopen it."""
    ticket = open_ticket(entry.code)
    if ticket is not None and ticket.state == TicketState.CORRECTED:
        command = TicketCommand.REOPEN if over else TicketCommand.CLOSE
        return _step(ticket, command, by=PLATFORM, note=f"依据检测 {scan.number}")
    if not over:
        return ticket
    title = "；".join(result.title for result in over[:3]) + ("等" if len(over) > 3 else "")
    wrong = sum(result.wrong for result in over)
    if ticket is not None:
        ticket.title, ticket.wrong, ticket.scan = title[:200], wrong, scan
        ticket.save(update_fields=["title", "wrong", "scan"])
        return ticket
    return _open(entry, title=title, wrong=wrong, scan=scan, by=by)


@transaction.atomic
def file_ticket(entry_code: str, *, title: str, by: Actor) -> Ticket:
    """File a problem that a user found (article 15); one open ticket an entry."""
    entry = published(entry_code)
    if len(title.strip()) < LEAST_NOTE:
        raise Rejected(
            Problem(
                code="NOTE_REQUIRED",
                title="请写明发现的问题。",
                next_step="请说明哪个信息项、什么情况，不少于 5 个字。",
                basis=law.CORRECTION,
                fields={"title": "请写明发现的问题，不少于 5 个字。"},
            )
        )
    found = open_ticket(entry_code)
    if found is not None:
        TicketEvent.objects.create(
            ticket=found, command="note", actor=str(by), note=title.strip()[:300], at=clock.now()
        )
        return found
    return _open(entry, title=title.strip(), wrong=0, scan=None, by=by)


def _open(entry: EntryView, *, title: str, wrong: int, scan: Scan | None, by: Actor) -> Ticket:
    now = clock.now()
    today = clock.legal_day(now)
    due = calendar().after(today, terms_on(today).correction_working_days)
    stem = f"DQ-{today:%Y-%m%d}-"
    ticket = Ticket.objects.create(
        number=f"{stem}{Ticket.objects.filter(number__startswith=stem).count() + 1:03}",
        entry_code=entry.code,
        entry_name=entry.name,
        provider_id=entry.provider_id,
        title=title[:200],
        wrong=wrong,
        scan=scan,
        filed_by=str(by),
        opened_at=now,
        due_on=due.on,
        due_provisional=due.provisional,
    )
    TicketEvent.objects.create(ticket=ticket, command="open", actor=str(by), at=now)
    record("quality.ticket.opened", by=by, subject=ticket.number, basis=law.CORRECTION,
           details={"entry": entry.code, "wrong": wrong})  # fmt: skip
    notify(
        f"{entry.name}有质量问题待校核，{due}前办结",
        key=f"ticket:{ticket.number}",
        kind="质量整改",
        url=f"/manage/quality/issues/{ticket.number}/",
        organisation_id=entry.provider_id,
        role=Role.PROVIDER_REVIEWER,
    )
    return ticket


@transaction.atomic
def handle(number: str, command: TicketCommand, *, note: str = "", by: Actor) -> Ticket:
    """Take one step of a ticket for the producing department.

    Raises: NO_SUCH_TICKET, NOT_YOUR_TICKET, NOTE_REQUIRED (dismissing without a reason),
    ``IllegalStep`` when the ticket has moved on.
    """
    ticket = Ticket.objects.select_for_update().filter(number=number).first()
    if ticket is None:
        raise Rejected(Problem("NO_SUCH_TICKET", "没有这张工单。", "请核对工单号。"))
    if ticket.provider_id != by.organisation_id:
        raise Rejected(
            Problem(
                code="NOT_YOUR_TICKET",
                title="该工单由产生数据的部门办理。",
                next_step="请联系提供部门审核人。",
                basis=law.CORRECTION,
                who="提供部门审核人",
            )
        )
    if command is TicketCommand.DISMISS and len(note.strip()) < LEAST_NOTE:
        raise Rejected(
            Problem(
                code="NOTE_REQUIRED",
                title="认定不成立须写明理由。",
                next_step="请补充理由，不少于 5 个字。",
                basis=law.CORRECTION,
                fields={"note": "请写明理由，不少于 5 个字。"},
            )
        )
    return _step(ticket, command, by=by, note=note.strip())


def _step(ticket: Ticket, command: TicketCommand, *, by: Actor, note: str = "") -> Ticket:
    step = TICKETS.step(TicketState(ticket.state), command)
    if by is not PLATFORM and step.actor not in by.roles:
        raise IllegalStep(f"{by.key} may not {command} a ticket")
    ticket.state = step.target
    ticket.save(update_fields=["state"])
    TicketEvent.objects.create(
        ticket=ticket, command=command, actor=str(by), note=note[:300], at=clock.now()
    )
    record("quality.ticket." + command, by=by, subject=ticket.number, basis=step.basis)
    return ticket
