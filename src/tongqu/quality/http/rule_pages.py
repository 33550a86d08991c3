"""Pages of rules: the registry, one rule, a rule in the making, contracts, runs, wrong rows."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from tongqu.catalog import public as catalog
from tongqu.identity.public import actor_of, requires
from tongqu.identity.vocabulary import Permission as P
from tongqu.kernel.problems import Problem, Rejected
from tongqu.quality import public
from tongqu.quality.actions import contracts, trial
from tongqu.quality.domain.indicators import INDICATORS, PROFILE, words_of
from tongqu.quality.http.rule_forms import ContractForm, RuleForm
from tongqu.quality.http.score_forms import tell
from tongqu.quality.models import RulePack, RuleResult, Scan
from tongqu.quality.queries import rules as reads
from tongqu.quality.vocabulary import DIMENSION_LABELS, KIND_LABELS, Dimension, RuleKind

NAV = "quality_rules"
PER_PAGE = 50


@require_GET
@requires(P.QUALITY_RESULT_READ)
def registry(request: HttpRequest) -> HttpResponse:
    """Every rule that was measured last, the wrong ones first; found by words and dimension."""
    q, dimension = request.GET.get("q", "").strip(), request.GET.get("dimension", "")
    page = Paginator(reads.registry(q, dimension), PER_PAGE).get_page(request.GET.get("page"))
    names = catalog.briefs(codes=[row.scan.entry_code for row in page])
    context = {
        "nav": NAV,
        "page": page,
        "rows": [(row, names.get(row.scan.entry_code), _kind(row)) for row in page],
        "labels": {d.value: label for d, label in DIMENSION_LABELS.items()},
        "dimensions": list(DIMENSION_LABELS.items()),
        "q": q,
        "dimension": dimension,
        "may_write": actor_of(request).may(P.QUALITY_SCAN_RUN),
        "profile": PROFILE,
    }
    return render(request, "quality/rules.html", context)


def _kind(row: RuleResult) -> str:
    return KIND_LABELS[RuleKind(row.kind)] if row.kind else "—"


@require_GET
@requires(P.QUALITY_RESULT_READ)
def rule(request: HttpRequest, entry: str, code: str) -> HttpResponse:
    """One rule: what it asks, why, how to mend, and how its results went."""
    history = list(reads.history(entry, code))
    if not history:
        raise Rejected(Problem("NO_SUCH_RULE", "没有这条规则的结果。", "请从规则库重新进入。"))
    last = history[0]
    indicator = INDICATORS.get(last.indicator)
    view = catalog.entry(entry)
    context = {
        "nav": NAV,
        "last": last,
        "history": history,
        "entry": view,
        "entry_code": entry,
        "kind": _kind(last),
        "dimension": DIMENSION_LABELS[Dimension(last.dimension)],
        "indicator": indicator,
        "words": words_of(indicator.code) if indicator else None,
        "document": reads.document(entry, code),
        "profile": PROFILE,
    }
    return render(request, "quality/rule.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.QUALITY_SCAN_RUN)
def new(request: HttpRequest) -> HttpResponse:
    """Write a rule; try it on a sample of the table; keep it in the entry's pack."""
    actor = actor_of(request)
    form = RuleForm(request.POST or None, initial={"entry": request.GET.get("entry", "")})
    tried: trial.Trial | None = None
    if request.method == "POST" and form.is_valid():
        entry, document = form.cleaned_data["entry"], form.document()
        try:
            if request.POST.get("command") == "keep":
                trial.parsed(document)
                version = public.save_pack(entry, _with(entry, document), by=actor)
                messages.success(request, f"{document['code']} 已保存，规则包第 {version} 版。")
                return redirect("quality:rules")
            tried = trial.try_rule(entry, document, by=actor)
        except Rejected as refused:
            tell(form, refused)
    context = {
        "nav": NAV,
        "form": form,
        "tried": tried,
        "is_whole": tried is not None and trial.is_whole(tried.rule),
        "most": trial.ROWS,
        "seconds": int(trial.SECONDS),
    }
    return render(request, "quality/rule_new.html", context, status=422 if form.errors else 200)


def _with(entry: str, document: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the entry's rules with this one, in the place of one of the same code."""
    pack = RulePack.objects.filter(entry_code=entry).first()
    kept = [dict(one) for one in pack.rules] if pack else []
    return [*(one for one in kept if one.get("code") != document["code"]), document]


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.QUALITY_SCAN_RUN)
def from_contract(request: HttpRequest) -> HttpResponse:
    """Take the rules of an ODCS contract over into an entry's pack."""
    form = ContractForm(request.POST or None, request.FILES or None)
    taken = None
    if request.method == "POST" and form.is_valid():
        content = form.cleaned_data["file"].read()
        try:
            taken = contracts.take_over(
                form.cleaned_data["entry"], content, by=actor_of(request)
            )  # fmt: skip
        except Rejected as refused:
            tell(form, refused)
    context = {"nav": NAV, "form": form, "taken": taken}
    return render(
        request, "quality/rule_contract.html", context, status=422 if form.errors else 200
    )


@require_GET
@requires(P.QUALITY_RESULT_READ)
def runs(request: HttpRequest) -> HttpResponse:
    """Every scan, the newest first; of one entry where it is named."""
    entry = request.GET.get("entry", "").strip()
    found = Scan.objects.filter(**({"entry_code": entry} if entry else {}))
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    names = catalog.briefs(codes=[scan.entry_code for scan in page])
    counted = reads.verdicts([scan.pk for scan in page])
    context = {
        "nav": "quality_runs",
        "page": page,
        "entry": entry,
        "rows": [(scan, names.get(scan.entry_code), counted.get(scan.pk)) for scan in page],
    }
    return render(request, "quality/runs.html", context)


@require_GET
@requires(P.QUALITY_RESULT_READ)
def wrong_rows(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """The places of wrong rows that a run kept for a rule; values for their producer alone."""
    result = RuleResult.objects.select_related("scan").filter(scan__number=number, pk=pk).first()
    if result is None:
        raise Rejected(Problem("NO_SUCH_SCAN", "没有这条规则的结果。", "请从检测记录重新进入。"))
    entry = catalog.entry(result.scan.entry_code)
    lines, columns = trial.wrong_lines(result, entry, by=actor_of(request))
    context = {
        "nav": "quality_runs", "result": result, "scan": result.scan, "entry": entry,
        "lines": lines, "columns": columns, "kind": _kind(result),
    }  # fmt: skip
    return render(request, "quality/wrong_rows.html", context)
