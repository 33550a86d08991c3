"""Open the gate for one call, and count what left through it."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from django.db import connection, transaction

from tongqu.audit.public import record
from tongqu.catalog.vocabulary import ItemView, Manner
from tongqu.delivery import queries
from tongqu.delivery.domain import refusals
from tongqu.delivery.domain.gate import Call, refusal
from tongqu.delivery.domain.states import GRANT
from tongqu.delivery.models import Grant, GrantUsage
from tongqu.delivery.vocabulary import OPEN_STATES, GrantCommand, GrantState, GrantTerms
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.security.public import raise_event
from tongqu.security.vocabulary import EventKind

LAST_USE_STEP = timedelta(minutes=5)  # finer than this, the last use is not worth a write
FIRST_USE_FROM = frozenset({GrantState.EFFECTIVE_UNUSED, GrantState.PENDING_REVOCATION_DECISION})


@dataclass(frozen=True, slots=True)
class OpenGrant:
    """A grant under which this call may take data. ``remaining`` rows today; NULL: no quota."""

    grant: Grant
    terms: GrantTerms
    items: tuple[ItemView, ...]
    table: str
    remaining: int | None


def open_grant(number: str, call: Call, *, by: Actor, is_counted: bool = True) -> OpenGrant:
    """Return the grant if the call may take data under it.

    ``is_counted`` is false for a call that takes no new rows: no quota stands against it.

    Raises: ``Rejected`` with the first reason against it, in the order in which a caller can
    do something about them. A wrong purpose is an event for the security officers too.
    """
    grant = queries.takeable(number, by)
    if grant is None:
        raise Rejected(refusals.NO_GRANT)
    terms = queries.terms_of(grant)
    problem = refusal(terms, GrantState(grant.state), call, clock.today())
    if problem is not None:
        if problem is refusals.PURPOSE_MISMATCH:
            _report_misuse(grant, call, by)
        raise Rejected(problem)
    remaining = _remaining(grant) if is_counted else None
    table = grant.service_table  # type: ignore[attr-defined]  # annotated by with_table
    if not table:
        raise Rejected(refusals.NO_SERVICE_TABLE)
    return OpenGrant(grant, terms, queries.items_of(grant), table, remaining)


def _report_misuse(grant: Grant, call: Call, by: Actor) -> None:
    raise_event(
        EventKind.PURPOSE_MISMATCH,
        by=by,
        subject=grant.number,
        details={
            "grant": grant.number,
            "granted_purpose": grant.purpose_code,
            "declared_purpose": call.purpose[:80],
            "manner": call.manner.value,
        },
        organisations=(grant.provider_id, grant.consumer_id),
    )


def _remaining(grant: Grant) -> int | None:
    """Return how many rows may still leave today; NULL without a quota."""
    limit = grant.quota_rows_per_day
    if limit is None:
        return None
    used = queries.used_today(grant)
    if used >= limit:
        raise Rejected(refusals.quota_exceeded(limit, used, queries.quota_resets_at()))
    return limit - used


def count_use(opened: OpenGrant, manner: Manner, rows: int, *, by: Actor) -> None:
    """Count a call and its rows, and mark the first use; before anything is handed over.

    One conditional UPDATE: two calls at once cannot pass the quota together, and a grant
    that ended while the engine worked hands out nothing. Raises: ``Rejected``.
    """
    grant, now = opened.grant, clock.now()
    if grant.state not in FIRST_USE_FROM and _add(grant, manner, rows):
        if grant.last_used_at is None or now - grant.last_used_at > LAST_USE_STEP:
            Grant.objects.filter(pk=grant.pk).update(last_used_at=now)
        return
    with transaction.atomic():
        GrantUsage.objects.get_or_create(grant=grant, day=clock.today())
        if not _add(grant, manner, rows):
            raise Rejected(_why_not(grant))
        Grant.objects.filter(pk=grant.pk).update(last_used_at=now)
        if grant.state in FIRST_USE_FROM:
            _first_use(grant, by)


def _add(grant: Grant, manner: Manner, rows: int) -> bool:
    """Add to the row of the day, if there is one, the grant is open and the quota has room."""
    limit = grant.quota_rows_per_day
    is_limited = limit is not None and rows > 0
    day = connection.ops.adapt_datefield_value(clock.today())
    values: list[int | str | date | None] = [
        rows,
        rows,
        grant.pk,
        day,
        grant.pk,
        *sorted(OPEN_STATES),
    ]
    if limit is not None and is_limited:
        values.append(limit - rows)
    with connection.cursor() as cursor:
        cursor.execute(_add_sql(manner, is_limited), values)
        return bool(cursor.rowcount)


@lru_cache(maxsize=6)
def _add_sql(manner: Manner, is_limited: bool) -> str:
    """Return the one UPDATE of a call, written once: compiling it costs more than running it."""
    usage, grant = GrantUsage._meta.db_table, Grant._meta.db_table
    states = ", ".join(["%s"] * len(OPEN_STATES))
    sql = (
        f'UPDATE "{usage}" SET "calls" = "calls" + 1, "rows" = "rows" + %s,'  # noqa: S608  # names only
        f' "{manner}_calls" = "{manner}_calls" + 1, "{manner}_rows" = "{manner}_rows" + %s'
        f' WHERE "grant_id" = %s AND "day" = %s AND EXISTS'
        f' (SELECT 1 FROM "{grant}" WHERE "id" = %s AND "state" IN ({states}))'
    )
    return sql + (' AND "rows" <= %s' if is_limited else "")


def _why_not(grant: Grant) -> Problem:
    if not Grant.objects.filter(pk=grant.pk, state__in=OPEN_STATES).exists():
        return refusals.ENDED_MEANWHILE
    used, limit = queries.used_today(grant), grant.quota_rows_per_day or 0
    return refusals.quota_exceeded(limit, used, queries.quota_resets_at())


def _first_use(grant: Grant, by: Actor) -> None:
    source = GrantState(grant.state)
    step = GRANT.step(source, GrantCommand.USE)
    moved = Grant.objects.filter(pk=grant.pk, state=source).update(state=step.target)
    if not moved:
        return  # another call was first
    Grant.objects.filter(pk=grant.pk, first_used_at=None).update(first_used_at=clock.now())
    record(
        "delivery.grant.use",
        by=by,
        subject=grant.entry_code,
        grant=grant.number,
        purpose=grant.purpose_code,
        basis=step.basis,
        details={"from": source.value, "to": step.target.value},
    )
