"""即席查询: a person's SQL over governed views, within limits, every run on the record."""

import hashlib
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, NoReturn

from django.conf import settings
from django.db import transaction

from tongqu.audit.public import Outcome, record
from tongqu.catalog.ports import notes_of
from tongqu.catalog.vocabulary import Manner
from tongqu.delivery.actions.account import count_use
from tongqu.delivery.actions.seen import Seen, visible
from tongqu.delivery.domain import adhoc, refusals
from tongqu.delivery.domain.adhoc import Governed, Refused
from tongqu.delivery.domain.compiler import GRANTED
from tongqu.delivery.domain.gate import Column
from tongqu.delivery.models import QueryRun, SavedQuery
from tongqu.delivery.vocabulary import QueryRefusal, QueryState
from tongqu.identity.public import require
from tongqu.identity.vocabulary import Permission as P
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Problem, Rejected, Unavailable
from tongqu.policy.clauses.measures_2021 import ONE_PLATFORM

if TYPE_CHECKING:
    import pyarrow as pa

    from tongqu.lake.vocabulary import TableRef

EXPORT_LEVEL = 3  # what is shown in clear from this level on leaves by a download under its grant
LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class Answer:
    rows: "pa.Table"
    has_more: bool
    policies: tuple[str, ...]
    masks: dict[str, dict[str, str]] = field(default_factory=dict)  # table → column → mask
    notes: tuple[str, ...] = ()  # what data subjects object to in the entries that were read


def ask(text: str, *, by: Actor, purpose: str = "", address: str = "") -> Answer:
    """Run a query and return at most the permitted number of rows. Nothing of it is kept.

    Raises: ``Rejected`` QUERY_…, NOT_PERMITTED; also when the engine cannot run it.
    """
    return _run(text, by=by, purpose=purpose, address=address, reason="")


def export(text: str, *, by: Actor, reason: str, purpose: str = "", address: str = "") -> Answer:
    """Run a query for taking its rows away: with a reason, on the record, within a level.

    Raises: ``Rejected`` as ``ask``; EXPORT_REASON, EXPORT_LEVEL.
    """
    reason = reason.strip()[:LONGEST_REASON]
    if len(reason) < 2:
        raise Rejected(refusals.EXPORT_REASON)
    return _run(text, by=by, purpose=purpose, address=address, reason=reason)


def save(name: str, text: str, *, by: Actor) -> SavedQuery:
    """Keep a text under a name of the asker's own; the same name again replaces it."""
    require(by, P.DELIVERY_QUERY_RUN)
    name = name.strip()[:80]
    if not name or len(text) > adhoc.LONGEST:
        raise Rejected(refusals.query_refused(QueryRefusal.SYNTAX, ""))
    kept, _ = SavedQuery.objects.update_or_create(
        by_key=by.key, name=name, defaults={"sql": text, "saved_at": clock.now()}
    )
    return kept


def _run(text: str, *, by: Actor, purpose: str, address: str, reason: str) -> Answer:
    require(by, P.DELIVERY_QUERY_RUN)
    try:
        wanted = adhoc.tables_of(text)
        found = visible(by, purpose=purpose, address=address, wanted=wanted)
        seen = {name: one for name, one in found.items() if name in wanted}
        governed = {
            name: Governed(one.compiled.sql, tuple(one.compiled.parameters), GRANTED)
            for name, one in seen.items()
        }
        rebuilt = adhoc.rebuild(text, governed, limit=settings.ADHOC["ROWS"])
    except Refused as refused:
        problem = refusals.query_refused(refused.why, refused.part)
        _refuse(text, problem, by=by)
    if reason and any(_is_too_high(column) for one in seen.values() for column in one.columns):
        _refuse(text, refusals.EXPORT_LEVEL, by=by)
    _renew(seen)
    run = _begin(text, list(seen.values()), by=by, reason=reason)
    started = time.monotonic()
    try:
        answer = _answer(rebuilt, seen, by=by)
    except Rejected as error:
        _end(run, started, by=by, code=error.problem.code)
        raise
    except Unavailable:
        _end(run, started, by=by, code="QUERY_TIMEOUT")
        raise Rejected(refusals.QUERY_STOPPED) from None
    except BaseException:
        _end(run, started, by=by, code="ERROR")
        raise
    _end(run, started, by=by, rows=answer.rows.num_rows, masks=answer.masks)
    return answer


def _renew(names: Iterable[str]) -> None:
    """Bring the self-management library up to the moment, where it is asked."""
    from tongqu.lake.public import refresh_self_tables, self_tables

    if set(names) & set(self_tables()):
        refresh_self_tables()


def _is_too_high(column: Column) -> bool:
    return column.level >= EXPORT_LEVEL and not column.mask


def _answer(rebuilt: adhoc.Rebuilt, seen: dict[str, Seen], *, by: Actor) -> Answer:
    from tongqu.lake.public import engine
    from tongqu.lake.vocabulary import QueryFailed

    tables = {view: _ref(name) for view, name in rebuilt.views.items()}
    try:
        with engine().relation(
            rebuilt.sql,
            tables=tables,
            parameters=rebuilt.parameters,
            seconds=settings.ADHOC["SECONDS"],
            memory_mb=settings.ADHOC["MEMORY_MB"],
        ) as result:
            found = result.arrow()
    except QueryFailed as error:  # the engine's words may speak of what the asker may not see
        raise Rejected(_failure(error.kind)) from None
    limit = settings.ADHOC["ROWS"]
    rows = found.slice(0, limit)
    for one in seen.values():
        if one.opened is not None:
            count_use(one.opened, Manner.QUERY, rows.num_rows, by=by)
    masks = {name: dict(one.compiled.masks) for name, one in seen.items()}
    codes = dict.fromkeys(one.opened.grant.entry_code for one in seen.values() if one.opened)
    return Answer(
        rows, found.num_rows > limit, tuple(s.policy for s in seen.values()), masks,
        notes=tuple(note for code in codes for note in notes_of(code)),
    )  # fmt: skip


def _failure(kind: str) -> Problem:
    if kind == "memory":
        return refusals.query_memory(settings.ADHOC["MEMORY_MB"])
    return refusals.QUERY_VALUES if kind == "conversion" else refusals.QUERY_COLUMNS


def _ref(name: str) -> "TableRef":
    from tongqu.lake.public import ref_of

    found = ref_of(name)
    if found is None:
        raise Rejected(refusals.NO_SERVICE_TABLE)
    return found


def _begin(text: str, seen: list[Seen], *, by: Actor, reason: str) -> QueryRun:
    """Note the run before it begins, if there is room for it. Raises: ``Rejected``.

    One at a time for an asker: two that begin at once must see each other.
    """
    from tongqu.lake.public import alone

    with alone(f"query.{_digest(by.key)[:32]}", wait=True):
        return _noted(text, seen, by=by, reason=reason)


@transaction.atomic
def _noted(text: str, seen: list[Seen], *, by: Actor, reason: str) -> QueryRun:
    since = clock.now() - timedelta(seconds=2 * settings.ADHOC["SECONDS"])
    busy = QueryRun.objects.filter(
        by_key=by.key, state=QueryState.RUNNING.value, started_at__gte=since
    )
    if busy.count() >= settings.ADHOC["AT_ONCE"]:
        raise Rejected(refusals.query_busy(settings.ADHOC["AT_ONCE"]))
    size = sum(_bytes(one.table) for one in seen)
    if size > settings.ADHOC["BYTES"]:
        raise Rejected(refusals.query_too_big(size, settings.ADHOC["BYTES"]))
    return QueryRun.objects.create(
        by_key=by.key,
        by_name=str(by)[:120],
        sql=text,
        policies=[one.policy for one in seen],
        bytes=size,
        exported_for=reason,
        started_at=clock.now(),
    )


def _bytes(table: str) -> int:
    """Return the size of a table's files as its snapshot says, before anything is read."""
    from tongqu.lake.public import store

    current = store().current(_ref(table))
    if current is None:
        raise Rejected(refusals.NO_SERVICE_TABLE)
    return int(current.summary["total-files-size"])


@transaction.atomic
def _end(
    run: QueryRun,
    started: float,
    *,
    by: Actor,
    rows: int | None = None,
    masks: dict[str, dict[str, str]] | None = None,
    code: str = "",
) -> None:
    run.state = QueryState.FAILED if code else QueryState.DONE
    run.rows, run.code, run.seconds = rows, code, time.monotonic() - started
    run.save()
    record(
        "delivery.query.exported" if run.exported_for else "delivery.query.run",
        by=by,
        subject=f"即席查询 {run.pk}",
        outcome=Outcome.FAILED if code else Outcome.DONE,
        basis=ONE_PLATFORM,
        code=code,
        details={
            "policies": run.policies,
            "masks": masks or {},
            "rows": rows,
            "bytes": run.bytes,
            "reason": run.exported_for,
            "sha256": _digest(run.sql),
        },
    )


def _refuse(text: str, problem: Problem, *, by: Actor) -> NoReturn:
    with transaction.atomic():
        record(
            "delivery.query.refused",
            by=by,
            subject="即席查询",
            outcome=Outcome.REFUSED,
            basis=ONE_PLATFORM,
            code=problem.code,
            details={"sha256": _digest(text)},
        )
    raise Rejected(problem)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
