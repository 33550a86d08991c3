"""Register a source, scan it, agree on its columns."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.db import transaction

from tongqu.audit.public import record
from tongqu.catalog import public as catalog
from tongqu.catalog.vocabulary import EntryView, SourceProfile, UpdateCycle
from tongqu.identity.public import organisation_by_id
from tongqu.ingest import ports
from tongqu.ingest.actions import agree, guards
from tongqu.ingest.actions.secrecy import refuse_marked
from tongqu.ingest.actions.settle import tell_entry
from tongqu.ingest.domain import contract as contracts
from tongqu.ingest.domain.profile import profile_from, profile_json
from tongqu.ingest.models import Source
from tongqu.ingest.ports import Contract, Unreadable
from tongqu.ingest.queries import contract_of, source_of, source_view
from tongqu.ingest.vocabulary import ColumnSpec, FileOptions, Form, SourceView
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.policy.clauses import measures_2021 as law
from tongqu.standards.vocabulary import Check

# Two underlines part a source's own tables from each other: roads, roads__fixes.
_CODE = re.compile(r"(?!.*__)[a-z][a-z0-9_]{1,39}")


def _refuse(code: str, title: str, next_step: str, /, **fields: str) -> Rejected:
    return Rejected(
        Problem(code=code, title=title, next_step=next_step, basis=law.PROVIDER_DUTY, fields=fields)
    )


def register_source(
    *,
    code: str,
    name: str,
    provider_id: int,
    by: Actor,
    options: FileOptions | None = None,
    entry_code: str = "",
    cycle: str = "",
    columns: Sequence[ColumnSpec] = (),
    checks: Sequence[Check] = (),
) -> SourceView:
    """Register a source; the same facts again change nothing, other facts are refused.

    ``checks`` judge every row of every load; they speak of the columns registered with them.
    Raises: ``Rejected`` CHECK_WRONG for one that names an unknown column or code table.
    """
    guards.may_register(provider_id, by)
    _check(code, name, cycle, provider_id)
    if entry_code:
        _own_entry(entry_code, provider_id)
    checked = contracts.parse_options(contracts.options_json(options or FileOptions()))
    facts: dict[str, Any] = {
        "name": name.strip(),
        "form": Form.FILE.value,
        "provider_id": provider_id,
        "entry_code": entry_code,
        "cycle": cycle,
        "options": contracts.options_json(checked),
        "columns": contracts.columns_json(contracts.check_columns(columns)),
        "checks": agree.verified(checks, columns),
    }
    with transaction.atomic():
        source, is_new = Source.objects.get_or_create(
            code=code, defaults={**facts, "created_at": clock.now()}
        )
        if is_new:
            record("ingest.source.registered", by=by, subject=code, basis=law.PROVIDER_DUTY)
        elif not _same(source, facts):
            raise _refuse(
                "SOURCE_EXISTS",
                "这个来源代码已登记，内容与本次不同。",
                "请换一个代码；改变读取选项请在来源页办理。",
                code="代码已被使用",
            )
    return source_view(source_of(code))


def register_source_for_entry(
    entry_code: str,
    *,
    code: str,
    provider_id: int,
    by: Actor,
    options: FileOptions | None = None,
    name: str = "",
    cycle: str = "",
) -> SourceView:
    """Register a source whose columns and checks the catalogue says (STD-02: none by hand).

    Items give names, types, lengths, keys and code tables; their data elements and the entry's
    own checks say what a row must satisfy. Without ``options`` a file holds one row a key,
    unless the entry is a stream. Raises also ENTRY_UNKNOWN, CHECK_WRONG.
    """
    entry = _own_entry(entry_code, provider_id)
    columns, checks = agree.from_entry(entry)
    options = options or FileOptions(unique_keys=entry.update_cycle is not UpdateCycle.REALTIME)
    return register_source(
        code=code,
        name=name or entry.name,
        provider_id=provider_id,
        by=by,
        options=options,
        entry_code=entry_code,
        cycle=cycle or entry.update_cycle.value,
        columns=columns,
        checks=checks,
    )


def _same(source: Source, facts: Mapping[str, Any]) -> bool:
    """Tell whether a repeated registration says the same. What was learnt later is no change."""
    learnt = {"columns", "checks", "entry_code", "cycle"}
    return all(
        getattr(source, key) == value or (key in learnt and not value)
        for key, value in facts.items()
    )


def _check(code: str, name: str, cycle: str, provider_id: int) -> None:
    if not _CODE.fullmatch(code):
        raise _refuse(
            "SOURCE_CODE",
            "来源代码的写法不对。",
            "请用小写字母开头，只含小写字母、数字和不连续的下划线，2 至 40 位。",
            code="写法不对",
        )
    if not name.strip() or len(name) > 120:
        raise _refuse(
            "SOURCE_NAME", "请填写来源名称，不超过 120 字。", "请补填后提交。", name="须填写"
        )
    if cycle and cycle not in set(UpdateCycle):
        raise _refuse(
            "SOURCE_CYCLE",
            "更新周期不在可选范围内。",
            "可选：" + "、".join(c.value for c in UpdateCycle),
            cycle="请选择",
        )
    organisation_by_id(provider_id)


@transaction.atomic
def change_options(source_code: str, options: FileOptions, *, by: Actor) -> SourceView:
    """Replace how a source is read; batches that are open keep what they began with."""
    source = source_of(source_code)
    guards.may_register(source.provider_id, by)
    source.options = contracts.options_json(
        contracts.parse_options(contracts.options_json(options))
    )
    source.save(update_fields=["options"])
    record("ingest.source.options", by=by, subject=source_code, basis=law.PROVIDER_DUTY)
    return source_view(source)


@transaction.atomic
def set_columns(source_code: str, columns: Sequence[ColumnSpec], *, by: Actor) -> SourceView:
    """Agree on columns: types, keys, lengths, code tables, fixes."""
    source = source_of(source_code)
    guards.may_register(source.provider_id, by)
    agree.verify(agree.parsed(source.checks, where=source_code), columns)
    source.columns = contracts.columns_json(contracts.check_columns(columns))
    source.save(update_fields=["columns"])
    record("ingest.source.columns", by=by, subject=source_code, basis=law.COMPILE,
           details={"columns": len(columns)})  # fmt: skip
    return source_view(source)


def scan(source_code: str, path: Path, *, by: Actor) -> SourceProfile:
    """Profile a real file; its columns become the agreement when there is none yet.

    The same content read the same way is answered from the last scan.
    Raises: ``Rejected`` with the file's own problem, SECRECY_MARK among them.
    """
    source = source_of(source_code)
    guards.may_load(source, by)
    contract = contract_of(source)
    connector = ports.connector(source.form)
    refuse_marked(connector, path, contract.options, source, by=by)
    sha256 = connector.digest(path)
    names = [column.name for column in contract.columns]
    if source.columns and source.profile.get("of") == _scanned(source, sha256, names):
        return profile_from(source.profile)
    try:
        profile, proposed = _profile(source, contract, path)
    except Unreadable as error:
        raise Rejected(
            Problem(
                code=error.code,
                title=error.title,
                next_step=error.next_step,
                basis=law.QUALITY,
                who="提供部门",
                facts=error.facts,
            )
        ) from error
    with transaction.atomic():
        came = [column.name for column in profile.columns]
        source.profile = {**profile_json(profile), "of": _scanned(source, sha256, came)}
        if not source.columns:
            source.columns = contracts.columns_json(contracts.check_columns(proposed))
        source.save(update_fields=["profile", "columns"])
        record("ingest.source.scanned", by=by, subject=source_code, rows=profile.rows,
               basis=law.COMPILE, details={"columns": len(profile.columns)})  # fmt: skip
    return profile


def _scanned(source: Source, sha256: str, names: Sequence[str]) -> str:
    """Return what a profile depends on: content, reading, names, and the hub's own version."""
    return contracts.digest(
        {
            "sha256": sha256,
            "options": source.options,
            "names": list(names),
            "version": version("tongqu"),  # a newer hub may recognise more
        }
    )


def _profile(
    source: Source, contract: Contract, path: Path
) -> tuple[SourceProfile, tuple[ColumnSpec, ...]]:
    connector = ports.connector(source.form)
    landed = connector.land(path, guards.landing(), contract.options, name=path.name)
    with connector.open(landed, contract, name=path.name) as opened:
        return opened.profile(title=source.name)


def draft(
    source_code: str, *, by: Actor, name: str = "", defaults: Mapping[str, Any] | None = None
) -> EntryView:
    """Make a draft entry from the last scan and tie the source to it."""
    source = source_of(source_code)
    guards.may_register(source.provider_id, by)
    if not source.profile:
        raise _refuse("NOT_SCANNED", "来源还没有探查过，无法起草目录。", "请先用一份真实文件探查。")
    entry = catalog.draft_from_profile(
        profile=profile_from(source.profile),
        name=name or source.name,
        provider_id=source.provider_id,
        by=by,
        defaults=_defaults(source, defaults or {}),
    )
    source.entry_code = entry.code
    source.save(update_fields=["entry_code"])
    tell_entry(source, by=by)
    return entry


def _defaults(source: Source, given: Mapping[str, Any]) -> dict[str, Any]:
    known = {"update_cycle": UpdateCycle(source.cycle)} if source.cycle else {}
    return {**known, **given}


@transaction.atomic
def connect(source_code: str, entry_code: str, *, by: Actor) -> SourceView:
    """Tie a source to its entry: what items, elements and entry say becomes the agreement.

    Columns without an item stay as scanned; checks of items that the source lacks are left out.
    """
    source = source_of(source_code)
    guards.may_register(source.provider_id, by)
    entry = _own_entry(entry_code, source.provider_id)
    columns = contract_of(source).columns
    source.entry_code = entry.code
    source.cycle = source.cycle or entry.update_cycle.value
    declared, checks = agree.from_entry(entry)
    agreed = _agreed(columns, declared)
    known = {column.item or column.name for column in agreed}
    source.columns = contracts.columns_json(agreed)
    source.checks = agree.verified([c for c in checks if set(c.columns) <= known], agreed)
    source.save(update_fields=["entry_code", "cycle", "columns", "checks"])
    record("ingest.source.connected", by=by, subject=source_code, basis=law.CONNECT_IN_TIME,
           details={"entry": entry.code})  # fmt: skip
    tell_entry(source, by=by)
    return source_view(source)


def _own_entry(entry_code: str, provider_id: int) -> EntryView:
    """Return the provider's entry: a load speaks for the entry that its source is tied to."""
    entry = catalog.entry(entry_code)
    if entry is None or entry.provider_id != provider_id:
        raise _refuse("ENTRY_UNKNOWN", "没有找到本单位的这个目录条目。", "请核对目录标识。",
                      entry_code="没有找到")  # fmt: skip
    return entry


def _agreed(
    scanned: Sequence[ColumnSpec], declared: Sequence[ColumnSpec]
) -> tuple[ColumnSpec, ...]:
    """Return the columns as their items say; a column without item stays as scanned.

    What was agreed on spelling (fixes, code map, zone) is kept: the catalogue does not say it.
    """
    known = {column.name: column for column in declared}
    return tuple(
        replace(
            known[column.name],
            fixes=tuple(dict.fromkeys((*column.fixes, *known[column.name].fixes))),
            codes=column.codes,
            code_map=column.code_map,
            zoned=column.zoned and known[column.name].data_type == column.data_type,
        )
        if column.name in known
        else column
        for column in scanned
    )
