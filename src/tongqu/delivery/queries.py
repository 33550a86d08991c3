"""Reads of grants and their use, always from what the asker may see."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from django.db.models import F, QuerySet, Sum

from tongqu.catalog.vocabulary import DataType, ItemView, Manner
from tongqu.delivery.models import Download, Grant, GrantUsage, QueryRun, SavedQuery
from tongqu.delivery.vocabulary import (
    OPEN_STATES,
    Filter,
    GrantState,
    GrantTerms,
    GrantView,
    Operator,
    Rounding,
    TimeUnit,
)
from tongqu.identity.vocabulary import Permission, Role
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor

# Who looks after all sharing rather than one department's part of it.
SEES_ALL = frozenset({Role.MANAGING_OFFICE, Role.SUPPORT, Role.SUPERVISOR})


def grants() -> QuerySet[Grant]:
    return Grant.objects.select_related("consumer")


def grants_seen_by(actor: Actor) -> QuerySet[Grant]:
    """Return what the actor may see: all, what its department provides, or what it holds."""
    if not actor.may(Permission.SHARING_GRANT_READ):
        return Grant.objects.none()
    if actor.roles & SEES_ALL:
        return grants()
    if actor.organisation_id is None:
        return Grant.objects.none()
    found = grants().filter(consumer_id=actor.organisation_id)
    return found | grants().filter(provider_id=actor.organisation_id)


def held_by(actor: Actor) -> QuerySet[Grant]:
    """Return the grants under which the actor itself may take data."""
    if actor.organisation_id is None:
        return Grant.objects.none()
    return grants().filter(consumer_id=actor.organisation_id)


def takeable(number: str, actor: Actor) -> Grant | None:
    """Return a grant the actor holds, with ``service_table``: one statement for one call.

    The table is the entry's, which gets it when its data are connected.
    """
    if actor.organisation_id is None:
        return None
    return next(iter(Grant.objects.raw(_takeable_sql(), [number, actor.organisation_id])), None)


@lru_cache(maxsize=1)
def _takeable_sql() -> str:
    """Compile once: for every call the compilation costs ten times the read itself."""
    found = Grant.objects.filter(number="number").filter(consumer_id=0).order_by()
    sql, parameters = found.annotate(
        service_table=F("version__entry__table")
    ).query.sql_with_params()
    if parameters != ("number", 0):
        raise RuntimeError("the parameters of a grant's read stand in another order")
    return str(sql)


def terms_of(grant: Grant) -> GrantTerms:
    return GrantTerms(
        entry_code=grant.entry_code,
        version_id=grant.version_id,
        items=tuple(grant.items),
        purpose_code=grant.purpose_code,
        purpose_text=grant.purpose_text,
        consumer_id=grant.consumer_id,
        manners=tuple(Manner(manner) for manner in grant.manners),
        valid_from=grant.valid_from,
        valid_until=grant.valid_until,
        row_filter=filters_from(grant.row_filter),
        system_name=grant.system_name,
        networks=tuple(grant.networks),
        quota_rows_per_day=grant.quota_rows_per_day,
        precision=tuple(
            Rounding(row["item"], row["decimals"], TimeUnit(row["unit"]) if row["unit"] else None)
            for row in grant.precision
        ),
        right_level=grant.right_level,
        clear_items=tuple(grant.clear_items),
        zone=grant.zone,
    )


def filters_from(rows: Iterable[Mapping[str, Any]]) -> tuple[Filter, ...]:
    return tuple(
        Filter(row["item"], Operator(row["operator"]), tuple(row["values"])) for row in rows
    )


def filters_kept(filters: Iterable[Filter]) -> list[dict[str, Any]]:
    return [asdict(found) for found in filters]


def items_of(grant: Grant) -> tuple[ItemView, ...]:
    """Return the items of the granted version as they stood when it was granted."""
    return tuple(
        ItemView(**{**row, "data_type": DataType(row["data_type"])}) for row in grant.definitions
    )


def view_of(grant: Grant) -> GrantView:
    return GrantView(
        id=grant.pk,
        number=grant.number,
        state=GrantState(grant.state),
        terms=terms_of(grant),
        entry_name=grant.entry_name,
        version=grant.version_number,
        provider_id=grant.provider_id,
        consumer_code=grant.consumer.code,
        consumer_name=grant.consumer.name,
        is_external=grant.is_external,
        issued_at=grant.issued_at,
        idle_since=grant.idle_since,
        first_used_at=grant.first_used_at,
        last_used_at=grant.last_used_at,
        approved_by=grant.approved_by,
        approver_role=grant.approver_role,
        basis=grant.basis,
        source_reference=grant.source_reference,
        end_basis=grant.end_basis,
        end_reason=grant.end_reason,
    )


def grant_view(number: str) -> GrantView | None:
    found = grants().filter(number=number).first()
    return view_of(found) if found else None


def grant_views(*, entry_code: str = "", open_only: bool = False) -> list[GrantView]:
    found = grants()
    if entry_code:
        found = found.filter(entry_code=entry_code)
    if open_only:
        found = found.filter(state__in=OPEN_STATES, valid_until__gte=clock.today())
    return [view_of(grant) for grant in found]


def views_held_by(organisation_id: int) -> list[GrantView]:
    return [view_of(grant) for grant in grants().filter(consumer_id=organisation_id)]


def unused_views(idle_since: date) -> list[GrantView]:
    """Return grants never used since their clock began, on that day or before."""
    found = grants().filter(
        state=GrantState.EFFECTIVE_UNUSED,
        idle_since__lte=idle_since,
        valid_until__gte=clock.today(),
    )
    return [view_of(grant) for grant in found]


def used_today(grant: Grant) -> int:
    """Return the rows handed out under the grant on the present legal day."""
    found = GrantUsage.objects.filter(grant=grant, day=clock.today()).values_list("rows", flat=True)
    return found.first() or 0


def quota_resets_at() -> datetime:
    """Return the coming midnight in Shanghai."""
    return datetime.combine(clock.today() + timedelta(days=1), time(), clock.SHANGHAI)


@dataclass(frozen=True, slots=True)
class Use:
    """用量 of a grant, summed."""

    calls: int = 0
    rows: int = 0


def use_of(grants: Sequence[Grant], since: date | None = None) -> dict[int, Use]:
    """Return the use of each grant by its id, from a day on; grants without use are absent."""
    found = GrantUsage.objects.filter(grant__in=grants).order_by()
    if since is not None:
        found = found.filter(day__gte=since)
    sums = found.values("grant_id").annotate(c=Sum("calls"), r=Sum("rows"))
    return {row["grant_id"]: Use(row["c"], row["r"]) for row in sums}


def use_by_day(grant: Grant, days: int = 30) -> list[GrantUsage]:
    since = clock.today() - timedelta(days=days)
    return list(GrantUsage.objects.filter(grant=grant, day__gte=since))


def downloads_of(grant: Grant, limit: int = 20) -> list[Download]:
    return list(Download.objects.filter(grant=grant)[:limit])


def query_runs_of(by_key: str, limit: int = 20) -> list[QueryRun]:
    return list(QueryRun.objects.filter(by_key=by_key)[:limit])


def saved_queries_of(by_key: str) -> list[SavedQuery]:
    return list(SavedQuery.objects.filter(by_key=by_key))
