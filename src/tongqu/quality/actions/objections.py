"""异议 (C.13): a data subject objects, the department verifies, outputs carry the mark."""

import json
from collections.abc import Mapping

from django.db import transaction

from tongqu.catalog.public import published
from tongqu.identity.public import notify
from tongqu.identity.vocabulary import Permission, Role
from tongqu.kernel import clock
from tongqu.kernel.actor import PLATFORM, Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.policy.access import require
from tongqu.policy.clauses import jx_2026 as plan
from tongqu.quality.actions import chain, corrections, routing, steps
from tongqu.quality.actions.steps import Filed
from tongqu.quality.domain import problems
from tongqu.quality.domain.cases import (
    IMPLEMENTER,
    OBJECTIONS,
    PROVIDER,
    ObjectionCommand,
    ObjectionState,
)
from tongqu.quality.models import Objection, Ticket
from tongqu.quality.queries.cases import objections_at
from tongqu.quality.vocabulary import Channel, TicketCommand
from tongqu.security.public import seal, unseal

C, S = ObjectionCommand, ObjectionState
VERIFIED = 2  # assurance: 实名核验
UNDER = "objections"  # the hub's secret that seals what an objection says
MOST = 500


@transaction.atomic
def file_objection(entry_code: str, *, item: str, record: str, claim: str, by: Actor) -> Objection:
    """File what a person or firm says is wrong about itself.

    ``record``: how to find the row; ``claim``: what is wrong. Both are kept sealed only.
    Raises: ``Rejected`` IDENTITY_NOT_VERIFIED, ITEM_UNKNOWN, NOTE_REQUIRED.
    """
    require(by, Permission.QUALITY_OBJECTION_FILE)
    if by.user_id is None or by.assurance < VERIFIED:
        raise Rejected(problems.NOT_VERIFIED)
    entry = published(entry_code)
    if item not in {one.name_en for one in entry.items}:
        raise Rejected(problems.NO_ITEM)
    said = {"record": steps.plain(record, MOST), "claim": steps.plain(claim, MOST)}
    for field, words in said.items():
        if len(words) < 2:
            raise Rejected(_missing(field))
    due = steps.term_from(clock.today())
    route = routing.route(entry, {item})
    number = steps.next_number(Objection, "YY")
    found = Objection.objects.create(
        number=number,
        entry_code=entry.code,
        entry_name=entry.name,
        item=item,
        provider_id=route.organisation_id,
        filed_by=str(by)[:160],
        filer_key=by.key,
        filer_person_id=by.user_id,
        sealed=_sealed(number, said),
        filed_at=clock.now(),
        due_on=due.on,
        due_provisional=due.provisional,
    )
    chain.write(number, "file", by=by, basis=plan.QUALITY_LOOP)
    for role, unit in ((Role.PROVIDER_REVIEWER, found.provider_id), (Role.IMPLEMENTER, None)):
        notify(
            f"{entry.name}有数据主体异议 {number}，{due}前核实"[:300],
            key=f"objection:{number}:{role}",
            kind="异议核实",
            url=f"/manage/quality/objections/{number}/",
            organisation_id=unit,
            role=role,
        )
    return found


def _missing(field: str) -> Problem:
    words = {"record": "请说明是哪一条记录。", "claim": "请说明哪里不对、应当是什么。"}
    return Problem(
        "NOTE_REQUIRED", words[field], "请补充后提交。", plan.QUALITY_LOOP,
        fields={field: words[field]},
    )  # fmt: skip


def _sealed(number: str, said: Mapping[str, str]) -> str:
    return seal(json.dumps(dict(said), ensure_ascii=False), under=UNDER, of=number)


def said_in(found: Objection) -> dict[str, str]:
    """Return what is sealed: for the filer and the department that verifies, nobody else."""
    read: dict[str, str] = json.loads(unseal(found.sealed, under=UNDER, of=found.number))
    return read


def may_read(found: Objection, by: Actor) -> bool:
    is_own = by.user_id is not None and by.user_id == found.filer_person_id
    return is_own or (by.organisation_id == found.provider_id and PROVIDER in by.roles)


@transaction.atomic
def handle(
    number: str,
    command: ObjectionCommand,
    *,
    note: str = "",
    old_value: str = "",
    new_value: str = "",
    by: Actor,
) -> Objection:
    """Take one step of an objection.

    Raises: NO_SUCH_CASE, NOT_YOUR_TICKET, NOTE_REQUIRED, VALUES_REQUIRED, ``IllegalStep``.
    """
    found = objections_at(by).select_for_update(of=("self",)).filter(number=number).first()
    if found is None:
        raise Rejected(problems.NO_CASE)
    held = parts(found, by)
    if not held:
        raise Rejected(problems.NOT_YOUR_CASE)
    at = (S(found.state), command)
    row = steps.row_for(OBJECTIONS, at, held, problem=problems.NOT_YOUR_CASE)
    text = steps.reasoned(note) if command is not C.ACCEPT else steps.plain(note, 300)
    if command is C.UPHOLD:
        _uphold(found, old_value, new_value, by=by)
    if command is not C.ACCEPT:
        found.verified_by, found.is_upheld = str(by)[:160], command is C.UPHOLD
    found.state = row.target
    found.save()
    chain.write(number, command, by=by, basis=row.basis, text=text)
    if command is C.REFUSE:
        _close(found, f"经核实异议不成立：{text}")
    return found


def parts(found: Objection, by: Actor) -> frozenset[str]:
    held = set(by.roles & {IMPLEMENTER})
    if by.organisation_id == found.provider_id:
        held |= by.roles & {PROVIDER}
        if Role.MANAGING_OFFICE in by.roles:  # no department is left
            held.add(PROVIDER)
    return frozenset(held)


def _uphold(found: Objection, old_value: str, new_value: str, *, by: Actor) -> None:
    """Keep both values sealed and open the department's ticket: corrected at the source."""
    old, new = steps.plain(old_value, MOST), steps.plain(new_value, MOST)
    if not old or not new:
        raise Rejected(problems.VALUES)
    found.sealed = _sealed(found.number, said_in(found) | {"old": old, "new": new})
    entry = published(found.entry_code)
    name = next((i.name_zh for i in entry.items if i.name_en == found.item), found.item)
    filed = Filed(
        Channel.SUBJECT, f"数据主体异议成立：{name}", item=found.item, is_confirmed=True,
        text=f"异议 {found.number}",
    )  # fmt: skip
    found.ticket = steps.open_ticket(
        entry, routing.standing(found.provider_id, f"异议 {found.number}"), filed, by=by
    )


def hand_over(provider_id: int, heir_id: int) -> None:
    """Let who stands in a department's place verify what was objected to."""
    waiting = Objection.objects.filter(provider_id=provider_id).exclude(state=S.CLOSED)
    waiting.update(provider_id=heir_id)


def corrected(ticket: Ticket) -> None:
    """Learn from the ticket that the value was corrected; tell the subject if all is anew."""
    found = Objection.objects.select_for_update().filter(ticket=ticket).first()
    if found is not None:
        _finish(found)


def finish_waiting() -> int:
    """Tell those whose data was corrected once the last product was computed anew."""
    waiting = Objection.objects.filter(state=S.CORRECTING, ticket__corrected_at__isnull=False)
    done = 0
    for pk in list(waiting.values_list("pk", flat=True)):
        with transaction.atomic():
            done += _finish(Objection.objects.select_for_update().get(pk=pk))
    return done


def _finish(found: Objection) -> bool:
    ticket = found.ticket
    if ticket is None or corrections.stale(ticket):
        return False  # the night job asks again when the products were computed anew
    found.state = OBJECTIONS.step(S(found.state), C.TELL).target
    found.save(update_fields=["state"])
    chain.write(found.number, C.TELL, by=PLATFORM, basis=plan.QUALITY_LOOP,
                text=f"受影响成果 {ticket.affected.count()} 项，"
                f"通知 {ticket.notices.count()} 家")  # fmt: skip
    steps.step(ticket, TicketCommand.CLOSE, by=PLATFORM, text=f"异议 {found.number}")
    _close(found, "经核实异议成立，数据已更正")
    return True


def _close(found: Objection, words: str) -> None:
    """Tell the subject and take the mark away."""
    notify(
        f"你对{found.entry_name}提出的异议 {found.number}：{words}"[:300],
        key=f"objection:{found.number}:told",
        kind="异议告知",
        url=f"/objections/{found.number}/",
        person_id=found.filer_person_id,
    )
    found.state = OBJECTIONS.step(S(found.state), C.DONE).target
    found.closed_at = clock.now()
    found.save(update_fields=["state", "closed_at"])
    chain.write(found.number, C.DONE, by=PLATFORM, basis=plan.QUALITY_LOOP)
