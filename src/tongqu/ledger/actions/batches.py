"""The list of public data for authorised operation: compile, four signatures, frozen."""

import hashlib
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.db.models import Max

from tongqu.audit.public import record
from tongqu.catalog import public as catalog
from tongqu.identity.public import notify, organisations, require
from tongqu.identity.vocabulary import Permission, Role
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.canonical import canonical
from tongqu.kernel.problems import Rejected
from tongqu.ledger.domain import problems
from tongqu.ledger.domain.states import BATCH, BatchCommand
from tongqu.ledger.models import BatchParty, BatchRow, OperationBatch
from tongqu.ledger.queries import batches as queries
from tongqu.ledger.vocabulary import BatchState, Party, SupplyManner
from tongqu.policy.clauses import jx_2026

LAW = jx_2026.LIST_COMPILED
MOST = 2_000


@transaction.atomic
def compile_batch(
    *, title: str, parties: Mapping[Party, str], by: Actor, is_example: bool = False
) -> OperationBatch:
    """Begin the next list. ``parties`` maps each of the four to an organisation's code."""
    require(by, Permission.LEDGER_BATCH_EDIT)
    known = {found.code: found for found in organisations()}
    faults = {}
    if not 2 <= len(title.strip()) <= 120:
        faults["title"] = "请填写 2 至 120 个字的名称。"
    for party in Party:
        if parties.get(party, "") not in known:
            faults[party.value] = f"请选择{party.label}。"
    if len(set(parties.values())) < len(Party) and not faults:
        faults[Party.IMPLEMENTING.value] = "四方须是四个不同的单位。"
    if faults:
        raise Rejected(problems.invalid(LAW, **faults))
    last = OperationBatch.objects.aggregate(last=Max("number"))["last"] or 0
    made = OperationBatch.objects.create(
        number=last + 1, title=title.strip(), created_at=clock.now(), created_by=str(by),
        is_example=is_example,
    )  # fmt: skip
    BatchParty.objects.bulk_create(
        BatchParty(batch=made, party=party, organisation=known[parties[party]]) for party in Party
    )
    record("ledger.batch.compiled", by=by, subject=_subject(made), basis=LAW)
    return made


@transaction.atomic
def set_rows(
    number: int,
    codes: Sequence[str],
    *,
    by: Actor,
    supply: Mapping[str, SupplyManner] | None = None,
) -> OperationBatch:
    """Draw the rows from the catalogue, in this order; what was there before is replaced.

    Raises: ``Rejected`` NOT_PUBLISHED naming every entry without a version in force,
    BATCH_FROZEN once the list was sent to be signed.
    """
    require(by, Permission.LEDGER_BATCH_EDIT)
    found = _locked(number)
    if found.state != BatchState.COMPILING:
        raise Rejected(problems.BATCH_FROZEN)
    wanted = list(dict.fromkeys(codes))
    if len(wanted) > MOST:
        raise Rejected(problems.invalid(LAW, entries=f"一份清单最多 {MOST} 项。"))
    lines = {line.code: line for line in catalog.lines(codes=wanted)}
    if missing := [code for code in wanted if code not in lines]:
        raise Rejected(problems.unpublished(missing))
    chosen = supply or {}
    found.rows.all().delete()
    BatchRow.objects.bulk_create(
        BatchRow(
            batch=found, position=n, entry_code=code, version=lines[code].version,
            provider_name=lines[code].provider_name, name=lines[code].name,
            supply=chosen.get(code, queries.supply_of(lines[code])),
            update_cycle=lines[code].update_cycle,
        )
        for n, code in enumerate(wanted, start=1)
    )  # fmt: skip
    record(
        "ledger.batch.drawn", by=by, subject=_subject(found), basis=LAW,
        details={"rows": len(wanted)},
    )  # fmt: skip
    return found


@transaction.atomic
def send_to_sign(number: int, *, by: Actor) -> OperationBatch:
    """Fix the rows by their digest and ask the four to sign."""
    require(by, Permission.LEDGER_BATCH_EDIT)
    found = _locked(number)
    step = BATCH.step(BatchState(found.state), BatchCommand.SUBMIT)
    if not found.rows.exists():
        raise Rejected(problems.invalid(LAW, entries="清单还没有内容。"))
    _refuse_unpublished(found)
    found.state, found.digest = step.target, digest_of(found)
    found.save()
    record("ledger.batch.sent", by=by, subject=_subject(found), basis=step.basis,
           details={"digest": found.digest})  # fmt: skip
    for party in queries.parties(found):
        notify(
            f"“{found.title}”共 {found.rows.count()} 项，请会签。",
            key=f"ledger.batch {found.pk} {found.digest} {party.party}", kind="清单会签",
            url=f"/manage/batches/{found.number}/", organisation_id=party.organisation_id,
            role=Role.FIRST_RESPONSIBLE,
        )  # fmt: skip
    return found


@transaction.atomic
def reopen(number: int, *, reason: str, by: Actor) -> OperationBatch:
    """Take a list back to change it; signatures given so far no longer hold."""
    require(by, Permission.LEDGER_BATCH_EDIT)
    found = _locked(number)
    if found.state == BatchState.FROZEN:
        raise Rejected(problems.BATCH_FROZEN)
    step = BATCH.step(BatchState(found.state), BatchCommand.REOPEN)
    if not reason.strip():
        raise Rejected(problems.invalid(LAW, reason="请写明退回原因。"))
    found.state, found.digest = step.target, ""
    found.save()
    found.parties.update(signed_at=None, signed_by="", digest="")
    record("ledger.batch.reopened", by=by, subject=_subject(found), basis=step.basis)
    return found


@transaction.atomic
def sign(number: int, *, digest: str, by: Actor) -> OperationBatch:
    """Sign for one's own organisation exactly the list whose digest was shown.

    The fourth signature freezes the list. Raises: ``Rejected`` NOT_YOUR_PART,
    ALREADY_SIGNED, INVALID for another list than the one shown, NOT_PUBLISHED.
    """
    require(by, Permission.LEDGER_BATCH_SIGN)
    found = _locked(number)
    mine = found.parties.filter(organisation_id=by.organisation_id or 0).first()
    if mine is None:
        raise Rejected(problems.NOT_YOUR_PART)
    if mine.signed_at is not None:
        raise Rejected(problems.ALREADY_SIGNED)
    step = BATCH.step(BatchState(found.state), BatchCommand.FREEZE)
    if digest != found.digest or digest != digest_of(found):
        raise Rejected(problems.invalid(LAW, digest="清单内容与你看到的不同，请重新打开后会签。"))
    _refuse_unpublished(found)
    mine.signed_at, mine.signed_by, mine.digest = clock.now(), str(by), digest
    mine.save()
    record("ledger.batch.signed", by=by, subject=_subject(found), basis=LAW,
           details={"party": mine.party, "digest": digest})  # fmt: skip
    if not found.parties.filter(signed_at=None).exists():
        found.state, found.frozen_at = step.target, clock.now()
        found.save()
        record("ledger.batch.frozen", by=by, subject=_subject(found), basis=step.basis,
               details={"digest": digest, "rows": found.rows.count()})  # fmt: skip
    return found


def digest_of(found: OperationBatch) -> str:
    """Return the SHA-256 of number, title and rows in canonical form."""
    rows = [[*row.cells, row.code] for row in queries.rows(found)]
    facts = {"number": found.number, "title": found.title, "rows": rows}
    return hashlib.sha256(canonical(facts)).hexdigest()


def _locked(number: int) -> OperationBatch:
    found = OperationBatch.objects.select_for_update().filter(number=number).first()
    if found is None:
        raise Rejected(problems.NOT_FOUND)
    return found


def _refuse_unpublished(found: OperationBatch) -> None:
    codes = list(found.rows.values_list("entry_code", flat=True))
    if missing := queries.unpublished(codes):
        raise Rejected(problems.unpublished(missing))


def _subject(found: OperationBatch) -> str:
    return f"batch-{found.number}"
