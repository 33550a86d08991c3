"""Pages of operation lists: all batches, one batch with its signatures, its file."""

import re

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from tongqu.audit.public import annotate
from tongqu.identity.public import actor_of, requires
from tongqu.identity.vocabulary import Permission as P
from tongqu.kernel.problems import Problem
from tongqu.ledger.actions import batches as actions
from tongqu.ledger.domain import problems
from tongqu.ledger.http.forms import BatchForm, RowsForm
from tongqu.ledger.http.pages.common import accepted, done_or_problem, file_of, status_of
from tongqu.ledger.queries import batches as queries
from tongqu.ledger.vocabulary import BatchState, Party

_SEPARATOR = re.compile(r"[\s,，、;；]+")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.LEDGER_REPORT_READ)
def batches(request: HttpRequest) -> HttpResponse:
    """授权运营目录清单."""
    actor = actor_of(request)
    form = BatchForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        title = form.cleaned_data["title"]
        made = accepted(
            form, lambda: actions.compile_batch(title=title, parties=form.parties(), by=actor)
        )
        if made is not None:
            annotate(request, subject=f"batch-{made.number}")
            messages.success(request, "清单已建立，请列入目录。")
            return redirect("ledger:batch", made.number)
    context = {"nav": "batches", "rows": queries.batches()[:100], "form": form,
               "may_edit": actor.may(P.LEDGER_BATCH_EDIT)}  # fmt: skip
    return render(request, "ledger/batches.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.LEDGER_REPORT_READ)
def batch(request: HttpRequest, number: int) -> HttpResponse:
    """一个批次."""
    if request.method != "POST":
        return _batch(request, number)
    actor, post, to = actor_of(request), request.POST, ("ledger:batch", number)
    annotate(request, subject=f"batch-{number}")
    form = RowsForm(post if "draw" in post else None)
    done: HttpResponse | Problem
    if "draw" in post:
        codes = [code for code in _SEPARATOR.split(post.get("entries", "")[:150_000]) if code]
        drawn = None
        if form.is_valid():
            drawn = accepted(form, lambda: actions.set_rows(number, codes, by=actor))
        if drawn is None:
            return _batch(request, number, form=form)
        messages.success(request, "清单内容已保存。")
        return redirect("ledger:batch", number)
    if "sign" in post:
        digest = post.get("digest", "")[:64]
        done = done_or_problem(
            request, lambda: actions.sign(number, digest=digest, by=actor), said="已会签。", to=to
        )
    elif "reopen" in post:
        reason = post.get("reason", "")
        done = done_or_problem(
            request, lambda: actions.reopen(number, reason=reason, by=actor),
            said="清单已退回修改，原会签作废。", to=to,
        )  # fmt: skip
    elif "send" in post:
        done = done_or_problem(
            request, lambda: actions.send_to_sign(number, by=actor), said="已送四方会签。", to=to
        )
    else:
        done = problems.NO_SUCH_ACT
    return _batch(request, number, problem=done) if isinstance(done, Problem) else done


def _batch(
    request: HttpRequest, number: int, *, form: RowsForm | None = None,
    problem: Problem | None = None,
) -> HttpResponse:  # fmt: skip
    actor = actor_of(request)
    found = queries.batch(number)
    rows = queries.rows(found)
    parties = list(queries.parties(found))
    mine = next((p for p in parties if p.organisation_id == actor.organisation_id), None)
    is_signing = found.state == BatchState.SIGNING
    context = {
        "nav": "batches", "found": found, "rows": rows, "problem": problem,
        "parties": [(p, Party(p.party).label) for p in parties],
        "may_edit": actor.may(P.LEDGER_BATCH_EDIT) and found.state != BatchState.FROZEN,
        "is_compiling": found.state == BatchState.COMPILING, "is_signing": is_signing,
        "may_sign": actor.may(P.LEDGER_BATCH_SIGN) and is_signing and mine is not None
        and mine.signed_at is None,
        "form": form or RowsForm(initial={"entries": "\n".join(row.code for row in rows)}),
    }  # fmt: skip
    status = 422 if problem or (form and form.errors) else 200
    return render(request, "ledger/batch.html", context, status=status)


@require_safe
@requires(P.LEDGER_REPORT_READ)
def batch_file(request: HttpRequest, number: int, form: str) -> HttpResponse:
    """Export the list: the five columns of the plan, and the entry each row stands for."""
    found = queries.batch(number)
    rows = queries.rows(found)
    annotate(request, subject=f"batch-{number}", rows=len(rows))
    links = [request.build_absolute_uri(reverse("catalog:detail", args=[r.code])) for r in rows]
    heads = (*queries.HEADS, "目录条目")
    cells = [(*row.cells, row.code if form == "xlsx" else link)
             for row, link in zip(rows, links, strict=True)]  # fmt: skip
    return file_of(form, f"operation-batch-{number}", heads, cells, links=links)
