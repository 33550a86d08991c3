"""Pages of merges: proposals and stages, one merge with its conflicts."""

import re

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from tongqu.audit.public import annotate
from tongqu.identity.public import actor_of, requires
from tongqu.identity.vocabulary import Permission as P
from tongqu.kernel.problems import Problem
from tongqu.ledger.actions import merges as actions
from tongqu.ledger.domain import merging, problems
from tongqu.ledger.http.forms import MergeForm
from tongqu.ledger.http.pages.common import (
    PER_PAGE,
    accepted,
    done_or_problem,
    number,
    status_of,
)
from tongqu.ledger.models import Merge
from tongqu.ledger.queries import merges as queries
from tongqu.ledger.vocabulary import TONES, ConflictKind, MergeState

_WORDS = {merging.KEEP: "保留该信息项", merging.DROP: "舍去该信息项"}
_SEPARATOR = re.compile(r"[\s,，、;；]+")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.LEDGER_REPORT_READ)
def merges(request: HttpRequest) -> HttpResponse:
    """目录融合."""
    actor = actor_of(request)
    may_decide = actor.may(P.LEDGER_MERGE_DECIDE)
    initial = {"codes": request.GET.get("codes", "")[:4000].replace(",", "\n"),
               "name": request.GET.get("name", "")[:200]}  # fmt: skip
    form = MergeForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        codes = [code for code in _SEPARATOR.split(given["codes"]) if code]
        made = accepted(
            form,
            lambda: actions.open_merge(
                codes, name=given["name"], year=given["year"], owner_code=given["owner"], by=actor
            ),
        )
        if made is not None:
            annotate(request, subject=f"merge-{made.pk}")
            messages.success(request, "融合已发起，冲突已列出。")
            return redirect("ledger:merge", made.pk)
    page = Paginator(queries.merges(actor), PER_PAGE).get_page(request.GET.get("page"))
    published = queries.published_among([m.entry_code for m in page if m.entry_code])
    context = {
        "nav": "merges", "page": page, "form": form, "may_decide": may_decide,
        "rows": [(m, queries.shown_state(m, published)) for m in page], "tones": TONES,
        "proposals": queries.proposals() if may_decide else [], "years": queries.by_year(),
        "states": list(MergeState),
    }  # fmt: skip
    return render(request, "ledger/merges.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.LEDGER_REPORT_READ)
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """一项融合."""
    if request.method != "POST":
        return _merge(request, pk)
    actor, post, to = actor_of(request), request.POST, ("ledger:merge", pk)
    annotate(request, subject=f"merge-{pk}")
    done: HttpResponse | Problem
    if "conflict" in post:
        conflict_id = number(post["conflict"])
        done = done_or_problem(
            request,
            lambda: actions.decide(
                conflict_id, choice=post.get("choice", ""), reason=post.get("reason", ""), by=actor
            ),
            said="冲突的处理已记录。", to=to,
        )  # fmt: skip
    elif "make" in post:
        done = done_or_problem(
            request, lambda: actions.make_entry(pk, by=actor),
            said="全省目录草稿已生成，由编制部门检测、发布。", to=to,
        )  # fmt: skip
    else:
        done = problems.NO_SUCH_ACT
    return _merge(request, pk, problem=done) if isinstance(done, Problem) else done


def _merge(request: HttpRequest, pk: int, *, problem: Problem | None = None) -> HttpResponse:
    actor = actor_of(request)
    found = queries.merge_for(pk, actor)
    published = queries.published_among([found.entry_code] if found.entry_code else [])
    state = queries.shown_state(found, published)
    is_open = found.state in (MergeState.WAITING, MergeState.CONFLICT)
    context = {
        "nav": "merges", "found": found, "state": state, "tone": TONES[state], "problem": problem,
        "sources": list(found.sources.all()), "conflicts": _conflicts(found),
        "may_decide": actor.may(P.LEDGER_MERGE_DECIDE) and is_open,
        "may_make": actor.may(P.LEDGER_MERGE_DECIDE) and found.state == MergeState.WAITING,
    }  # fmt: skip
    return render(request, "ledger/merge.html", context, status=422 if problem else 200)


def _conflicts(found: Merge) -> list[dict[str, object]]:
    """Return each conflict with what its sources say and the choices it leaves."""
    names = {source.entry_code: source.provider_name for source in found.sources.all()}
    rows = []
    for row in found.conflicts.all():
        kind = ConflictKind(row.kind)
        said = [(names.get(code, code), value or "—") for code, value in row.values.items()]
        choices = [
            (choice, _WORDS.get(choice) or _named(names.get(choice, choice), row.values[choice]))
            for choice in merging.allowed(kind, row.values)
        ]
        rows.append({"row": row, "kind": kind, "said": said, "choices": choices,
                     "chosen": dict(choices).get(row.choice, "")})  # fmt: skip
    return rows


def _named(provider: str, value: str) -> str:
    return f"按{provider}：{value or '空'}"
