"""On and off the open list: publish, freeze, withdraw; late and current."""

from datetime import datetime

from django.db import transaction

from tongqu.delivery.public import open_count, open_dictionary, open_snapshot
from tongqu.kernel import clock
from tongqu.kernel.actor import PLATFORM, Actor
from tongqu.kernel.problems import Rejected
from tongqu.opening import queries
from tongqu.opening.actions.assess import measure
from tongqu.opening.actions.review import require_no_findings
from tongqu.opening.actions.steps import advance, note, required, take
from tongqu.opening.domain import problems
from tongqu.opening.domain.states import OPENING
from tongqu.opening.models import OpeningCase, OpenRelease
from tongqu.opening.vocabulary import SERVED, OpenCommand, OpenState

TEST_EACH_DAYS = 365


def publish(number: str, *, by: Actor) -> OpeningCase:
    """Put the set on the open list with version, licence and cycle.

    The re-identification test runs once more on what is released now, beside what is open
    now; its report is kept whether it holds or not. Raises: ``Rejected`` RISK_HELD, ….
    """
    with transaction.atomic():
        case, step = take(number, OpenCommand.PUBLISH, by=by)
        require_no_findings(case)
        test = measure(case, by)
        if test.passed:
            case.opened_at = clock.now()
            case.updated_at = last_update(case)
            advance(case, step, by=by)
            _release(case)
    if not test.passed:
        raise Rejected(problems.held(queries.told_of(test)))
    return case


def _release(case: OpeningCase) -> OpenRelease:
    terms = queries.terms_of(case)
    older = OpenRelease.objects.filter(case__entry_code=case.entry_code)
    return OpenRelease.objects.create(
        case=case,
        number=older.count() + 1,
        version=case.version,
        licence=case.licence,
        update_cycle=case.update_cycle,
        columns=[[column.name, column.title, column.mask] for column in open_dictionary(terms)],
        rows=open_count(terms),
        snapshot=str(open_snapshot(terms)[0]),
        published_at=clock.now(),
    )


def last_update(case: OpeningCase) -> datetime | None:
    """Return when data truly last came in; without a source, when the table was last written."""
    from tongqu.ingest.public import last_loaded

    return last_loaded(case.entry_code) or open_snapshot(queries.terms_of(case))[1]


@transaction.atomic
def withdraw(number: str, *, reason: str, by: Actor) -> OpeningCase:
    """Take the set off; the list says so, with the reason and the date, for good."""
    case, step = take(number, OpenCommand.WITHDRAW, by=by)
    return _ended(
        case, OpenCommand.WITHDRAW, required(reason, "reason", "撤回理由"), by, step.label
    )


@transaction.atomic
def freeze(number: str, *, reason: str, by: Actor) -> OpeningCase:
    """Stop the set at once: a risk was found."""
    case, step = take(number, OpenCommand.FREEZE, by=by)
    return _ended(case, OpenCommand.FREEZE, required(reason, "reason", "暂停理由"), by, step.label)


def _ended(
    case: OpeningCase, command: OpenCommand, reason: str, by: Actor, label: str
) -> OpeningCase:
    now = clock.now()
    case.end_reason, case.ended_at = reason, now
    case.releases.filter(ended_at=None).update(ended_at=now, end_reason=f"{label}：{reason}"[:500])
    advance(case, OPENING.step(OpenState(case.state), command), by=by, reason=reason)
    return case


def watch() -> dict[str, list[str]]:
    """Bring every open set up to date: grades raised, data late or come in, yearly tests.

    The gate itself refuses a raised item at once; this writes it into the list.
    """
    found: dict[str, list[str]] = {"suspended": [], "late": [], "updated": [], "held": []}
    for number in queries.served().values_list("number", flat=True):
        with transaction.atomic():
            case = OpeningCase.objects.select_for_update().get(number=number)
            if case.state in SERVED and (done := _watched(case)):
                found[done].append(number)
    return found


def _watched(case: OpeningCase) -> str:
    if queries.closed_reason(case) or queries.findings(case):
        reason = queries.closed_reason(case) or "信息项定级提高，不再符合开放条件"
        _ended(case, OpenCommand.SUSPEND, reason, PLATFORM, "自动暂停")
        return "suspended"
    if _is_test_due(case):
        test = measure(case, PLATFORM)
        step = OPENING.step(OpenState(case.state), OpenCommand.TEST)
        note(case, step, source=case.state, by=PLATFORM, reason="年度再识别测试")
        if not test.passed:
            _ended(case, OpenCommand.SUSPEND, f"再识别测试未通过：{queries.told_of(test)}"[:500],
                   PLATFORM, "自动暂停")  # fmt: skip
            return "held"
    return _timed(case)


def _is_test_due(case: OpeningCase) -> bool:
    newest = case.tests.first()
    return newest is None or (clock.now() - newest.at).days >= TEST_EACH_DAYS


def _timed(case: OpeningCase) -> str:
    case.updated_at = last_update(case)
    is_late = queries.timeliness(case) < 1
    command = {
        (OpenState.OPEN, True): OpenCommand.MARK_LATE,
        (OpenState.LATE, False): OpenCommand.UPDATED,
    }.get((OpenState(case.state), is_late))
    if command is None:
        case.save(update_fields=["updated_at"])
        return ""
    advance(case, OPENING.step(OpenState(case.state), command), by=PLATFORM)
    return "late" if is_late else "updated"
