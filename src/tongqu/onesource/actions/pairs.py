"""Look for items of two sources that are one datum, and say what people found of them."""

from django.db import transaction

from tongqu.audit.public import record
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.onesource.domain.matching import conflicts, joined, key_of
from tongqu.onesource.domain.states import PAIRS
from tongqu.onesource.models import Pair
from tongqu.onesource.queries import item_facts
from tongqu.onesource.vocabulary import ItemFacts, Likeness, PairCommand, PairState
from tongqu.policy.clauses import mot_2025

MOST = 5_000  # pairs kept of one run, the likeliest


@transaction.atomic
def detect(*, by: Actor) -> int:
    """Compare all declared items anew and return how many open pairs there are.

    What people decided stays; an open pair that no longer looks alike goes.
    """
    known = {
        (p.first_entry, p.first_item, p.second_entry, p.second_item): p
        for p in Pair.objects.select_for_update()
    }
    apart = {key for key, pair in known.items() if pair.state == PairState.DIFFERENT}
    found = {key_of(pair): pair for pair in joined(conflicts(item_facts()), apart)[:MOST]}
    now = clock.now()
    gone = [p.pk for key, p in known.items() if key not in found and p.state == PairState.OPEN]
    Pair.objects.filter(pk__in=gone).delete()
    fresh = [key for key in found if key not in known]
    Pair.objects.bulk_create(
        Pair(
            first_entry=key[0], first_item=key[1], second_entry=key[2], second_item=key[3],
            told=_told(found[key]), score=found[key].score, reasons=list(found[key].reasons),
            found_at=now,
        )
        for key in fresh
    )  # fmt: skip
    for key, pair in known.items():
        if key in found:
            pair.score, pair.reasons = found[key].score, list(found[key].reasons)
            pair.told = _told(found[key])
    Pair.objects.bulk_update(
        [p for key, p in known.items() if key in found], ["score", "reasons", "told"],
        batch_size=200,
    )  # fmt: skip
    record("onesource.pairs.detected", by=by, subject="onesource", rows=len(found),
           basis=mot_2025.INVENTORY, details={"new": len(fresh), "gone": len(gone)})  # fmt: skip
    return Pair.objects.filter(state=PairState.OPEN).count()


@transaction.atomic
def decide(number: int, command: PairCommand, *, note: str = "", by: Actor) -> Pair:
    """Take a step of the state table. Raises: ``Rejected`` PAIR_UNKNOWN, ``IllegalStep``."""
    pair = Pair.objects.select_for_update().filter(pk=number).first()
    if pair is None:
        raise Rejected(Problem("PAIR_UNKNOWN", "没有这对疑似同源项。", "请刷新列表后重试。"))
    step = PAIRS.step(PairState(pair.state), command)
    is_open = step.target is PairState.OPEN
    pair.state, pair.note = step.target, note.strip()[:300]
    pair.decided_by = "" if is_open else by.key
    pair.decided_at = None if is_open else clock.now()
    pair.save(update_fields=["state", "note", "decided_by", "decided_at"])
    record(f"onesource.pair.{command.value}", by=by, subject=f"TY-{pair.pk:06}", basis=step.basis)
    return pair


def _told(pair: Likeness) -> dict[str, str]:
    first, second = sorted((pair.first, pair.second), key=lambda item: item.key)
    return {
        "first": f"{first.entry_name}·{first.name_zh}",
        "second": f"{second.entry_name}·{second.name_zh}",
        "first_source": _source(first),
        "second_source": _source(second),
    }


def _source(item: ItemFacts) -> str:
    return f"{item.provider_name} {item.system}".strip()
