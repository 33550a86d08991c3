"""Pages of policy: the library of clauses and how each article is kept."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from tongqu.kernel import clock
from tongqu.kernel.problems import Problem, Rejected
from tongqu.policy.access import actor_of, requires
from tongqu.policy.actions.texts import LIMIT, import_articles
from tongqu.policy.coverage import coverage as covered
from tongqu.policy.domain.coverage import ArticleCoverage
from tongqu.policy.domain.terms import LABELS
from tongqu.policy.queries import clauses_at, documents, profile_on, search, wording
from tongqu.policy.vocabulary import KEEPING_LABELS

MAY_READ = "policy.text.read"
MAY_EDIT = "policy.profile.edit"


@require_GET
@requires(MAY_READ)
def library(request: HttpRequest) -> HttpResponse:
    """Every clause, by document; searched words are looked for in imported wording too."""
    words = request.GET.get("q", "")[:100]
    found = search(words)
    groups = [(d, [c for c in found if c.regulation.key == d.key]) for d in documents()]
    profile = profile_on(clock.today())
    context = {
        "q": words,
        "total": len(found),
        "groups": [(document, held) for document, held in groups if held or not words],
        "profile": profile,
        "numbers": [(LABELS[n], v, profile.sources.get(n, "")) for n, v in profile.terms.items()
                    if n in LABELS],
        "may_edit": actor_of(request).may(MAY_EDIT),
        "nav": "policies",
    }  # fmt: skip
    return render(request, "policy/library.html", context)


@require_GET
@requires(MAY_READ)
def clause(request: HttpRequest, regulation: str, place: str) -> HttpResponse:
    found = clauses_at(regulation, place)
    if not found:
        raise Http404
    context = {
        "clauses": found,
        "first": found[0],
        "wording": wording(found[0]),
        "coverage": _article(regulation, place),
        "nav": "policies",
    }
    return render(request, "policy/clause.html", context)


@require_GET
@requires(MAY_READ)
def coverage(request: HttpRequest) -> HttpResponse:
    rows = covered()
    states = [(label, sum(r.state is keeping for r in rows))
              for keeping, label in KEEPING_LABELS.items()]  # fmt: skip
    context = {"rows": rows, "states": states, "gaps": sum(r.is_gap for r in rows),
               "nav": "policies"}  # fmt: skip
    return render(request, "policy/coverage.html", context)


@require_POST
@requires(MAY_EDIT)
def import_file(request: HttpRequest) -> HttpResponse:
    """Take an official text from the operator's hands."""
    file = request.FILES.get("file")
    if file is None or (file.size or 0) > LIMIT:
        raise Rejected(
            Problem(
                code="TEXT_UNREADABLE",
                title="没有收到可用的文本文件。",
                next_step="请选择正式发布文本的文本文件（不超过 5 MB）后重试。",
            )
        )
    raw = file.read()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("gb18030", errors="replace")
    import_articles(text, by=actor_of(request))
    return HttpResponseRedirect(reverse("policy:library"))


def _article(regulation: str, place: str) -> ArticleCoverage | None:
    if regulation != "mot-2021-sharing":
        return None
    return next((row for row in covered(with_counts=False) if row.article == place), None)
