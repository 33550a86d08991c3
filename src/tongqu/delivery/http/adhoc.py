"""The page of ad-hoc queries: text, what may be asked, the answer, and taking it away."""

import csv
import io
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from tongqu.audit.public import annotate
from tongqu.delivery import queries
from tongqu.delivery.actions import adhoc
from tongqu.delivery.actions.seen import Seen, visible
from tongqu.delivery.models import SavedQuery
from tongqu.identity.public import actor_of, requires
from tongqu.identity.vocabulary import Permission
from tongqu.kernel.problems import Problem, Rejected
from tongqu.security.vocabulary import MASK_LABELS, Mask

if TYPE_CHECKING:
    import pyarrow as pa

CHART_ROWS = 30
SHOWN = 30  # tables a page
BAR = 320
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would run what begins so


@requires(Permission.DELIVERY_QUERY_RUN)
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """Ask and look. The text is posted, never part of an address; the answer is not cached."""
    by = actor_of(request)
    text, purpose = request.POST.get("sql", ""), request.POST.get("purpose", "")[:80]
    answer: adhoc.Answer | None = None
    problem: Problem | None = None
    if request.method == "POST":
        try:
            if name := request.POST.get("save_as", "").strip():
                adhoc.save(name, text, by=by)
            answer = adhoc.ask(text, by=by, purpose=purpose, address=address_of(request))
            told = {"policies": list(answer.policies), "masks": answer.masks}
            annotate(request, rows=answer.rows.num_rows, purpose=purpose, details=told)
        except Rejected as refused:
            problem = refused.problem
    elif kept := SavedQuery.objects.filter(
        by_key=by.key, pk=_number(request.GET.get("saved", ""))
    ).first():
        text = kept.sql
    seen = [*visible(by, address=address_of(request)).values()]
    shown = Paginator(seen, SHOWN).get_page(request.GET.get("page"))
    context = {
        "nav": "query",
        "sql": text,
        "purpose": purpose,
        "problem": problem,
        "answer": answer,
        "rows": cells(answer.rows) if answer else [],
        "bars": _bars(answer.rows) if answer else [],
        "masked": _masked(answer) if answer else [],
        "limits": settings.ADHOC | {"MEGABYTES": settings.ADHOC["BYTES"] >> 20},
        "purposes": [one for one in seen if one.opened],
        "seen": [(one, _columns(one)) for one in shown],
        "page": shown,
        "history": queries.query_runs_of(by.key),
        "saved": queries.saved_queries_of(by.key),
    }
    answered = render(
        request, "delivery/query.html", context, status=_status(problem) if problem else 200
    )
    answered["Cache-Control"] = "no-store, private"
    return answered


@require_POST
@requires(Permission.DELIVERY_QUERY_RUN)
def export_file(request: HttpRequest) -> HttpResponse:
    """Take the rows away as CSV: with a reason, counted and on the record."""
    reason, purpose = request.POST.get("reason", ""), request.POST.get("purpose", "")[:80]
    answer = adhoc.export(
        request.POST.get("sql", ""),
        by=actor_of(request),
        reason=reason,
        purpose=purpose,
        address=address_of(request),
    )
    annotate(request, rows=answer.rows.num_rows, purpose=purpose,
             details={"policies": list(answer.policies), "reason": reason[:300]})  # fmt: skip
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(answer.rows.column_names)
    writer.writerows([[_harmless(cell) for cell in row] for row in cells(answer.rows)])
    response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="query.csv"'
    response["Cache-Control"] = "no-store, private"
    return response


def _status(problem: Problem) -> int:
    from tongqu.delivery.vocabulary import PROBLEM_STATUS

    return PROBLEM_STATUS.get(problem.code, 422)


def address_of(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def cells(table: "pa.Table") -> list[list[Any]]:
    """Return the rows for showing: numbers and truth as they are, all else as text."""
    columns = [[_cell(value) for value in column.to_pylist()] for column in table.columns]
    return [list(row) for row in zip(*columns, strict=True)]


def _cell(value: object) -> object:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if value - value == 0 else None  # JSON has no infinity
    return str(value)


def _harmless(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def _columns(one: Seen) -> list[tuple[str, str, int, str]]:
    return [
        (c.name, c.title, c.level, MASK_LABELS[Mask(c.mask)] if c.mask else "") for c in one.columns
    ]


def _masked(answer: adhoc.Answer) -> list[str]:
    return sorted({column for columns in answer.masks.values() for column in columns})


def _bars(table: "pa.Table") -> list[tuple[str, object, int]]:
    """Return label, value and width of a bar a row: the last column over the first."""
    rows = cells(table)[:CHART_ROWS]
    numbers = [row[-1] for row in rows if isinstance(row[-1], int | float)]
    if len(table.column_names) < 2 or len(numbers) < max(len(rows), 1) or min(numbers) < 0:
        return []
    most = max(numbers) or 1
    return [(str(row[0]), row[-1], round(BAR * row[-1] / most)) for row in rows]
