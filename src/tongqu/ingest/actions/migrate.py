"""Move a legacy exchange system onto the platform: inventory, mapping, parallel run, cut-over."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from django.db import transaction

from tongqu.audit.public import record
from tongqu.identity.public import organisation_by_id
from tongqu.ingest.actions import connections, guards
from tongqu.ingest.actions.reconcile import state_sql
from tongqu.ingest.domain.checksum import digest_sql
from tongqu.ingest.domain.migration import open_points
from tongqu.ingest.domain.states import MIGRATION, MigrationCommand
from tongqu.ingest.models import LegacyComparison, LegacyInterface, LegacySystem, Source
from tongqu.ingest.queries import MIGRATION_UNKNOWN, contract_of, source_of
from tongqu.ingest.vocabulary import ColumnSpec, Migration
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import IllegalStep, Problem, Rejected
from tongqu.kernel.statements import quoted
from tongqu.lake import public as lake
from tongqu.policy.clauses import measures_2021 as law

_CODE = re.compile(r"[a-z][a-z0-9_]{1,39}")


def _refuse(code: str, title: str, next_step: str, /, **fields: str) -> Rejected:
    return Rejected(
        Problem(code=code, title=title, next_step=next_step, basis=law.NEW_SYSTEMS, fields=fields)
    )


def own_system(code: str, by: Actor) -> LegacySystem:
    """Return the system, held for the transaction. Raises MIGRATION_UNKNOWN, NOT_YOUR_SOURCE."""
    rows = LegacySystem.objects.select_for_update(of=("self",)).select_related("provider")
    found = rows.filter(code=code).first()
    if found is None:
        raise Rejected(MIGRATION_UNKNOWN)
    guards.may_register(found.provider_id, by)
    return found


@transaction.atomic
def register_system(
    *,
    code: str,
    name: str,
    provider_id: int,
    interfaces: Sequence[tuple[str, str]],
    by: Actor,
    parallel_days: int = 30,
) -> LegacySystem:
    """Take stock of a legacy system: its interfaces as (number, name).

    Raises: ``Rejected`` MIGRATION_WRONG.
    """
    guards.may_register(provider_id, by)
    organisation_by_id(provider_id)
    numbers = [number for number, _ in interfaces]
    if not _CODE.fullmatch(code) or LegacySystem.objects.filter(code=code).exists():
        raise _refuse(
            "MIGRATION_WRONG",
            "系统代码写法不对或已被使用。",
            "请用小写字母开头，只含小写字母、数字和下划线。",
            code="写法不对或已被使用",
        )
    if not name.strip() or not interfaces or len(set(numbers)) < len(numbers):
        raise _refuse("MIGRATION_WRONG", "请写明系统名称，接口编号不得重复或缺少。",
                      "每行一个接口：编号，空格，名称。", interfaces="缺少或重复")  # fmt: skip
    if not 1 <= parallel_days <= 365:
        raise _refuse("MIGRATION_WRONG", "并行天数超出范围。", "请填 1 至 365。",
                      parallel_days="1 至 365")  # fmt: skip
    made = LegacySystem.objects.create(
        code=code, name=name.strip(), provider_id=provider_id, parallel_days=parallel_days,
        created_at=clock.now(),
    )  # fmt: skip
    LegacyInterface.objects.bulk_create(
        LegacyInterface(system=made, number=number, name=title) for number, title in interfaces
    )
    record("ingest.migration.registered", by=by, subject=code, basis=law.NEW_SYSTEMS,
           details={"interfaces": len(interfaces)})  # fmt: skip
    return made


@transaction.atomic
def map_interface(
    code: str, number: str, *, old: str, new: str, mapping: Mapping[str, str], by: Actor
) -> LegacyInterface:
    """Say which source brings the old interface's data, and which replaces it, column by column.

    Raises: ``Rejected`` SOURCE_UNKNOWN, NOT_YOUR_SOURCE, MAPPING_WRONG.
    """
    system = own_system(code, by)
    interface = system.interfaces.filter(number=number).first()
    if interface is None:
        raise Rejected(MIGRATION_UNKNOWN)
    before, after = source_of(old), source_of(new)
    for source in (before, after):
        guards.owned(source.provider_id, by)
    known = ({c.name for c in contract_of(s).columns} for s in (before, after))
    missing = [
        name for names, held in zip((mapping, mapping.values()), known, strict=True)
        for name in names if name not in held
    ]  # fmt: skip
    if not mapping or missing:
        raise _refuse(
            "MAPPING_WRONG",
            "列对应不完整，或写了来源没有的列。",
            "每行一对：原有列=平台列。",
            mapping="、".join(missing) or "须填写",
        )
    interface.old, interface.new, interface.mapping = before, after, dict(mapping)
    interface.save()
    if system.state == Migration.WAITING:
        _step(system, MigrationCommand.BEGIN, by=by)
    record("ingest.migration.mapped", by=by, subject=f"{code}/{number}", basis=law.NEW_SYSTEMS)
    return interface


def _step(system: LegacySystem, command: MigrationCommand, *, by: Actor) -> None:
    try:
        step = MIGRATION.step(Migration(system.state), command)
    except IllegalStep:
        raise _refuse("MIGRATION_STATE", "当前状态不能办理这一步。",
                      f"当前状态：{Migration(system.state).label}。") from None  # fmt: skip
    system.state = step.target.value
    system.save()
    record(f"ingest.migration.{command.value}", by=by, subject=system.code, basis=law.NEW_SYSTEMS)


@transaction.atomic
def run_parallel(code: str, *, by: Actor) -> LegacySystem:
    """Begin the parallel period today. Every interface must be mapped."""
    system = own_system(code, by)
    left = system.interfaces.filter(new=None).values_list("number", flat=True)
    if left:
        raise _refuse("MIGRATION_NOT_MAPPED", f"还有 {len(left)} 个接口没有对应。",
                      f"请先完成：{'、'.join(left[:5])}。")  # fmt: skip
    system.parallel_from = clock.today()
    _step(system, MigrationCommand.RUN_PARALLEL, by=by)
    return system


def compare(code: str, *, by: Actor) -> list[LegacyComparison]:
    """Compare every interface both ways, now: counts and checksums over the mapped columns."""
    with transaction.atomic():
        system = own_system(code, by)
        if system.state != Migration.PARALLEL:
            raise _refuse("MIGRATION_STATE", "只有并行中的系统可以比对。", "请先开始并行。")
    interfaces = system.interfaces.select_related("old", "new")
    known: Known = {}
    found = [(interface, _both(interface, known)) for interface in interfaces]
    with transaction.atomic():
        made = [
            LegacyComparison.objects.create(
                interface=interface, day=clock.today(), old_rows=old[0], new_rows=new[0],
                is_equal=old == new, made_at=clock.now(),
            )
            for interface, (old, new) in found
        ]  # fmt: skip
        record("ingest.migration.compared", by=by, subject=code, basis=law.NEW_SYSTEMS,
               details={"equal": sum(c.is_equal for c in made), "of": len(made)})  # fmt: skip
    return made


Known = dict[tuple[int, tuple[tuple[str, str], ...]], tuple[int, str]]


def _both(interface: LegacyInterface, known: Known) -> tuple[tuple[int, str], tuple[int, str]]:
    """Return the figures of both ways; a table that several interfaces share is read once."""
    old, new = interface.old, interface.new
    if old is None or new is None:
        raise Rejected(MIGRATION_UNKNOWN)
    same = {target: target for target in interface.mapping.values()}
    found = []
    for source, names in ((old, interface.mapping), (new, same)):
        key = (source.pk, tuple(sorted(names.items())))
        if key not in known:
            known[key] = _figures(source, names)
        found.append(known[key])
    return found[0], found[1]


def _figures(source: Source, names: Mapping[str, str]) -> tuple[int, str]:
    """Return rows and checksum of a source's newest state, its columns under common names."""
    ref, options = lake.ods_ref(source.table), connections.options_of(source)
    if lake.store().current(ref) is None:
        return 0, "0"
    held = {column.name: column for column in options.columns}
    columns: list[ColumnSpec] = [replace(held[name], name=to) for name, to in names.items()]
    columns.sort(key=lambda column: column.name)
    picks = ", ".join(f"{quoted(name)} AS {quoted(to)}" for name, to in names.items())
    told = [column.name for column in lake.store().columns(ref)]
    query = (
        f"SELECT count(*) AS n, {digest_sql(columns)} AS digest"  # noqa: S608  # names quoted
        f" FROM (SELECT {picks} FROM ({state_sql(options, told)}))"
    )
    row = lake.engine().relation(query, tables={"stored": ref}).arrow().to_pylist()[0]
    return int(row["n"]), str(row["digest"] or 0)


def points_of(system: LegacySystem) -> list[str]:
    """Return what still stands in the way of the cut-over."""
    interfaces = []
    for interface in system.interfaces.prefetch_related("comparisons"):
        equal: dict[date, bool] = {}
        for made in reversed(interface.comparisons.all()):  # oldest first: the last of a day counts
            equal[made.day] = made.is_equal
        interfaces.append((interface.number, interface.new_id is not None, equal))
    return open_points(interfaces, start=system.parallel_from, days=system.parallel_days)


@transaction.atomic
def cut_over(code: str, *, by: Actor) -> LegacySystem:
    """Sign the cut-over. Raises: ``Rejected`` MIGRATION_NOT_EQUAL with what is still open."""
    system = own_system(code, by)
    points = points_of(system)
    if points:
        raise _refuse(
            "MIGRATION_NOT_EQUAL",
            f"还不能割接：{points[0]}。",
            "并行期内每个接口每天比对一致后才能签署。",
            cut_over="；".join(points[:5]),
        )
    system.moved_at, system.signed_by = clock.now(), str(by)[:120]
    _step(system, MigrationCommand.CUT_OVER, by=by)
    return system
