"""County → city → province (层层治理、层层汇聚): a batch goes up when its layer's score allows.

What goes up are the rows that this layer accepted: kept-apart rows stay where they can be mended.
"""

from decimal import Decimal
from typing import Any

from django.db import transaction

from tongqu.audit.public import record
from tongqu.identity.public import notify
from tongqu.identity.vocabulary import Level, Role
from tongqu.ingest import ports
from tongqu.ingest.actions import guards, load
from tongqu.ingest.domain.supply import GATE, score_of
from tongqu.ingest.models import Batch, Link, Passage, Source
from tongqu.ingest.queries import findings_of, seen_batch, source_of
from tongqu.ingest.vocabulary import BatchState, PassageState
from tongqu.kernel import clock
from tongqu.kernel.actor import PLATFORM, Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.kernel.statements import quoted
from tongqu.lake import public as lake
from tongqu.policy.clauses import gd_2024


def _refuse(code: str, title: str, next_step: str) -> Rejected:
    return Rejected(
        Problem(code=code, title=title, next_step=next_step, basis=gd_2024.LAYER_BY_LAYER)
    )


@transaction.atomic
def link(source_code: str, upstream_code: str, *, by: Actor, gate: Decimal = GATE) -> Link:
    """Say whose source takes what a layer passes up. Raises: ``Rejected`` LINK_WRONG."""
    source, upstream = source_of(source_code), source_of(upstream_code)
    guards.may_register(source.provider_id, by)
    if source.pk == upstream.pk or not 0 <= gate <= 100:
        raise _refuse("LINK_WRONG", "上报关系不对。", "请选择上一级的来源，门槛填 0 至 100。")
    at: Source | None = upstream
    while at is not None:  # nobody passes up to himself by a detour
        if at.pk == source.pk:
            raise _refuse("LINK_WRONG", "上报关系绕成了一圈。", "请选择上一级的来源。")
        above = Link.objects.select_related("upstream").filter(source=at).first()
        at = above.upstream if above else None
    if source.provider_id != upstream.provider_id and not _is_above(upstream, source):
        raise _refuse("LINK_WRONG", "只能上报给层级更高的单位。", "请选择上一级的来源。")
    found, _ = Link.objects.update_or_create(
        source=source, defaults={"upstream": upstream, "gate": gate}
    )
    if source.provider_id != upstream.provider_id:
        notify(
            f"{source.provider.name}登记向你单位来源“{upstream.name}”上报，如不属实请向技术支持部门提出。",
            key=f"link-{source.pk}-{upstream.pk}", kind="上报关系",
            url=f"/manage/ingest/{upstream.code}/", organisation_id=upstream.provider_id,
            role=Role.CATALOGUER.value,
        )  # fmt: skip
    record("ingest.link.set", by=by, subject=source.code, basis=gd_2024.LAYER_BY_LAYER,
           details={"upstream": upstream.code, "gate": str(gate)})  # fmt: skip
    return found


def _is_above(upstream: Source, source: Source) -> bool:
    """Nobody puts rows into the source of a department beside or below his own."""
    order = [level.value for level in Level]
    return order.index(upstream.provider.level) < order.index(source.provider.level)


def score(batch: Batch) -> Decimal:
    """Return the quality of a batch at its layer, 0 to 100."""
    return score_of(batch.received, batch.rejected, batch.warnings)


def pass_up(batch_number: str, *, by: Actor) -> Passage:
    """Pass a closed batch to the layer above, or hold it with its reasons.

    Raises: ``Rejected`` BATCH_UNKNOWN, NOT_YOUR_SOURCE, NOT_LINKED, ALREADY_PASSED.
    """
    batch = seen_batch(batch_number, by)
    guards.may_load(batch.source, by)
    found = Link.objects.select_related("upstream").filter(source=batch.source).first()
    if found is None or batch.state != BatchState.CLOSED:
        raise _refuse("NOT_LINKED", "这个批次不能上报：没有登记上一级来源，或没有入湖。",
                      "请先登记上报关系，或处理批次。")  # fmt: skip
    if batch.passages.filter(state=PassageState.PASSED).exists():
        raise _refuse("ALREADY_PASSED", "这个批次已经上报。", "无需重复上报。")
    points = score(batch)
    gate, waiver = _gate(batch, found, points)
    if points < gate and not waiver:
        return _hold(batch, points, gate, by=by)
    passed_as = _forward(batch, found.upstream) if batch.stored else None
    passage = _kept(batch, points, min(gate, points), PassageState.PASSED, by=by,
                    passed_as=passed_as)  # fmt: skip
    if waiver:  # for this batch the gate was lowered to its score, and by whom
        told = {"code": "GATE_WAIVED", "title": f"原门槛 {gate}，经放行：{waiver}", "rows": 0,
                "remedy": ""}  # fmt: skip
        passage.reasons = [told, *passage.reasons]
        passage.save(update_fields=["reasons"])
    return passage


def _gate(batch: Batch, found: Link, points: Decimal) -> tuple[Decimal, str]:
    asked = ports.gate()
    if asked is None:
        return found.gate, ""
    return asked(
        entry_code=batch.source.entry_code, batch=batch.number, score=points, gate=found.gate
    )


@transaction.atomic
def _hold(batch: Batch, points: Decimal, gate: Decimal, *, by: Actor) -> Passage:
    passage = _kept(batch, points, gate, PassageState.HELD, by=by)
    notify(
        f"批次 {batch.number} 质量分 {points}，低于门槛 {gate}，留在本级，未上报。",
        key=f"passage-{passage.pk}", kind="本级留置",
        url=f"/manage/ingest/batches/{batch.number}/",
        organisation_id=batch.source.provider_id, role=Role.CATALOGUER.value,
    )  # fmt: skip
    return passage


def _kept(batch: Batch, points: Decimal, gate: Decimal, state: PassageState, *, by: Actor,
          passed_as: Batch | None = None) -> Passage:  # fmt: skip
    passage = Passage.objects.create(
        batch=batch, level=batch.source.provider.level, score=points, gate=gate,
        state=state.value, reasons=_reasons(batch), passed_as=passed_as, actor_key=by.key,
        made_at=clock.now(),
    )  # fmt: skip
    record(f"ingest.batch.{state.value}_up", by=by, subject=batch.number,
           basis=gd_2024.LAYER_BY_LAYER,
           details={"score": str(points), "gate": str(gate)})  # fmt: skip
    return passage


def _reasons(batch: Batch) -> list[dict[str, Any]]:
    return [
        {"code": one.code, "title": one.title, "rows": one.rows, "remedy": one.remedy}
        for one in findings_of(batch)
    ]


def _forward(batch: Batch, upstream: Source) -> Batch:
    """Load the rows that this layer accepted into the source above, through the one load path.

    The platform carries them: the layer below has no part in the source above.
    """
    columns = [str(column["name"]) for column in batch.contract["columns"]]
    picks = ", ".join(quoted(name) for name in columns)
    path = lake.engine().scratch()
    try:
        lake.engine().relation(
            f"SELECT {picks} FROM rows WHERE _batch_id = ? ORDER BY _line",  # noqa: S608  # quoted
            tables={"rows": lake.ods_ref(batch.source.table)},
            parameters=[batch.number],
        ).write(path, "parquet")
        view = load.load(upstream.code, path, by=PLATFORM, name=f"{batch.number}.parquet")
    finally:
        path.unlink(missing_ok=True)
    return Batch.objects.get(number=view.number)
