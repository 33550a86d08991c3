"""The API of models and libraries, under ``/api/v1/lake/``."""

from django.http import HttpRequest
from ninja import Query, Router, Status

from tongqu.audit.public import annotate
from tongqu.identity.public import PROBLEMS, ProblemOut, actor_of, requires
from tongqu.identity.vocabulary import Permission as P
from tongqu.kernel.problems import Problem, Rejected
from tongqu.lake.actions import business as business_actions
from tongqu.lake.http.model_schemas import (
    BaseObjectOut,
    BusinessModelIn,
    BusinessModelOut,
    Code,
    FusedFieldOut,
    InstalledModelOut,
    ModelAdoptionIn,
    ServiceObjectOut,
    TopicIn,
    TopicOut,
)
from tongqu.lake.http.schemas import ProvenanceIn
from tongqu.lake.queries import business, libraries, models, services

router = Router()
READ = frozenset({400, 401, 403, 422})


@router.get("/lake/models", response={200: list[InstalledModelOut], READ: ProblemOut})
@requires(P.LAKE_TABLE_READ)
def installed(request: HttpRequest) -> list[InstalledModelOut]:
    """已安装的模型和最近一次运行。"""
    return [InstalledModelOut.of(row) for row in models.models()]


@router.get("/lake/libraries/base", response={200: list[BaseObjectOut], READ: ProblemOut})
@requires(P.LAKE_TABLE_READ)
def base_objects(request: HttpRequest) -> list[BaseObjectOut]:
    """基础库对象：主键、有效期、来源优先级和数据元引用。"""
    return [BaseObjectOut.of(one) for one in libraries.base_objects()]


@router.get("/lake/decisions", response={200: list[FusedFieldOut], PROBLEMS: ProblemOut})
@requires(P.LAKE_TABLE_READ)
def decisions(request: HttpRequest, query: Query[ProvenanceIn]) -> list[FusedFieldOut]:
    """一行融合数据的由来：各字段取自哪个来源、依据哪条规则；不含取值。"""
    key = dict(pair.split("=", 1) for pair in query.key)
    annotate(request, subject=query.table)
    return [FusedFieldOut.of(one) for one in models.decisions(query.table, key)]


@router.get("/lake/services", response={200: list[ServiceObjectOut], READ: ProblemOut})
@requires(P.LAKE_TABLE_READ)
def service_objects(request: HttpRequest) -> list[ServiceObjectOut]:
    """服务库的服务对象：表的版本、字段集和约定。"""
    return [ServiceObjectOut.of(one) for one in services.service_objects()]


@router.get("/lake/topics", response={200: list[TopicOut], READ: ProblemOut})
@requires(P.LAKE_TOPIC_ASK)
def topics(request: HttpRequest) -> list[TopicOut]:
    """专题库的各专题。"""
    return [TopicOut.of(one) for one in libraries.topics()]


@router.get("/lake/topics/{code}", response={200: TopicOut, PROBLEMS: ProblemOut})
@requires(P.LAKE_TOPIC_ASK)
def topic(request: HttpRequest, code: Code) -> TopicOut:
    """一个专题；数值只给申请部门。"""
    found = libraries.topic(code)
    if found is None:
        raise Rejected(_unknown("TOPIC_UNKNOWN", "没有这个专题。"))
    return TopicOut.of(found, libraries.figures(found, actor_of(request)))


@router.post("/lake/topics", response={201: TopicOut, PROBLEMS: ProblemOut})
@requires(P.LAKE_TOPIC_ASK)
def ask_topic(request: HttpRequest, body: TopicIn) -> Status[TopicOut]:
    """从模板申请专题：表由平台建立并计算。"""
    from tongqu.lake.actions.topics import TopicOrder, ask  # loads sqlglot

    annotate(request, subject=f"svc_topic_{body.code}")
    order = TopicOrder(
        code=body.code, title=body.title, template=body.template, owner=body.owner,
        indicators=tuple(body.indicators), retention_days=body.retention_days,
    )  # fmt: skip
    return Status(201, TopicOut.of(ask(order, by=actor_of(request))))


@router.get("/lake/business-models/{code}", response={200: BusinessModelOut, PROBLEMS: ProblemOut})
@requires(P.LAKE_TABLE_READ)
def business_model(request: HttpRequest, code: Code) -> BusinessModelOut:
    """业务数据模型的现行版本，以及与你单位所采用版本的差异。"""
    return BusinessModelOut.of(_shown(request, code))


@router.post("/lake/business-models", response={201: BusinessModelOut, PROBLEMS: ProblemOut})
@requires(P.LAKE_MODEL_EDIT)
def publish_model(request: HttpRequest, body: BusinessModelIn) -> Status[BusinessModelOut]:
    """发布业务数据模型或它的下一版；采用旧版的单位得到迁移任务。"""
    annotate(request, subject=body.code)
    head = business_actions.ModelHead(body.code, body.title, body.level, body.scope, body.refines)
    attributes = [one.attribute() for one in body.attributes]
    business_actions.publish(head, attributes, note=body.note, by=actor_of(request))
    return Status(201, BusinessModelOut.of(_shown(request, body.code)))


@router.post(
    "/lake/business-models/{code}/adopt", response={200: BusinessModelOut, PROBLEMS: ProblemOut}
)
@requires(P.LAKE_MODEL_EDIT)
def adopt_model(request: HttpRequest, code: Code, body: ModelAdoptionIn) -> BusinessModelOut:
    """采用一个版本；采用现行版本即完成迁移任务。"""
    annotate(request, subject=code)
    business_actions.adopt(code, body.version, by=actor_of(request))
    return BusinessModelOut.of(_shown(request, code))


def _shown(request: HttpRequest, code: str) -> business.ModelShown:
    shown = business.business_model(code, actor_of(request))
    if shown is None:
        raise Rejected(_unknown("BUSINESS_MODEL_UNKNOWN", "没有这个业务数据模型。"))
    return shown


def _unknown(code: str, title: str) -> Problem:
    return Problem(code=code, title=title, next_step="请从列表重新查找。")
