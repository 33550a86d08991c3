"""Decide at the desk: merge, keep apart, later; undo a merge. Each decision is a row."""

from django.db import transaction

from tongqu.audit.public import record
from tongqu.identity.public import require
from tongqu.identity.vocabulary import Permission
from tongqu.kernel import clock, jobs
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Rejected
from tongqu.masters.domain import problems
from tongqu.masters.domain.states import LIKENESSES
from tongqu.masters.models import Clash, Likeness, Redirect
from tongqu.masters.queries import redirects, scheme_rules
from tongqu.masters.queries.records import records
from tongqu.masters.vocabulary import ClashState, LikenessCommand, LikenessState

JOB = "masters.consolidate"


@transaction.atomic
def decide(number: int, command: LikenessCommand, *, note: str = "", by: Actor) -> Likeness:
    """Take one step of a pair. A merge redirects the old key at once; the records follow.

    Raises: ``Rejected`` LIKENESS_UNKNOWN, ALREADY_MERGED; ``IllegalStep`` when it moved on.
    """
    require(by, Permission.MASTERS_DESK_DECIDE)
    pair = Likeness.objects.select_for_update().filter(pk=number).first()
    if pair is None:
        raise Rejected(problems.LIKENESS_UNKNOWN)
    step = LIKENESSES.step(LikenessState(pair.state), command)
    note = note.strip()[:300]
    if command is LikenessCommand.MERGE:
        _merge(pair, note, by=by)
    elif command is LikenessCommand.SPLIT:
        _split(pair, note, by=by)
    is_open = step.target is LikenessState.OPEN
    pair.state, pair.note = step.target.value, note
    pair.decided_by = "" if is_open else str(by)
    pair.decided_at = None if is_open else clock.now()
    pair.save(update_fields=["state", "note", "decided_by", "decided_at"])
    record(f"masters.likeness.{command.value}", by=by, subject=f"ZS-{pair.pk:06}", basis=step.basis)
    if command in {LikenessCommand.MERGE, LikenessCommand.SPLIT}:
        scheme = pair.scheme
        transaction.on_commit(lambda: jobs.enqueue(JOB, scheme=scheme), robust=True)
    return pair


def _merge(pair: Likeness, note: str, *, by: Actor) -> None:
    """Redirect the record with fewer sources to the other; of equals the second to the first."""
    merged = redirects(pair.scheme)
    if pair.first_key in merged or pair.second_key in merged:
        raise Rejected(problems.ALREADY_MERGED)
    _, rules = scheme_rules(pair.scheme)
    held = records(rules, [pair.first_key, pair.second_key], {})
    counts = {key: held[key].source_count if key in held else 0
              for key in (pair.first_key, pair.second_key)}  # fmt: skip
    keeps_second = counts[pair.second_key] > counts[pair.first_key]
    old, new = (
        (pair.first_key, pair.second_key) if keeps_second else (pair.second_key, pair.first_key)
    )
    Redirect.objects.create(
        scheme=pair.scheme, old_key=old, new_key=new, likeness=pair, reason=note,
        merged_at=clock.now(), merged_by=str(by),
    )  # fmt: skip


def _split(pair: Likeness, note: str, *, by: Actor) -> None:
    open_rows = Redirect.objects.select_for_update().filter(likeness=pair, split_at=None)
    open_rows.update(split_at=clock.now(), split_by=str(by), split_reason=note)


@transaction.atomic
def confirm_clash(number: int, *, note: str, by: Actor) -> Clash:
    """Say what came of a clash; it is settled when the sources agree. Raises: LIKENESS_UNKNOWN,
    MASTER_WRONG without a word."""
    require(by, Permission.MASTERS_DESK_DECIDE)
    found = Clash.objects.select_for_update().filter(pk=number, state=ClashState.OPEN).first()
    if found is None:
        raise Rejected(problems.LIKENESS_UNKNOWN)
    if len(note.strip()) < 5:
        raise Rejected(problems.wrong("请写明核实结果，不少于 5 个字。", note="请写明核实结果。"))
    found.state, found.note = ClashState.CONFIRMED.value, note.strip()[:300]
    found.ended_at, found.ended_by = clock.now(), str(by)
    found.save(update_fields=["state", "note", "ended_at", "ended_by"])
    record("masters.clash.confirmed", by=by, subject=f"ZC-{found.pk:06}")
    return found
