"""Corrections that subscribers propose: filed, decided at the desk, done when sources say so."""

from django.db import transaction

from tongqu.audit.public import record
from tongqu.identity.public import notify, require
from tongqu.identity.vocabulary import Permission, Role
from tongqu.kernel import clock
from tongqu.kernel.actor import PLATFORM, Actor
from tongqu.kernel.problems import Rejected
from tongqu.masters.actions.report import to_producer
from tongqu.masters.actions.subscribe import granted_fields
from tongqu.masters.domain import problems
from tongqu.masters.domain.states import PROPOSALS
from tongqu.masters.models import Proposal
from tongqu.masters.queries import leads_to, scheme_rules, subscription
from tongqu.masters.queries.records import record as golden_record
from tongqu.masters.queries.records import records
from tongqu.masters.vocabulary import ProposalCommand, ProposalState
from tongqu.policy.clauses import mot_2025
from tongqu.security.public import seal, unseal

UNDER, LONGEST, LEAST = "masters-proposals", 200, 5


@transaction.atomic
def propose(code: str, key: str, field: str, *, value: str, reason: str, by: Actor) -> Proposal:
    """File a correction of one field of a record that the asker's department subscribes to.

    Raises: ``Rejected`` NOT_SUBSCRIBED, RECORD_UNKNOWN, MASTER_WRONG.
    """
    _, rules = scheme_rules(code)
    if subscription(code, by) is None or by.organisation_id is None:
        raise Rejected(problems.NOT_SUBSCRIBED)
    key = leads_to(code, key)
    held = golden_record(rules, key, {})
    if field not in granted_fields(rules, by):
        raise Rejected(problems.wrong("只能对授权范围内的字段提出更正建议。", field="请核对字段。"))
    if not value.strip() or len(value) > LONGEST or len(reason.strip()) < LEAST:
        raise Rejected(
            problems.wrong("请填写建议值和理由。", value="不超过 200 字。", reason="至少 5 个字。")
        )
    now = clock.now()
    stem = f"ZJ-{clock.legal_day(now):%Y-%m%d}-"
    number = f"{stem}{Proposal.objects.filter(number__startswith=stem).count() + 1:03}"
    made = Proposal.objects.create(
        number=number, scheme=code, key=key, field=field, version=held.version,
        sealed=seal(value.strip(), under=UNDER, of=number), reason=reason.strip()[:300],
        organisation_id=by.organisation_id, filed_by=str(by), filed_at=now,
    )  # fmt: skip
    record("masters.proposal.filed", by=by, subject=number, basis=mot_2025.MASTER_DATA)
    notify(
        f"{by.organisation_name}对{rules.title}提出更正建议", key=f"proposal:{number}",
        kind="主数据", url="/manage/masters/proposals/", role=Role.SUPPORT,
    )  # fmt: skip
    return made


@transaction.atomic
def decide_proposal(
    number: str, command: ProposalCommand, *, note: str = "", by: Actor
) -> Proposal:
    """Take a step of a proposal. Accepting it sends the department that gave the value a ticket.

    Raises: ``Rejected`` PROPOSAL_UNKNOWN, NOT_YOUR_PROPOSAL, MASTER_WRONG (refusing without a
    reason); ``IllegalStep``.
    """
    found = Proposal.objects.select_for_update().filter(number=number[:40]).first()
    if found is None:
        raise Rejected(problems.PROPOSAL_UNKNOWN)
    step = PROPOSALS.step(ProposalState(found.state), command)
    if command is ProposalCommand.WITHDRAW:
        if found.organisation_id != by.organisation_id:
            raise Rejected(problems.NOT_YOUR_PROPOSAL)
    else:
        require(by, Permission.MASTERS_DESK_DECIDE)
    if command is ProposalCommand.REFUSE and len(note.strip()) < LEAST:
        raise Rejected(problems.wrong("不采纳须写明理由。", note="请写明理由，不少于 5 个字。"))
    if command is ProposalCommand.ACCEPT:
        found.ticket = _ticket(found)
    found.state, found.note = step.target.value, note.strip()[:300]
    found.decided_by, found.decided_at = str(by), clock.now()
    found.save(update_fields=["state", "note", "ticket", "decided_by", "decided_at"])
    record(f"masters.proposal.{command.value}", by=by, subject=number, basis=step.basis)
    notify(
        f"更正建议 {number}：{step.target.label}", key=f"proposal:{number}:{step.target.value}",
        kind="主数据", url="/manage/masters/proposals/", organisation_id=found.organisation_id,
    )  # fmt: skip
    return found


def _ticket(found: Proposal) -> str:
    _, rules = scheme_rules(found.scheme)
    source = golden_record(rules, found.key, {found.field: None}).given_by.get(found.field, "")
    title = f"主数据更正建议 {found.number}：请核实{rules.title}的{rules.title_of(found.field)}"
    return to_producer(rules.entries.get(source, ""), title)


def proposed_value(found: Proposal) -> str:
    """Return what was proposed, in clear: only to who filed or decides it."""
    return unseal(found.sealed, under=UNDER, of=found.number)


def finish_proposals(code: str) -> None:
    """Close the accepted proposals whose value the record has now."""
    of_scheme = Proposal.objects.filter(scheme=code, state=ProposalState.ACCEPTED)
    waiting = list(of_scheme[:500])
    if not waiting:
        return
    _, rules = scheme_rules(code)
    clear = dict.fromkeys(rules.columns)
    held = records(rules, {leads_to(code, row.key) for row in waiting}, clear)
    for row in waiting:
        now = held.get(leads_to(code, row.key))
        if now is None or _same(now.values.get(row.field), proposed_value(row)) is False:
            continue
        step = PROPOSALS.step(ProposalState(row.state), ProposalCommand.FINISH)
        row.state = step.target.value
        row.save(update_fields=["state"])
        record("masters.proposal.finish", by=PLATFORM, subject=row.number, basis=step.basis)


def _same(held: str | None, proposed: str) -> bool:
    return held is not None and held.strip() == proposed.strip()
