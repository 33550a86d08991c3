"""On and off the open list: publish, freeze, withdraw; late and current."""

import logging
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
from tongqu.opening.models import OpeningCase, OpenRelease, RiskTest
from tongqu.opening.vocabulary import SERVED, OpenCommand, OpenState

TEST_EACH_DAYS = 365
log = logging.getLogger(__name__)


def publish(number: str, *, by: Actor) -> OpeningCase:
    """Put the set on the open list with version, licence and cycle.

    The re-identification test runs once more on what is released now, beside what is open
    now; its report is kept whether it holds or not. Raises: ``Rejected`` RISK_HELD, ….
    """
    with transaction.atomic():
        case, _ = take(number, OpenCommand.PUBLISH, by=by)
    require_no_findings(case)
    test, release, last = measure(case, by), _release(case), last_update(case)
    with transaction.atomic():
        case, step = take(number, OpenCommand.PUBLISH, by=by)
        require_no_findings(case)
        test.save()
        if test.passed:
            case.opened_at, case.updated_at = clock.now(), last
            advance(case, step, by=by)
            older = OpenRelease.objects.filter(case__entry_code=case.entry_code)
            release.number, release.published_at = older.count() + 1, case.opened_at
            release.save()
    if not test.passed:
        raise Rejected(problems.held(queries.told_of(test)))
    return case


def _release(case: OpeningCase) -> OpenRelease:
    """Return what the open list will say, not saved."""
    terms = queries.terms_of(case)
    return OpenRelease(
        case=case,
        version=case.version,
        licence=case.licence,
        update_cycle=case.update_cycle,
        columns=[[column.name, column.title, column.mask] for column in open_dictionary(terms)],
        rows=open_count(terms),
        snapshot=str(open_snapshot(terms)[0]),
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

    The gate itself refuses a raised item at once; this writes it into the list. A set that
    cannot be judged is told in the log and under "failed"; the others go on.
    """
    found: dict[str, list[str]] = {
        "suspended": [], "late": [], "updated": [], "held": [], "failed": [],
    }  # fmt: skip
    for case in list(queries.served()):
        try:
            done = _watched(case)
        except Exception:
            log.exception("the open set of case %s could not be judged", case.number)
            done = "failed"
        if done:
            found[done].append(case.number)
    return found


def _watched(case: OpeningCase) -> str:
    """Judge one set, and write what came of it in one transaction."""
    wrong = queries.closed_reason(case) or queries.findings(case)
    test = None if wrong or not _is_test_due(case) else measure(case, PLATFORM)
    last = case.updated_at if wrong else last_update(case)
    with transaction.atomic():
        case = OpeningCase.objects.select_for_update().get(pk=case.pk)
        if case.state not in SERVED:  # withdrawn meanwhile
            return ""
        return _judged(case, test, last)


def _judged(case: OpeningCase, test: RiskTest | None, last: datetime | None) -> str:
    if queries.closed_reason(case) or queries.findings(case):
        reason = queries.closed_reason(case) or "信息项定级提高，不再符合开放条件"
        _ended(case, OpenCommand.SUSPEND, reason, PLATFORM, "自动暂停")
        return "suspended"
    if test is not None:
        test.save()
        step = OPENING.step(OpenState(case.state), OpenCommand.TEST)
        note(case, step, source=case.state, by=PLATFORM, reason="年度再识别测试")
        if not test.passed:
            _ended(case, OpenCommand.SUSPEND, f"再识别测试未通过：{queries.told_of(test)}"[:500],
                   PLATFORM, "自动暂停")  # fmt: skip
            return "held"
    return _timed(case, last)


def _is_test_due(case: OpeningCase) -> bool:
    newest = case.tests.first()
    return newest is None or (clock.now() - newest.at).days >= TEST_EACH_DAYS


def _timed(case: OpeningCase, last: datetime | None) -> str:
    case.updated_at = last
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
