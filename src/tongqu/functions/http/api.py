"""API of this room, under ``/api/v1/``."""

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Status

from tongqu.audit.public import annotate
from tongqu.functions import public
from tongqu.functions.actions import charts, gaps, materials, moves, registers
from tongqu.functions.actions import functions as function_actions
from tongqu.functions.actions import systems as system_actions
from tongqu.functions.domain import swimlane
from tongqu.functions.http import schemas as s
from tongqu.functions.http import shown
from tongqu.functions.queries import linked, lists
from tongqu.functions.vocabulary import Origin, Part, PartProgress, SystemView
from tongqu.identity.public import PROBLEMS, ProblemOut, actor_of, requires
from tongqu.identity.vocabulary import Permission as P

router = Router()
READ = frozenset({400, 401, 403, 404, 422})
NEW = {201: s.FunctionOut, PROBLEMS: ProblemOut}


@router.get("/functions", response={200: s.FunctionPageOut, READ: ProblemOut})
@requires(P.FUNCTIONS_REGISTER_READ)
def list_functions(request: HttpRequest, query: Query[s.RegisterQuery]) -> dict[str, Any]:
    """职能清：本单位的职能和工作项；主管部门可看全部。"""
    found = lists.functions(actor_of(request))
    if query.department:
        found = found.filter(organisation__code=query.department)
    rows = shown.with_supports(found)[query.offset : query.offset + query.limit]
    return {
        "total": found.count(), "limit": query.limit, "offset": query.offset,
        "functions": [shown.function(row) for row in rows],
    }  # fmt: skip


@router.post("/functions", response=NEW)
@requires(P.FUNCTIONS_REGISTER_EDIT)
def create_function(request: HttpRequest, body: s.FunctionIn) -> Status[Any]:
    """登记职能或工作项；工作项没有上级职能的，不予保存。"""
    found = public.save_function(body.fields(), by=actor_of(request))
    annotate(request, subject=found.code)
    return Status(201, shown.function(found))


@router.get("/functions/{code}", response={200: s.FunctionOut, READ: ProblemOut})
@requires(P.FUNCTIONS_REGISTER_READ)
def get_function(request: HttpRequest, code: s.Code) -> dict[str, Any]:
    """查看一项职能或工作项，及支撑它的系统和模块。"""
    return shown.function(lists.one(lists.functions(actor_of(request)), code, actor_of(request)))


@router.patch("/functions/{code}", response={200: s.FunctionOut, PROBLEMS: ProblemOut})
@requires(P.FUNCTIONS_REGISTER_EDIT)
def patch_function(request: HttpRequest, code: s.Code, body: s.FunctionIn) -> dict[str, Any]:
    """修改一项职能或工作项。"""
    annotate(request, subject=code)
    found = public.save_function(
        body.fields(), by=actor_of(request), code=code, edition=body.edition
    )
    return shown.function(found)


@router.post("/functions/{code}/end", response={200: s.AffectedOut, PROBLEMS: ProblemOut})
@requires(P.FUNCTIONS_REGISTER_EDIT)
def end_function(request: HttpRequest, code: s.Code, body: s.EndIn) -> dict[str, Any]:
    """终止职能；相关目录条目转为待更新。"""
    annotate(request, subject=code)
    turned = public.end_function(code, on=body.on, reason=body.reason, by=actor_of(request))
    return {"entries": list(turned)}


@router.post("/functions/{code}/supports", response={200: s.FunctionOut, PROBLEMS: ProblemOut})
@requires(P.FUNCTIONS_REGISTER_EDIT)
def map_support(request: HttpRequest, code: s.Code, body: s.SupportIn) -> dict[str, Any]:
    """登记或取消职能、工作项与系统、模块的对应关系。"""
    annotate(request, subject=code)
    actor = actor_of(request)
    public.map_support(code, body.system, module=body.module, is_mapped=body.is_mapped, by=actor)
    return shown.function(lists.one(lists.functions(actor), code, actor))


@router.post("/functions/{code}/entries", response={200: s.AffectedOut, PROBLEMS: ProblemOut})
@requires(P.FUNCTIONS_REGISTER_EDIT)
def link_function_entry(request: HttpRequest, code: s.Code, body: s.EntryLinkIn) -> dict[str, Any]:
    """登记或取消目录条目与职能的对应关系；返回该职能的全部条目。"""
    annotate(request, subject=code)
    actor = actor_of(request)
    function_actions.link_entry(code, body.entry, is_linked=body.is_linked, by=actor)
    found = lists.one(lists.functions(actor), code, actor)
    return {"entries": sorted(linked.entries_of_functions([found.pk]))}


@router.post("/functions/{code}/moves", response={201: s.MoveOut, PROBLEMS: ProblemOut})
@requires(P.FUNCTIONS_REGISTER_READ)
def propose_move(request: HttpRequest, code: s.Code, body: s.MoveIn) -> Status[Any]:
    """登记职能划转，列出随之变更的系统、目录条目和责任人，待逐项确认。"""
    annotate(request, subject=code)
    move = moves.propose_move(code, by=actor_of(request), **body.model_dump())
    return Status(201, shown.move(move))


@router.get("/function-moves/{code}", response={200: s.MoveOut, READ: ProblemOut})
@requires(P.FUNCTIONS_REGISTER_READ)
def get_move(request: HttpRequest, code: s.Code) -> dict[str, Any]:
    """查看一件职能划转。"""
    return shown.move(shown.own_move(actor_of(request), code))


@router.post("/function-moves/{code}/decisions", response={200: s.MoveOut, PROBLEMS: ProblemOut})
@requires(P.FUNCTIONS_REGISTER_APPROVE)
def decide_move(request: HttpRequest, code: s.Code, body: s.DecisionsIn) -> dict[str, Any]:
    """逐项确认；确认的目录条目登记变更，新提供部门为划入部门。"""
    annotate(request, subject=code)
    found = moves.decide_move(
        code, {item.id: item.decision for item in body.items},
        posts={item.id: item.post for item in body.items if item.post},
        effective_on=body.effective_on, by=actor_of(request),
    )  # fmt: skip
    return shown.move(found)


@router.get("/systems", response={200: list[s.SystemLineOut], READ: ProblemOut})
@requires(P.FUNCTIONS_REGISTER_READ)
def list_systems(request: HttpRequest) -> list[SystemView]:
    """应用清：系统、类别和已发布目录数；应共享而没有已发布目录的，标为违规。"""
    return lists.system_views(actor_of(request))


@router.post("/systems", response={201: s.AppSystemOut, PROBLEMS: ProblemOut})
@requires(P.FUNCTIONS_REGISTER_EDIT)
def create_system(request: HttpRequest, body: s.SystemIn) -> Status[Any]:
    """登记应用系统；涉密系统不予录入。"""
    found = public.save_system(body.fields(), by=actor_of(request))
    annotate(request, subject=found.code)
    return Status(201, shown.system(found))


@router.get("/systems/{code}", response={200: s.AppSystemOut, READ: ProblemOut})
@requires(P.FUNCTIONS_REGISTER_READ)
def get_system(request: HttpRequest, code: s.Code) -> dict[str, Any]:
    """查看一个应用系统、其模块和目录条目。"""
    return shown.system(lists.one(lists.systems(actor_of(request)), code, actor_of(request)))


@router.patch("/systems/{code}", response={200: s.AppSystemOut, PROBLEMS: ProblemOut})
@requires(P.FUNCTIONS_REGISTER_EDIT)
def patch_system(request: HttpRequest, code: s.Code, body: s.SystemIn) -> dict[str, Any]:
    """修改一个应用系统。"""
    annotate(request, subject=code)
    found = public.save_system(body.fields(), by=actor_of(request), code=code, edition=body.edition)
    return shown.system(found)


@router.post("/systems/{code}/retire", response={200: s.AffectedOut, PROBLEMS: ProblemOut})
@requires(P.FUNCTIONS_REGISTER_EDIT)
def retire_system(request: HttpRequest, code: s.Code, body: s.EndIn) -> dict[str, Any]:
    """停用系统；来自它的目录条目转为待更新。"""
    annotate(request, subject=code)
    turned = public.retire_system(code, on=body.on, reason=body.reason, by=actor_of(request))
    return {"entries": list(turned)}


@router.post("/systems/{code}/entries", response={200: s.AppSystemOut, PROBLEMS: ProblemOut})
@requires(P.FUNCTIONS_REGISTER_EDIT)
def link_system_entry(request: HttpRequest, code: s.Code, body: s.EntryLinkIn) -> dict[str, Any]:
    """登记或取消目录条目与来源系统的对应关系。"""
    annotate(request, subject=code)
    actor = actor_of(request)
    system_actions.link_entry(code, body.entry, is_linked=body.is_linked, by=actor)
    return shown.system(lists.one(lists.systems(actor), code, actor))


@router.get("/registers/progress", response={200: list[s.ProgressOut], READ: ProblemOut})
@requires(P.FUNCTIONS_REGISTER_READ)
def progress(request: HttpRequest) -> tuple[PartProgress, ...]:
    """两清一图进度：各部分已完成的部门比例和未完成的部门。"""
    return public.progress()


@router.get("/registers/coverage", response={200: list[s.CoverageOut], READ: ProblemOut})
@requires(P.FUNCTIONS_REGISTER_READ)
def coverage(request: HttpRequest) -> list[lists.Coverage]:
    """各部门工作项的数字化覆盖。"""
    return lists.coverage(actor_of(request))


@router.post(
    "/registers/{department}/{part}/steps", response={200: s.RegisterOut, PROBLEMS: ProblemOut}
)
@requires(P.FUNCTIONS_REGISTER_READ)
def step_register(
    request: HttpRequest, department: s.Code, part: Part, body: s.RegisterStepIn
) -> dict[str, Any]:
    """办理清单的一步：提交、部门确认、审核、退回、登记变更。"""
    annotate(request, subject=f"{department} {part.value}")
    found = registers.step_register(
        department, part, body.command, note=body.note, by=actor_of(request)
    )
    return {
        "department": department, "part": part, "state": found.state, "note": found.note,
        "effective_on": found.effective_on,
    }  # fmt: skip


@router.get("/swimlanes", response={200: list[s.ChartLineOut], READ: ProblemOut})
@requires(P.FUNCTIONS_REGISTER_READ)
def list_charts(request: HttpRequest) -> list[dict[str, Any]]:
    """业务泳道图。"""
    found = lists.charts(actor_of(request)).defer("document")
    return [shown.chart_line(chart) for chart in found]


@router.post("/swimlanes", response={201: s.SwimlaneOut, PROBLEMS: ProblemOut})
@requires(P.FUNCTIONS_REGISTER_EDIT)
def create_chart(request: HttpRequest, body: s.NewChartIn) -> Status[Any]:
    """新建泳道图，或从 BPMN 2.0 文件导入。"""
    found = charts.new_chart(
        body.title, function=body.function, document=body.document.encode(),
        by=actor_of(request),
    )  # fmt: skip
    annotate(request, subject=found.code)
    return Status(201, shown.chart(found))


@router.get("/swimlanes/{code}", response={200: s.SwimlaneOut, READ: ProblemOut})
@requires(P.FUNCTIONS_REGISTER_READ)
def get_chart(request: HttpRequest, code: s.Code) -> dict[str, Any]:
    """查看泳道图：内容和 BPMN 2.0 XML。"""
    return shown.chart(lists.one(lists.charts(actor_of(request)), code, actor_of(request)))


@router.put("/swimlanes/{code}", response={200: s.SwimlaneOut, PROBLEMS: ProblemOut})
@requires(P.FUNCTIONS_REGISTER_EDIT)
def save_chart(request: HttpRequest, code: s.Code, body: s.ChartSaveIn) -> dict[str, Any]:
    """保存泳道图；打开后已被他人修改的，答复 409 CHART_CHANGED。"""
    annotate(request, subject=code)
    model = swimlane.from_document(body.model.model_dump())
    return shown.chart(charts.save_chart(code, model, edition=body.edition, by=actor_of(request)))


@router.put("/swimlanes/{code}/bpmn", response={200: s.SwimlaneOut, PROBLEMS: ProblemOut})
@requires(P.FUNCTIONS_REGISTER_EDIT)
def import_chart(request: HttpRequest, code: s.Code, body: s.ChartImportIn) -> dict[str, Any]:
    """以 BPMN 2.0 文件替换泳道图；不认识的元素保留。"""
    annotate(request, subject=code)
    found = charts.import_chart(
        code, body.document.encode(), edition=body.edition, by=actor_of(request)
    )
    return shown.chart(found)


@router.get("/entry-origins/{code}", response={200: list[s.OriginOut], READ: ProblemOut})
@requires(P.LAKE_LINEAGE_READ)
def entry_origins(request: HttpRequest, code: s.Code) -> list[Origin]:
    """目录条目由哪些环节产生、更新、归档，所在泳道、部门和系统。"""
    return public.origins_shown(code, actor_of(request))


@router.get("/gaps", response={200: list[s.GapOut], READ: ProblemOut})
@requires(P.FUNCTIONS_REGISTER_READ)
def list_gaps(request: HttpRequest, query: Query[s.RegisterQuery]) -> list[dict[str, Any]]:
    """未消除的数据缺口。"""
    found = lists.gaps(actor_of(request))
    if query.department:
        found = found.filter(organisation__code=query.department)
    return [shown.gap(gap) for gap in found[query.offset : query.offset + query.limit]]


@router.post("/gaps/analyses", response={200: s.AnalysisOut, PROBLEMS: ProblemOut})
@requires(P.FUNCTIONS_REGISTER_READ)
def analyse_gaps(request: HttpRequest) -> gaps.Analysis:
    """分析数据缺口：无系统、无数据、无责任人、静态未结构化；重复分析不产生重复缺口。"""
    return gaps.analyse(by=actor_of(request))


@router.post("/gaps/{gap}/task", response={201: s.DigitalTaskOut, PROBLEMS: ProblemOut})
@requires(P.FUNCTIONS_REGISTER_READ)
def open_task(request: HttpRequest, gap: s.Id, body: s.TaskIn) -> Status[Any]:
    """把缺口转为数字化升级改造任务。"""
    task = gaps.open_task(
        gap, due_on=body.due_on, organisation_code=body.department, title=body.title,
        by=actor_of(request),
    )  # fmt: skip
    annotate(request, subject=task.code)
    return Status(201, shown.task(task))


@router.post("/digital-tasks/{code}/steps", response={200: s.DigitalTaskOut, PROBLEMS: ProblemOut})
@requires(P.FUNCTIONS_REGISTER_READ)
def step_task(request: HttpRequest, code: s.Code, body: s.TaskStepIn) -> dict[str, Any]:
    """办理任务的一步。"""
    annotate(request, subject=code)
    return shown.task(gaps.step_task(code, body.command, note=body.note, by=actor_of(request)))


@router.get("/static-materials", response={200: s.MaterialsOut, READ: ProblemOut})
@requires(P.FUNCTIONS_REGISTER_READ)
def list_materials(request: HttpRequest, query: Query[s.RegisterQuery]) -> dict[str, Any]:
    """静态材料的转化情况和数字化率。"""
    actor = actor_of(request)
    found = lists.digitalisation(actor)
    rows = lists.materials(actor)[query.offset : query.offset + query.limit]
    return {
        "total": found.total, "rate": found.rate, "materials": list(rows),
        "by_state": {state.value: count for state, count in found.by_state.items()},
    }  # fmt: skip


@router.post("/static-materials", response={201: s.MaterialOut, PROBLEMS: ProblemOut})
@requires(P.FUNCTIONS_REGISTER_EDIT)
def add_material(request: HttpRequest, body: s.MaterialIn) -> Status[Any]:
    """登记静态材料。"""
    found = materials.add_material(body.model_dump(), by=actor_of(request))
    annotate(request, subject=found.code)
    return Status(201, found)


@router.post("/static-materials/{code}/steps", response={200: s.MaterialOut, PROBLEMS: ProblemOut})
@requires(P.FUNCTIONS_REGISTER_READ)
def step_material(request: HttpRequest, code: s.Code, body: s.MaterialStepIn) -> Any:
    """办理材料的一步：扫描、识别、人工核验。"""
    annotate(request, subject=code)
    return materials.step_material(
        code, body.command, given=body.model_dump(exclude={"command"}), by=actor_of(request)
    )
