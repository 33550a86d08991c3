"""Pages of master data: overview, the desk, records with their history, proposals."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from tongqu.audit.public import annotate
from tongqu.identity.public import actor_of, require, requires
from tongqu.identity.vocabulary import Permission as P
from tongqu.kernel.problems import Rejected
from tongqu.masters import public, queries
from tongqu.masters.domain import problems
from tongqu.masters.domain.states import LIKENESSES, PROPOSALS
from tongqu.masters.http import shown
from tongqu.masters.models import Likeness
from tongqu.masters.queries import records as held
from tongqu.masters.vocabulary import (
    CLASH_TONES,
    LIKENESS_TONES,
    PROPOSAL_TONES,
    RECORD_TONES,
    ClashState,
    LikenessCommand,
    LikenessState,
    ProposalCommand,
    ProposalState,
    RecordState,
)

PAGE = 20
READS = ["GET", "HEAD"]


@require_http_methods([*READS, "POST"])
@requires(P.MASTERS_DESK_READ)
def overview(request: HttpRequest) -> HttpResponse:
    """The five domains: records, what waits, who subscribes."""
    actor = actor_of(request)
    if request.method == "POST":
        require(actor, P.MASTERS_RUN_START)
        done = public.consolidate(request.POST.get("scheme", ""), by=actor)
        changed = sum(done.events.values())
        messages.success(request, f"归集完成：金记录 {done.records} 条，变更 {changed} 条。")
        return redirect("masters:overview")
    context = {
        "nav": "masters", "domains": queries.overview(), "may_run": actor.may(P.MASTERS_RUN_START),
    }  # fmt: skip
    return render(request, "masters/overview.html", context)


@require_GET
@requires(P.MASTERS_DESK_READ)
def desk(request: HttpRequest) -> HttpResponse:
    """Pairs that may be one thing, likeliest first."""
    scheme, state = _asked(request)
    page = _page(request, queries.likenesses(scheme=scheme, state=state))
    titles = {s.code: s.title for s in queries.in_force()}
    rows = [
        (pair, titles.get(pair.scheme, pair.scheme), LikenessState(pair.state),
         LIKENESS_TONES[LikenessState(pair.state)], shown.reasons(pair))
        for pair in page
    ]  # fmt: skip
    context = {
        "nav": "merge_desk", "page": page, "rows": rows, "scheme": scheme, "state": state,
        "schemes": titles.items(), "states": [("all", "全部"), *_words(LikenessState)],
        "open_clashes": queries.clashes(state=ClashState.OPEN).count(),
    }  # fmt: skip
    return render(request, "masters/desk.html", context)


def _asked(request: HttpRequest) -> tuple[str, str]:
    state = request.GET.get("state", LikenessState.OPEN)
    return request.GET.get("scheme", "")[:40], state if state in set(LikenessState) else ""


def _words(words: type[LikenessState] | type[ClashState]) -> list[tuple[str, str]]:
    return [(word.value, word.label) for word in words]


def _page(request: HttpRequest, rows: QuerySet[Any]) -> Page[Any]:
    return Paginator(rows, PAGE).get_page(request.GET.get("page"))


@require_http_methods([*READS, "POST"])
@requires(P.MASTERS_DESK_READ)
def pair(request: HttpRequest, number: int) -> HttpResponse:
    """Two records side by side; decided by a key or a button, undone by 撤销合并."""
    actor = actor_of(request)
    if request.method == "POST":
        require(actor, P.MASTERS_DESK_DECIDE)
        return _decide(request, number)
    found = queries.likeness(number)
    annotate(request, subject=f"ZS-{number:06}", rows=2)
    state = LikenessState(found.state)
    may_decide = actor.may(P.MASTERS_DESK_DECIDE)
    context = shown.pair(found) | {
        "nav": "merge_desk", "state": state, "tone": LIKENESS_TONES[state],
        "steps": [(row, shown.KEYS[row.command])
                  for row in LIKENESSES.steps if row.source == state] if may_decide else [],
        "following": queries.following(found, LikenessState.OPEN),
    }  # fmt: skip
    return render(request, "masters/pair.html", context)


def _decide(request: HttpRequest, number: int) -> HttpResponse:
    command = request.POST.get("command", "")
    if command not in set(LikenessCommand):
        raise Rejected(problems.LIKENESS_UNKNOWN)
    number = queries.likeness(number).pk
    note = request.POST.get("note", "")
    found = public.decide(number, LikenessCommand(command), note=note, by=actor_of(request))
    messages.success(request, f"已记录：{LikenessCommand(command).label}。")
    following = _after(found, LikenessCommand(command))
    return redirect("masters:pair", number=following.pk) if following else redirect("masters:desk")


def _after(found: Likeness, command: LikenessCommand) -> Likeness | None:
    """Return the pair to go on with: after an undo the same one."""
    if command in {LikenessCommand.SPLIT, LikenessCommand.REOPEN}:
        return found
    return queries.following(found, LikenessState.OPEN)


@require_http_methods([*READS, "POST"])
@requires(P.MASTERS_DESK_READ)
def clashes(request: HttpRequest) -> HttpResponse:
    """One key, several identities: who tells what, and which ticket asks for it."""
    actor = actor_of(request)
    if request.method == "POST":
        require(actor, P.MASTERS_DESK_DECIDE)
        number = request.POST.get("clash", "")
        note = request.POST.get("note", "")
        wanted = int(number[:18]) if number.isdecimal() else 0
        public.confirm_clash(wanted, note=note, by=actor)
        messages.success(request, "已记录核实结果。")
        return redirect("masters:clashes")
    state = request.GET.get("state", ClashState.OPEN)
    page = _page(request, queries.clashes(state=state if state in set(ClashState) else ""))
    context = {
        "nav": "merge_desk", "page": page, "rows": shown.clashes(list(page)), "state": state,
        "states": [("all", "全部"), *_words(ClashState)], "tones": CLASH_TONES,
        "may_decide": actor.may(P.MASTERS_DESK_DECIDE),
    }  # fmt: skip
    annotate(request, rows=len(page))
    return render(request, "masters/clashes.html", context)


@require_GET
@requires(P.MASTERS_DESK_READ)
def records(request: HttpRequest, scheme: str) -> HttpResponse:
    """The golden records of a kind, those with conflicts first."""
    found, rules = queries.scheme_rules(scheme)
    state = request.GET.get("state", "")
    state = state if state in set(RecordState) else ""
    offset = int(text[:9]) if (text := request.GET.get("offset", "")).isdecimal() else 0
    key = request.GET.get("key", "").strip()[:60]
    total, rows = held.page_of_records(
        rules, held.masks_of(rules), key=key, state=state, offset=offset, limit=PAGE
    )
    annotate(request, subject=scheme, rows=len(rows))
    context = {
        "nav": "masters", "scheme": found, "rules": rules, "total": total,
        "offset": offset, "limit": PAGE, "state": state, "key": key, "tones": RECORD_TONES,
        "states": list(RecordState), "heads": [rules.title_of(c) for c in rules.columns[:5]],
        "lines": [(row, [row.values[c] for c in rules.columns[:5]]) for row in rows],
    }  # fmt: skip
    return render(request, "masters/records.html", context)


@require_GET
@requires(P.MASTERS_DESK_READ)
def record(request: HttpRequest, scheme: str, key: str) -> HttpResponse:
    """One golden record: why each field is so, its sources, its history."""
    now = queries.leads_to(scheme, key)
    if now != key:
        moved = redirect("masters:record", scheme=scheme, key=now)
        messages.info(request, "原标识已并入本记录。")
        return moved
    context = shown.record(scheme, key)
    annotate(request, subject=f"{scheme} {key}", rows=1)
    return render(request, "masters/record.html", context | {"nav": "masters"})


@require_http_methods([*READS, "POST"])
@requires(P.MASTERS_RECORD_READ)
def proposals(request: HttpRequest) -> HttpResponse:
    """Corrections that subscribers propose; a subscriber sees its own."""
    actor = actor_of(request)
    if request.method == "POST":
        command = request.POST.get("command", "")
        if command not in set(ProposalCommand) - {ProposalCommand.FINISH}:
            raise Rejected(problems.PROPOSAL_UNKNOWN)
        number, note = request.POST.get("number", ""), request.POST.get("note", "")
        done = public.decide_proposal(number, ProposalCommand(command), note=note, by=actor)
        messages.success(request, f"{done.number}：{ProposalState(done.state).label}。")
        return redirect("masters:proposals")
    page = _page(request, queries.proposals(actor))
    may_decide = actor.may(P.MASTERS_DESK_DECIDE)
    commands = {ProposalCommand.ACCEPT, ProposalCommand.REFUSE} if may_decide else set()
    rows = [
        (row, ProposalState(row.state), PROPOSAL_TONES[ProposalState(row.state)],
         [s for s in PROPOSALS.steps if s.source == row.state and (s.command in commands or (
             s.command == ProposalCommand.WITHDRAW
             and row.organisation_id == actor.organisation_id))])
        for row in page
    ]  # fmt: skip
    context = {
        "nav": "proposals", "page": page, "rows": shown.proposals(rows),
        "is_desk": actor.may(P.MASTERS_DESK_READ),
    }  # fmt: skip
    return render(request, "masters/proposals.html", context)
