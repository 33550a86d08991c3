"""The API of quality: measure, read, keep rules, tickets."""

from django.http import HttpRequest
from ninja import Router, Status

from tongqu.identity.public import PROBLEMS, ProblemOut, actor_of, requires
from tongqu.identity.vocabulary import Permission
from tongqu.kernel.problems import Problem, Rejected
from tongqu.quality import public
from tongqu.quality.actions import tickets
from tongqu.quality.http.schemas import (
    NoteIn,
    PackOut,
    RulesIn,
    ScanOut,
    TicketIn,
    TicketOut,
)
from tongqu.quality.queries import ticket_view
from tongqu.quality.vocabulary import ScanView, TicketCommand, TicketView

router = Router()


@router.get("/quality/entries/{code}", response={200: ScanOut, PROBLEMS: ProblemOut})
@requires(Permission.QUALITY_RESULT_READ)
def newest(request: HttpRequest, code: str) -> ScanOut:
    """最近一次检测结果。"""
    found = public.score(code)
    if found is None:
        raise Rejected(Problem("NO_SUCH_SCAN", "还没有检测结果。", "请技术支持部门运行检测。"))
    return ScanOut.of(found)


@router.post("/quality/entries/{code}/scan", response={201: ScanOut, PROBLEMS: ProblemOut})
@requires(Permission.QUALITY_SCAN_RUN)
def run(request: HttpRequest, code: str) -> Status[ScanOut]:
    """立即检测；发现问题的派单到提供部门。"""
    view: ScanView = public.scan(code, by=actor_of(request))
    return Status(201, ScanOut.of(view))


@router.put("/quality/entries/{code}/rules", response={200: PackOut, PROBLEMS: ProblemOut})
@requires(Permission.QUALITY_SCAN_RUN)
def keep_rules(request: HttpRequest, code: str, body: RulesIn) -> PackOut:
    """保存规则为新版本；内容未变则版本不变。"""
    version = public.save_pack(code, body.rules, by=actor_of(request))
    return PackOut(entry_code=code, version=version)


@router.get("/quality/tickets", response={200: list[TicketOut], PROBLEMS: ProblemOut})
@requires(Permission.QUALITY_RESULT_READ)
def list_tickets(request: HttpRequest) -> list[TicketOut]:
    """本部门的工单；技术支持与监管岗位可见全部。"""
    found: list[TicketView] = public.tickets(actor_of(request))
    return [TicketOut.of(view) for view in found]


@router.post("/quality/tickets", response={201: TicketOut, PROBLEMS: ProblemOut})
@requires(Permission.QUALITY_TICKET_FILE)
def file(request: HttpRequest, body: TicketIn) -> Status[TicketOut]:
    """反馈质量问题；同一目录已有未结工单的并入该工单。"""
    view = public.file_ticket(body.entry_code, title=body.title, by=actor_of(request))
    return Status(201, TicketOut.of(view))


@router.post("/quality/tickets/{number}/{command}", response={200: TicketOut, PROBLEMS: ProblemOut})
@requires(Permission.QUALITY_TICKET_HANDLE)
def handle(request: HttpRequest, number: str, command: TicketCommand, body: NoteIn) -> TicketOut:
    """提供部门办理工单的一步。"""
    ticket = tickets.handle(number, command, note=body.note, by=actor_of(request))
    return TicketOut.of(ticket_view(ticket))
