"""The API of ingest, under ``/api/v1/``."""

from dataclasses import asdict
from typing import Any

from django.http import FileResponse, HttpRequest
from ninja import File, Router, Status
from ninja.files import UploadedFile

from tongqu.audit.public import annotate
from tongqu.identity.public import PROBLEMS, ProblemOut, actor_of, organisation, requires
from tongqu.identity.vocabulary import Permission as P
from tongqu.ingest import public
from tongqu.ingest.actions.receive import received
from tongqu.ingest.domain.contract import columns_json, options_json
from tongqu.ingest.domain.profile import profile_json
from tongqu.ingest.http import schemas as s
from tongqu.ingest.queries import batch_view, seen_batch, seen_source, source_view, sources_for
from tongqu.ingest.vocabulary import BatchView, SourceView
from tongqu.kernel.problems import Problem, Rejected
from tongqu.policy.clauses import measures_2021 as law

router = Router()
ANSWERS = frozenset({*PROBLEMS, 503})
NO_PROVIDER = Problem(
    code="PROVIDER_UNKNOWN",
    title="没有找到提供部门。",
    next_step="请核对组织代码；本单位登记时可留空。",
    basis=law.PROVIDER_DUTY,
)


def source_out(view: SourceView) -> dict[str, Any]:
    return {
        **{name: getattr(view, name) for name in s.SourceOut.model_fields},
        "form": view.form.value,
        "freshness": view.freshness.value,
        "columns": columns_json(view.columns),
        "checks": [check.document for check in view.checks],
        "options": options_json(view.options),
    }


def batch_out(view: BatchView) -> dict[str, Any]:
    snapshot = None if view.snapshot_id is None else str(view.snapshot_id)
    return {
        **asdict(view),
        "state": view.state.value,
        "is_balanced": view.is_balanced,
        "snapshot_id": snapshot,
    }


@router.get("/ingest/sources", response={200: list[s.SourceOut], PROBLEMS: ProblemOut})
@requires(P.INGEST_BATCH_READ)
def list_sources(request: HttpRequest) -> list[dict[str, Any]]:
    """列出来源：本部门的；监管与技术支持岗位可看全部。"""
    return [source_out(source_view(row)) for row in sources_for(actor_of(request))]


@router.post("/ingest/sources", response={201: s.SourceOut, PROBLEMS: ProblemOut})
@requires(P.INGEST_SOURCE_REGISTER)
def register_source(request: HttpRequest, body: s.SourceIn) -> Status[dict[str, Any]]:
    """登记来源；内容相同的重复登记不产生变化。

    只给 entry_code（不给 columns、checks）的，列、代码集与校核规则由目录得出。
    """
    actor = actor_of(request)
    found = organisation(body.provider) if body.provider else None
    provider_id = found.pk if found else None if body.provider else actor.organisation_id
    if provider_id is None:
        raise Rejected(NO_PROVIDER)
    options = public.parse_options(body.options)
    if body.entry_code and not body.columns and not body.checks:
        view = public.register_source_for_entry(
            body.entry_code, code=body.code, name=body.name, provider_id=provider_id,
            by=actor, options=options if body.options else None, cycle=body.cycle,
        )  # fmt: skip
    else:
        view = public.register_source(
            code=body.code, name=body.name, provider_id=provider_id, by=actor, options=options,
            entry_code=body.entry_code, cycle=body.cycle,
            columns=public.parse_columns([column.model_dump() for column in body.columns]),
            checks=public.parse_checks(body.checks, where=body.code),
        )  # fmt: skip
    annotate(request, subject=view.code)
    return Status(201, source_out(view))


@router.get("/ingest/sources/{code}", response={200: s.SourceOut, PROBLEMS: ProblemOut})
@requires(P.INGEST_BATCH_READ)
def get_source(request: HttpRequest, code: s.Code) -> dict[str, Any]:
    """查看来源：读取选项、登记的列、时效。"""
    return source_out(source_view(seen_source(code, actor_of(request))))


@router.put("/ingest/sources/{code}/options", response={200: s.SourceOut, PROBLEMS: ProblemOut})
@requires(P.INGEST_SOURCE_REGISTER)
def change_options(request: HttpRequest, code: s.Code, body: s.SourceOptionsIn) -> dict[str, Any]:
    """修改读取选项，自下一份文件起生效。"""
    actor = actor_of(request)
    held = options_json(source_view(seen_source(code, actor)).options)
    view = public.change_options(code, public.parse_options(held | body.options), by=actor)
    annotate(request, subject=code)
    return source_out(view)


@router.post("/ingest/sources/{code}/scan", response={200: s.ProfileOut, ANSWERS: ProblemOut})
@requires(P.INGEST_LOAD_RUN)
def scan(request: HttpRequest, code: s.Code, file: File[UploadedFile]) -> dict[str, Any]:
    """探查一份真实文件：列、类型、空值、值形、建议级别。"""
    annotate(request, subject=code)
    with received(file) as path:
        profile = public.scan(code, path, by=actor_of(request))
    return profile_json(profile)


@router.post("/ingest/sources/{code}/load", response={200: s.BatchOut, ANSWERS: ProblemOut})
@requires(P.INGEST_LOAD_RUN)
def load(request: HttpRequest, code: s.Code, file: File[UploadedFile]) -> dict[str, Any]:
    """接入一份文件并返回台账；同一内容重复报送不产生变化。"""
    with received(file) as path:
        view = public.load(code, path, by=actor_of(request), is_upload=True)
    annotate(request, subject=view.number, rows=view.stored)
    return batch_out(view)


@router.get("/ingest/batches/{number}", response={200: s.BatchOut, PROBLEMS: ProblemOut})
@requires(P.INGEST_BATCH_READ)
def get_batch(request: HttpRequest, number: s.Code) -> dict[str, Any]:
    """查看批次台账。"""
    return batch_out(batch_view(seen_batch(number, actor_of(request))))


@router.post("/ingest/batches/{number}/withdraw", response={200: s.BatchOut, PROBLEMS: ProblemOut})
@requires(P.INGEST_LOAD_RUN)
def confirm_withdrawal(request: HttpRequest, number: s.Code) -> dict[str, Any]:
    """确认撤下：完整状态一次撤下过多时，由提供部门确认后才撤下。"""
    view = public.confirm_withdrawal(number, by=actor_of(request))
    annotate(request, subject=number, rows=int(view.facts.get("withdrawn", 0)))
    return batch_out(view)


@router.get("/ingest/batches/{number}/rejected", response={200: None, ANSWERS: ProblemOut})
@requires(P.INGEST_BATCH_READ)
def get_rejected(request: HttpRequest, number: s.Code) -> FileResponse:
    """下载隔离行（CSV）：行号、规则、原因、处理建议、原始字段。仅限提供部门。"""
    path = public.rejected(number, by=actor_of(request))
    annotate(request, subject=number)
    return FileResponse(path.open("rb"), as_attachment=True, filename=path.name)
