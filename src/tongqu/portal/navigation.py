"""Where one can go: a link is shown when its page exists and the reader may open it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from django.urls import NoReverseMatch, Resolver404, resolve, reverse

from tongqu.identity.public import closed_pilots
from tongqu.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Place:
    label: str
    url_name: str
    icon: str = ""
    key: str = ""
    also: str = ""  # another address that belongs here


@dataclass(frozen=True, slots=True)
class Link:
    place: Place
    url: str
    is_current: bool = False


PORTAL = (
    Place("首页", "portal:home", key="home"),
    Place("数据目录", "catalog:search", key="catalog"),
    Place("数据开放", "opening:index", key="open"),
    Place("数据产品", "products:prd03", key="products"),
    Place("数据存量", "ledger:stock", key="stats"),
    Place("政策法规", "policy:library", key="policies"),
    Place("使用指引", "portal:help", key="help"),
    Place("接口规范", "portal:api_guide", key="api"),
    Place("工作台", "portal:desk", key="desk"),
)
DESK = {
    "办公": (
        Place("我的概览", "portal:desk", "layout-dashboard", "desk"),
        Place("待办中心", "portal:todo", "inbox", "todo"),
        Place("消息中心", "portal:messages", "message", "messages"),
        Place("我的申请", "sharing:applications", "clipboard-list", "applications", "/desk/apply/"),
        Place("我的授权", "delivery:my_grants", "key", "my_grants"),
        Place("供数工作台", "sharing:provider", "transfer-in", "provider"),
        Place("我的检索", "catalog:searches", "search", "searches"),
    ),
    "梳理": (
        Place("职能清", "functions:functions", "sitemap", "functions"),
        Place("应用清", "functions:systems", "apps", "systems"),
        Place("业务泳道图", "functions:swimlanes", "route", "swimlanes"),
        Place("两清一图进度", "functions:progress", "progress-check", "progress"),
        Place("数字化覆盖", "functions:matrix", "grid-dots", "matrix"),
        Place("数据缺口", "functions:gaps", "puzzle", "gaps"),
        Place("静态数据转化", "functions:materials", "scan", "materials"),
        Place("系统共享合规", "functions:board", "checklist", "board"),
    ),
    "目录": (
        Place("目录管理", "catalog:manage", "list-details", "manage"),
        Place("批量著录", "catalog:import", "table-import", "import"),
        Place("检测规则", "catalog:rules", "checks", "rules"),
        Place("目录标识", "catalog:identifiers", "fingerprint", "identifiers"),
        Place("编目回执", "catalog:receipts", "file-certificate", "receipts"),
        Place("资源调查", "ledger:surveys", "clipboard-list", "surveys"),
        Place("目录融合", "ledger:merges", "git-merge", "merges"),
    ),
    "标准": (
        Place("数据标准", "standards:library", "books", "standards"),
        Place("代码集", "standards:code_tables", "list-numbers", "code_tables"),
        Place("数据元", "standards:elements", "components", "elements"),
        Place("电子单据", "standards:messages", "file-code", "formats"),
        Place("贯标率", "onesource:following", "ruler-2", "following"),
        Place("一数一源", "onesource:authorities", "link", "onesource"),
    ),
    "汇聚": (
        Place("汇聚接入", "ingest:tasks", "plug-connected", "ingest"),
        Place("供数流程", "ledger:flow", "transfer-in", "flow"),
        Place("外部来源", "ingest:external", "building-community", "external"),
        Place("报送模板", "ingest:templates", "calendar-due", "templates"),
        Place("层层汇聚", "ingest:layers", "stack-2", "layers"),
        Place("原有系统迁移", "ingest:migrations", "arrows-exchange", "migrations"),
    ),
    "感知与媒体": (
        Place("感知设备", "assets:devices", "router", "devices"),
        Place("媒体库", "assets:media_list", "photo", "media"),
        Place("视频源", "assets:cameras", "video", "cameras"),
        Place("基础设施", "assets:structures", "building-bridge", "structures"),
    ),
    "湖仓": (
        Place("三层库表", "lake:tables", "stack-2", "lake"),
        Place("五库总览", "lake:libraries", "books", "libraries"),
        Place("数据模型", "lake:models", "components", "models"),
        Place("业务数据模型", "lake:business_models", "sitemap", "business_models"),
        Place("专题库", "lake:topics", "ruler-2", "topics"),
        Place("服务库", "lake:service_objects", "api", "service_objects"),
        Place("数据血缘", "lake:lineage", "hierarchy", "lineage"),
        Place("湖仓维护", "lake:upkeep", "tool", "lake_upkeep"),
    ),
    "总账": (
        Place("一本账", "ledger:ledger", "database", "ledger"),
        Place("资源总账", "ledger:resources", "book", "resources"),
        Place("应归未归", "ledger:coverage", "category", "ledger_coverage"),
        Place("运营清单", "ledger:batches", "list-check", "batches"),
    ),
    "质量": (
        Place("质量总览", "quality:overview", "heartbeat", "quality"),
        Place("质量规则", "quality:rules", "list-details", "quality_rules"),
        Place("检测记录", "quality:runs", "history", "quality_runs"),
        Place("质量标准", "quality:standards", "books", "quality_standards"),
        Place("质量门槛", "quality:gates", "shield-lock", "gates"),
        Place("目录核对", "quality:reality", "arrows-exchange", "reality"),
        Place("全链路监控", "lake:chains", "git-merge", "chains"),
    ),
    "整改考核": (
        Place("质量整改", "quality:issues", "tool", "issues"),
        Place("数据校核", "quality:checks", "checks", "checks"),
        Place("异议处理", "quality:objections", "gavel", "objection_desk"),
        Place("困难挑战台账", "quality:register", "clipboard-list", "register"),
        Place("质量指数", "quality:index", "ruler-2", "quality_index"),
        Place("评估考核", "quality:assessments", "clipboard-check", "assessments"),
        Place("激励台账", "quality:points", "list-check", "points"),
        Place("质量月报", "quality:reports", "file-certificate", "quality_reports"),
    ),
    "主数据": (
        Place("多源校核", "masters:checks", "arrows-exchange", "cross_checks"),
        Place("主数据", "masters:overview", "fingerprint", "masters"),
        Place("归并台", "masters:desk", "versions", "merge_desk", "/manage/masters/clashes/"),
        Place("更正建议", "masters:proposals", "message-report", "proposals"),
    ),
    "共享": (
        Place("即席查询", "delivery:query", "database", "query"),
        Place("授权台账", "sharing:grants", "arrows-exchange", "grants"),
        Place("服务运行", "delivery:services", "api", "services"),
        Place("使用反馈", "sharing:feedback", "message-report", "feedback"),
        Place("五跨统计", "ledger:crossings", "arrows-cross", "crossings"),
    ),
    "供需对接": (
        Place("共享需求", "sharing:needs", "puzzle", "needs"),
        Place("共享专题包", "sharing:bundles", "stack-2", "bundles"),
        Place("责任清单", "sharing:duties", "list-check", "duties"),
        Place("委托审核", "sharing:entrust", "clipboard-check", "entrust"),
        Place("协调接入", "sharing:coordination", "plug-connected", "coordination"),
        Place("申请授权流程", "sharing:flow", "sitemap", "sharing_flow"),
    ),
    "开放": (
        Place("开放清单", "opening:cases", "lock-open", "openmgr"),
        Place("公众意见", "opening:voices", "message", "open_voices"),
    ),
    "监督": (
        Place("信息化项目", "supervision:projects", "building-community", "projects"),
        Place("平台运行", "supervision:platform", "activity-heartbeat", "platform"),
        Place("整改线索", "supervision:rectifications", "flag", "rectifications"),
        Place("审计检索", "audit:trail", "history", "trail"),
        Place("存证核验", "audit:evidence", "certificate", "evidence"),
        Place("风险事件", "security:events", "shield-lock", "risks"),
        Place("条款落实", "policy:coverage", "gavel", "coverage"),
    ),
    "设置": (
        Place("组织机构", "identity:organisations", "building", "organisations"),
        Place("接入应用", "identity:clients", "plug", "clients"),
        Place("工作日历", "policy:holidays", "calendar", "holidays"),
        Place("规则版本", "policy:profiles", "adjustments", "profiles"),
        Place("试点管理", "identity:pilots", "test-pipe", "pilots"),
    ),
}
# What a section belongs to; it is written above the first of them that is shown.
AREAS = {
    "管数": (
        "梳理",
        "目录",
        "标准",
        "汇聚",
        "感知与媒体",
        "湖仓",
        "总账",
        "质量",
        "整改考核",
        "主数据",
    ),
    "用数": ("共享", "供需对接", "开放"),
    "保障": ("监督", "设置"),
}
TABBAR = (
    Place("概览", "portal:desk", "layout-dashboard"),
    Place("待办", "portal:todo", "inbox"),
    Place("消息", "portal:messages", "message"),
    Place("找数", "catalog:search", "search"),
)


@dataclass(frozen=True, slots=True)
class Page:
    url: str
    permission: str
    pilot: str = ""  # key under which the page may be on trial


@lru_cache(maxsize=256)
def page(url_name: str) -> Page | None:
    """Return a page's address and the permission it declares; None while nobody built it."""
    try:
        url = reverse(url_name)
        view = resolve(url).func
        return Page(url, str(getattr(view, "permission", "")), str(getattr(view, "pilot", "")))
    except (NoReverseMatch, Resolver404):
        return None


def links(places: tuple[Place, ...], actor: Actor, path: str) -> tuple[Link, ...]:
    """Return the places open to the actor; the one that holds ``path`` is current."""
    found = list(_open(places, actor))
    current = _current(found, path)
    return tuple(Link(place, url, is_current=url == current) for place, url in found)


def _open(places: tuple[Place, ...], actor: Actor) -> Iterator[tuple[Place, str]]:
    closed: frozenset[str] | None = None  # asked for once, and only where a page is on trial
    for place in places:
        found = page(place.url_name)
        if found and (not found.permission or actor.may(found.permission)):
            if found.pilot and closed is None:
                closed = closed_pilots(actor)
            if not found.pilot or found.pilot not in (closed or ()):
                yield place, found.url


def _current(found: list[tuple[Place, str]], path: str) -> str:
    """Return the longest address that ``path`` lies under."""
    roots = [(root, url) for place, url in found for root in (url, place.also) if root]
    under = [
        pair for pair in roots if path == pair[0] or (pair[0] != "/" and path.startswith(pair[0]))
    ]
    return max(under, key=lambda pair: len(pair[0]), default=("", ""))[1]


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    links: tuple[Link, ...]
    is_open: bool = False
    area: str = ""  # only of the first section of an area


def sections(actor: Actor, path: str) -> tuple[Section, ...]:
    """Return the side navigation of the workbench; sections without a link are left out.

    Open is the section of the current page; the first one where no section has it.
    """
    everywhere = tuple(place for places in DESK.values() for place in places)
    found = list(_open(everywhere, actor))
    current = _current(found, path)
    urls = dict(found)
    built = [
        (title, tuple(Link(p, urls[p], urls[p] == current) for p in places if p in urls))
        for title, places in DESK.items()
    ]
    shown = [(title, links_) for title, links_ in built if links_]
    at = next((i for i, (_, found_) in enumerate(shown) if any(x.is_current for x in found_)), 0)
    first = _first_of_areas([title for title, _ in shown])
    return tuple(
        Section(title, links_, i == at, first.get(title, ""))
        for i, (title, links_) in enumerate(shown)
    )


def _first_of_areas(titles: list[str]) -> dict[str, str]:
    """Return the first section shown of each area → the area."""
    heads = ((next((t for t in titles if t in among), ""), area) for area, among in AREAS.items())
    return {title: area for title, area in heads if title}
