"""The API of supervision, under ``/api/v1/``: projects, their gates, rectification drafts."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Path, Query, Router, Status

from tongqu.audit.public import annotate
from tongqu.identity.public import PROBLEMS, ProblemOut, actor_of, requires
from tongqu.identity.vocabulary import Permission as P
from tongqu.kernel import clock
from tongqu.supervision import queries
from tongqu.supervision.actions import drafts as draft_actions
from tongqu.supervision.actions import gates, projects, report
from tongqu.supervision.domain.states import DraftCommand
from tongqu.supervision.domain.uptime import Uptime
from tongqu.supervision.http import schemas as s
from tongqu.supervision.models import Project, RectificationDraft
from tongqu.supervision.vocabulary import Connection, DraftState, Gate, Stage

router = Router()
Code = Annotated[str, Path(pattern=r"^[A-Z0-9-]{1,40}$", description="项目编号")]
Id = Annotated[int, Path(ge=1, le=2_000_000_000)]


def _project(found: Project) -> dict[str, Any]:
    return _projects([found])[0]


def _projects(found: list[Project]) -> list[dict[str, Any]]:
    codes = queries.entry_codes_of(found)
    states = queries.connections_with(found, codes, clock.today())
    return [_shown(one, codes[one.code], states[one.code]) for one in found]


def _shown(found: Project, entry_codes: list[str], state: Connection) -> dict[str, Any]:
    return {
        "code": found.code, "name": found.name, "organisation": found.organisation.name,
        "system_name": found.system_name, "stage": found.stage,
        "stage_label": Stage(found.stage).label, "connection": state,
        "connection_label": state.label, "trial_started_on": found.trial_started_on,
        "connect_due_on": found.connect_due_on, "entries": entry_codes,
    }  # fmt: skip


def _gate(project: Project, gate: Gate, extra: tuple[object, ...] = ()) -> dict[str, Any]:
    found = gates.view(project, gate)
    return {
        "gate": gate, "gate_label": gate.label, "stage": found.stage, "need": found.need,
        "need_label": found.need.label, "clause": gates.BASES[gate].code,
        "is_open": found.is_open, "why": list(found.why), "checks": list(extra or found.checks),
    }  # fmt: skip


@router.get("/supervision/projects", response={200: list[s.ProjectOut], PROBLEMS: ProblemOut})
@requires(P.SUPERVISION_PROJECT_READ)
def list_projects(request: HttpRequest) -> list[dict[str, Any]]:
    """信息化项目：全部，或本单位的。"""
    return _projects(list(queries.projects(actor_of(request))[:100]))


@router.post("/supervision/projects", response={201: s.ProjectOut, PROBLEMS: ProblemOut})
@requires(P.SUPERVISION_PROJECT_EDIT)
def register_project(request: HttpRequest, body: s.ProjectIn) -> Status[dict[str, Any]]:
    """登记立项的项目。"""
    given = body.model_dump()
    made = projects.register(
        organisation_code=given.pop("organisation"), **given, by=actor_of(request)
    )
    annotate(request, subject=made.code)
    return Status(201, _project(made))


@router.get("/supervision/projects/{code}", response={200: s.ProjectOut, PROBLEMS: ProblemOut})
@requires(P.SUPERVISION_PROJECT_READ)
def read_project(request: HttpRequest, code: Code) -> dict[str, Any]:
    """一个项目的阶段、接入期限和目录条目。"""
    return _project(queries.project_for(code, actor_of(request)))


@router.post("/supervision/projects/{code}/entries",
             response={200: s.ProjectOut, PROBLEMS: ProblemOut})  # fmt: skip
@requires(P.SUPERVISION_PROJECT_EDIT)
def attach_entry(request: HttpRequest, code: Code, body: s.ProjectEntryIn) -> dict[str, Any]:
    """把本部门的目录条目关联到项目。"""
    annotate(request, subject=code)
    return _project(projects.attach_entry(code, body.entry_code, by=actor_of(request)))


@router.get("/supervision/projects/{code}/gate/{stage}",
            response={200: s.GateOut, PROBLEMS: ProblemOut})  # fmt: skip
@requires(P.SUPERVISION_PROJECT_READ)
def read_gate(
    request: HttpRequest,
    code: Code,
    stage: Gate,
    receipt: Annotated[str, Query(pattern=r"^[A-Za-z0-9-]{0,30}$")] = "",
) -> dict[str, Any]:
    """关口能否通过、还缺什么。带回执编号的，答该回执当前的状态，不留核验记录。"""
    project = queries.project_for(code, actor_of(request))
    seen = gates.look_up(project, stage, [receipt]) if receipt else ()
    return _gate(project, stage, seen)


@router.post("/supervision/projects/{code}/gate/{stage}",
             response={200: s.GateOut, PROBLEMS: ProblemOut})  # fmt: skip
@requires(P.SUPERVISION_PROJECT_CHECK)
def check_gate(request: HttpRequest, code: Code, stage: Gate, body: s.GateIn) -> dict[str, Any]:
    """核验出示的回执并留记录；decide 为真且全部符合的，项目通过关口。"""
    actor = actor_of(request)
    annotate(request, subject=code, details={"gate": stage.value, "receipts": body.receipts})
    seen = gates.check_receipts(code, stage, body.receipts, by=actor)
    if body.decide:
        gates.pass_gate(code, stage, by=actor, on=body.on)
    return _gate(queries.project_for(code, actor), stage, seen)


def _draft(found: RectificationDraft) -> dict[str, Any]:
    return {
        "id": found.pk, "case": found.case, "basis": found.basis, "title": found.title,
        "department": found.organisation.name,
        "project": found.project.code if found.project else "", "state": found.state,
        "state_label": DraftState(found.state).label, "made_at": found.made_at,
    }  # fmt: skip


@router.get("/supervision/rectifications",
            response={200: list[s.RectificationOut], PROBLEMS: ProblemOut})  # fmt: skip
@requires(P.SUPERVISION_PROJECT_READ)
def list_rectifications(request: HttpRequest) -> list[dict[str, Any]]:
    """整改线索：全部，或涉及本单位的。"""
    return [_draft(found) for found in queries.drafts(actor_of(request))[:200]]


@router.get("/supervision/platform", response={200: list[s.UptimeOut], PROBLEMS: ProblemOut})
@requires(P.SUPERVISION_PROJECT_READ)
def read_uptime(request: HttpRequest) -> list[Uptime]:
    """平台可用率：近 30 日，今日在前。"""
    del request
    return queries.uptime()


@router.post("/supervision/rectifications",
             response={201: s.RectificationOut, PROBLEMS: ProblemOut})  # fmt: skip
@requires(P.SUPERVISION_PROJECT_CHECK)
def report_breach(request: HttpRequest, body: s.BreachIn) -> Status[dict[str, Any]]:
    """登记一条线索：写明情形条款和事由。"""
    by = actor_of(request)
    made = report.report_breach(
        organisation_code=body.organisation, case=body.case, text=body.text, by=by
    )
    return Status(201, _draft(queries.draft_for(made.pk, by)))


@router.post("/supervision/misuses",
             response={201: s.RectificationOut, PROBLEMS: ProblemOut})  # fmt: skip
@requires(P.SUPERVISION_PROJECT_CHECK)
def confirm_misuse(request: HttpRequest, body: s.MisuseIn) -> Status[dict[str, Any]]:
    """核实一条安全事件为滥用：生成（五）的线索，并暂停该单位的授权。"""
    by = actor_of(request)
    made = report.confirm_misuse(body.event, reason=body.reason, by=by)
    return Status(201, _draft(queries.draft_for(made.pk, by)))


@router.post("/supervision/rectifications/{draft_id}",
             response={200: s.RectificationOut, PROBLEMS: ProblemOut})  # fmt: skip
@requires(P.SUPERVISION_PROJECT_CHECK)
def decide_rectification(
    request: HttpRequest, draft_id: Id, body: s.RectificationIn
) -> dict[str, Any]:
    """核实或排除一条线索。"""
    command = DraftCommand.CONFIRM if body.confirm else DraftCommand.DISMISS
    by = actor_of(request)
    draft_actions.decide_draft(draft_id, command, reason=body.reason, by=by)
    return _draft(queries.draft_for(draft_id, by))
