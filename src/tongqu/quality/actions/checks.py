"""数据校核需求 (C.12): the operator asks, the implementing body confirms, it is corrected."""

from datetime import date

from django.db import transaction

from tongqu.catalog.public import published
from tongqu.identity.public import notify
from tongqu.identity.vocabulary import Permission, Role
from tongqu.kernel import clock
from tongqu.kernel.actor import PLATFORM, Actor
from tongqu.kernel.problems import Rejected
from tongqu.policy.access import require
from tongqu.policy.clauses import jx_2026 as plan
from tongqu.policy.public import calendar
from tongqu.quality.actions import chain, corrections, routing, steps
from tongqu.quality.actions.steps import Filed
from tongqu.quality.domain import problems
from tongqu.quality.domain.cases import (
    CHECK_OPEN,
    CHECKS,
    IMPLEMENTER,
    OFFICE,
    OPERATOR,
    PROVIDER,
    CheckCommand,
    CheckState,
)
from tongqu.quality.models import CheckRequest, Ticket
from tongqu.quality.queries.cases import checks_for
from tongqu.quality.vocabulary import Channel, TicketCommand

C, S = CheckCommand, CheckState
DEPARTMENT = "department"  # 省厅 speaks through the provider's reviewer or the managing office
REASONED = frozenset({C.DECLINE, C.PROPOSE, C.RETURN})


@transaction.atomic
def file_check(
    entry_code: str, *, scenario: str, title: str, item: str = "", sample: str = "", by: Actor
) -> CheckRequest:
    """File what an operator found wrong while developing (004 三（三）).

    Raises: ``Rejected`` NOTE_REQUIRED, ITEM_UNKNOWN, NOT_PUBLISHED.
    """
    require(by, Permission.QUALITY_CHECK_FILE)
    entry = published(entry_code)
    said = steps.reasoned(title, problems.NOTE)
    if item and item not in {one.name_en for one in entry.items}:
        raise Rejected(problems.NO_ITEM)
    route = routing.route(entry, {item} - {""})
    found = CheckRequest.objects.create(
        number=steps.next_number(CheckRequest, "XH"),
        entry_code=entry.code,
        entry_name=entry.name,
        provider_id=route.organisation_id,
        scenario=steps.reasoned(scenario, problems.NOTE)[:200],
        item=item,
        title=said[:200],
        sample=steps.plain(sample, 1000),
        filed_by=str(by)[:160],
        filer_organisation_id=by.organisation_id or 0,
        filed_at=clock.now(),
    )
    chain.write(found.number, "file", by=by, basis=plan.CHECK_REQUEST, text=found.title)
    _tell(found, "待确认", role=Role.IMPLEMENTER)
    return found


@transaction.atomic
def handle(
    number: str, command: CheckCommand, *, note: str = "", until: date | None = None, by: Actor
) -> CheckRequest:
    """Take one step of a request.

    Raises: NO_SUCH_CASE, NOT_YOUR_TICKET, NOTE_REQUIRED, EXTENSION_NEEDS_BOTH,
    EXTENSION_TOO_EARLY, PRODUCTS_STALE, ``IllegalStep``.
    """
    found = checks_for(by).select_for_update(of=("self",)).filter(number=number).first()
    if found is None:
        raise Rejected(problems.NO_CASE)
    held = parts(found, by)
    if not held:
        raise Rejected(problems.NOT_YOUR_CASE)
    at = (S(found.state), command)
    row = steps.row_for(CHECKS, at, held, problem=problems.NOT_YOUR_CASE)
    text = steps.reasoned(note) if command in REASONED else steps.plain(note, 300)
    match command:
        case C.CONFIRM:
            _confirm(found, by)
        case C.PROPOSE:
            _propose(found, _side(held), until)
        case C.CONSENT:
            _consent(found, _side(held))
        case C.PASS:
            _pass(found)
        case C.RETURN:
            _return(found)
    found.state = row.target
    found.save()
    chain.write(found.number, command, by=by, basis=row.basis, text=text)
    if command is C.CONFIRM:
        _feed_back(found)
    return found


def parts(found: CheckRequest, by: Actor) -> frozenset[str]:
    """Return as what somebody may act on a request."""
    held = set(by.roles & {IMPLEMENTER, OFFICE})
    if by.organisation_id == found.filer_organisation_id:
        held |= by.roles & {OPERATOR}
    if by.organisation_id == found.provider_id:
        held |= by.roles & {PROVIDER}
    return frozenset(held)


def _confirm(found: CheckRequest, by: Actor) -> None:
    """Open the department's ticket; its term begins with the confirmation."""
    today = clock.today()
    due = steps.term_from(today)
    found.confirmed_on, found.due_on, found.due_provisional = today, due.on, due.provisional
    entry = published(found.entry_code)
    columns = {found.item} - {""}
    filed = Filed(
        Channel.OPERATOR, found.title, item=found.item, due=due, is_confirmed=True,
        text=f"数据校核需求 {found.number}，场景：{found.scenario}",
    )  # fmt: skip
    found.ticket = steps.open_ticket(entry, routing.route(entry, columns), filed, by=by)
    found.provider_id = found.ticket.provider_id


def _feed_back(found: CheckRequest) -> None:
    """Confirmed is fed back at once: the office and the department learn of it (三（三）)."""
    found.state = CHECKS.step(S.CONFIRMED, C.FEED_BACK).target
    found.save(update_fields=["state"])
    chain.write(found.number, C.FEED_BACK, by=PLATFORM, basis=plan.CHECK_CONFIRMED,
                text=f"{found.due_on} 前更正或修复")  # fmt: skip
    _tell(found, f"已由实施机构确认，{found.due_on}前更正", role=Role.MANAGING_OFFICE)


def _propose(found: CheckRequest, side: str, until: date | None) -> None:
    days = calendar()
    if until is None or found.due_on is None or until <= max(found.due_on, clock.today()):
        raise Rejected(problems.TOO_EARLY)
    if not days.is_working(until):
        raise Rejected(problems.TOO_EARLY)
    found.wanted_until, found.wanted_by = until, side
    _tell(found, f"拟延期至 {until}，请办理", role=_other_role(found), key=f"{until}")


def _consent(found: CheckRequest, side: str) -> None:
    """Move the last day, if the side that did not propose it agrees: nobody agrees with itself."""
    if found.wanted_until is None:
        raise Rejected(problems.NO_EXTENSION)
    if found.wanted_by == side:
        raise Rejected(problems.NEEDS_BOTH)
    found.due_on = found.wanted_until
    found.due_provisional = not calendar().knows(found.wanted_until)
    found.wanted_until, found.wanted_by = None, ""
    if found.ticket is not None:
        found.ticket.due_on = found.due_on
        found.ticket.due_provisional = found.due_provisional
        found.ticket.escalated_at = None
        found.ticket.save(update_fields=["due_on", "due_provisional", "escalated_at"])


def _side(held: frozenset[str]) -> str:
    return IMPLEMENTER if IMPLEMENTER in held else DEPARTMENT


def _other_role(found: CheckRequest) -> Role:
    is_theirs = found.wanted_by == IMPLEMENTER
    return Role.PROVIDER_REVIEWER if is_theirs else Role.IMPLEMENTER


def _pass(found: CheckRequest) -> None:
    if found.ticket is not None:
        if corrections.stale(found.ticket):
            raise Rejected(problems.STALE)
        steps.step(found.ticket, TicketCommand.CLOSE, by=PLATFORM, text=f"复核 {found.number}")
    found.closed_at = clock.now()
    _tell(found, "复核通过，已关闭", role=Role.OPERATOR, unit=found.filer_organisation_id)


def _return(found: CheckRequest) -> None:
    """Send it back: the department's term begins anew with the ticket's."""
    if found.ticket is not None:
        steps.step(found.ticket, TicketCommand.REOPEN, by=PLATFORM, text=f"复核 {found.number}")
        found.due_on, found.due_provisional = found.ticket.due_on, found.ticket.due_provisional


def hand_over(provider_id: int, heir_id: int) -> None:
    """Let who stands in a department's place answer the requests that wait for it."""
    waiting = CheckRequest.objects.filter(provider_id=provider_id, state__in=list(CHECK_OPEN))
    waiting.update(provider_id=heir_id)


def repaired(ticket: Ticket, *, by: Actor) -> None:
    """Learn from the ticket that the department corrected the data."""
    found = CheckRequest.objects.select_for_update().filter(ticket=ticket).first()
    if found is None:
        return
    found.state = CHECKS.step(S(found.state), C.REPAIR).target
    found.wanted_until, found.wanted_by = None, ""
    found.save()
    chain.write(found.number, C.REPAIR, by=by, basis=plan.CHECK_TERM)
    _tell(found, "已更正，待复核", role=Role.IMPLEMENTER)
    _tell(found, "已更正，待复核", role=Role.OPERATOR, unit=found.filer_organisation_id)


def _tell(
    found: CheckRequest, words: str, *, role: Role, unit: int | None = None, key: str = ""
) -> None:
    if role is Role.PROVIDER_REVIEWER:
        unit = found.provider_id
    returns = found.ticket.reopened if found.ticket else 0
    notify(
        f"{found.entry_name}的数据校核需求 {found.number} {words}"[:300],
        key=f"check:{found.number}:{role}:{words[:20]}:{returns}:{key}",
        kind="数据校核",
        url=f"/manage/quality/checks/{found.number}/",
        organisation_id=unit,
        role=role,
    )
