"""Withdrawals: keys that the newest full state no longer names are recorded as gone.

A source whose every delivery is the whole state (``FileOptions.full_state``) never says "deleted":
it stops naming the key. After such a delivery closed, the keys that are missing from it become
rows with ``_op`` 'D' and the values last told, in a batch of its own: its ledger balances by
itself (received = stored), and that of the delivery stays what the department sent.

A row that was kept apart still names its key. Where a key cannot be read, or nothing came, nobody
can say what is missing: nothing is withdrawn, and the delivery says so.

A file cut short looks like a state in which most is gone. A state that would withdraw more than
``FileOptions.withdraw_most`` percent of the keys there, and ``LEAST_HELD`` or more of them, waits
until somebody confirms it (``confirm``) or a newer state comes.
"""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tongqu.catalog.vocabulary import DataType
from tongqu.identity.public import notify
from tongqu.identity.vocabulary import Role
from tongqu.ingest import ports
from tongqu.ingest.actions import guards
from tongqu.ingest.actions.agree import frozen_contract
from tongqu.ingest.domain import contract as contracts
from tongqu.ingest.models import Batch, Source
from tongqu.ingest.ports import Contract, Target
from tongqu.ingest.queries import landed_path
from tongqu.ingest.vocabulary import (
    DERIVED,
    OP,
    BatchState,
    ColumnSpec,
    FileFormat,
    FileOptions,
    Form,
    Mode,
    PullState,
)
from tongqu.kernel import clock
from tongqu.kernel.statements import quoted
from tongqu.lake import public as lake

ROWS = FileOptions(format=FileFormat.PARQUET.value, keep_empty=True)
EMPTY = "本次没有任何行，未判断撤下"
UNREADABLE = "有 {n} 行读不出主键，未判断撤下；改正后请整份重新报送"
GONE = "撤下 {n} 条，见批次 {batch}"
WAITS = "本次没有的主键有 {n} 条，占现有 {there} 条的 {share}%，超过 {most}%，未撤下，待确认"
LEAST_HELD = 10  # fewer are withdrawn at once, whatever their share
HELD, CONFIRMED = "withdrawal_held", "withdrawal_confirmed"  # facts of a delivery


@dataclass(frozen=True, slots=True)
class Found:
    """What a full state no longer names. ``path``: its rows; None where there is none."""

    delivery: Batch  # the last batch of it
    path: Path | None = None
    rows: int = 0
    words: str = ""  # why nothing was judged
    contract: dict[str, Any] = field(default_factory=dict)
    batch: Batch | None = None  # that recorded it before a crash
    there: int = 0  # keys there, where the withdrawal waits for somebody's word

    @property
    def name(self) -> str:
        return f"撤下（对照批次 {self.delivery.number}）"

    @property
    def facts(self) -> dict[str, Any]:
        return {"withdraws": self.delivery.number}


def due(source: Source) -> Found | None:
    """Return what the newest full state withdraws; None where that is known or not asked for."""
    keys = [column for column in contracts.parse_columns(source.columns) if column.is_key]
    if not source.options.get("full_state") or not keys:
        return None
    batches = _newest(source)
    if not batches or "withdrawn" in batches[-1].facts or is_held(batches[-1]):
        return None
    last = batches[-1]
    recorded = source.batches.filter(state=BatchState.CLOSED, facts__withdraws=last.number)
    if before := recorded.first():
        return Found(last, batch=before)
    if not sum(batch.received for batch in batches):
        return Found(last, words=EMPTY)
    with ExitStack() as stack:
        named, unreadable = list[str](), 0
        for batch in batches:
            files, wrong = _keys(batch, lake.engine().scratch())
            for path in files:
                stack.callback(Path(path).unlink, missing_ok=True)
            named += files
            unreadable += wrong
        if unreadable or not named:
            return Found(last, words=UNREADABLE.format(n=unreadable))
        return _missing(last, named)


def is_held(delivery: Batch) -> bool:
    """Tell whether what the delivery withdraws waits for somebody's word."""
    return HELD in delivery.facts and not {CONFIRMED, "withdrawn"} & set(delivery.facts)


def is_newest(delivery: Batch) -> bool:
    """Tell whether a delivery is the newest state: an older one withdraws nothing any more."""
    batches = _newest(delivery.source)
    return bool(batches) and batches[-1].pk == delivery.pk


def done(found: Found, batch: Batch | None) -> None:
    """Note on the delivery what came of it. A batch that did not close is tried anew later."""
    if batch is not None and batch.state != BatchState.CLOSED:
        return
    delivery = found.delivery
    delivery.refresh_from_db()
    words = found.words
    if batch is not None:
        words = GONE.format(n=batch.stored, batch=batch.number)
        delivery.facts = {**delivery.facts, "withdrawal": batch.number}
    if found.there:
        delivery.facts = {**delivery.facts, HELD: {"rows": found.rows, "there": found.there}}
        _tell_of_held(delivery, words)
    else:
        delivery.facts = {**delivery.facts, "withdrawn": batch.stored if batch else 0}
    if words:
        delivery.note = f"{delivery.note}{words}。"[:500]
        line = {"at": clock.now().isoformat(), "step": "withdrawn", "text": words}
        delivery.log = [*delivery.log, line]
    delivery.save(update_fields=["facts", "note", "log"])


def _tell_of_held(delivery: Batch, words: str) -> None:
    notify(
        f"“{delivery.source.name}”批次 {delivery.number}：{words}"[:300],
        key=f"ingest-held-{delivery.number}", kind="撤下待确认",
        url=f"/manage/ingest/batches/{delivery.number}/",
        organisation_id=delivery.source.provider_id, role=Role.CATALOGUER.value,
    )  # fmt: skip


def _newest(source: Source) -> list[Batch]:
    """Return the batches of the newest full state: of a file one, of a pull those of its run."""
    closed = source.batches.filter(state=BatchState.CLOSED).order_by("pk")
    if source.form == Form.FILE:
        files = [batch for batch in closed.order_by("-pk")[:2] if "withdraws" not in batch.facts]
        return files[:1]
    run = source.runs.first()
    if source.mode != Mode.FULL or run is None or run.state != PullState.DONE:
        return []
    return list(closed.filter(run=run))


def _keys(batch: Batch, into: Path) -> tuple[Sequence[str], int]:
    """Write the keys that a delivery names; return where, and how many of its rows name none."""
    agreed = frozen_contract(batch)
    columns = tuple(map(_eased, agreed.columns))
    options = replace(agreed.options, unique_keys=False, full_state=False)
    contract = Contract(batch.source.code, options, columns)
    connector = ports.connector(batch.source.form)
    landed = ports.Landed(landed_path(guards.landing(), batch.sha256), batch.sha256, batch.size)
    with connector.open(landed, contract, name=batch.file_name) as opened:
        target = Target(batch.number, clock.now(), into, opened.scratch, {})
        found = opened.sort(target, _nothing)
        return found.accepted, found.rejected


def _nothing(*, contents: bool = False) -> None:  # the port's signature
    """Compare with no row stored: every key counts."""


def _eased(column: ColumnSpec) -> ColumnSpec:
    """Ask of a row nothing but its key: a value that is wrong withdraws nothing."""
    if column.is_key or column.name in DERIVED:
        return replace(column, codes=(), code_table="", length=None)
    return replace(
        column, data_type=DataType.STRING, nullable=True, length=None, codes=(), code_table="",
        code_map={}, fixes=(),
    )  # fmt: skip


def _missing(last: Batch, named: Sequence[str]) -> Found:
    """Write the newest rows of the keys that are there and are not named."""
    ref = lake.ods_ref(last.source.table)
    columns = [
        replace(column, nullable=True, fixes=(), length=None, codes=(), code_table="", code_map={})
        for column in contracts.parse_columns(last.contract["columns"])
    ]
    has_op = any(column.name == OP for column in lake.store().columns(ref))
    path = lake.engine().scratch()
    tables: Mapping[str, Any] = {"stored": ref, "named": list(named)}
    with lake.engine().relation(_missing_sql(columns, has_op=has_op), tables=tables) as result:
        rows = result.write(path)
    held = _held(last, rows, _there_sql(columns, has_op=has_op), tables)
    if held is not None or not rows:
        path.unlink(missing_ok=True)
        return held or Found(last)
    contract = {
        "options": contracts.options_json(ROWS), "checks": [], "tables": {},
        "columns": contracts.columns_json([*columns, ColumnSpec(OP, fixes=())]),
        "judged_at": clock.now().isoformat(),
    }  # fmt: skip
    return Found(last, path, rows, contract=contract)


def _held(last: Batch, rows: int, there_sql: str, tables: Mapping[str, Any]) -> Found | None:
    """Return why so many rows wait for somebody's word; None where they may go."""
    if rows < LEAST_HELD or CONFIRMED in last.facts:
        return None
    with lake.engine().relation(there_sql, tables={"stored": tables["stored"]}) as result:
        there = int(str(result.scalar()))
    most = last.source.options.get("withdraw_most", FileOptions().withdraw_most)
    if rows * 100 <= there * most:
        return None
    share = f"{rows * 100 / there:.1f}".removesuffix(".0")
    words = WAITS.format(n=rows, there=there, share=share, most=most)
    return Found(last, rows=rows, words=words, there=there)


def _newest_sql(columns: Sequence[ColumnSpec], *, has_op: bool) -> str:
    """Return the FROM and WHERE of the newest row of each key that is there."""
    newest = lake.newest_sql(column.name for column in columns if column.is_key)
    there = f"coalesce({OP}, '') <> 'D'" if has_op else "true"
    return f"({newest}) AS newest WHERE {there}"


def _there_sql(columns: Sequence[ColumnSpec], *, has_op: bool) -> str:
    return f"SELECT count(*) FROM {_newest_sql(columns, has_op=has_op)}"  # noqa: S608  # names quoted


def _missing_sql(columns: Sequence[ColumnSpec], *, has_op: bool) -> str:
    keys = [quoted(column.name) for column in columns if column.is_key]
    values = ", ".join(quoted(column.name) for column in columns)
    same = " AND ".join(f"named.{key} = newest.{key}" for key in keys)
    return (
        f"SELECT {values}, 'D' AS {OP} FROM {_newest_sql(columns, has_op=has_op)} "  # noqa: S608  # names quoted
        f"AND NOT EXISTS (SELECT 1 FROM named WHERE {same})"
    )


__all__ = ["CONFIRMED", "HELD", "Found", "done", "due", "is_held", "is_newest"]
