"""Pages of the trail: search, evidence."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render

from tongqu.audit import public
from tongqu.audit.http.api import as_proof
from tongqu.audit.http.forms import TrailForm, VerifyForm
from tongqu.audit.http.uploads import verify_upload
from tongqu.audit.models import AuditEntry
from tongqu.audit.permissions import CHAIN_VERIFY, TRAIL_READ
from tongqu.audit.vocabulary import KIND_LABELS, OUTCOME_LABELS, EntryQuery, Kind, Outcome
from tongqu.policy.access import actor_of, require, requires

PAGE = 50
TONES = {Outcome.DONE: "ok", Outcome.REFUSED: "warn", Outcome.FAILED: "bad"}


@requires(TRAIL_READ)
def trail(request: HttpRequest) -> HttpResponse:
    """Search the trail. Reading it is recorded, too, without what was searched for."""
    form = TrailForm(request.GET or None)
    query = form.query() if form.is_bound and form.is_valid() else EntryQuery()
    before = request.GET.get("before", "")
    older_than = int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None
    found = list(public.entries(query, before=older_than).select_related("seal")[: PAGE + 1])
    rows = found[:PAGE]
    public.annotate(
        request,
        subject="audit.trail",
        rows=len(rows),
        details={"filters": sorted(query.as_dict())},
    )
    following = request.GET.copy()
    following["before"] = str(rows[-1].pk) if rows else ""
    context = {
        "nav": "trail",
        "form": form,
        "rows": [_row(entry) for entry in rows],
        "next": following.urlencode() if len(found) > PAGE else "",
        "is_first": older_than is None,
        "may_verify": actor_of(request).may(CHAIN_VERIFY),
    }
    return render(request, "audit/trail.html", context)


def _row(entry: AuditEntry) -> dict[str, object]:
    outcome = Outcome(entry.outcome)
    return {
        "entry": entry,
        "outcome": OUTCOME_LABELS[outcome],
        "tone": TONES[outcome],
        "kind": KIND_LABELS[Kind(entry.kind)],
        "is_sealed": hasattr(entry, "seal"),
    }


@requires(CHAIN_VERIFY)
def evidence(request: HttpRequest) -> HttpResponse:
    """The state of the chain; check it, sign a head, check a file."""
    form = VerifyForm()
    context: dict[str, object] = {}
    match request.POST.get("do") if request.method == "POST" else None:
        case "chain":
            context["report"] = public.verify_chain()
        case "anchor":
            head = public.anchor()
            messages.success(request, f"已封存签名，共 {head.size if head else 0} 件。")
            return redirect("audit:evidence")
        case "file":
            form = VerifyForm(request.POST, request.FILES)
            if form.is_valid():
                context["findings"] = verify_upload(form.cleaned_data["file"])
    context |= {
        "nav": "evidence",
        "form": form,
        "heads": public.heads(),
        "keys": public.public_keys(),
    }
    status = 422 if form.errors else 200
    return render(request, "audit/evidence.html", context, status=status)


@requires(TRAIL_READ)
def proof(request: HttpRequest, entry_id: int) -> HttpResponse:
    body = public.proof_of(entry_id)
    public.annotate(request, subject=f"audit.entry {entry_id}", rows=1)
    return as_proof(body, entry_id)


@requires(CHAIN_VERIFY)
def export(request: HttpRequest) -> HttpResponseBase:
    """Download the whole evidence, line by line as it is read."""
    require(actor_of(request), TRAIL_READ)
    public.annotate(request, subject="audit.evidence")
    return StreamingHttpResponse(
        public.evidence_lines(),
        content_type="application/x-ndjson",
        headers={"Content-Disposition": 'attachment; filename="tongqu-evidence.jsonl"'},
    )
