"""The API of the catalogue, second part: trial checks, proposals, ends, identifiers, lists."""

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Status

from tongqu.audit.public import annotate
from tongqu.catalog import public, queries
from tongqu.catalog.actions.change import change_view
from tongqu.catalog.domain import identifiers as codes
from tongqu.catalog.domain import problems
from tongqu.catalog.http import schemas as s
from tongqu.catalog.http import schemas_life as life
from tongqu.catalog.queries import identifiers, lists
from tongqu.catalog.vocabulary import (
    EntryView,
    ExternalIdentifierView,
    Node,
    ReportView,
    Resolved,
    RuleView,
)
from tongqu.identity.public import PROBLEMS, ProblemOut, actor_of, organisation, requires
from tongqu.identity.vocabulary import Permission as P
from tongqu.kernel.problems import Rejected

router = Router()
ENTRY = "/catalog/entries/{code}"
READ = frozenset({400, 401, 403, 404, 422})


def columns(fields: dict[str, Any]) -> dict[str, Any]:
    """Replace the provider's code by its id. Raises: ``Rejected`` INVALID."""
    if "provider_code" in fields:
        code = fields.pop("provider_code")
        provider = organisation(code) if code else None
        if code and provider is None:
            raise Rejected(problems.invalid("provider_code", "没有这个组织代码"))
        fields["provider_id"] = provider.pk if provider else None
    return fields


@router.post(f"{ENTRY}/check/dry-run", response={200: s.ReportOut, PROBLEMS: ProblemOut})
@requires(P.CATALOG_ENTRY_CHECK)
def dry_run(request: HttpRequest, code: s.Code) -> ReportView:
    """试检：按现有内容运行全部规则，不改变状态，不留报告。"""
    annotate(request, subject=code)
    return public.dry_run(code, by=actor_of(request))


@router.post(f"{ENTRY}/changes/propose", response={200: life.ProposalOut, PROBLEMS: ProblemOut})
@requires(P.CATALOG_ENTRY_CHECK)
def propose(request: HttpRequest, code: s.Code, body: s.EntryIn) -> public.Proposal:
    """拟变更：说明兼容类别、逐项理由和最早生效日期，不登记。"""
    annotate(request, subject=code)
    fields = columns(body.fields(only_given=True))
    return public.propose_change(code, fields=fields, by=actor_of(request))


@router.patch(f"{ENTRY}/changes", response={200: s.EntryChangeOut, PROBLEMS: ProblemOut})
@requires(P.CATALOG_CHANGE_REGISTER)
def reschedule(request: HttpRequest, code: s.Code, body: life.DayIn) -> public.ChangeView:
    """改变在办变更的生效日期。"""
    annotate(request, subject=code)
    return public.reschedule_change(code, effective_on=body.effective_on, by=actor_of(request))


@router.get("/catalog/changes", response={200: list[s.EntryChangeOut], READ: ProblemOut})
@requires(P.CATALOG_ENTRY_CHECK)
def list_changes(request: HttpRequest, query: Query[life.SliceIn]) -> list[public.ChangeView]:
    """变更台账：新的在前，特批的写明依据。"""
    found = lists.changes(actor_of(request))
    return [change_view(row) for row in found[query.offset : query.offset + query.limit]]


@router.post(f"{ENTRY}/formal", response={200: s.CatalogEntryOut, PROBLEMS: ProblemOut})
@requires(P.CATALOG_ENTRY_DRAFT)
def formal(request: HttpRequest, code: s.Code) -> EntryView:
    """预编目录转为正式目录草稿；须在上线试运行前办理。"""
    annotate(request, subject=code)
    return public.make_formal(code, by=actor_of(request))


@router.post(f"{ENTRY}/stop", response={201: life.StopOut, PROBLEMS: ProblemOut})
@requires(P.CATALOG_ENTRY_PUBLISH)
def stop(request: HttpRequest, code: s.Code, body: life.StopIn) -> Status[public.StopView]:
    """申请停用；数据正被使用的须提前三个月。"""
    annotate(request, subject=code)
    return Status(201, public.request_stop(code, by=actor_of(request), **body.model_dump()))


@router.post(f"{ENTRY}/stop/approve", response={200: life.StopOut, PROBLEMS: ProblemOut})
@requires(P.CATALOG_EXCEPTION_APPROVE)
def approve_stop(request: HttpRequest, code: s.Code) -> public.StopView:
    """主管部门批准停用，并通知全部使用部门。"""
    annotate(request, subject=code)
    return public.approve_stop(code, by=actor_of(request))


@router.post(f"{ENTRY}/observation", response={200: life.ObservedOut, PROBLEMS: ProblemOut})
@requires(P.CATALOG_ENTRY_CHECK)
def observe(request: HttpRequest, code: s.Code, body: life.ObservedIn) -> dict[str, Any]:
    """报送一次库表扫描的结果；与目录不符的，条目转为待更新并通知。"""
    annotate(request, subject=code)
    seen = {column.name: column.data_type for column in body.columns}
    found = public.report_observation(code, seen, by=actor_of(request))
    entry = public.entry(code)
    return {"code": code, "state": entry.state if entry else None, "changes": found}


@router.get(
    f"{ENTRY}/identifiers", response={200: list[life.ExternalIdentifierOut], READ: ProblemOut}
)
@requires(P.CATALOG_ENTRY_READ)
def list_identifiers(request: HttpRequest, code: s.Code) -> tuple[ExternalIdentifierView, ...]:
    """列出条目的外部标识，已停用的也在内。"""
    if queries.shown_to(code, actor_of(request)) is None:
        raise Rejected(problems.NOT_FOUND)
    return public.external_identifiers(code)


@router.post(
    f"{ENTRY}/identifiers", response={201: life.ExternalIdentifierOut, PROBLEMS: ProblemOut}
)
@requires(P.CATALOG_ENTRY_DRAFT)
def add_identifier(
    request: HttpRequest, code: s.Code, body: life.ExternalIdentifierIn
) -> Status[ExternalIdentifierView]:
    """登记外部标识；体系为编码规则的，校验码写错即不予登记。"""
    annotate(request, subject=code)
    return Status(201, public.add_identifier(code, by=actor_of(request), **body.model_dump()))


@router.get(
    "/catalog/resolve/{path:identifier}", response={200: life.ResolvedOut, READ: ProblemOut}
)
@requires(P.CATALOG_ENTRY_READ)
def resolve(request: HttpRequest, identifier: life.Identifier) -> Resolved:
    """解析目录标识或外部标识：给出条目和签发它的节点。"""
    found = public.resolve(identifier)
    if found is None:
        raise Rejected(problems.IDENTIFIER_UNKNOWN)
    return found


@router.get("/catalog/nodes", response={200: list[life.NodeOut], READ: ProblemOut})
@requires(P.CATALOG_ENTRY_READ)
def list_nodes(request: HttpRequest) -> list[Node]:
    """列出签发目录标识的节点，本平台在前。"""
    return [identifiers.here(), *identifiers.nodes()]


@router.post("/catalog/nodes", response={201: life.NodeOut, PROBLEMS: ProblemOut})
@requires(P.CATALOG_EXCEPTION_APPROVE)
def register_node(request: HttpRequest, body: life.NodeIn) -> Status[Node]:
    """登记一个节点；同一行政区划再次登记即改正。"""
    return Status(201, public.register_node(by=actor_of(request), **body.model_dump()))


@router.get("/catalog/identifier-rules", response={200: list[life.CodeRuleOut], READ: ProblemOut})
@requires(P.CATALOG_ENTRY_READ)
def list_code_rules(request: HttpRequest) -> list[dict[str, Any]]:
    """列出目录标识的编码规则，及本平台所用的一种。"""
    chosen = identifiers.code_rule()
    return [
        {
            "key": rule.key,
            "title": rule.title,
            "separator": rule.separator,
            "check": rule.check,
            "example": rule.example,
            "segments": rule.segments,
            "issues": rule.issues,
            "is_chosen": rule.key == chosen,
        }
        for rule in codes.rules().values()
    ]


@router.get("/catalog/rules", response={200: list[life.RuleOut], READ: ProblemOut})
@requires(P.CATALOG_ENTRY_CHECK)
def list_rules(request: HttpRequest) -> tuple[RuleView, ...]:
    """列出合规性检测规则，及目前未通过的条目数。"""
    return public.registry(actor_of(request))


@router.get("/catalog/tree", response={200: life.TreeOut, READ: ProblemOut})
@requires(P.CATALOG_ENTRY_READ)
def get_tree(request: HttpRequest, query: Query[life.TreeIn]) -> public.Tree:
    """按层级、运输方式、业务领域分类的目录树，附条目数。"""
    return public.tree(actor_of(request), query.model_dump())


@router.get("/catalog/strategies", response={200: list[life.BranchOut], READ: ProblemOut})
@requires(P.CATALOG_ENTRY_READ)
def list_strategies(request: HttpRequest) -> tuple[Any, ...]:
    """各项国家战略和规划的目录数。"""
    return public.by_strategy(actor_of(request))


@router.get(
    "/catalog/strategies/{strategy}", response={200: list[s.CatalogEntryOut], READ: ProblemOut}
)
@requires(P.CATALOG_ENTRY_READ)
def strategy_entries(
    request: HttpRequest, strategy: life.StrategyWord, query: Query[life.SliceIn]
) -> tuple[EntryView, ...]:
    """列出服务于一项战略或规划的目录。"""
    found = lists.serving(actor_of(request), strategy)
    return queries.views(found[query.offset : query.offset + query.limit])


@router.get("/receipts/revocations", response={200: life.RevocationsOut, READ: ProblemOut})
@requires(P.CATALOG_RECEIPT_CHECK)
def revocations(request: HttpRequest) -> dict[str, Any]:
    """已更新、已作废回执的签名清单，供离线核验。"""
    return public.revocations()
