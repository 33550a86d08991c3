"""The API of the ledger: coverage, crossings, the two ledgers, the flow, the stock."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router, Status

from tongqu.audit.public import annotate
from tongqu.catalog import public as catalog
from tongqu.identity.public import PROBLEMS, ProblemOut, actor_of, piloted, requires
from tongqu.identity.vocabulary import Permission as P
from tongqu.kernel.problems import Rejected
from tongqu.ledger.actions import flows as flow_actions
from tongqu.ledger.actions import metadata as metadata_actions
from tongqu.ledger.actions import resources as resource_actions
from tongqu.ledger.actions import stock as stock_actions
from tongqu.ledger.domain import problems
from tongqu.ledger.http import schemas as s
from tongqu.ledger.http import shown
from tongqu.ledger.queries import coverage, crossings, flows, metadata, resources, stock
from tongqu.ledger.queries.scope import provider_of
from tongqu.ledger.vocabulary import CoverageState, Filled, FlowStep, ObjectKind

router = Router()
Limit = Annotated[int, Query(ge=1, le=1_000)]
Offset = Annotated[int, Query(ge=0, le=1_000_000)]
Words = Annotated[str, Query(max_length=100, pattern=r"^[^\x00-\x1f]*$")]
CROSSINGS = ("ledger.crossings", "五跨统计")  # may be tried in some places first


@router.get("/ledger/coverage", response={200: s.LedgerCoverageOut, PROBLEMS: ProblemOut})
@requires(P.LEDGER_REPORT_READ)
def read_coverage(
    request: HttpRequest,
    state: CoverageState | None = None,
    limit: Limit = 100,
    offset: Offset = 0,
) -> shown.Shown:
    """应归未归：每个条目由谁需要、是否已接入，以及各部门进度。"""
    everything = coverage.covered(actor_of(request))
    rows = [row for row in everything if state is None or row.state is state]
    return {
        "total": len(rows),
        "boards": coverage.boards(everything),
        "rows": [
            {
                "code": row.entry.code, "name": row.entry.name,
                "provider_name": row.entry.provider_name, "state": row.state,
                "state_label": row.state.label, "required_by": row.required_by,
                "connected_rows": row.entry.connected_rows, "demands": list(row.demands),
            }
            for row in rows[offset : offset + limit]
        ],
    }  # fmt: skip


@router.get("/ledger/crossings", response={200: s.CrossingsOut, PROBLEMS: ProblemOut})
@requires(P.LEDGER_REPORT_READ)
@piloted(*CROSSINGS)
def read_crossings(request: HttpRequest, limit: Limit = 100, offset: Offset = 0) -> shown.Shown:
    """五跨：每项授权跨越了哪些系统、部门、业务、层级、地域，以及统计。"""
    found = crossings.flows(actor_of(request))
    return {
        "total": len(found),
        "statistics": crossings.statistics(found),
        "flows": found[offset : offset + limit],
    }


@router.get("/ledger/resources", response={200: s.ResourcesOut, PROBLEMS: ProblemOut})
@requires(P.LEDGER_REPORT_READ)
def read_resources(request: HttpRequest, limit: Limit = 100, offset: Offset = 0) -> shown.Shown:
    """总账：每个资源的分级、共享、开放、运营状态，并与目录对账。"""
    actor = actor_of(request)
    found = resources.resources(actor)
    lines = catalog.lines(provider_id=provider_of(actor))
    visible = {line.code for line in lines} | set(found.values_list("entry_code", flat=True))
    first = found.first()
    return {
        "total": found.count(),
        "catalogue_total": len(lines),
        "compiled_at": first.compiled_at if first else None,
        "differences": [d for d in resources.reconciled() if d.code in visible],
        "rows": list(found[offset : offset + limit]),
    }


@router.post("/ledger/resources", response={200: s.ResourcesOut, PROBLEMS: ProblemOut})
@requires(P.LEDGER_STOCK_MEASURE)
def compile_resources(request: HttpRequest) -> shown.Shown:
    """重新汇编总账。"""
    resource_actions.compile_ledger(by=actor_of(request))
    return read_resources(request)


@router.get("/ledger/objects", response={200: s.MetadataPageOut, PROBLEMS: ProblemOut})
@requires(P.LEDGER_REPORT_READ)
def list_objects(
    request: HttpRequest,
    *,
    q: Words = "",
    kind: ObjectKind | None = None,
    state: Filled | None = None,
    limit: Limit = 100,
    offset: Offset = 0,
) -> shown.Shown:
    """元数据台账：数据库、表、数据项、模型和文件的四类元数据。"""
    found = metadata.objects(actor_of(request), words=q, kind=kind or "", state=state or "")
    rows = found[offset : offset + limit]
    return {"total": found.count(), "objects": [shown.metadata(row) for row in rows]}


@router.put(
    "/ledger/objects/{object_id}", response={200: s.MetadataObjectOut, PROBLEMS: ProblemOut}
)
@requires(P.LEDGER_METADATA_EDIT)
def describe_object(request: HttpRequest, object_id: s.Id, body: s.DescribeIn) -> shown.Shown:
    """填写本单位对象的业务元数据和管理元数据。"""
    found = metadata_actions.describe(object_id, **body.model_dump(), by=actor_of(request))
    return shown.metadata(found)


@router.get("/ledger/flow", response={200: s.FlowDefinitionOut, PROBLEMS: ProblemOut})
@requires(P.LEDGER_REPORT_READ)
def read_flow(request: HttpRequest) -> shown.Shown:
    """政务数据提供与更新流程的现行版本。"""
    return shown.definition(flow_actions.current())


@router.put("/ledger/flow", response={200: s.FlowDefinitionOut, PROBLEMS: ProblemOut})
@requires(P.LEDGER_FLOW_EDIT)
def define_flow(request: HttpRequest, body: s.FlowDefinitionIn) -> shown.Shown:
    """修订流程，形成新版本；在办的仍按原版本办结。"""
    steps = [FlowStep(**step.model_dump()) for step in body.steps]
    made = flow_actions.define(steps, note=body.note, base=body.base, by=actor_of(request))
    return shown.definition(made)


@router.post("/ledger/flow/instances", response={201: s.FlowInstanceOut, PROBLEMS: ProblemOut})
@requires(P.LEDGER_FLOW_RUN)
def start_flow(request: HttpRequest, body: s.FlowStartIn) -> Status[shown.Shown]:
    """为本单位的条目发起流程；在办的，答原来那一个。"""
    annotate(request, subject=body.entry_code)
    made = flow_actions.start(body.entry_code, by=actor_of(request))
    return Status(201, shown.instance(made))


@router.get("/ledger/flow/instances/{instance_id}",
            response={200: s.FlowInstanceOut, PROBLEMS: ProblemOut})  # fmt: skip
@requires(P.LEDGER_REPORT_READ)
def read_flow_instance(request: HttpRequest, instance_id: s.Id) -> shown.Shown:
    """一个流程办到哪一步。"""
    return shown.instance(flows.instance_for(instance_id, actor_of(request)))


@router.post("/ledger/flow/instances/{instance_id}/steps/{code}",
             response={200: s.FlowInstanceOut, PROBLEMS: ProblemOut})  # fmt: skip
@requires(P.LEDGER_FLOW_RUN)
def finish_flow_step(request: HttpRequest, instance_id: s.Id, code: s.Code) -> shown.Shown:
    """办结当前步骤。"""
    done = flow_actions.finish_step(instance_id, code=code, note="", by=actor_of(request))
    return shown.instance(done)


@router.get("/ledger/stock", response={200: s.StockMeasurementOut, PROBLEMS: ProblemOut})
@requires(P.PORTAL_PAGE_READ)
def read_stock(request: HttpRequest) -> shown.Shown:
    """最近一次测量的存量：表、数据项、行，汇聚率、治理率、共享率。"""
    found = stock.newest()
    if found is None:
        raise Rejected(problems.NOT_MEASURED)
    return shown.measured(found)


@router.post("/ledger/stock", response={201: s.StockMeasurementOut, PROBLEMS: ProblemOut})
@requires(P.LEDGER_STOCK_MEASURE)
def measure_stock(request: HttpRequest) -> Status[shown.Shown]:
    """立即测量。"""
    return Status(201, shown.measured(stock_actions.measure(by=actor_of(request))))
