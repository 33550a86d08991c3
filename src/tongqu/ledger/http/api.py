"""The API of the ledger, under ``/api/v1/``: surveys, merges, operation lists."""

from django.http import HttpRequest
from ninja import Status

from tongqu.audit.public import annotate
from tongqu.identity.public import PROBLEMS, ProblemOut, actor_of, requires
from tongqu.identity.vocabulary import Permission as P
from tongqu.kernel.problems import Rejected
from tongqu.ledger.actions import batches as batch_actions
from tongqu.ledger.actions import merges as merge_actions
from tongqu.ledger.actions import surveys as survey_actions
from tongqu.ledger.domain import problems
from tongqu.ledger.domain.states import AnswerCommand, RoundCommand
from tongqu.ledger.http import schemas as s
from tongqu.ledger.http import shown
from tongqu.ledger.http.api_reports import router
from tongqu.ledger.queries import batches, merges, surveys

__all__ = ["router"]


@router.get("/ledger/surveys", response={200: list[s.SurveyOut], PROBLEMS: ProblemOut})
@requires(P.LEDGER_SURVEY_READ)
def list_surveys(request: HttpRequest) -> list[shown.Shown]:
    """资源调查轮次：全部，或下发到本单位的。"""
    found = surveys.rounds(actor_of(request))[:200]
    return [shown.survey(r, asked=r.asked, answered=r.answered) for r in found]  # type: ignore[attr-defined]  # annotated


@router.post("/ledger/surveys", response={201: s.SurveyOut, PROBLEMS: ProblemOut})
@requires(P.LEDGER_SURVEY_MANAGE)
def compile_survey(request: HttpRequest, body: s.SurveyIn) -> Status[shown.Shown]:
    """编制一轮资源调查。"""
    made = survey_actions.compile_round(**body.model_dump(), by=actor_of(request))
    annotate(request, subject=f"survey-{made.pk}")
    return Status(201, shown.survey(made, asked=made.answers.count(), answered=0))


@router.get("/ledger/surveys/{round_id}", response={200: s.SurveyDetailOut, PROBLEMS: ProblemOut})
@requires(P.LEDGER_SURVEY_READ)
def read_survey(request: HttpRequest, round_id: s.Id) -> shown.Shown:
    """一轮调查的进度：填报率、未填报部门、各部门问卷。"""
    actor = actor_of(request)
    found = surveys.round_for(round_id, actor)
    answers = [
        shown.answer(row, row.table_count)  # type: ignore[attr-defined]  # annotated
        for row in surveys.answers(found, actor)
    ]
    return shown.survey_whole(found, surveys.progress(found), answers)


@router.post("/ledger/surveys/{round_id}/steps/{command}",
             response={200: s.SurveyDetailOut, PROBLEMS: ProblemOut})  # fmt: skip
@requires(P.LEDGER_SURVEY_MANAGE)
def step_survey(request: HttpRequest, round_id: s.Id, command: RoundCommand) -> shown.Shown:
    """下发、结束填报、汇总或归档。"""
    if command is RoundCommand.BEGIN:  # the first answer begins it, nobody else
        raise Rejected(problems.NOT_FOUND)
    survey_actions.take_step(round_id, command, by=actor_of(request))
    return read_survey(request, round_id)


@router.get("/ledger/surveys/{round_id}/answer",
            response={200: s.OwnAnswerOut, PROBLEMS: ProblemOut})  # fmt: skip
@requires(P.LEDGER_SURVEY_ANSWER)
def read_own_answer(request: HttpRequest, round_id: s.Id) -> shown.Shown:
    """本单位的问卷。"""
    return shown.own_answer(surveys.own_answer(round_id, actor_of(request)))


@router.put("/ledger/surveys/{round_id}/answer",
            response={200: s.OwnAnswerOut, PROBLEMS: ProblemOut})  # fmt: skip
@requires(P.LEDGER_SURVEY_ANSWER)
def write_answer(request: HttpRequest, round_id: s.Id, body: s.SurveyAnswerIn) -> shown.Shown:
    """保存本单位的问卷，整份替换。"""
    tables = [
        survey_actions.TableAnswer(
            t.system, t.name, t.rows, t.update_cycle,
            [[c.name_zh, c.name_en, c.data_type.value] for c in t.columns], t.note,
        )
        for t in body.tables
    ]  # fmt: skip
    actor = actor_of(request)
    survey_actions.save_answer(round_id, tables, gaps=body.gaps, by=actor)
    return shown.own_answer(surveys.own_answer(round_id, actor))


@router.post("/ledger/surveys/{round_id}/answer/submission",
             response={200: s.OwnAnswerOut, PROBLEMS: ProblemOut})  # fmt: skip
@requires(P.LEDGER_SURVEY_ANSWER)
def submit_answer(request: HttpRequest, round_id: s.Id) -> shown.Shown:
    """提交本单位的问卷。"""
    return shown.own_answer(survey_actions.submit_answer(round_id, by=actor_of(request)))


@router.post("/ledger/survey-answers/{answer_id}/review",
             response={200: s.SurveyAnswerOut, PROBLEMS: ProblemOut})  # fmt: skip
@requires(P.LEDGER_SURVEY_MANAGE)
def review_answer(request: HttpRequest, answer_id: s.Id, body: s.ReviewIn) -> shown.Shown:
    """审核一份问卷：通过，或写明原因退回。"""
    command = AnswerCommand.ACCEPT if body.accept else AnswerCommand.RETURN
    found = survey_actions.review_answer(
        answer_id, command, reason=body.reason, by=actor_of(request)
    )
    return shown.answer(found, found.tables.count())


@router.post("/ledger/survey-tables/{table_id}/draft",
             response={200: s.DraftedOut, PROBLEMS: ProblemOut})  # fmt: skip
@requires(P.CATALOG_ENTRY_DRAFT)
def draft_table(request: HttpRequest, table_id: s.Id) -> shown.Shown:
    """由问卷中的一张表生成目录草稿；已生成的，答原来那一份。"""
    made = survey_actions.draft_table(table_id, by=actor_of(request))
    annotate(request, subject=made.code)
    return {"code": made.code, "name": made.name}


@router.get("/ledger/merges", response={200: list[s.MergeOut], PROBLEMS: ProblemOut})
@requires(P.LEDGER_REPORT_READ)
def list_merges(request: HttpRequest) -> list[shown.Shown]:
    """目录融合：来源、冲突和状态。"""
    return shown.merge_list(list(merges.merges(actor_of(request))[:100]))


@router.get("/ledger/merge-proposals",
            response={200: list[s.MergeProposalOut], PROBLEMS: ProblemOut})  # fmt: skip
@requires(P.LEDGER_MERGE_DECIDE)
def merge_proposals(request: HttpRequest) -> list[shown.Shown]:
    """各市县已发布、看起来是同一资源的目录。"""
    return [
        {"name": found.name, "codes": [entry.code for entry in found.entries]}
        for found in merges.proposals()
    ]


@router.post("/ledger/merges", response={201: s.MergeOut, PROBLEMS: ProblemOut})
@requires(P.LEDGER_MERGE_DECIDE)
def open_merge(request: HttpRequest, body: s.MergeIn) -> Status[shown.Shown]:
    """发起融合，列出信息项冲突。"""
    made = merge_actions.open_merge(
        body.codes, name=body.name, year=body.year, owner_code=body.owner, by=actor_of(request)
    )
    annotate(request, subject=f"merge-{made.pk}")
    return Status(201, shown.merge(made))


@router.get("/ledger/merges/{merge_id}", response={200: s.MergeOut, PROBLEMS: ProblemOut})
@requires(P.LEDGER_REPORT_READ)
def read_merge(request: HttpRequest, merge_id: s.Id) -> shown.Shown:
    """一项融合。"""
    return shown.merge(merges.merge_for(merge_id, actor_of(request)))


@router.post("/ledger/merge-conflicts/{conflict_id}/decision",
             response={200: s.MergeOut, PROBLEMS: ProblemOut})  # fmt: skip
@requires(P.LEDGER_MERGE_DECIDE)
def decide_conflict(request: HttpRequest, conflict_id: s.Id, body: s.DecisionIn) -> shown.Shown:
    """处理一处冲突：选定来源，或决定保留、舍去。"""
    actor = actor_of(request)
    done = merge_actions.decide(conflict_id, choice=body.choice, reason=body.reason, by=actor)
    return shown.merge(merges.merge_for(done.merge_id, actor))


@router.post("/ledger/merges/{merge_id}/entry", response={200: s.DraftedOut, PROBLEMS: ProblemOut})
@requires(P.LEDGER_MERGE_DECIDE)
def make_merged_entry(request: HttpRequest, merge_id: s.Id) -> shown.Shown:
    """冲突全部处理后，生成全省目录草稿。"""
    made = merge_actions.make_entry(merge_id, by=actor_of(request))
    annotate(request, subject=made.code)
    return {"code": made.code, "name": made.name}


@router.get("/ledger/batches", response={200: list[s.OperationBatchOut], PROBLEMS: ProblemOut})
@requires(P.LEDGER_REPORT_READ)
def list_batches(request: HttpRequest) -> list[shown.Shown]:
    """授权运营目录清单，按批次。"""
    return shown.batch_list(list(batches.batches()[:50]))


@router.post("/ledger/batches", response={201: s.OperationBatchOut, PROBLEMS: ProblemOut})
@requires(P.LEDGER_BATCH_EDIT)
def compile_batch(request: HttpRequest, body: s.BatchIn) -> Status[shown.Shown]:
    """编制下一批次清单，指定四个会签方。"""
    made = batch_actions.compile_batch(title=body.title, parties=body.parties, by=actor_of(request))
    annotate(request, subject=f"batch-{made.number}")
    return Status(201, shown.batch(made))


@router.get("/ledger/batches/{number}", response={200: s.OperationBatchOut, PROBLEMS: ProblemOut})
@requires(P.LEDGER_REPORT_READ)
def read_batch(request: HttpRequest, number: s.Id) -> shown.Shown:
    """一个批次的清单和会签情况。"""
    return shown.batch(batches.batch(number))


@router.put("/ledger/batches/{number}/rows",
            response={200: s.OperationBatchOut, PROBLEMS: ProblemOut})  # fmt: skip
@requires(P.LEDGER_BATCH_EDIT)
def draw_rows(request: HttpRequest, number: s.Id, body: s.BatchRowsIn) -> shown.Shown:
    """由目录选列清单内容，按给出的次序；未发布的不能列入。"""
    batch_actions.set_rows(number, body.codes, supply=body.supply, by=actor_of(request))
    return shown.batch(batches.batch(number))


@router.post("/ledger/batches/{number}/signing",
             response={200: s.OperationBatchOut, PROBLEMS: ProblemOut})  # fmt: skip
@requires(P.LEDGER_BATCH_EDIT)
def send_to_sign(request: HttpRequest, number: s.Id) -> shown.Shown:
    """送四方会签，固定摘要。"""
    batch_actions.send_to_sign(number, by=actor_of(request))
    return shown.batch(batches.batch(number))


@router.post("/ledger/batches/{number}/reopening",
             response={200: s.OperationBatchOut, PROBLEMS: ProblemOut})  # fmt: skip
@requires(P.LEDGER_BATCH_EDIT)
def reopen_batch(request: HttpRequest, number: s.Id, body: s.ReasonIn) -> shown.Shown:
    """会签中的清单退回修改，已有会签作废。"""
    batch_actions.reopen(number, reason=body.reason, by=actor_of(request))
    return shown.batch(batches.batch(number))


@router.post("/ledger/batches/{number}/signature",
             response={200: s.OperationBatchOut, PROBLEMS: ProblemOut})  # fmt: skip
@requires(P.LEDGER_BATCH_SIGN)
def sign_batch(request: HttpRequest, number: s.Id, body: s.SignIn) -> shown.Shown:
    """代表本单位会签；四方齐后清单固定。"""
    batch_actions.sign(number, digest=body.digest, by=actor_of(request))
    return shown.batch(batches.batch(number))
