"""The making of a standard: steps, comments with their answers, the committee's ballot."""

from datetime import date

from django.db import transaction

from tongqu.audit.public import record
from tongqu.identity.public import notify
from tongqu.identity.vocabulary import Role
from tongqu.kernel import clock
from tongqu.kernel.actor import PLATFORM, Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.standards.actions.guards import expect, stamp
from tongqu.standards.actions.library import note_step, open_reviews, replace_old
from tongqu.standards.domain import ballots
from tongqu.standards.domain.states import BASIS, STANDARDS
from tongqu.standards.models import Ballot, Comment, Review, Standard
from tongqu.standards.queries.library import address, get_standard, reviews_for, round_of
from tongqu.standards.queries.workflow import ballot_result
from tongqu.standards.vocabulary import Answer, StandardCommand, StandardState, Vote

LEAST_TEXT = 2  # characters of a comment or a reason


@transaction.atomic
def take_step(
    code: str, command: StandardCommand, *, by: Actor, note: str = "",
    effective_on: date | None = None, edition: int | None = None,
) -> Standard:  # fmt: skip
    """Take one step of a standard for the managing office.

    Raises UNANSWERED_COMMENTS (送审), BALLOT_NOT_PASSED and DAY_REQUIRED (发布), NOT_YET
    (实施 before its day), OFFICE_ONLY; ``IllegalStep`` when the standard has moved on.
    """
    row = get_standard(code, lock=True)
    expect(row, edition)
    step = STANDARDS.step(StandardState(row.state), command)
    if by is not PLATFORM and step.actor not in by.roles:
        raise Rejected(
            Problem(
                code="OFFICE_ONLY",
                title="标准的立项、送审、发布由主管部门办理。",
                next_step="请联系主管部门。",
                basis=BASIS,
                who="主管部门",
            )
        )
    if guard := GUARDS.get(command):
        guard(row, effective_on)
    row.state = step.target
    if command is StandardCommand.RELEASE:
        row.issued_on, row.effective_on = clock.today(), effective_on
    if command is StandardCommand.ABOLISH:
        row.abolished_on = clock.today()
    stamp(row, by)
    row.save()
    note_step(row, command, by=by, note=note)
    _follow(row, command, by=by)
    return row


def _follow(row: Standard, command: StandardCommand, *, by: Actor) -> None:
    if command in (StandardCommand.RELEASE, StandardCommand.ENFORCE):
        replace_old(row, by=by)
    elif command is StandardCommand.ABOLISH:
        open_reviews(row, "")
    elif command is StandardCommand.SUBMIT:
        notify(f"{row.title}已送审，请委员表决", key=f"ballot:{row.code}:{round_of(row)}"[:200],
               kind="标准表决", url=address(row.code), role=Role.STANDARDS_COMMITTEE)  # fmt: skip


def _all_answered(row: Standard, day: date | None) -> None:  # noqa: ARG001  (one signature for all)
    open_ = list(row.comments.filter(answer="").values_list("pk", flat=True))
    if open_:
        raise Rejected(
            Problem(
                code="UNANSWERED_COMMENTS",
                title=f"还有 {len(open_)} 条意见没有处理，不能送审。",
                next_step="请对每条意见填写采纳、部分采纳或不采纳，后两种须写明理由。",
                basis=BASIS,
                facts={"comments": open_},
            )
        )


def _voted_for(row: Standard, day: date | None) -> None:
    if not ballot_result(row).is_passed:
        raise Rejected(
            Problem(
                code="BALLOT_NOT_PASSED",
                title="委员表决尚未通过，不能发布。",
                next_step="请等待委员表决；反对过多的请退回起草。",
                basis=ballots.RULE,
                who="标准委员会委员",
            )
        )
    if day is None or day < clock.today():
        raise Rejected(
            Problem(
                code="DAY_REQUIRED",
                title="发布须写明实施日期，且不早于今天。",
                next_step="请填写实施日期。",
                fields={"effective_on": "请填写今天或以后的日期。"},
            )
        )


def _day_has_come(row: Standard, day: date | None) -> None:  # noqa: ARG001  (one signature for all)
    if row.effective_on and row.effective_on > clock.today():
        raise Rejected(
            Problem(
                code="NOT_YET",
                title=f"实施日期为 {row.effective_on:%Y-%m-%d}，尚未到期。",
                next_step="到期后由平台自动转为实施。",
            )
        )


GUARDS = {
    StandardCommand.SUBMIT: _all_answered,
    StandardCommand.RELEASE: _voted_for,
    StandardCommand.ENFORCE: _day_has_come,
}


def enforce_due() -> int:
    """Put standards in force whose day has come; safe to run again."""
    due = Standard.objects.filter(state=StandardState.RELEASED, effective_on__lte=clock.today())
    codes = list(due.values_list("code", flat=True))
    for code in codes:
        take_step(code, StandardCommand.ENFORCE, by=PLATFORM, note="到期实施")
    return len(codes)


@transaction.atomic
def give_comment(code: str, *, text: str, place: str = "", by: Actor) -> Comment:
    """Log one opinion on a draft in 征求意见. Raises NOT_CONSULTING, TEXT_REQUIRED."""
    row = get_standard(code, actor=by, lock=False)
    if row.state != StandardState.CONSULTING:
        raise Rejected(
            Problem(
                code="NOT_CONSULTING",
                title="该标准不在征求意见阶段。",
                next_step="可在标准页面查看当前状态。",
                basis=BASIS,
            )
        )
    if len(text.strip()) < LEAST_TEXT:
        raise Rejected(_missing("text", "请写明意见。"))
    comment = Comment.objects.create(
        standard=row, place=place.strip()[:120], text=text.strip()[:1000], author=str(by)[:160],
        organisation_id=by.organisation_id, at=clock.now(),
    )  # fmt: skip
    record("standards.comment.given", by=by, subject=row.code, details={"comment": comment.pk})
    return comment


def _missing(field: str, says: str) -> Problem:
    return Problem("TEXT_REQUIRED", says, "请补充后重新提交。", fields={field: says})


@transaction.atomic
def answer_comment(number: int, *, answer: Answer, reason: str = "", by: Actor) -> Comment:
    """Answer one comment; 部分采纳 and 不采纳 need a reason.

    Raises NO_SUCH_COMMENT, NOT_CONSULTING, TEXT_REQUIRED.
    """
    comment = Comment.objects.select_for_update().filter(pk=number).first()
    if comment is None:
        raise Rejected(Problem("NO_SUCH_COMMENT", "没有这条意见。", "请从标准页面重新进入。"))
    if comment.standard.state != StandardState.CONSULTING:
        raise Rejected(
            Problem(
                code="NOT_CONSULTING",
                title="该标准已不在征求意见阶段，意见处理不能再改。",
                next_step="需要修改的，请先退回起草。",
                basis=BASIS,
            )
        )
    if answer is not Answer.ACCEPTED and len(reason.strip()) < LEAST_TEXT:
        raise Rejected(_missing("reason", "部分采纳或不采纳须写明理由。"))
    comment.answer, comment.reason = answer, reason.strip()[:500]
    comment.answered_by, comment.answered_at = str(by)[:160], clock.now()
    comment.save()
    record("standards.comment.answered", by=by, subject=comment.standard.code,
           details={"comment": comment.pk, "answer": answer.value})  # fmt: skip
    return comment


@transaction.atomic
def cast_vote(code: str, *, vote: Vote, note: str = "", by: Actor) -> Ballot:
    """Cast a member's vote in this round, once.

    Raises NOT_IN_REVIEW, ALREADY_VOTED, TEXT_REQUIRED.
    """
    row = get_standard(code, lock=True)
    if row.state != StandardState.IN_REVIEW:
        raise Rejected(
            Problem("NOT_IN_REVIEW", "该标准不在审查阶段，不能表决。", "请查看当前状态。", BASIS)
        )
    if vote is Vote.AGAINST and len(note.strip()) < LEAST_TEXT:
        raise Rejected(_missing("note", "反对须写明理由。"))
    number = round_of(row)
    if row.ballots.filter(round=number, member_key=by.key).exists():
        raise Rejected(Problem("ALREADY_VOTED", "你已对本轮送审稿表决。", "请等待其他委员表决。"))
    ballot = Ballot.objects.create(
        standard=row, round=number, member=str(by)[:160], member_key=by.key, vote=vote,
        note=note.strip()[:300], at=clock.now(),
    )  # fmt: skip
    record("standards.ballot.cast", by=by, subject=row.code, details={"round": number})
    return ballot


@transaction.atomic
def close_review(number: int, *, note: str, by: Actor) -> Review:
    """Close the review of one reference. Raises NO_SUCH_REVIEW, TEXT_REQUIRED."""
    review = reviews_for(by).filter(pk=number).first()
    if review is None:
        raise Rejected(
            Problem("NO_SUCH_REVIEW", "没有这项待复核的引用。", "可能已由他人办结，请刷新页面。")
        )
    if len(note.strip()) < LEAST_TEXT:
        raise Rejected(_missing("note", "请写明复核结论。"))
    review.done_at, review.done_by, review.note = clock.now(), str(by)[:160], note.strip()[:300]
    review.save()
    record("standards.review.closed", by=by, subject=review.subject_code,
           details={"old": review.old.code, "new": review.new_code})  # fmt: skip
    return review
