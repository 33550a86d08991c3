"""The API of the lake, under ``/api/v1/``."""

from django.http import HttpRequest, HttpResponse
from ninja import Query

from tongqu.audit.public import annotate
from tongqu.identity.public import PROBLEMS, ProblemOut, actor_of, requires
from tongqu.identity.vocabulary import Permission as P
from tongqu.lake import public
from tongqu.lake.actions.foreign import take_event
from tongqu.lake.actions.out_of_band import refuse_query
from tongqu.lake.http.model_api import router
from tongqu.lake.http.schemas import (
    CheckedModelOut,
    EdgeOut,
    LineageEventIn,
    LineageIn,
    PackIn,
    ProvenanceIn,
    ProvenanceOut,
    QueryIn,
    TableOut,
)

__all__ = ["router"]
READ = frozenset({400, 401, 403, 422})


@router.get("/lake/tables", response={200: list[TableOut], READ: ProblemOut})
@requires(P.LAKE_TABLE_READ)
def tables(request: HttpRequest) -> list[TableOut]:
    """三层库表：各表的层、库、列、行数和快照。"""
    return [TableOut.of(view) for view in public.tables()]


@router.get("/lake/lineage", response={200: list[EdgeOut], READ: ProblemOut})
@requires(P.LAKE_LINEAGE_READ)
def lineage(request: HttpRequest, query: Query[LineageIn]) -> list[EdgeOut]:
    """字段血缘：向上溯源（up）或向下看影响（down），由近到远。"""
    return [EdgeOut.of(edge) for edge in public.lineage(query.table, query.column, query.direction)]


@router.post("/lineage", response={200: list[EdgeOut], PROBLEMS: ProblemOut})
@requires(P.LAKE_MODEL_RUN)
def take_lineage(request: HttpRequest, body: LineageEventIn) -> list[EdgeOut]:
    """接收外部作业的 OpenLineage 事件：字段血缘并入血缘图，同一作业的新事件取代旧事件。"""
    edges = take_event(body.model_dump(), by=actor_of(request))
    annotate(request, subject="lineage")
    return [EdgeOut.of(edge) for edge in edges]


@router.get("/lake/provenance", response={200: ProvenanceOut, PROBLEMS: ProblemOut})
@requires(P.LAKE_TABLE_READ)
def provenance(request: HttpRequest, query: Query[ProvenanceIn]) -> ProvenanceOut:
    """一行数据的来处：按主键溯到贴源层各行的来源系统、数源部门、批次和入湖时间。"""
    key = dict(pair.split("=", 1) for pair in query.key)
    found = public.provenance(query.table, key)
    annotate(request, subject=query.table)
    return ProvenanceOut.of(found)


@router.post("/lake/query", response={PROBLEMS: ProblemOut})
@requires(P.LAKE_SQL_RUN)
def query(request: HttpRequest, body: QueryIn) -> HttpResponse:
    """直接查询湖仓：一律拒绝并记为绕开平台取数（OUT_OF_BAND）；取数须经共享授权。"""
    annotate(request, subject="lake")
    refuse_query(body.sql, by=actor_of(request))


@router.post("/lake/models/validate", response={200: list[CheckedModelOut], PROBLEMS: ProblemOut})
@requires(P.LAKE_MODEL_RUN)
def validate(request: HttpRequest, body: PackIn) -> list[CheckedModelOut]:
    """检查一组模型能否运行：分层方向、写法、主键；不读写任何数据。"""
    pack = public.check_models([(file.name, file.sql) for file in body.files])
    return [
        CheckedModelOut(
            name=model.name,
            layer=model.ref.layer,
            library=model.library,
            reads=list(pack.reads[model.name]),
        )
        for model in pack.models
    ]
