"""The API of masters, under ``/api/v1/masters/``."""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from tongqu.audit.public import annotate
from tongqu.identity.public import PROBLEMS, ProblemOut, actor_of, requires
from tongqu.identity.vocabulary import Permission as P
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Rejected
from tongqu.masters import public, queries
from tongqu.masters.actions.subscribe import granted_fields, took
from tongqu.masters.domain import problems, schemes
from tongqu.masters.domain.schemes import SchemeRules
from tongqu.masters.http import schemas as s
from tongqu.masters.models import CrossRun
from tongqu.masters.queries import cross, records
from tongqu.masters.vocabulary import (
    ClashState,
    LikenessCommand,
    LikenessState,
    ProposalCommand,
    ProposalState,
)

router = Router()
Offset = Annotated[int, Query(ge=0, le=10_000_000)]
Limit = Annotated[int, Query(ge=1, le=200)]
MOST_EVENTS = 1_000


@router.get("/masters", response={200: list[s.MasterSchemeOut], PROBLEMS: ProblemOut})
@requires(P.MASTERS_RECORD_READ)
def list_schemes(request: HttpRequest) -> list[dict[str, Any]]:
    """列出五个主数据域的主数据。"""
    found = []
    for domain, lines in queries.overview():
        for line in lines:
            rules = schemes.read(line.scheme.document)
            found.append(
                {
                    "code": line.scheme.code, "version": line.scheme.version,
                    "domain": domain.value, "title": line.scheme.title,
                    "fields": {name: rules.title_of(name) for name in rules.columns},
                    "records": line.last.records if line.last else 0,
                    "open_likenesses": line.open_pairs, "open_clashes": line.clashes,
                }
            )  # fmt: skip
    return found


@router.post("/masters/{scheme}/runs", response={200: s.ConsolidatedOut, PROBLEMS: ProblemOut})
@requires(P.MASTERS_RUN_START)
def consolidate(request: HttpRequest, scheme: s.Key) -> object:
    """立即归集一项主数据。"""
    annotate(request, subject=scheme)
    return public.consolidate(scheme, by=actor_of(request))


def _seen(rules: SchemeRules, actor: Actor) -> records.Masks:
    """Return the fields that the asker may see, with their masks. Raises: NOT_SUBSCRIBED."""
    masks = records.masks_of(rules)
    if actor.may(P.MASTERS_DESK_READ):
        return masks
    if queries.subscription(rules.code, actor) is None:
        raise Rejected(problems.NOT_SUBSCRIBED)
    granted = granted_fields(rules, actor)
    if not granted:
        raise Rejected(problems.NO_GRANT)
    return {name: mask for name, mask in masks.items() if name in granted}


def _address(scheme: str, key: str) -> str:
    return f"/api/v1/masters/{scheme}/records/{key}"


@router.get(
    "/masters/{scheme}/records/{key}",
    response={200: s.GoldenOut, 301: s.MovedOut, PROBLEMS: ProblemOut},
)
@requires(P.MASTERS_RECORD_READ)
def get_record(request: HttpRequest, response: HttpResponse, scheme: s.Key, key: s.Key) -> object:
    """查看金记录；已合并的标识答 301 并指向现行标识。"""
    _, rules = queries.scheme_rules(scheme)
    masks = _seen(rules, actor_of(request))
    annotate(request, subject=f"{scheme} {key}")
    now = queries.leads_to(scheme, key)
    if now != key:
        response["Location"] = _address(scheme, now)
        return Status(
            301, s.MovedOut(code="MOVED", key=key, moved_to=now, url=_address(scheme, now))
        )
    annotate(request, rows=1)
    return records.record(rules, key, masks)


@router.get("/masters/{scheme}/lookup", response={200: s.LookupOut, PROBLEMS: ProblemOut})
@requires(P.MASTERS_RECORD_READ)
def lookup(
    request: HttpRequest,
    scheme: s.Key,
    source: Annotated[str, Query(max_length=80)],
    key: Annotated[str, Query(max_length=200)],
) -> object:
    """由来源系统的主键查金记录标识。"""
    _, rules = queries.scheme_rules(scheme)
    _seen(rules, actor_of(request))
    annotate(request, subject=scheme)
    found = records.key_at_source(rules, source, key)
    if not found:
        raise Rejected(problems.RECORD_UNKNOWN)
    now = queries.leads_to(scheme, found)
    return s.LookupOut(key=now, url=_address(scheme, now))


@router.get("/masters/{scheme}/events", response={200: s.MasterChangesOut, PROBLEMS: ProblemOut})
@requires(P.MASTERS_RECORD_READ)
def list_events(
    request: HttpRequest,
    scheme: s.Key,
    after: Annotated[int | None, Query(ge=0, le=1 << 60)] = None,
    limit: Annotated[int, Query(ge=1, le=MOST_EVENTS)] = 200,
) -> object:
    """按游标取变更事件（新增、变更、合并、停用）；不给游标时从上次取到处继续。"""
    _, rules = queries.scheme_rules(scheme)
    actor = actor_of(request)
    seen = _seen(rules, actor)
    held = queries.subscription(scheme, actor)
    if held is not None and after is not None:
        took(held, after)
    start = after if after is not None else held.cursor if held else 0
    found = records.events(scheme, after=start, limit=limit + 1)
    events, has_more = found[:limit], len(found) > limit
    annotate(request, subject=scheme, rows=len(events), grant=held.grant if held else "")
    listed = [
        s.MasterChangeOut(
            seq=e.seq, kind=e.kind, key=e.key, into_key=e.into_key, version=e.version, at=e.at,
            fields=[name for name in e.fields if name in seen],
        )
        for e in events
    ]  # fmt: skip
    return s.MasterChangesOut(
        events=listed, next_cursor=events[-1].seq if events else start, has_more=has_more
    )


@router.put(
    "/masters/{scheme}/subscription", response={200: s.SubscriptionOut, PROBLEMS: ProblemOut}
)
@requires(P.MASTERS_PROPOSAL_FILE)
def subscribe(request: HttpRequest, scheme: s.Key) -> object:
    """订阅主数据；须持有来源目录的有效授权。"""
    annotate(request, subject=scheme)
    return public.subscribe(scheme, by=actor_of(request))


@router.delete("/masters/{scheme}/subscription", response={204: None, PROBLEMS: ProblemOut})
@requires(P.MASTERS_PROPOSAL_FILE)
def unsubscribe(request: HttpRequest, scheme: s.Key) -> object:
    """终止订阅。"""
    annotate(request, subject=scheme)
    public.unsubscribe(scheme, by=actor_of(request))
    return Status(204, None)


@router.post("/masters/{scheme}/proposals", response={201: s.CorrectionOut, PROBLEMS: ProblemOut})
@requires(P.MASTERS_PROPOSAL_FILE)
def propose(request: HttpRequest, scheme: s.Key, body: s.CorrectionIn) -> object:
    """对金记录的一个字段提出更正建议。"""
    annotate(request, subject=f"{scheme} {body.key}")
    made = public.propose(
        scheme, body.key, body.field, value=body.value, reason=body.reason, by=actor_of(request)
    )
    return Status(201, made)


@router.get("/masters-proposals", response={200: s.CorrectionsOut, PROBLEMS: ProblemOut})
@requires(P.MASTERS_RECORD_READ)
def list_proposals(
    request: HttpRequest, state: ProposalState | None = None, limit: Limit = 50, offset: Offset = 0
) -> object:
    """列出更正建议：订阅单位看本单位的，主数据岗看全部。"""
    found = queries.proposals(actor_of(request), state=state.value if state else "")
    return {"total": found.count(), "items": list(found[offset : offset + limit])}


@router.post(
    "/masters-proposals/{number}/{command}", response={200: s.CorrectionOut, PROBLEMS: ProblemOut}
)
@requires(P.MASTERS_RECORD_READ)
def decide_proposal(
    request: HttpRequest, number: s.Key, command: ProposalCommand, body: s.MasterNoteIn
) -> object:
    """办理更正建议：采纳、不采纳；提出单位可撤回。"""
    annotate(request, subject=number)
    return public.decide_proposal(number, command, note=body.note, by=actor_of(request))


@router.get("/masters-likenesses", response={200: s.LikenessesOut, PROBLEMS: ProblemOut})
@requires(P.MASTERS_DESK_READ)
def list_likenesses(
    request: HttpRequest,
    scheme: Annotated[str, Query(max_length=40)] = "",
    state: LikenessState | None = None,
    limit: Limit = 50,
    offset: Offset = 0,
) -> object:
    """列出疑似重复的记录对，匹配度高的在前。"""
    found = queries.likenesses(scheme=scheme, state=state.value if state else "")
    return {"total": found.count(), "items": list(found[offset : offset + limit])}


@router.post(
    "/masters-likenesses/{number}/{command}", response={200: s.LikenessOut, PROBLEMS: ProblemOut}
)
@requires(P.MASTERS_DESK_DECIDE)
def decide(
    request: HttpRequest, number: int, command: LikenessCommand, body: s.MasterNoteIn
) -> object:
    """认定一对记录：合并、保持独立、暂缓、撤销合并。"""
    annotate(request, subject=str(number))
    number = queries.likeness(number).pk
    return public.decide(number, command, note=body.note, by=actor_of(request))


@router.get("/masters-clashes", response={200: s.ClashesOut, PROBLEMS: ProblemOut})
@requires(P.MASTERS_DESK_READ)
def list_clashes(
    request: HttpRequest,
    scheme: Annotated[str, Query(max_length=40)] = "",
    state: ClashState | None = None,
    limit: Limit = 50,
    offset: Offset = 0,
) -> object:
    """列出标识冲突：主键相同而标识不同。"""
    found = queries.clashes(scheme=scheme, state=state.value if state else "")
    return {"total": found.count(), "items": list(found[offset : offset + limit])}


@router.put("/cross-checks", response={200: s.CrossCheckOut, PROBLEMS: ProblemOut})
@requires(P.MASTERS_RUN_START)
def save_check(request: HttpRequest, body: s.CrossCheckIn) -> object:
    """登记或修改一项多源校核。"""
    annotate(request, subject=body.code)
    return public.save_check(body.model_dump(), by=actor_of(request))


@router.post("/cross-checks/{code}/runs", response={200: s.CrossRunOut, PROBLEMS: ProblemOut})
@requires(P.MASTERS_RUN_START)
def run_check(request: HttpRequest, code: s.Key) -> object:
    """立即校核：各项一致率、冲突数和派出的工单。"""
    annotate(request, subject=code)
    return _run_out(public.run_check(code, by=actor_of(request)))


def _run_out(run: CrossRun) -> s.CrossRunOut:
    items = [
        s.AgreementOut(
            item=a.item, title=a.title, compared=a.compared, conflicts=a.conflicts,
            alone=a.alone, rate=a.rate,
        )
        for a in cross.agreements(run)
    ]  # fmt: skip
    return s.CrossRunOut(
        number=run.number, check=run.check_of.code, at=run.at, held=run.held, shared=run.shared,
        conflicts=run.conflicts, items=items, tickets=run.tickets,
    )  # fmt: skip


@router.get("/cross-checks/{code}", response={200: s.CrossRunOut, PROBLEMS: ProblemOut})
@requires(P.MASTERS_CHECK_READ)
def last_run(request: HttpRequest, code: s.Key) -> object:
    """查看最近一次校核的结果。"""
    return _run_out(_last(request, code))


@router.get(
    "/cross-checks/{code}/conflicts", response={200: s.FactConflictsOut, PROBLEMS: ProblemOut}
)
@requires(P.MASTERS_CHECK_READ)
def list_conflicts(
    request: HttpRequest,
    code: s.Key,
    item: Annotated[str, Query(max_length=63)] = "",
    limit: Limit = 50,
    offset: Offset = 0,
) -> object:
    """列出最近一次校核的冲突：各来源的值、时间、优先次序和建议取值。"""
    run = _last(request, code)
    total, found = cross.conflicts(run, item=item, offset=offset, limit=limit)
    annotate(request, subject=run.number, rows=len(found))
    return {"total": total, "items": found}


def _last(request: HttpRequest, code: str) -> CrossRun:
    check = queries.check_for(code, actor_of(request))
    run = check.runs.select_related("check_of").first()
    if run is None:
        raise Rejected(problems.NO_ROWS)
    return run
