"""The API of the loop: tickets, corrections, check requests, objections, the register."""

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router, Status

from tongqu.audit.public import annotate
from tongqu.identity.public import PROBLEMS, ProblemOut, actor_of, requires
from tongqu.identity.vocabulary import Permission as P
from tongqu.kernel.problems import Rejected
from tongqu.quality import queries
from tongqu.quality.actions import checks, hardships, lists, objections, tickets
from tongqu.quality.domain import problems
from tongqu.quality.domain.cases import CheckCommand, HardshipCommand, ObjectionCommand
from tongqu.quality.http import loop_schemas as s
from tongqu.quality.models import CheckRequest, Hardship, Objection, Ticket
from tongqu.quality.queries import cases
from tongqu.quality.queries import tickets as reads
from tongqu.quality.vocabulary import TicketCommand

router = Router()
Number = s.Number
MOST = 500
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
FORMS = {"csv": CSV, "xlsx": XLSX}


def _ticket(found: Ticket) -> s.TicketOut:
    return s.TicketOut.of(queries.ticket_view(found))


@router.get("/quality/tickets", response={200: list[s.TicketOut], PROBLEMS: ProblemOut})
@requires(P.QUALITY_RESULT_READ)
def list_tickets(request: HttpRequest, query: Query[s.TicketsIn]) -> list[s.TicketOut]:
    """本部门办理和提出的工单，超期的在前；技术支持与监管岗位可见全部。"""
    wanted = reads.Wanted(query.state, query.channel, query.only, query.q)
    found = reads.listed(actor_of(request), wanted)
    return [_ticket(one) for one in found[query.offset : query.offset + query.limit]]


@router.post("/quality/tickets", response={201: s.TicketOut, PROBLEMS: ProblemOut})
@requires(P.QUALITY_TICKET_FILE)
def file_ticket(request: HttpRequest, body: s.TicketIn) -> Status[s.TicketOut]:
    """反馈质量问题；使用部门对已授权的数据反馈，由数源部门在期限内办理。"""
    found = tickets.file_ticket(
        body.entry_code, title=body.title, item=body.item, text=body.text, by=actor_of(request)
    )
    annotate(request, subject=found.number)
    return Status(201, _ticket(found))


@router.get("/quality/tickets/{number}", response={200: s.TicketDetail, PROBLEMS: ProblemOut})
@requires(P.QUALITY_RESULT_READ)
def one_ticket(request: HttpRequest, number: Number) -> s.TicketDetail:
    """一张工单：经过、受影响的成果、通知的使用部门。"""
    found = tickets.seen(number, actor_of(request))
    return s.TicketDetail(
        **_ticket(found).dict(),
        routed=found.routed,
        text=found.text,
        events=[s.EventOut.of(event, s.TICKET_LABELS) for event in found.events.all()],
        affected=s.affected_of(found),
        told=s.told_of(found),
    )


@router.get(
    "/quality/tickets/{number}/rows.{form}", response={200: None, PROBLEMS: ProblemOut},
    summary="问题数据清单",
    openapi_extra={"responses": {200: {"content": {
        kind: {"schema": {"type": "string"}} for kind in (CSV, XLSX)}}}},
)  # fmt: skip
@requires(P.QUALITY_TICKET_HANDLE)
def rows(
    request: HttpRequest, number: Number, form: Annotated[str, Path(pattern=r"^(csv|xlsx)$")]
) -> HttpResponse:
    """逐行列出规则、值和改法；只给产生数据的部门，并留痕。"""
    found = tickets.seen(number, actor_of(request))
    return file_of(request, found, form)


def file_of(request: HttpRequest, found: Ticket, form: str) -> HttpResponse:
    """Return the list as a file; what was handed over stands in the trail."""
    wrong = lists.wrong_rows(found, by=actor_of(request))
    annotate(request, subject=found.number, rows=len(wrong))
    body = lists.as_csv(wrong) if form == "csv" else lists.as_sheet(wrong, name="问题数据")
    answer = HttpResponse(body, content_type=FORMS[form])
    answer["Content-Disposition"] = f'attachment; filename="{found.number}.{form}"'
    answer["Cache-Control"] = "private, no-store"
    return answer


@router.post(
    "/quality/tickets/{number}/{command}", response={200: s.TicketOut, PROBLEMS: ProblemOut}
)
@requires(P.QUALITY_TICKET_HANDLE)
def handle(
    request: HttpRequest, number: Number, command: TicketCommand, body: s.NoteIn
) -> s.TicketOut:
    """办理工单的一步：数源部门校核更正，提出人核验或申诉，技术支持部门改派。"""
    annotate(request, subject=number)
    found = tickets.handle(
        number, command, note=body.note, department=body.department, by=actor_of(request)
    )
    return _ticket(found)


@router.get(
    "/quality/corrections", response={200: list[s.TicketCorrectionOut], PROBLEMS: ProblemOut}
)
@requires(P.QUALITY_RESULT_READ)
def corrections(
    request: HttpRequest, offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0
) -> list[s.TicketCorrectionOut]:
    """本单位使用的数据有哪些更正，新的在前，每次至多 500 条。"""
    found = reads.notices_for(actor_of(request))
    return [s.TicketCorrectionOut.of(one) for one in found[offset : offset + MOST]]


def _check(found: CheckRequest) -> s.CheckOut:
    return s.CheckOut.of(found, list(cases.chain_of(found.number)))


@router.get("/quality/checks", response={200: list[s.CheckOut], PROBLEMS: ProblemOut})
@requires(P.QUALITY_CHECK_READ)
def list_checks(
    request: HttpRequest, offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0
) -> list[s.CheckOut]:
    """数据校核需求，按可见范围，每次至多 100 件。"""
    found = list(cases.checks_for(actor_of(request))[offset : offset + 100])
    chains = cases.chains_of([one.number for one in found])
    return [s.CheckOut.of(one, chains[one.number]) for one in found]


@router.post("/quality/checks", response={201: s.CheckOut, PROBLEMS: ProblemOut})
@requires(P.QUALITY_CHECK_FILE)
def file_check(request: HttpRequest, body: s.CheckIn) -> Status[s.CheckOut]:
    """运营机构提出数据校核需求。"""
    found = checks.file_check(
        body.entry_code, scenario=body.scenario, title=body.title, item=body.item,
        sample=body.sample, by=actor_of(request),
    )  # fmt: skip
    annotate(request, subject=found.number)
    return Status(201, _check(found))


@router.post("/quality/checks/{number}/{command}", response={200: s.CheckOut, PROBLEMS: ProblemOut})
@requires(P.QUALITY_CHECK_ACT)
def step_check(
    request: HttpRequest, number: Number, command: CheckCommand, body: s.CheckStepIn
) -> s.CheckOut:
    """实施机构确认和复核；延期由一方提出、另一方同意。"""
    annotate(request, subject=number)
    found = checks.handle(number, command, note=body.note, until=body.until, by=actor_of(request))
    return _check(found)


def _objection(found: Objection, request: HttpRequest) -> s.ObjectionOut:
    may = objections.may_read(found, actor_of(request))
    said = objections.said_in(found) if may else {}
    return s.ObjectionOut.of(found, said, list(cases.chain_of(found.number)))


@router.post("/quality/objections", response={201: s.ObjectionOut, PROBLEMS: ProblemOut})
@requires(P.QUALITY_OBJECTION_FILE)
def file_objection(request: HttpRequest, body: s.ObjectionIn) -> Status[s.ObjectionOut]:
    """数据主体提出异议；须已实名核验。"""
    found = objections.file_objection(
        body.entry_code, item=body.item, record=body.record, claim=body.claim,
        by=actor_of(request),
    )  # fmt: skip
    annotate(request, subject=found.number)
    return Status(201, _objection(found, request))


@router.get("/quality/objections/{number}", response={200: s.ObjectionOut, PROBLEMS: ProblemOut})
@requires(P.QUALITY_OBJECTION_FILE)
def one_objection(request: HttpRequest, number: Number) -> s.ObjectionOut:
    """本人提出的，或由本岗位办理的异议。"""
    found = seen_objection(request, number)
    annotate(request, subject=number)
    return _objection(found, request)


def seen_objection(request: HttpRequest, number: str) -> Objection:
    """Return one's own objection, or one that one's office handles. Raises: NO_SUCH_CASE."""
    actor = actor_of(request)
    found = cases.own_objections(actor).filter(number=number).first()
    if found is None and actor.may(P.QUALITY_OBJECTION_HANDLE):
        found = cases.objections_at(actor).filter(number=number).first()
    if found is None:
        raise Rejected(problems.NO_CASE)
    return found


@router.post(
    "/quality/objections/{number}/{command}", response={200: s.ObjectionOut, PROBLEMS: ProblemOut}
)
@requires(P.QUALITY_OBJECTION_HANDLE)
def step_objection(
    request: HttpRequest, number: Number, command: ObjectionCommand, body: s.ObjectionStepIn
) -> s.ObjectionOut:
    """受理核实、认定成立（写明原值和更正值）或不成立。"""
    annotate(request, subject=number)
    found = objections.handle(
        number, command, note=body.note, old_value=body.old_value, new_value=body.new_value,
        by=actor_of(request),
    )  # fmt: skip
    return _objection(found, request)


def _hardship(found: Hardship) -> s.HardshipOut:
    return s.HardshipOut.of(found, list(cases.chain_of(found.number)))


@router.get("/quality/hardships", response={200: list[s.HardshipOut], PROBLEMS: ProblemOut})
@requires(P.QUALITY_RESULT_READ)
def list_hardships(
    request: HttpRequest, offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0
) -> list[s.HardshipOut]:
    """困难挑战台账，按可见范围，每次至多 100 条。"""
    found = list(cases.hardships_for(actor_of(request))[offset : offset + 100])
    chains = cases.chains_of([one.number for one in found])
    return [s.HardshipOut.of(one, chains[one.number]) for one in found]


@router.post("/quality/hardships", response={201: s.HardshipOut, PROBLEMS: ProblemOut})
@requires(P.QUALITY_HARDSHIP_EDIT)
def log_hardship(request: HttpRequest, body: s.HardshipIn) -> Status[s.HardshipOut]:
    """登记一项困难挑战。"""
    found = hardships.log_hardship(
        title=body.title, text=body.text, entry_code=body.entry_code, by=actor_of(request)
    )
    annotate(request, subject=found.number)
    return Status(201, _hardship(found))


@router.post(
    "/quality/hardships/{number}/{command}", response={200: s.HardshipOut, PROBLEMS: ProblemOut}
)
@requires(P.QUALITY_HARDSHIP_EDIT)
def step_hardship(
    request: HttpRequest, number: Number, command: HardshipCommand, body: s.HardshipStepIn
) -> s.HardshipOut:
    """归类、采用治理措施、销账。"""
    annotate(request, subject=number)
    found = hardships.handle(
        number, command, hardship=body.hardship or "", remedy=body.remedy,
        entry_code=body.entry_code, note=body.note, by=actor_of(request),
    )  # fmt: skip
    return _hardship(found)
