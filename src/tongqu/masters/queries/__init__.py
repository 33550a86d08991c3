"""Reads of what people keep: schemes, decisions, subscribers, proposals, checks."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, Max, QuerySet

from tongqu.catalog import public as catalog
from tongqu.identity.vocabulary import Permission as P
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Rejected
from tongqu.kernel.work import TodoItem
from tongqu.masters.domain import problems, schemes
from tongqu.masters.domain.schemes import SchemeRules
from tongqu.masters.models import (
    Clash,
    Consolidation,
    CrossCheck,
    CrossRun,
    Likeness,
    Proposal,
    Redirect,
    Scheme,
    Subscription,
)
from tongqu.masters.vocabulary import (
    ClashState,
    LikenessState,
    MasterDomain,
    ProposalState,
)

MOST_TODOS = 20
LONGEST_KEY = 60


def in_force() -> list[Scheme]:
    """Return the newest version of every scheme, by domain."""
    newest = Scheme.objects.order_by().values("code").annotate(last=Max("version"))
    wanted = {row["code"]: row["last"] for row in newest}
    held = Scheme.objects.filter(code__in=wanted)
    found = [scheme for scheme in held if scheme.version == wanted[scheme.code]]
    order = [domain.value for domain in MasterDomain]
    return sorted(found, key=lambda scheme: (order.index(scheme.domain), scheme.code))


def scheme_rules(code: str) -> tuple[Scheme, SchemeRules]:
    """Return a scheme in force, read. Raises: ``Rejected`` MASTER_UNKNOWN."""
    is_name = len(code) <= LONGEST_KEY and code.isprintable()
    found = Scheme.objects.filter(code=code).order_by("-version").first() if is_name else None
    if found is None:
        raise Rejected(problems.UNKNOWN)
    return found, schemes.read(found.document)


def redirects(code: str) -> dict[str, str]:
    """Return old key → the key where it leads in the end, however often it was merged on."""
    steps = dict(
        Redirect.objects.filter(scheme=code, split_at=None).values_list("old_key", "new_key")
    )
    return {old: _end(steps, old) for old in steps}


def _end(steps: dict[str, str], key: str) -> str:
    seen = {key}
    while (following := steps.get(key)) is not None and following not in seen:
        seen.add(following)
        key = following
    return key


def leads_to(code: str, key: str) -> str:
    """Return the key that a key leads to now; itself where it was not merged."""
    return redirects(code).get(key, key)


@dataclass(frozen=True, slots=True)
class SchemeLine:
    """One kind of master data on the overview."""

    scheme: Scheme
    last: Consolidation | None
    open_pairs: int
    clashes: int
    proposals: int
    subscribers: int


def overview() -> list[tuple[MasterDomain, list[SchemeLine]]]:
    """Return the five domains with their schemes, in a fixed number of statements."""
    newest = Consolidation.objects.order_by().values("scheme").annotate(last=Max("pk"))
    runs = Consolidation.objects.filter(pk__in=[row["last"] for row in newest])
    last = {run.scheme: run for run in runs}
    waiting = [LikenessState.OPEN.value, LikenessState.LATER.value]
    counts = [
        _counts(Likeness.objects.filter(state__in=waiting)),
        _counts(Clash.objects.filter(state=ClashState.OPEN)),
        _counts(Proposal.objects.filter(state=ProposalState.FILED)),
        _counts(Subscription.objects.filter(ended_at=None)),
    ]
    lines = [
        SchemeLine(s, last.get(s.code), *(count[s.code] for count in counts)) for s in in_force()
    ]
    return [(d, [line for line in lines if line.scheme.domain == d]) for d in MasterDomain]


def _counts(
    rows: "QuerySet[Likeness] | QuerySet[Clash] | QuerySet[Proposal] | QuerySet[Subscription]",
) -> Counter[str]:
    found = rows.order_by().values("scheme").annotate(n=Count("pk"))
    return Counter({row["scheme"]: row["n"] for row in found})


def likenesses(*, scheme: str = "", state: str = "") -> QuerySet[Likeness]:
    found = Likeness.objects.all()
    if scheme:
        found = found.filter(scheme=scheme)
    return found.filter(state=state) if state else found


def likeness(number: int) -> Likeness:
    """Return a pair. Raises: ``Rejected`` LIKENESS_UNKNOWN."""
    found = Likeness.objects.filter(pk=number).first() if number < 1 << 62 else None
    if found is None:
        raise Rejected(problems.LIKENESS_UNKNOWN)
    return found


def following(pair: Likeness, state: str) -> Likeness | None:
    """Return the pair to decide after this one: the next of its list."""
    rest = likenesses(scheme=pair.scheme, state=state).exclude(pk=pair.pk)
    return rest.first()


def clashes(*, scheme: str = "", state: str = "") -> QuerySet[Clash]:
    found = Clash.objects.all()
    if scheme:
        found = found.filter(scheme=scheme)
    return found.filter(state=state) if state else found


def history(code: str, key: str) -> list[Redirect]:
    """Return the merges and splits that a key took part in, oldest first."""
    of_scheme = Redirect.objects.filter(scheme=code).select_related("likeness")
    return sorted(
        {*of_scheme.filter(old_key=key), *of_scheme.filter(new_key=key)}, key=lambda row: row.pk
    )


def subscription(code: str, actor: Actor) -> Subscription | None:
    if actor.organisation_id is None:
        return None
    return Subscription.objects.filter(
        scheme=code, organisation_id=actor.organisation_id, ended_at=None
    ).first()


def proposals(actor: Actor, *, state: str = "") -> QuerySet[Proposal]:
    """Return all proposals to who reads the desk, to others those of their own department."""
    found = Proposal.objects.select_related("organisation")
    if not actor.may(P.MASTERS_DESK_READ):
        found = found.filter(organisation_id=actor.organisation_id or 0)
    return found.filter(state=state) if state else found


def may_read_check(check: CrossCheck, actor: Actor) -> bool:
    """Say whether a check is the asker's matter: it oversees, or provides one of the entries."""
    if actor.may(P.MASTERS_DESK_READ):
        return True
    codes = [str(source["entry"]) for source in check.document.get("sources", ())]
    return any(entry.provider_id == actor.organisation_id for entry in catalog.entries(codes))


def checks_for(actor: Actor) -> list[tuple[CrossCheck, CrossRun | None]]:
    """Return the checks that the asker may see, each with its last run."""
    found = list(CrossCheck.objects.all())
    if not actor.may(P.MASTERS_DESK_READ):
        named = {str(s["entry"]) for check in found for s in check.document.get("sources", ())}
        own = {e.code for e in catalog.entries(named) if e.provider_id == actor.organisation_id}
        found = [
            check for check in found
            if own & {str(s["entry"]) for s in check.document.get("sources", ())}
        ]  # fmt: skip
    newest = CrossRun.objects.order_by().values("check_of").annotate(last=Max("pk"))
    runs = CrossRun.objects.filter(pk__in=[row["last"] for row in newest])
    last = {run.check_of_id: run for run in runs}
    return [(check, last.get(check.pk)) for check in found]


def check_for(code: str, actor: Actor) -> CrossCheck:
    """Return a check. Raises: ``Rejected`` CROSS_CHECK_UNKNOWN, NOT_YOUR_CHECK."""
    is_name = len(code) <= LONGEST_KEY and code.isprintable()
    found = CrossCheck.objects.filter(code=code).first() if is_name else None
    if found is None:
        raise Rejected(problems.CHECK_UNKNOWN)
    if not may_read_check(found, actor):
        raise Rejected(problems.NOT_YOUR_CHECK)
    return found


def todos(actor: Actor) -> list[TodoItem]:
    """Return what waits at the desk: the likeliest pairs and the proposals."""
    if not actor.may(P.MASTERS_DESK_DECIDE):
        return []
    titles = {scheme.code: scheme.title for scheme in in_force()}
    pairs = likenesses(state=LikenessState.OPEN)[:MOST_TODOS]
    filed = proposals(actor, state=ProposalState.FILED)[:MOST_TODOS]
    return [
        *(
            TodoItem(
                kind="主数据", reference=f"ZS-{pair.pk:06}",
                title=f"认定是否同一对象：{titles.get(pair.scheme, '')}，匹配度 {pair.score:.2f}",
                url=f"/manage/masters/desk/{pair.pk}/", received_at=pair.found_at,
            )
            for pair in pairs
        ),
        *(
            TodoItem(
                kind="主数据", reference=row.number,
                title=f"办理更正建议：{titles.get(row.scheme, row.scheme)}",
                url=f"/manage/masters/proposals/#p{row.pk}", received_at=row.filed_at,
                from_whom=row.organisation.name,
            )
            for row in filed
        ),
    ]  # fmt: skip
