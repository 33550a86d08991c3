"""The API of opening, under ``/api/v1/open/`` for everybody, ``/opening/`` for the offices."""

import json
from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, Any
from urllib.parse import quote

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from ninja import Path, Query, Router, Status

from tongqu.audit.public import annotate
from tongqu.catalog.ports import notes_of
from tongqu.catalog.vocabulary import UpdateCycle
from tongqu.delivery.public import open_dictionary
from tongqu.delivery.vocabulary import OpenForm
from tongqu.identity.public import PROBLEMS, ProblemOut, actor_of, requires
from tongqu.identity.vocabulary import Permission as P
from tongqu.kernel.problems import Rejected
from tongqu.opening import public as opening
from tongqu.opening import queries
from tongqu.opening.actions import serve
from tongqu.opening.domain import problems
from tongqu.opening.domain.terms import filters_from, line_of
from tongqu.opening.http import cached, dcat
from tongqu.opening.http import schemas as s
from tongqu.opening.models import OpeningCase
from tongqu.opening.vocabulary import OpenState, OpenType, ReviewKind

router = Router()
DATA = PROBLEMS | {410, 429, 503}
MAX_ROWS = 10_000
GRAPH = "application/ld+json"
OWN = frozenset({"limit", "cursor"})
Code = Annotated[str, Path(pattern=r"^[A-Za-z0-9-]{1,60}$", description="目录标识")]
Number = Annotated[str, Path(pattern=r"^KF-\d{4}-\d{4}-\d{3,6}$", description="开放编号")]
Limit = Annotated[int, Query(ge=1, le=MAX_ROWS, description="每页行数")]
Cursor = Annotated[str, Query(max_length=600, description="上一页响应中的 next_cursor")]


def _admit(request: HttpRequest) -> None:
    address = request.META.get("REMOTE_ADDR", "")
    serve.admit(address, scope="data", most=serve.CALLS_A_MINUTE)


@router.get("/open/sets", response={200: s.SetPage, DATA: ProblemOut}, summary="开放清单")
@requires(P.OPENING_SET_READ)
def sets(
    request: HttpRequest,
    q: Annotated[str, Query(max_length=100)] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    offset: Annotated[int, Query(ge=0, le=100_000)] = 0,
) -> s.SetPage:
    """The open list, withdrawn sets with their reason; no log-in."""
    found = queries.listed(q)
    page = found[offset : offset + limit]
    return s.SetPage(total=found.count(), sets=[set_out(case) for case in page])


def set_facts(case: OpeningCase) -> dict[str, Any]:
    return {
        "code": case.entry_code,
        "name": case.entry_name,
        "summary": case.summary,
        "publisher": case.publisher.name,
        "state": case.state,
        "open_type": case.open_type,
        "licence": case.licence,
        "update_cycle": UpdateCycle(case.update_cycle).label,
        "updated_at": case.updated_at,
        "opened_at": case.opened_at,
        "ended_at": case.ended_at,
        "end_reason": case.end_reason,
    }


def set_out(case: OpeningCase) -> s.SetOut:
    return s.SetOut(**set_facts(case))


@router.get("/open/sets/{code}", response={200: s.SetDetail, DATA: ProblemOut}, summary="数据字典")
@requires(P.OPENING_SET_READ)
def one(request: HttpRequest, code: Code) -> s.SetDetail:
    """Dictionary, licence and three figures of a set."""
    case = queries.public_case(code)
    shown = queries.figures(case)
    return s.SetDetail(
        **set_facts(case),
        conditions=case.conditions,
        columns=[
            s.ColumnOut(
                name=column.name, title=column.title, type=column.data_type.value,
                is_key=column.is_key, mask=column.mask,
            )
            for column in open_dictionary(queries.terms_of(case))
        ],
        rows_where=[line_of(found) for found in filters_from(case.row_filter)],
        formats=[form.value for form in dcat.forms_of(case)],
        timeliness=str(shown.timeliness),
        completeness=None if shown.completeness is None else str(shown.completeness),
        accuracy=None if shown.accuracy is None else str(shown.accuracy),
    )  # fmt: skip


@router.get(
    "/open/sets/{code}/rows", response={200: s.PageOut, 304: None, DATA: ProblemOut}, summary="取数"
)
@requires(P.OPENING_SET_READ)
def rows(
    request: HttpRequest, code: Code, limit: Limit = 1000, cursor: Cursor = ""
) -> HttpResponseBase:
    """Current rows; further parameters are conditions: ``item=v``, ``item__has=v``,
    ``item__in=a,b``, ``item__min=v``, ``item__max=v``, ``item__between=a,b``.
    """
    return _page(request, code, limit, cursor, name="rows")


@router.get(
    "/open/sets/{code}/features",
    response={200: s.FeatureCollectionOut, 304: None, DATA: ProblemOut},
    summary="取数：GeoJSON",
    openapi_extra={
        "responses": {
            200: {"content": {dcat.TYPES[OpenForm.GEOJSON]: {"schema": {"type": "object"}}}}
        }
    },
)
@requires(P.OPENING_SET_READ)
def features(
    request: HttpRequest, code: Code, limit: Limit = 1000, cursor: Cursor = ""
) -> HttpResponseBase:
    """Current rows as points of a map (RFC 7946); conditions as for rows."""
    return _page(request, code, limit, cursor, name="features")


def _edition(case: OpeningCase) -> str:
    """Return what an answer is made of: the set's edition, and the marks it carries."""
    return "|".join((serve.edition(case).tag, *notes_of(case.entry_code)))


def _page(
    request: HttpRequest, code: str, limit: int, cursor: str, *, name: str
) -> HttpResponseBase:
    _admit(request)
    case = queries.data_case(code)
    point = serve.place_of(case) if name == "features" else None
    if name == "features" and point is None:
        raise Rejected(problems.NO_PLACE)
    tag = cached.tag_of(request, _edition(case))
    if cached.has_it(request, tag):
        return cached.unchanged(tag)
    pairs = [(n, v) for n, values in request.GET.lists() if n not in OWN for v in values]
    page = serve.rows(case, filters=pairs, limit=limit, cursor=cursor, point=point)
    annotate(
        request,
        subject=case.entry_code,
        rows=page.rows,
        details={"snapshot": str(page.snapshot_id)},
    )
    head: Mapping[str, object] = {
        **({"type": "FeatureCollection"} if point else {}),
        "set": case.entry_code,
        "snapshot": str(page.snapshot_id),
        "count": page.rows,
        "notes": list(notes_of(case.entry_code)),
        "next_cursor": page.cursor or None,
    }
    body = json.dumps(head, ensure_ascii=False)[:-1].encode()
    kind = dcat.TYPES[OpenForm.GEOJSON if point else OpenForm.JSON]
    content = b"".join((body, f', "{name}": '.encode(), page.body, b"}"))
    return cached.kept(HttpResponse(content, content_type=kind), tag)


@router.get(
    "/open/sets/{code}/file", response={200: None, 304: None, DATA: ProblemOut}, summary="下载"
)
@requires(P.OPENING_SET_READ)
def file(request: HttpRequest, code: Code, form: OpenForm = OpenForm.CSV) -> HttpResponseBase:
    """The whole set as CSV, JSON, XLSX or GeoJSON; no log-in."""
    _admit(request)
    case = queries.data_case(code)
    tag = cached.tag_of(request, _edition(case))
    if cached.has_it(request, tag):
        return cached.unchanged(tag)
    path, now = serve.file_of(case, form)
    annotate(request, subject=case.entry_code,
             details={"form": form.value, "snapshot": str(now.snapshot_id)})  # fmt: skip
    answer = FileResponse(
        path.open("rb"), as_attachment=True, filename=f"{case.entry_code}.{form.value}",
        content_type=dcat.TYPES[form],
    )  # fmt: skip
    if notes := notes_of(case.entry_code):
        answer["X-Tongqu-Notes"] = quote("；".join(notes))
    return cached.kept(answer, tag)


@router.get(
    "/open/catalog.jsonld",
    response={200: dict[str, Any], DATA: ProblemOut},
    summary="DCAT",
    openapi_extra={"responses": {200: {"content": {GRAPH: {"schema": {"type": "object"}}}}}},
)
@requires(P.OPENING_SET_READ)
def dcat_catalogue(request: HttpRequest) -> HttpResponse:
    """The open list as DCAT 3, for harvesters."""
    base = request.build_absolute_uri("/").rstrip("/")
    document = dcat.catalogue(queries.served(), base)
    text = json.dumps(document, ensure_ascii=False)
    return HttpResponse(text, content_type=GRAPH)


@router.get("/open/plan", response={200: list[s.PlanOut], DATA: ProblemOut}, summary="开放计划")
@requires(P.OPENING_SET_READ)
def plan(request: HttpRequest) -> list[s.PlanOut]:
    """What to open first: votes, demand requests and downloads, with the reason."""
    return [
        s.PlanOut(name=line.name, entry=line.entry_code, score=line.score, reason=line.reason)
        for line in opening.plan()
    ]


@router.post("/open/voices", response={201: s.VoiceOut, DATA: ProblemOut}, summary="公众意见")
@requires(P.OPENING_VOICE_GIVE)
def speak(request: HttpRequest, body: s.VoiceIn) -> Status[s.VoiceOut]:
    """An error report, a question or a wish for data. No name is asked for or kept."""
    address = request.META.get("REMOTE_ADDR", "")
    serve.admit(address, scope="voice", most=serve.VOICES_AN_HOUR, seconds=3600)
    case = queries.public_case(body.set) if body.set else None
    found = opening.speak(body.kind, title=body.title, text=body.text, case=case)
    return Status(
        201,
        s.VoiceOut(
            number=found.number, kind=body.kind, state=found.state, due_on=str(found.due_on)
        ),
    )


@router.get(
    "/opening/extent", response={200: s.GrowthOut, PROBLEMS: ProblemOut}, summary="开放成效"
)
@requires(P.OPENING_CASE_READ)
def extent(
    request: HttpRequest, earlier_from: date, earlier_to: date, later_from: date, later_to: date
) -> s.GrowthOut:
    """Scope and depth of two periods, and the growth of each indicator (OPN-12)."""
    before, after = queries.extent(earlier_from, earlier_to), queries.extent(later_from, later_to)
    names = list(queries.Extent.__slots__)
    return s.GrowthOut(
        earlier=s.ExtentOut(**{n: getattr(before, n) for n in names}),
        later=s.ExtentOut(**{n: getattr(after, n) for n in names}),
        growth={n: _growth(getattr(before, n), getattr(after, n)) for n in names},
    )


def _growth(before: int, after: int) -> str | None:
    if not before:
        return None
    return str((Decimal(after - before) / before).quantize(Decimal("0.0001"), ROUND_HALF_UP))


def _case(case: OpeningCase) -> s.CaseOut:
    return s.CaseOut(
        number=case.number, state=OpenState(case.state), entry=case.entry_code,
        name=case.entry_name, open_type=OpenType(case.open_type), end_reason=case.end_reason,
    )  # fmt: skip


@router.get("/opening/cases", response={200: list[s.CaseOut], PROBLEMS: ProblemOut})
@requires(P.OPENING_CASE_READ)
def cases(
    request: HttpRequest, offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0
) -> list[s.CaseOut]:
    """开放事项，按办理人可见的范围，每次至多 500 件。"""
    rows = queries.cases_seen_by(actor_of(request))[offset : offset + 500]
    return [_case(found) for found in rows]


@router.post("/opening/cases", response={201: s.CaseOut, PROBLEMS: ProblemOut}, summary="提出开放")
@requires(P.OPENING_CASE_PROPOSE)
def propose(request: HttpRequest, body: s.ProposalIn) -> Status[s.CaseOut]:
    """A level-4 item is refused here, whoever asks."""
    case = opening.propose(body.value(), by=actor_of(request))
    annotate(request, subject=case.entry_code)
    return Status(201, _case(case))


@router.post("/opening/cases/{number}/legal", response={200: s.CaseOut, PROBLEMS: ProblemOut})
@requires(P.OPENING_CASE_LEGAL)
def legal(request: HttpRequest, number: Number, body: s.OpenReviewIn) -> s.CaseOut:
    """法律审查意见。"""
    return _reviewed(request, number, ReviewKind.LEGAL, body)


@router.post("/opening/cases/{number}/safety", response={200: s.CaseOut, PROBLEMS: ProblemOut})
@requires(P.OPENING_CASE_SAFETY)
def safety(request: HttpRequest, number: Number, body: s.OpenReviewIn) -> s.CaseOut:
    """安全审查意见。"""
    return _reviewed(request, number, ReviewKind.SAFETY, body)


def _reviewed(
    request: HttpRequest, number: str, kind: ReviewKind, body: s.OpenReviewIn
) -> s.CaseOut:
    found = opening.review(
        number, kind, answers=body.answers, passed=body.passed, reason=body.reason,
        basis=body.basis, by=actor_of(request),
    )  # fmt: skip
    annotate(request, subject=found.case.entry_code)
    return _case(found.case)


@router.post("/opening/cases/{number}/test", response={200: s.TestOut, PROBLEMS: ProblemOut})
@requires(P.OPENING_CASE_SAFETY)
def test(request: HttpRequest, number: Number) -> s.TestOut:
    """再识别测试。"""
    found = opening.assess(number, by=actor_of(request))
    return s.TestOut(
        at=found.at, rows=found.rows, threshold=found.threshold, passed=found.passed,
        quasi=found.quasi, results=found.results,
    )  # fmt: skip


@router.post("/opening/cases/{number}/pass", response={200: s.CaseOut, PROBLEMS: ProblemOut})
@requires(P.OPENING_CASE_DECIDE)
def pass_case(request: HttpRequest, number: Number) -> s.CaseOut:
    """审查通过，待发布。"""
    return _case(opening.pass_case(number, by=actor_of(request)))


@router.post("/opening/cases/{number}/publish", response={200: s.CaseOut, PROBLEMS: ProblemOut})
@requires(P.OPENING_CASE_DECIDE)
def publish(request: HttpRequest, number: Number) -> s.CaseOut:
    """发布到开放清单。"""
    return _case(opening.publish(number, by=actor_of(request)))


@router.post("/opening/cases/{number}/withdraw", response={200: s.CaseOut, PROBLEMS: ProblemOut})
@requires(P.OPENING_CASE_DECIDE)
def withdraw(request: HttpRequest, number: Number, body: s.OpenReasonIn) -> s.CaseOut:
    """撤回，理由公开。"""
    return _case(opening.withdraw(number, reason=body.reason, by=actor_of(request)))


@router.post("/opening/cases/{number}/freeze", response={200: s.CaseOut, PROBLEMS: ProblemOut})
@requires(P.OPENING_CASE_SAFETY)
def freeze(request: HttpRequest, number: Number, body: s.OpenReasonIn) -> s.CaseOut:
    """发现风险，立即暂停。"""
    return _case(opening.freeze(number, reason=body.reason, by=actor_of(request)))
