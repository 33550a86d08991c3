"""Connections, pulls, reconciliation and migrations, under ``/api/v1/ingest/``."""

from dataclasses import asdict
from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from tongqu.audit.public import annotate
from tongqu.identity.public import PROBLEMS, ProblemOut, actor_of, requires
from tongqu.identity.vocabulary import Permission as P
from tongqu.ingest import public
from tongqu.ingest.actions import migrate
from tongqu.ingest.domain.contract import columns_json
from tongqu.ingest.http import pull_schemas as s
from tongqu.ingest.http.schemas import Code
from tongqu.ingest.models import Connection, LegacySystem
from tongqu.ingest.queries import (
    connections_for,
    migrations_for,
    run_view,
    runs_for,
    seen_migration,
    seen_run,
    seen_source,
)
from tongqu.ingest.vocabulary import Mode, RunView
from tongqu.kernel.actor import Actor

router = Router()


def provider_of(actor: Actor) -> int:
    """Return the department that the actor speaks for; 0 stands for none and is refused."""
    return actor.organisation_id or 0


def plan_of(body: s.PlanIn) -> public.Plan:
    given = body.model_dump()
    return public.Plan(**{**given, "mode": Mode(body.mode), "key": tuple(body.key)})


def run_out(view: RunView) -> dict[str, Any]:
    return {**asdict(view), "state": view.state.value, "log": list(view.log)}


def migration_out(system: LegacySystem) -> dict[str, Any]:
    names = ("code", "name", "state", "parallel_days", "parallel_from", "moved_at")
    return {
        **{name: getattr(system, name) for name in names},
        "interfaces": system.interfaces.count(),
        "mapped": system.interfaces.filter(new__isnull=False).count(),
        "open_points": migrate.points_of(system),
    }


@router.get("/ingest/connections", response={200: list[s.ConnectionOut], PROBLEMS: ProblemOut})
@requires(P.INGEST_SOURCE_REGISTER)
def list_connections(request: HttpRequest) -> list[Connection]:
    """列出本部门的连接；口令和密钥不返回。"""
    return list(connections_for(actor_of(request)))


@router.post("/ingest/connections", response={201: s.ConnectionOut, PROBLEMS: ProblemOut})
@requires(P.INGEST_SOURCE_REGISTER)
def register_connection(request: HttpRequest, body: s.ConnectionIn) -> Status[Connection]:
    """登记或修改连接；secrets 留空的保持不变。"""
    actor = actor_of(request)
    found = public.register_connection(
        **body.model_dump(), provider_id=provider_of(actor), by=actor
    )
    annotate(request, subject=found.code)
    return Status(201, found)


@router.post("/ingest/connections/{code}/probe",
             response={200: s.ProbeOut, PROBLEMS: ProblemOut})  # fmt: skip
@requires(P.INGEST_SOURCE_REGISTER)
def probe(request: HttpRequest, code: Code, body: s.PlanIn) -> dict[str, Any]:
    """测试连接：what 留空列出可接入的表、主题或目录，否则给出其列。"""
    annotate(request, subject=code)
    found = public.probe(code, by=actor_of(request), plan=plan_of(body))
    return {
        "columns": columns_json(found.columns), "rows": found.rows, "note": found.note,
        "choices": list(found.choices), "key": list(found.key),
    }  # fmt: skip


@router.post("/ingest/sources/{code}/plan", response={200: s.PlanIn, PROBLEMS: ProblemOut})
@requires(P.INGEST_SOURCE_REGISTER)
def plan(request: HttpRequest, code: Code, body: s.PlanIn) -> s.PlanIn:
    """登记来源的接入方式和计划。"""
    annotate(request, subject=code)
    public.plan_pull(code, plan_of(body), by=actor_of(request))
    return body


@router.post("/ingest/sources/{code}/pull", response={200: s.RunOut, PROBLEMS: ProblemOut})
@requires(P.INGEST_LOAD_RUN)
def pull(request: HttpRequest, code: Code) -> dict[str, Any]:
    """立即抽取一次；来源连不上时返回的运行处于待重试或失败，不是错误应答。"""
    view = public.pull(code, by=actor_of(request))
    annotate(request, subject=view.number, rows=view.stored)
    return run_out(view)


@router.post("/ingest/sources/{code}/reconcile",
             response={200: s.ReconciliationOut, PROBLEMS: ProblemOut})  # fmt: skip
@requires(P.INGEST_LOAD_RUN)
def reconcile(request: HttpRequest, code: Code) -> dict[str, Any]:
    """与来源对账：行数与校验和；超过容差的生成第二十三条（三）的整改线索。"""
    annotate(request, subject=code)
    return asdict(public.reconcile(code, by=actor_of(request)))


@router.get("/ingest/sources/{code}/runs", response={200: list[s.RunOut], PROBLEMS: ProblemOut})
@requires(P.INGEST_BATCH_READ)
def list_runs(request: HttpRequest, code: Code) -> list[dict[str, Any]]:
    """列出来源最近 30 次运行。"""
    actor = actor_of(request)
    source = seen_source(code, actor)
    return [run_out(run_view(run)) for run in runs_for(actor).filter(source=source)[:30]]


@router.get("/ingest/runs/{number}", response={200: s.RunOut, PROBLEMS: ProblemOut})
@requires(P.INGEST_BATCH_READ)
def get_run(request: HttpRequest, number: Code) -> dict[str, Any]:
    """查看运行：进度、日志、续传点。"""
    return run_out(run_view(seen_run(number, actor_of(request))))


@router.get("/ingest/migrations", response={200: list[s.MigrationOut], PROBLEMS: ProblemOut})
@requires(P.INGEST_BATCH_READ)
def list_migrations(request: HttpRequest) -> list[dict[str, Any]]:
    """列出原有交换系统的迁移。"""
    return [migration_out(row) for row in migrations_for(actor_of(request))]


@router.post("/ingest/migrations", response={201: s.MigrationOut, PROBLEMS: ProblemOut})
@requires(P.INGEST_SOURCE_REGISTER)
def register_migration(request: HttpRequest, body: s.MigrationIn) -> Status[dict[str, Any]]:
    """登记原有交换系统和接口清单。"""
    actor = actor_of(request)
    made = migrate.register_system(
        code=body.code, name=body.name, provider_id=provider_of(actor), by=actor,
        parallel_days=body.parallel_days,
        interfaces=[(row.number, row.name) for row in body.interfaces],
    )  # fmt: skip
    annotate(request, subject=made.code)
    return Status(201, migration_out(made))


@router.get("/ingest/migrations/{code}", response={200: s.MigrationOut, PROBLEMS: ProblemOut})
@requires(P.INGEST_BATCH_READ)
def get_migration(request: HttpRequest, code: Code) -> dict[str, Any]:
    """查看迁移：状态，以及割接前还差什么。"""
    return migration_out(seen_migration(code, actor_of(request)))


@router.post("/ingest/migrations/{code}/mapping",
             response={200: s.MigrationOut, PROBLEMS: ProblemOut})  # fmt: skip
@requires(P.INGEST_SOURCE_REGISTER)
def map_interface(request: HttpRequest, code: Code, body: s.MappingIn) -> dict[str, Any]:
    """登记一个接口的对应。"""
    actor = actor_of(request)
    annotate(request, subject=code)
    migrate.map_interface(code, body.number, old=body.old, new=body.new, mapping=body.mapping,
                          by=actor)  # fmt: skip
    return migration_out(seen_migration(code, actor))


@router.post("/ingest/migrations/{code}/parallel",
             response={200: s.MigrationOut, PROBLEMS: ProblemOut})  # fmt: skip
@requires(P.INGEST_SOURCE_REGISTER)
def run_parallel(request: HttpRequest, code: Code) -> dict[str, Any]:
    """开始并行；接口须全部对应。"""
    annotate(request, subject=code)
    return migration_out(migrate.run_parallel(code, by=actor_of(request)))


@router.post("/ingest/migrations/{code}/compare",
             response={200: list[s.ComparisonOut], PROBLEMS: ProblemOut})  # fmt: skip
@requires(P.INGEST_SOURCE_REGISTER)
def compare(request: HttpRequest, code: Code) -> list[dict[str, Any]]:
    """比对全部接口：原有与平台两边的行数和校验和。"""
    annotate(request, subject=code)
    names = ("day", "old_rows", "new_rows", "is_equal")
    return [
        {"number": made.interface.number, **{name: getattr(made, name) for name in names}}
        for made in migrate.compare(code, by=actor_of(request))
    ]


@router.post("/ingest/migrations/{code}/cut-over",
             response={200: s.MigrationOut, PROBLEMS: ProblemOut})  # fmt: skip
@requires(P.INGEST_SOURCE_REGISTER)
def cut_over(request: HttpRequest, code: Code) -> dict[str, Any]:
    """签署割接；并行期内每个接口每天比对一致后才可签署。"""
    annotate(request, subject=code)
    return migration_out(migrate.cut_over(code, by=actor_of(request)))
