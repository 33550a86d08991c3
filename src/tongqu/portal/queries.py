"""What the portal gathers from the rooms: work, messages, figures, recent entries."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from tongqu.catalog import public as catalog
from tongqu.catalog.vocabulary import Domain, EntryView, SearchFilters, Stock
from tongqu.functions import public as functions
from tongqu.identity import public as identity
from tongqu.identity.vocabulary import Permission as P
from tongqu.ingest import public as ingest
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.work import TodoItem
from tongqu.lake import public as lake
from tongqu.ledger import public as ledger
from tongqu.masters import public as masters
from tongqu.onesource import public as onesource
from tongqu.opening import public as opening
from tongqu.policy.public import calendar
from tongqu.portal import navigation
from tongqu.portal.domain import limits
from tongqu.quality import public as quality
from tongqu.sharing import public as sharing
from tongqu.standards import public as standards
from tongqu.supervision import public as supervision

SOURCES: tuple[Callable[[Actor], list[TodoItem]], ...] = (
    catalog.todos,
    functions.todos,
    ingest.todos,
    lake.todos,
    quality.todos,
    sharing.todos,
    opening.todos,
    ledger.todos,
    masters.todos,
    supervision.todos,
    onesource.todos,
    standards.todos,
)
RECENT = 8


def todos(actor: Actor) -> list[TodoItem]:
    """Return what waits for the actor in every room, the nearest limit first."""
    if actor.kind == "public":
        return []
    found = (item for source in SOURCES for item in source(actor))
    return sorted(found, key=lambda item: (item.due_on or date.max, item.received_at))


def unread(actor: Actor) -> int:
    return 0 if actor.user_id is None else identity.unread_count(actor)


@dataclass(frozen=True, slots=True)
class Topic:
    domain: Domain
    icon: str
    hint: str
    count: int


TOPICS: tuple[tuple[Domain, str, str], ...] = (
    (Domain.HIGHWAY, "road", "路线、桥隧、养护、收费站"),
    (Domain.ROAD_TRANSPORT, "truck", "业户、车辆、从业人员"),
    (Domain.WATERWAY, "ship", "船舶、航道、港口"),
    (Domain.RAILWAY, "train", "线路、车站、班次"),
    (Domain.CIVIL_AVIATION, "plane", "机场、航线、航班"),
    (Domain.POST, "mail", "网点、寄递"),
    (Domain.URBAN, "bus", "公交、轨道、出租"),
    (Domain.GENERAL, "building-bank", "许可、信用、规划统计"),
)


@dataclass(frozen=True, slots=True)
class Overview:
    """What the first page shows; every figure counts versions in force, at ``at``."""

    stock: Stock
    organisations: int
    topics: tuple[Topic, ...]
    recent: tuple[EntryView, ...]
    at: datetime


def overview(actor: Actor) -> Overview:
    result = catalog.search("", SearchFilters(limit=RECENT), actor)
    counts = {
        value.value: value.count
        for facet in result.facets
        if facet.name == "domain"
        for value in facet.values
    }
    topics = (Topic(d, icon, hint, counts.get(d.value, 0)) for d, icon, hint in TOPICS)
    return Overview(
        stock=catalog.stock(),
        organisations=len(identity.organisations()),
        topics=tuple(topics),
        recent=result.entries,
        at=clock.now(),
    )


@dataclass(frozen=True, slots=True)
class Urgency:
    overdue: int
    soon: int
    total: int


def by_urgency(todos: list[TodoItem]) -> Urgency:
    """Count what is past its limit and what is due within three working days."""
    today, days = clock.today(), calendar()
    tones = [limits.remaining(item.due_on, today, days).tone for item in todos if item.due_on]
    return Urgency(tones.count("over"), tones.count("soon"), len(todos))


@dataclass(frozen=True, slots=True)
class Task:
    title: str
    hint: str
    icon: str


def _task(title: str, hint: str, *, icon: str, page: str, needs: P) -> tuple[Task, str, P]:
    return Task(title, hint, icon), page, needs


TASKS = (
    _task("办理初审", "材料齐全、用途明确的转提供部门", icon="clipboard-check",
          page="portal:todo", needs=P.SHARING_REQUEST_FIRST_REVIEW),
    _task("审核共享申请", "同意、部分同意，或依据条款拒绝", icon="gavel",
          page="portal:todo", needs=P.SHARING_REQUEST_PROVIDER_REVIEW),
    _task("申请共享数据", "在目录中选定资源后提交", icon="arrows-exchange",
          page="catalog:search", needs=P.SHARING_REQUEST_SUBMIT),
    _task("查看我的授权", "用量、到期、调用地址", icon="key",
          page="delivery:my_grants", needs=P.DELIVERY_DATA_USE),
    _task("编制数据目录", "填报元数据和信息项", icon="list-details",
          page="catalog:new", needs=P.CATALOG_ENTRY_DRAFT),
    _task("接入数据", "登记数据源，导入文件", icon="plug-connected",
          page="ingest:tasks", needs=P.INGEST_LOAD_RUN),
    _task("查看数据质量", "评分、问题和整改", icon="heartbeat",
          page="quality:overview", needs=P.QUALITY_RESULT_READ),
    _task("核对授权台账", "到期、未使用、撤销", icon="clipboard-check",
          page="sharing:grants", needs=P.SHARING_GRANT_REVOKE),
    _task("检索审计记录", "谁在何时办了什么", icon="history",
          page="audit:trail", needs=P.AUDIT_TRAIL_READ),
)  # fmt: skip
TASKS_SHOWN = 4


def desk_tasks(actor: Actor) -> list[tuple[Task, str]]:
    """Return common tasks open to the actor, of pages that exist, with their addresses."""
    found = [
        (task, page.url)
        for task, name, needs in TASKS
        if actor.may(needs) and (page := navigation.page(name))
    ]
    return found[:TASKS_SHOWN]
