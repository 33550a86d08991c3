"""Pages of surveys: rounds, one round, one's own questionnaire."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from tongqu.audit.public import annotate
from tongqu.identity.public import actor_of, requires
from tongqu.identity.vocabulary import Permission as P
from tongqu.kernel import clock
from tongqu.kernel.problems import Problem
from tongqu.kernel.workdays import add_months
from tongqu.ledger.actions import surveys as actions
from tongqu.ledger.domain import columns as typed
from tongqu.ledger.domain import problems
from tongqu.ledger.domain.states import ROUND, AnswerCommand, RoundCommand
from tongqu.ledger.http.forms import SurveyForm, TableForm
from tongqu.ledger.http.pages.common import (
    PER_PAGE,
    accepted,
    done_or_problem,
    number,
    status_of,
)
from tongqu.ledger.queries import surveys as queries
from tongqu.ledger.vocabulary import AnswerState, RoundState

_REVIEWS = (AnswerCommand.ACCEPT, AnswerCommand.RETURN)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.LEDGER_SURVEY_READ)
def surveys(request: HttpRequest) -> HttpResponse:
    """资源调查."""
    actor = actor_of(request)
    initial = {"due_on": add_months(clock.today(), 1)}
    form = SurveyForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        made = accepted(form, lambda: actions.compile_round(**form.cleaned_data, by=actor))
        if made is not None:
            annotate(request, subject=f"survey-{made.pk}")
            messages.success(request, "调查已编制，下发后各部门可填报。")
            return redirect("ledger:survey", made.pk)
    page = Paginator(queries.rounds(actor), PER_PAGE).get_page(request.GET.get("page"))
    context = {"nav": "surveys", "page": page, "form": form,
               "may_manage": actor.may(P.LEDGER_SURVEY_MANAGE),
               "may_answer": actor.may(P.LEDGER_SURVEY_ANSWER)}  # fmt: skip
    return render(request, "ledger/surveys.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.LEDGER_SURVEY_READ)
def survey(request: HttpRequest, pk: int) -> HttpResponse:
    """一轮调查."""
    if request.method != "POST":
        return _survey(request, pk)
    actor, to = actor_of(request), ("ledger:survey", pk)
    annotate(request, subject=f"survey-{pk}")
    if "answer" in request.POST:
        command = next((c for c in _REVIEWS if c.value in request.POST), None)
        if command is None:
            return _survey(request, pk, problem=problems.NO_SUCH_ACT)
        answer_id, reason = number(request.POST["answer"]), request.POST.get("reason", "")
        done = done_or_problem(
            request,
            lambda: actions.review_answer(answer_id, command, reason=reason, by=actor),
            said="问卷已审核。", to=to,
        )  # fmt: skip
    else:
        given = request.POST.get("command", "")
        if given not in set(RoundCommand) - {RoundCommand.BEGIN}:  # the first answer begins it
            return _survey(request, pk, problem=problems.NO_SUCH_ACT)
        done = done_or_problem(
            request, lambda: actions.take_step(pk, RoundCommand(given), by=actor),
            said="已办理。", to=to,
        )  # fmt: skip
    return _survey(request, pk, problem=done) if isinstance(done, Problem) else done


def _survey(request: HttpRequest, pk: int, *, problem: Problem | None = None) -> HttpResponse:
    actor = actor_of(request)
    found = queries.round_for(pk, actor)
    steps = ROUND.allowed(RoundState(found.state), actor.roles)
    context = {
        "nav": "surveys", "found": found, "progress": queries.progress(found),
        "answers": queries.answers(found, actor), "steps": steps, "problem": problem,
        "may_manage": actor.may(P.LEDGER_SURVEY_MANAGE),
        "reviewing": found.state in (RoundState.FILLING, RoundState.REVIEWING),
    }  # fmt: skip
    return render(request, "ledger/survey.html", context, status=422 if problem else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.LEDGER_SURVEY_ANSWER)
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """本单位的问卷."""
    actor = actor_of(request)
    found = queries.own_answer(pk, actor)
    form = TableForm(request.POST if "add" in request.POST else None)
    problem: Problem | None = None
    if "add" in request.POST:
        if form.is_valid() and _add(request, form, pk):
            return redirect("ledger:answer", pk)
    elif request.method == "POST":
        done = _step(request, pk)
        if not isinstance(done, Problem):
            return done
        problem = done
    found.refresh_from_db()
    context = {
        "nav": "surveys", "found": found, "tables": found.tables.all(), "form": form,
        "problem": problem, "is_open": found.state in (AnswerState.WAITING, AnswerState.RETURNED),
        "may_draft": actor.may(P.CATALOG_ENTRY_DRAFT)
        and found.state in (AnswerState.SUBMITTED, AnswerState.ACCEPTED),
    }  # fmt: skip
    status = 422 if problem else status_of(form)
    return render(request, "ledger/answer.html", context, status=status)


def _add(request: HttpRequest, form: TableForm, pk: int) -> bool:
    given = form.cleaned_data
    parsed, faults = typed.parse(given["columns"])
    if faults:
        form.add_error("columns", "；".join(faults[:5]))
        return False
    table = actions.TableAnswer(
        given["system"], given["name"], given["rows"], given["update_cycle"], parsed,
        given["note"],
    )  # fmt: skip
    actor = actor_of(request)
    own = queries.own_answer(pk, actor)
    tables = [*actions.tables_of(own), table]
    saved = accepted(form, lambda: actions.save_answer(pk, tables, gaps=own.gaps, by=actor))
    if saved is None:
        return False
    messages.success(request, f"“{table.name}”已加入问卷。")
    return True


def _step(request: HttpRequest, pk: int) -> HttpResponse | Problem:
    """Remove a table, hand the questionnaire in, or make drafts of its tables."""
    actor, post, to = actor_of(request), request.POST, ("ledger:answer", pk)
    own = queries.own_answer(pk, actor)
    if "remove" in post:
        gone = number(post["remove"])
        kept = [t for t, row in zip(actions.tables_of(own), own.tables.all(), strict=True)
                if row.pk != gone]  # fmt: skip
        return done_or_problem(
            request, lambda: actions.save_answer(pk, kept, gaps=own.gaps, by=actor),
            said="已移除。", to=to,
        )  # fmt: skip
    if "draft" in post:
        table_id = number(post["draft"])
        return done_or_problem(
            request, lambda: actions.draft_table(table_id, by=actor), said="目录草稿已生成。", to=to
        )
    if "draft_all" in post:
        return done_or_problem(
            request, lambda: actions.draft_all(pk, by=actor), said="目录草稿已全部生成。", to=to
        )
    if not {"save", "submit"} & set(post):
        return problems.NO_SUCH_ACT

    def hand_in() -> None:
        gaps = post.get("gaps", "")
        actions.save_answer(pk, actions.tables_of(own), gaps=gaps, by=actor)
        if "submit" in post:
            actions.submit_answer(pk, by=actor)

    said = "问卷已提交，等待审核。" if "submit" in post else "已保存。"
    return done_or_problem(request, hand_in, said=said, to=to)
