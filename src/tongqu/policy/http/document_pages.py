"""Pages where the managing office keeps the documents of the library and their clauses."""

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from tongqu.kernel.problems import Rejected
from tongqu.kernel.resume import typed_before
from tongqu.policy.access import actor_of, note, requires
from tongqu.policy.actions.documents import add_article, keep_document
from tongqu.policy.http.forms import ArticleForm, DocumentForm
from tongqu.policy.queries import documents, search
from tongqu.policy.vocabulary import DocumentView

MAY_EDIT = "policy.profile.edit"
KEPT = ("key", "title", "document_number", "issuer", "issued_on", "effective_from", "repealed_on",
        "replaced_by", "is_basis")  # fmt: skip
SHIPPED = ("key", "title", "effective_from")  # what we bring and nobody edits


@require_http_methods(["GET", "HEAD", "POST"])
@requires(MAY_EDIT)
def new(request: HttpRequest) -> HttpResponse:
    form = DocumentForm(request.POST or None, initial=typed_before(request))
    if request.method == "POST" and form.is_valid() and _keep(request, form):
        return HttpResponseRedirect(reverse("policy:document", args=[form.cleaned_data["key"]]))
    return _shown(request, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(MAY_EDIT)
def document(request: HttpRequest, key: str) -> HttpResponse:
    """One document: what is recorded of it, and the clauses that may be cited."""
    found = next((d for d in documents() if d.key == key), None)
    if found is None:
        raise Http404
    article = ArticleForm(request.POST if "place" in request.POST else None, auto_id="article_%s")
    is_kept = request.method == "POST" and not article.is_bound
    form = DocumentForm(
        request.POST if is_kept else None, initial={name: getattr(found, name) for name in KEPT}
    )
    for name in SHIPPED if found.is_shipped else ("key",):
        form.fields[name].disabled = True  # a disabled field keeps its first value
    done = _add(request, key, article) if article.is_bound else is_kept and _keep(request, form)
    if done:
        return HttpResponseRedirect(reverse("policy:document", args=[key]))
    return _shown(request, form, found, article)


def _keep(request: HttpRequest, form: DocumentForm) -> bool:
    if not form.is_valid():
        return False
    try:
        kept = keep_document(**form.cleaned_data, by=actor_of(request))
    except Rejected as refused:
        form.add_problem(refused.problem)
        return False
    note(request, subject=f"policy {kept.key}")
    return True


def _add(request: HttpRequest, key: str, form: ArticleForm) -> bool:
    if not form.is_valid():
        return False
    try:
        add_article(key, **form.cleaned_data, by=actor_of(request))
    except Rejected as refused:
        form.add_problem(refused.problem)
        return False
    note(request, subject=f"policy {key}", place=form.cleaned_data["place"])
    return True


def _shown(
    request: HttpRequest, form: Form, found: DocumentView | None, article: Form | None = None
) -> HttpResponse:
    clauses = [c for c in search("") if found and c.regulation.key == found.key]
    context = {"form": form, "article": article, "document": found, "clauses": clauses,
               "nav": "policies"}  # fmt: skip
    has_errors = form.errors or (article is not None and article.errors)
    return render(request, "policy/document.html", context, status=422 if has_errors else 200)
