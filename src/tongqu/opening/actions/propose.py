"""Propose that an entry be opened: what of it, how shown, which rows."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import IntegrityError, transaction

from tongqu.audit.public import record
from tongqu.audit.vocabulary import Outcome
from tongqu.catalog.public import published
from tongqu.catalog.vocabulary import DataType, EntryView
from tongqu.delivery.public import open_refusal
from tongqu.delivery.vocabulary import Filter, OpenRefusal, Shown
from tongqu.identity.public import require
from tongqu.identity.vocabulary import Permission
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.opening import queries
from tongqu.opening.actions.steps import next_number, required
from tongqu.opening.domain import problems, risk
from tongqu.opening.domain.terms import filters_kept, kept, missing
from tongqu.opening.models import OpenEvent, OpeningCase
from tongqu.opening.vocabulary import Licence, OpenState, OpenType
from tongqu.policy.clauses import mot_2025

NUMBERS = frozenset({DataType.DECIMAL, DataType.INTEGER})


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is proposed. ``quasi``: items that could single a person out, besides those known.

    ``disclosure``: the rule by which the subjects themselves are published (公示), as a list of
    dishonest persons is; only then a partial display is not held against the set.
    """

    entry_code: str
    reason: str
    shown: Sequence[Shown]
    open_type: OpenType = OpenType.UNCONDITIONAL
    licence: Licence = Licence.OPEN_GOV
    conditions: str = ""
    row_filter: Sequence[Filter] = field(default_factory=tuple)
    quasi: Sequence[str] = ()
    disclosure: str = ""


def propose(given: Proposal, *, by: Actor) -> OpeningCase:
    """File a case. Raises: ``Rejected`` LEVEL_NEVER_OPENS whoever asks, NOT_YOUR_ENTRY, ….

    Items that are merely not masked enough may be proposed: it is the review that stops them.
    """
    require(by, Permission.OPENING_CASE_PROPOSE)
    entry = published(given.entry_code)
    _check(given, entry, by)
    with transaction.atomic():
        case = _filed(given, entry, by)
        OpenEvent(
            case=case, position=1, command="propose", label="提出开放", source="",
            target=OpenState.PROPOSED, actor_key=by.key, actor_name=by.name,
            organisation_name=by.organisation_name, at=clock.now(), reason=case.reason,
            basis=mot_2025.OPEN_LIST.code,
        ).save()  # fmt: skip
        record(
            "opening.case.propose", by=by, subject=entry.code, basis=mot_2025.OPEN_LIST,
            details={"case": case.number, "items": [one.name for one in given.shown]},
        )  # fmt: skip
    return case


def _check(given: Proposal, entry: EntryView, by: Actor) -> None:
    if by.organisation_id != entry.provider_id and not by.may(Permission.OPENING_CASE_DECIDE):
        raise Rejected(problems.NOT_YOURS)
    if not given.shown:
        raise Rejected(problems.NOTHING_SHOWN)
    refused = {one.item: open_refusal(one, entry.items) for one in given.shown}
    if top := [name for name, why in refused.items() if why is OpenRefusal.TOP_LEVEL]:
        _note_refusal(entry, top, by)
        raise Rejected(problems.never_opens(_titles(entry, top)))
    if top := queries.told_by_rows(filters_kept(given.row_filter), entry.items):
        _note_refusal(entry, top, by)
        raise Rejected(problems.never_opens("、".join(top)))
    unknown = [name for name, why in refused.items() if why is OpenRefusal.UNKNOWN]
    unknown += missing(given.row_filter, [item.name_en for item in entry.items])
    if unknown:
        raise Rejected(_unknown(unknown))
    if not entry.table:
        raise Rejected(problems.NO_TABLE)
    if given.open_type is OpenType.CONDITIONAL:
        required(given.conditions, "conditions", "开放条件")


def _note_refusal(entry: EntryView, names: list[str], by: Actor) -> None:
    problem = problems.never_opens("")
    record(
        "opening.case.propose", by=by, subject=entry.code, outcome=Outcome.REFUSED,
        code=problem.code, basis=problem.basis, details={"items": names},
    )  # fmt: skip


def _titles(entry: EntryView, names: list[str]) -> str:
    found = {item.name_en: item.name_zh for item in entry.items}
    return "、".join(found.get(name, name) for name in names)


def _unknown(names: list[str]) -> Problem:
    told = f"目录中没有这些信息项：{'、'.join(names)}。"
    return Problem(
        code="ITEM_UNKNOWN",
        title=told,
        next_step="请按目录的信息项填写。",
        fields={"shown": told},
    )


def _filed(given: Proposal, entry: EntryView, by: Actor) -> OpeningCase:
    names = {one.name for one in given.shown if not one.mask}
    numbers = {item.name_en for item in entry.items if item.data_type in NUMBERS} & names
    has_place = {"lon", "lat"} <= numbers
    try:
        with transaction.atomic():
            return OpeningCase.objects.create(
                number=next_number("KF"),
                open_type=given.open_type,
                licence=given.licence,
                conditions=given.conditions.strip()[:500],
                entry_code=entry.code,
                entry_name=entry.name,
                summary=entry.summary[:500],
                category=entry.category[:200],
                version_id=entry.version_id,
                version=entry.version,
                table=entry.table,
                update_cycle=entry.update_cycle.value,
                strategies=[word.value for word in entry.strategies],
                publisher_id=entry.provider_id,
                shown=kept(given.shown),
                row_filter=filters_kept(given.row_filter),
                quasi=risk.quasi_of(
                    entry.items, given.shown, given.quasi, is_disclosed=bool(given.disclosure)
                ),
                disclosure=given.disclosure.strip()[:200],
                x_item="lon" if has_place else "",
                y_item="lat" if has_place else "",
                reason=required(given.reason, "reason", "开放理由"),
                proposer_key=by.key,
                proposer_name=str(by)[:120],
                proposed_at=clock.now(),
            )
    except IntegrityError:
        raise Rejected(problems.ALREADY) from None
