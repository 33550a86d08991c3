"""Connections: whom the platform fetches from, and how a source is fetched."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from tongqu.audit.public import record
from tongqu.identity.public import organisation_by_id
from tongqu.ingest import ports
from tongqu.ingest.actions import guards, vault
from tongqu.ingest.domain import schedule as schedules
from tongqu.ingest.domain.contract import columns_json, parse_columns
from tongqu.ingest.models import Connection, Source
from tongqu.ingest.ports import Probe, PullFailed, PullOptions
from tongqu.ingest.queries import source_of, source_view
from tongqu.ingest.vocabulary import OP, SEQ, ColumnSpec, Form, Mode, SourceView
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.policy.clauses import measures_2021 as law

_CODE = re.compile(r"[a-z][a-z0-9_]{1,39}")
# Of a database's address everything from the colon to the at sign is the password, slashes too.
_PASSWORD = re.compile(r"//[^/@\s]*:[^/@\s]+@|^(?!\s*https?:)[^/]*//[^/@]*:[^@]+@")


def refuse(code: str, title: str, next_step: str, /, **fields: str) -> Rejected:
    return Rejected(
        Problem(code=code, title=title, next_step=next_step, basis=law.CONNECT_IN_TIME,
                fields=fields)
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Plan:
    """How a source is fetched, as its department says it."""

    connection: str
    what: str = ""
    mode: Mode = Mode.FULL
    key: tuple[str, ...] = ()
    time_column: str = ""
    overlap_seconds: int = 0
    piece_rows: int = 1_000_000
    settings: Mapping[str, Any] = field(default_factory=dict)
    schedule: str = ""
    reject_threshold: float = 0.01
    tolerance: float = 0.001
    full_state: bool = False  # of a full pull: a key that it does not bring was withdrawn


@transaction.atomic
def register_connection(
    *,
    code: str,
    name: str,
    connector: str,
    address: str,
    provider_id: int,
    by: Actor,
    settings: Mapping[str, Any] | None = None,
    secrets: Mapping[str, str] | None = None,
) -> Connection:
    """Register a connection, or change one's own. Secrets are sealed; blank ones stay.

    Raises: ``Rejected`` CONNECTION_WRONG, CONNECTOR_UNKNOWN, CONNECTION_EXISTS, SECRET_AGAIN, and
    what the connector says of the address.
    """
    guards.may_register(provider_id, by)
    organisation_by_id(provider_id)
    _check(code, name, connector, address)
    found = Connection.objects.select_for_update().filter(code=code).first()
    if found is not None and (found.provider_id != provider_id or found.connector != connector):
        raise refuse("CONNECTION_EXISTS", "这个连接代码已被使用。", "请换一个代码。",
                     code="代码已被使用")  # fmt: skip
    given = {key: value for key, value in (secrets or {}).items() if value}
    kept = _kept(found, connector, address, settings or {}, given)
    wanted = ports.Connection(address.strip(), dict(settings or {}), {**kept, **given})
    ports.puller(connector).check(wanted, PullOptions(source_code=""))
    found, is_new = Connection.objects.update_or_create(
        code=code,
        defaults={
            "name": name.strip(), "connector": connector, "provider_id": provider_id,
            "address": wanted.address, "settings": dict(wanted.settings),
            "secrets": vault.seal(wanted.secrets, of=code),
        },
        create_defaults={
            "name": name.strip(), "connector": connector, "provider_id": provider_id,
            "address": wanted.address, "settings": dict(wanted.settings),
            "secrets": vault.seal(wanted.secrets, of=code), "created_at": clock.now(),
        },
    )  # fmt: skip
    record(f"ingest.connection.{'registered' if is_new else 'changed'}", by=by, subject=code,
           basis=law.CONNECT_IN_TIME, details={"connector": connector})  # fmt: skip
    return found


def _kept(found: Connection | None, connector: str, address: str, settings: Mapping[str, Any],
          given: Mapping[str, str]) -> dict[str, str]:  # fmt: skip
    """Return the secrets that stay. They were given for one place: no other gets to see them.

    Raises: ``Rejected`` SECRET_AGAIN where the connection now leads elsewhere.
    """
    if found is None or not found.secrets:
        return {}
    kept = vault.unseal(found.secrets, of=found.code)
    told = [one for one in ports.puller(connector).connection_settings
            if one.kind not in {"number", "secret"}]  # fmt: skip
    now = [settings.get(one.name) or one.default for one in told]
    before = [found.settings.get(one.name) or one.default for one in told]
    lacking = sorted(set(kept) - set(given))
    if lacking and (address.strip() != found.address or now != before):
        raise refuse("SECRET_AGAIN", "地址或认证方式变了，原来的口令和密钥不再沿用。",
                     "请重新填写口令或密钥。", **dict.fromkeys(lacking, "请重新填写"))  # fmt: skip
    return kept


def _check(code: str, name: str, connector: str, address: str) -> None:
    if not _CODE.fullmatch(code):
        raise refuse("CONNECTION_WRONG", "连接代码的写法不对。",
                     "请用小写字母开头，只含小写字母、数字和下划线。", code="写法不对")  # fmt: skip
    if not name.strip():
        raise refuse("CONNECTION_WRONG", "请填写连接名称。", "请补填。", name="须填写")
    if connector not in ports.pullers():
        raise refuse("CONNECTOR_UNKNOWN", "没有这种连接器。", "请从列表中选择。",
                     connector="请从列表中选择")  # fmt: skip
    if _PASSWORD.search(address):
        raise refuse("CONNECTION_WRONG", "地址里不能写口令。",
                     "请把口令填在口令栏，平台加密保存。", address="不能写口令")  # fmt: skip


def opened(connection: Connection) -> ports.Connection:
    """Return a connection with its secrets in clear: for a connector, never for a page."""
    return ports.Connection(
        connection.address,
        connection.settings,
        vault.unseal(connection.secrets, of=connection.code),
    )


def options_of(source: Source) -> PullOptions:
    """Return what a pull of this source takes, with the columns as agreed."""
    held = source.pulling
    return PullOptions(
        source_code=source.code,
        mode=Mode(source.mode),
        what=str(held.get("what", "")),
        key=tuple(held.get("key", ())),
        time_column=str(held.get("time_column", "")),
        overlap_seconds=int(held.get("overlap_seconds", 0)),
        piece_rows=int(held.get("piece_rows", 500_000)),
        columns=parse_columns(source.columns),
        settings=held.get("settings", {}),
    )


def own_connection(code: str, by: Actor) -> Connection:
    """Return a connection that the actor may use. Raises ``Rejected`` CONNECTION_UNKNOWN."""
    found = Connection.objects.select_related("provider").filter(code=code).first()
    if found is None:
        raise refuse("CONNECTION_UNKNOWN", "没有找到这个连接。", "请先登记连接。",
                     connection="没有找到")  # fmt: skip
    guards.owned(found.provider_id, by)
    return found


def probe(connection_code: str, *, by: Actor, plan: Plan | None = None) -> Probe:
    """Connect and look: what there is to take, or the columns of what the plan names.

    Raises: ``Rejected`` with the connector's own problem.
    """
    found = own_connection(connection_code, by)
    guards.may_register(found.provider_id, by)
    plan = plan or Plan(connection_code)
    try:
        seen = ports.puller(found.connector).probe(opened(found), _options("", plan, ()))
    except PullFailed as error:
        raise problem_of(error) from error
    record("ingest.connection.probed", by=by, subject=connection_code, basis=law.CONNECT_IN_TIME)
    return seen


def problem_of(error: PullFailed) -> Rejected:
    return Rejected(
        Problem(code=error.code, title=error.title, next_step=error.next_step,
                basis=law.CONNECT_IN_TIME, facts=error.facts)
    )  # fmt: skip


def _options(code: str, plan: Plan, columns: Sequence[Any]) -> PullOptions:
    return PullOptions(
        source_code=code, mode=plan.mode, what=plan.what, key=plan.key,
        time_column=plan.time_column, overlap_seconds=plan.overlap_seconds,
        piece_rows=plan.piece_rows, columns=tuple(columns), settings=plan.settings,
    )  # fmt: skip


@transaction.atomic
def plan_pull(source_code: str, plan: Plan, *, by: Actor) -> SourceView:
    """Say how a source is fetched and when. Another table or way begins from the beginning.

    From a full or incremental pull to change capture the cursor also begins anew: its initial
    snapshot closes the gap, and the row hashes make what is known a duplicate.
    Raises: ``Rejected`` CONNECTION_UNKNOWN, MODE_WRONG, SCHEDULE_WRONG, NOT_YOUR_SOURCE.
    """
    source = source_of(source_code)
    guards.may_register(source.provider_id, by)
    connection = own_connection(plan.connection, by)
    puller = ports.puller(connection.connector)
    _check_plan(plan, puller)
    options = _options(source_code, plan, parse_columns(source.columns))
    try:
        puller.check(opened(connection), options)
        _release(source, plan)
    except PullFailed as error:
        raise problem_of(error) from error
    pulling = {
        "what": plan.what, "key": list(plan.key), "time_column": plan.time_column,
        "overlap_seconds": plan.overlap_seconds, "piece_rows": plan.piece_rows,
        "settings": dict(plan.settings),
    }  # fmt: skip
    is_same = (source.connection_id, source.mode, source.pulling.get("what")) == (
        connection.pk, plan.mode.value, plan.what,
    )  # fmt: skip
    source.form, source.connector = puller.form.value, connection.connector
    source.connection, source.mode, source.pulling = connection, plan.mode.value, pulling
    source.cursor = source.cursor if is_same else None
    source.columns = _with_change_columns(source.columns, plan.mode)
    if plan.full_state or puller.form is not Form.FILE:  # files: as their own options say
        source.options = {**source.options, "full_state": plan.full_state}
    source.schedule, source.attempts, source.is_paused = plan.schedule, 0, False
    source.reject_threshold, source.tolerance = plan.reject_threshold, plan.tolerance
    source.next_run_at = schedules.next_after(plan.schedule, clock.now(), clock.SHANGHAI)
    source.save()
    record("ingest.source.planned", by=by, subject=source_code, basis=law.CONNECT_IN_TIME,
           details={"mode": plan.mode.value, "connection": connection.code})  # fmt: skip
    return source_view(source)


def _release(source: Source, plan: Plan) -> None:
    """Let the source forget what it keeps for a way of pulling that is given up."""
    held, before = source.connection, options_of(source)
    if held is None or (held.code, before.mode, before.what) == (
        plan.connection, plan.mode, plan.what,
    ):  # fmt: skip
        return
    puller = ports.puller(held.connector)
    if isinstance(puller, ports.Releasable):
        puller.release(opened(held), before)


def _with_change_columns(columns: list[dict[str, Any]], mode: Mode) -> list[dict[str, Any]]:
    """Return the columns with those of change capture; once there, they stay."""
    if mode is not Mode.CDC or not columns or any(column["name"] == OP for column in columns):
        return columns
    return [*columns, *columns_json([ColumnSpec(OP, fixes=()), ColumnSpec(SEQ, fixes=())])]


def _check_plan(plan: Plan, puller: ports.Puller) -> None:
    if plan.mode not in puller.modes:
        raise refuse("MODE_WRONG", "这种连接器不支持所选的接入方式。",
                     "可选：" + "、".join(mode.label for mode in puller.modes),
                     mode="不支持")  # fmt: skip
    if plan.mode is Mode.BY_KEY and len(plan.key) != 1:
        raise refuse("MODE_WRONG", "按键增量须指定一个只增不减的键列。", "请填写键列。",
                     key="请填写一列")  # fmt: skip
    if plan.mode is Mode.BY_TIME and not plan.time_column:
        raise refuse("MODE_WRONG", "按时间增量须指定时间列。", "请填写时间列。",
                     time_column="请填写")  # fmt: skip
    if plan.full_state and plan.mode is not Mode.FULL and puller.form is not Form.FILE:
        raise refuse("MODE_WRONG", "只有全量接入能按“每次都是完整状态”判断撤下。",
                     "请改选全量，或去掉这一项。", full_state="须为全量")  # fmt: skip
    if plan.schedule and not schedules.is_cron(plan.schedule):
        raise refuse("SCHEDULE_WRONG", "计划的写法不对。",
                     "请写五段：分 时 日 月 周，如 0 2 * * * 为每天 2:00。",
                     schedule="写法不对")  # fmt: skip
    if not (0 < plan.piece_rows <= 5_000_000 and 0 <= plan.overlap_seconds <= 30 * 86_400):
        raise refuse("MODE_WRONG", "每片行数或重叠时间超出范围。",
                     "每片 1 至 500 万行；重叠 0 至 30 天。", piece_rows="超出范围")  # fmt: skip


@transaction.atomic
def pause(source_code: str, *, paused: bool, by: Actor) -> SourceView:
    """Hold a source's schedule, or let it go on."""
    source = source_of(source_code)
    guards.may_register(source.provider_id, by)
    source.is_paused = paused
    if not paused:
        source.attempts = 0
        source.next_run_at = schedules.next_after(source.schedule, clock.now(), clock.SHANGHAI)
    source.save(update_fields=["is_paused", "attempts", "next_run_at"])
    record(f"ingest.source.{'paused' if paused else 'continued'}", by=by, subject=source_code,
           basis=law.CONNECT_IN_TIME)  # fmt: skip
    return source_view(source)
