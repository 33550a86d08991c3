"""API of standards: the library, its workflow, units' rules."""

from django.http import HttpRequest
from ninja import Query, Status

from tongqu.identity.public import PROBLEMS, ProblemOut, actor_of, requires
from tongqu.identity.vocabulary import Permission as P
from tongqu.standards.actions import library, rules, workflow
from tongqu.standards.http import code_api, element_api
from tongqu.standards.http import schemas as s
from tongqu.standards.http.router import router
from tongqu.standards.queries import library as reading
from tongqu.standards.queries.rules import units_without_rule
from tongqu.standards.vocabulary import (
    RuleSubject,
    StandardView,
)

__all__ = ["code_api", "element_api", "router"]  # importing them adds their operations


@router.get("/standards", response={200: list[s.StandardOut], PROBLEMS: ProblemOut})
@requires(P.STANDARDS_LIBRARY_READ)
def list_standards(request: HttpRequest, wanted: Query[s.StandardsIn]) -> list[s.StandardOut]:
    """标准规范库，可按名称、类别、专题和状态筛选。"""
    rows = reading.search(actor_of(request), **wanted.model_dump())
    return [s.StandardOut.of(reading.view_of(row)) for row in rows]


@router.post("/standards", response={200: s.StandardOut, PROBLEMS: ProblemOut})
@requires(P.STANDARDS_RULE_EDIT)
def keep(request: HttpRequest, body: s.StandardDocumentIn) -> s.StandardOut:
    """登记现有标准或本单位管理制度；内容未变则不变。"""
    view: StandardView = library.save_standard(
        body.document, by=actor_of(request), edition=body.edition
    )
    return s.StandardOut.of(view)


@router.get("/standards/detail", response={200: s.StandardDetailOut, PROBLEMS: ProblemOut})
@requires(P.STANDARDS_LIBRARY_READ)
def detail(request: HttpRequest, wanted: Query[s.CodeIn]) -> s.StandardDetailOut:
    """一项标准：草案；登录的工作人员另见意见及处理、与本单位有关的引用复核。"""
    actor = actor_of(request)
    row = reading.get_standard(wanted.code, actor=actor)
    comments = row.comments.all() if actor.may(P.STANDARDS_DRAFT_READ) else ()
    return s.StandardDetailOut.whole(
        row, reading.view_of(row), comments=comments, reviews=reading.reviews_shown(row, actor)
    )


@router.post("/standards/proposals", response={201: s.StandardOut, PROBLEMS: ProblemOut})
@requires(P.STANDARDS_LIBRARY_EDIT)
def propose(request: HttpRequest, body: s.StandardDocumentIn) -> Status[s.StandardOut]:
    """行业标准、地方标准、团体标准立项。"""
    view: StandardView = library.propose(body.document, by=actor_of(request))
    return Status(201, s.StandardOut.of(view))


@router.post("/standards/steps", response={200: s.StandardOut, PROBLEMS: ProblemOut})
@requires(P.STANDARDS_LIBRARY_EDIT)
def step(request: HttpRequest, body: s.StandardStepIn) -> s.StandardOut:
    """办理制修订流程的一步。"""
    row = workflow.take_step(
        body.code, body.command, note=body.note, effective_on=body.effective_on,
        edition=body.edition, by=actor_of(request),
    )  # fmt: skip
    return s.StandardOut.of(reading.view_of(row))


@router.post("/standards/comments", response={201: s.CommentOut, PROBLEMS: ProblemOut})
@requires(P.STANDARDS_COMMENT_GIVE)
def comment(request: HttpRequest, body: s.CommentIn) -> Status[s.CommentOut]:
    """对征求意见稿提出意见。"""
    row = workflow.give_comment(body.code, text=body.text, place=body.place, by=actor_of(request))
    return Status(201, s.CommentOut.of(row))


@router.post("/standards/comments/{int:number}/answer",
             response={200: s.CommentOut, PROBLEMS: ProblemOut})  # fmt: skip
@requires(P.STANDARDS_LIBRARY_EDIT)
def answer(request: HttpRequest, number: int, body: s.AnswerIn) -> s.CommentOut:
    """处理一条意见；部分采纳、不采纳须写理由。"""
    row = workflow.answer_comment(
        number, answer=body.answer, reason=body.reason, by=actor_of(request)
    )
    return s.CommentOut.of(row)


@router.post("/standards/votes", response={201: s.KeptOut, PROBLEMS: ProblemOut})
@requires(P.STANDARDS_BALLOT_VOTE)
def vote(request: HttpRequest, body: s.VoteIn) -> Status[s.KeptOut]:
    """委员对送审稿表决，每轮一次。"""
    workflow.cast_vote(body.code, vote=body.vote, note=body.note, by=actor_of(request))
    return Status(201, s.KeptOut(code=body.code))


@router.get("/standards/reviews", response={200: list[s.ReferenceReviewOut], PROBLEMS: ProblemOut})
@requires(P.STANDARDS_DRAFT_READ)
def reviews(request: HttpRequest) -> list[s.ReferenceReviewOut]:
    """待本单位复核的标准引用。"""
    return [s.ReferenceReviewOut.of(row) for row in reading.reviews_for(actor_of(request))]


@router.post("/standards/reviews/{int:number}/close",
             response={200: s.ReferenceReviewOut, PROBLEMS: ProblemOut})  # fmt: skip
@requires(P.STANDARDS_COMMENT_GIVE)
def close_review(request: HttpRequest, number: int, body: s.ReviewNoteIn) -> s.ReferenceReviewOut:
    """写明结论，办结一项复核。"""
    row = workflow.close_review(number, note=body.note, by=actor_of(request))
    return s.ReferenceReviewOut.of(row)


@router.get("/standards/rules/missing",
            response={200: list[s.MissingRuleOut], PROBLEMS: ProblemOut})  # fmt: skip
@requires(P.STANDARDS_DRAFT_READ)
def missing_rules(
    request: HttpRequest, subject: RuleSubject = RuleSubject.SECURITY
) -> list[s.MissingRuleOut]:
    """没有该事项现行管理制度的单位。"""
    return [
        s.MissingRuleOut(organisation=code, name=name, subject=subject.value)
        for code, name in units_without_rule(subject)
    ]


@router.post("/standards/rules/check", response={201: s.RuleCheckOut, PROBLEMS: ProblemOut})
@requires(P.STANDARDS_LIBRARY_EDIT)
def check_rules(request: HttpRequest) -> Status[s.RuleCheckOut]:
    """开展管理制度年度检查，列出缺少数据安全制度的单位。"""
    found = rules.run_rule_check(by=actor_of(request))
    missing = [s.MissingRuleOut(**one) for one in found.missing]
    return Status(
        201, s.RuleCheckOut(year=found.year, at=found.at, units=found.units, missing=missing)
    )
