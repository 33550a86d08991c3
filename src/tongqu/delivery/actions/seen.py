"""What somebody may query: his department's own tables, and what was granted to it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from tongqu.catalog.public import lines, versions
from tongqu.catalog.vocabulary import DataType, ItemView, Manner
from tongqu.delivery import queries
from tongqu.delivery.actions.account import OpenGrant, open_grant
from tongqu.delivery.actions.deliver import compiled_for, mask_of
from tongqu.delivery.domain.compiler import GRANTED, CompiledQuery, Query, Shape, compile_columns
from tongqu.delivery.domain.gate import MASKS, TOP_LEVEL, Call, Column
from tongqu.delivery.vocabulary import DEFAULT_RIGHT_LEVEL, OPEN_STATES
from tongqu.identity.vocabulary import Permission as P
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Rejected
from tongqu.lake.vocabulary import LAYER_LABELS
from tongqu.security.public import mask_salt
from tongqu.security.vocabulary import Mask

OWN_LEVEL = 2  # of what the platform notes of itself: who, what, when; never a value of a row
OWN_TYPES = {
    "BIGINT": DataType.INTEGER, "VARCHAR": DataType.STRING, "TIMESTAMPTZ": DataType.DATETIME,
}  # fmt: skip


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


def visible(
    by: Actor, *, purpose: str = "", address: str = "", wanted: Collection[str] | None = None
) -> dict[str, Seen]:
    """Return what the asker may query: his department's own tables, and what was granted to it.

    A grant counts for the purpose that is declared; without one, for browsing, for its own.
    ``wanted``: of the own tables these alone; None: all.
    """
    found = {seen.table: seen for seen in (*own(by, wanted), *lower(by, wanted), *platform(by))}
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


def lower(by: Actor, wanted: Collection[str] | None = None) -> Iterable[Seen]:
    """Yield the department's tables of source and warehouse layer, masked as it may see them."""
    from sqlglot import exp

    from tongqu.lake.public import own_tables

    salt = f"{mask_salt()}:{by.organisation_id}"
    for table in own_tables(by, wanted):
        shown = [
            exp.alias_(
                mask_of(Mask(c.mask), c.name, salt) if c.mask else exp.column(c.name, quoted=True),
                c.name, quoted=True,
            )
            for c in table.columns
        ]  # fmt: skip
        rows = exp.select(*shown).from_(exp.to_identifier(GRANTED, quoted=True))
        columns = tuple(
            Column(c.name, c.title, DataType.STRING, level=c.level, mask=c.mask)
            for c in table.columns
        )
        policy = (
            f"本部门数据 {table.ref.name}（{LAYER_LABELS[table.ref.layer]}，"
            f"可见 {DEFAULT_RIGHT_LEVEL} 级，目录未定级的列脱敏）"
        )
        compiled = CompiledQuery(rows.sql(dialect="duckdb"), (), columns)
        yield Seen(table.ref.name, table.title or table.ref.name, policy, compiled)


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
