"""即席查询: a person's SQL over governed views, within limits, every run on the record."""

import hashlib
import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, NoReturn

from django.conf import settings
from django.db import transaction

from tongqu.audit.public import Outcome, record
from tongqu.catalog.public import lines, versions
from tongqu.catalog.vocabulary import DataType, ItemView, Manner
from tongqu.delivery import queries
from tongqu.delivery.actions.account import OpenGrant, count_use, open_grant
from tongqu.delivery.actions.deliver import compiled_for, mask_of
from tongqu.delivery.domain import adhoc, refusals
from tongqu.delivery.domain.adhoc import Governed, Refused
from tongqu.delivery.domain.compiler import GRANTED, CompiledQuery, Query, Shape, compile_columns
from tongqu.delivery.domain.gate import MASKS, TOP_LEVEL, Call, Column
from tongqu.delivery.models import QueryRun, SavedQuery
from tongqu.delivery.vocabulary import (
    DEFAULT_RIGHT_LEVEL,
    OPEN_STATES,
    QueryRefusal,
    QueryState,
)
from tongqu.identity.public import require
from tongqu.identity.vocabulary import Permission as P
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Problem, Rejected, Unavailable
from tongqu.policy.clauses.measures_2021 import ONE_PLATFORM
from tongqu.security.public import mask_salt

if TYPE_CHECKING:
    import pyarrow as pa

    from tongqu.lake.vocabulary import TableRef

EXPORT_LEVEL = 3  # what is shown in clear from this level on leaves by a download under its grant
LONGEST_REASON = 300
OWN_LEVEL = 2  # of what the platform notes of itself: who, what, when; never a value of a row
OWN_TYPES = {
    "BIGINT": DataType.INTEGER, "VARCHAR": DataType.STRING, "TIMESTAMPTZ": DataType.DATETIME,
}  # fmt: skip
FAILED = {"conversion": refusals.QUERY_VALUES, "memory": refusals.QUERY_STOPPED}


@dataclass(frozen=True, slots=True)
class Seen:
    """A table as the asker may see it. ``policy`` says by what right, for the audit row."""

    table: str
    title: str
    policy: str
    compiled: CompiledQuery
    opened: OpenGrant | None = None

    @property
    def columns(self) -> tuple[Column, ...]:
        return self.compiled.columns


@dataclass(frozen=True, slots=True)
class Answer:
    rows: "pa.Table"
    has_more: bool
    policies: tuple[str, ...]
    masks: dict[str, dict[str, str]] = field(default_factory=dict)  # table → column → mask


def visible(
    by: Actor, *, purpose: str = "", address: str = "", wanted: Collection[str] | None = None
) -> dict[str, Seen]:
    """Return what the asker may query: his department's own tables, and what was granted to it.

    A grant counts for the purpose that is declared; without one, for browsing, for its own.
    ``wanted``: of the own tables these alone; None: all.
    """
    found = {seen.table: seen for seen in (*own(by, wanted), *platform(by))}
    held = queries.held_by(by).filter(state__in=OPEN_STATES, valid_until__gte=clock.today())
    for grant in held.order_by("issued_at"):
        if purpose and grant.purpose_code != purpose:
            continue
        try:
            call = Call(Manner.QUERY, purpose or grant.purpose_code, address)
            opened = open_grant(grant.number, call, by=by, is_counted=False)
            compiled = compiled_for(opened, Query(Shape.TABLE))
        except Rejected:
            continue  # not in force, not in this manner, not from here: not seen
        policy = (
            f"共享授权 {grant.number}（可见 {grant.right_level} 级，用途 {grant.purpose_code}）"
        )
        found.setdefault(
            opened.table, Seen(opened.table, grant.entry_name, policy, compiled, opened)
        )
    return found


def own(by: Actor, wanted: Collection[str] | None = None) -> Iterable[Seen]:
    """Yield the service tables of the asker's own department, above its right masked."""
    if by.organisation_id is None:
        return
    found = [
        line for line in lines(provider_id=by.organisation_id)
        if line.table and (wanted is None or line.table in wanted)
    ]  # fmt: skip
    entries = {entry.version_id: entry for entry in versions([line.version_id for line in found])}
    for line in found:
        entry = entries[line.version_id]
        columns = tuple(filter(None, (_own_column(item) for item in entry.items)))
        if not columns:
            continue
        salt = f"{mask_salt()}:{by.organisation_id}"
        compiled = compile_columns(
            columns, entry.items, (), Query(Shape.TABLE), mask=mask_of, salt=salt
        )
        policy = f"本部门数据 {entry.code}（可见 {DEFAULT_RIGHT_LEVEL} 级）"
        yield Seen(line.table, entry.name, policy, compiled)


def platform(by: Actor) -> Iterable[Seen]:
    """Yield the self-management library for those who may read the audit trail (LAK-09)."""
    from tongqu.lake.public import self_tables

    if not by.may(P.AUDIT_TRAIL_READ):
        return
    for name, (title, kinds) in self_tables().items():
        columns = tuple(
            Column(column, column, OWN_TYPES[kind], level=OWN_LEVEL)
            for column, kind in kinds.items()
        )
        shown = ", ".join(f'"{column}"' for column in kinds)
        compiled = CompiledQuery(f"SELECT {shown} FROM {GRANTED}", (), columns)  # noqa: S608  # our own names
        yield Seen(name, title, f"自管库 {name}（审计检索权限）", compiled)


def _ref(name: str) -> "TableRef":
    from tongqu.lake.public import dw_ref, self_tables, svc_ref

    return dw_ref(name) if name in self_tables() else svc_ref(name)


def _own_column(item: ItemView) -> Column | None:
    """Return an item of one's own department; above the right it is masked or not there."""
    mask = ""
    if item.level > DEFAULT_RIGHT_LEVEL:
        if item.level >= TOP_LEVEL or item.mask not in MASKS:
            return None
        mask = item.mask
    if item.name_en.startswith("_"):
        return None
    return Column(item.name_en, item.name_zh, item.data_type, item.is_key, item.level, mask)


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
        ) as result:
            found = result.arrow()
    except QueryFailed as error:  # the engine's words may speak of what the asker may not see
        raise Rejected(FAILED.get(error.kind, refusals.QUERY_COLUMNS)) from None
    limit = settings.ADHOC["ROWS"]
    rows = found.slice(0, limit)
    for one in seen.values():
        if one.opened is not None:
            count_use(one.opened, Manner.QUERY, rows.num_rows, by=by)
    masks = {name: dict(one.compiled.masks) for name, one in seen.items()}
    return Answer(rows, found.num_rows > limit, tuple(s.policy for s in seen.values()), masks)


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
