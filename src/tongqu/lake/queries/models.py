"""Reads of installed models: their lists, one with all that is known of it, a fusion explained."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from tongqu.kernel.problems import Problem, Rejected
from tongqu.lake.domain.fuse import Fusion
from tongqu.lake.domain.packs import Model, parse
from tongqu.lake.models import InstalledModel, ModelStep
from tongqu.lake.ports import engine, store
from tongqu.lake.queries import broken, last_steps
from tongqu.lake.vocabulary import Column, ref_of
from tongqu.policy.clauses.gd_2024 import FUSION

UNKNOWN = Problem(
    code="MODEL_UNKNOWN", title="没有安装这个模型。", next_step="请从模型列表重新进入。"
)
RUNS = 10


@dataclass(frozen=True, slots=True)
class ModelRow:
    """An installed model with its last run, as the list shows it."""

    model: InstalledModel
    step: ModelStep | None
    broken: str = ""


@dataclass(frozen=True, slots=True)
class ModelPage:
    """All that is known of a model: what its documentation page says."""

    installed: InstalledModel
    model: Model
    columns: tuple[Column, ...]
    rows: int
    steps: list[ModelStep]
    up: list[tuple[str, bool]]  # table, and whether it is there yet
    down: list[str]
    broken: str
    tests: list[str] = field(default_factory=list)

    @property
    def fusion(self) -> Fusion | None:
        return self.model.declared if isinstance(self.model.declared, Fusion) else None


def models(*, library: str = "") -> list[ModelRow]:
    """Return installed models with their last steps, in three statements."""
    found = InstalledModel.objects.all()
    if library:
        found = found.filter(library=library)
    rows = list(found.defer("text"))
    last = last_steps(row.name for row in rows)
    reasons = broken()
    return [ModelRow(row, last.get(row.name), reasons.get(row.name, "")) for row in rows]


def model(name: str) -> ModelPage:
    """Return a model's documentation. Raises: ``Rejected`` MODEL_UNKNOWN."""
    installed = InstalledModel.objects.filter(name=name).first()
    if installed is None:
        raise Rejected(UNKNOWN)
    parsed = parse(installed.text, file=installed.file)
    ref = parsed.ref
    is_there = store().exists(ref)
    current = store().current(ref) if is_there else None
    reads = InstalledModel.objects.values_list("name", "reads")
    return ModelPage(
        installed=installed,
        model=parsed,
        columns=store().columns(ref) if is_there else (),
        rows=current.rows if current else 0,
        steps=list(
            ModelStep.objects.filter(model=name).select_related("run").order_by("-pk")[:RUNS]
        ),
        up=[(table, _is_there(table)) for table in installed.reads],
        down=sorted(other for other, names in reads if name in names),
        broken=broken().get(name, ""),
        tests=[*_of_keys(parsed), *map(str, parsed.tests)],
    )


def _is_there(table: str) -> bool:
    ref = ref_of(table)
    return ref is not None and store().exists(ref)


def _of_keys(model: Model) -> list[str]:
    keys = ", ".join(model.keys)
    return [f"not_null({keys})", f"unique({keys})"] if keys else []


@dataclass(frozen=True, slots=True)
class Decision:
    """One source's part in one field of a fused row; no value is told."""

    field: str
    rule: str
    source: str
    source_key: str
    told_at: datetime | None
    has_value: bool
    agrees: bool
    is_taken: bool

    @property
    def outcome(self) -> str:
        if self.is_taken:
            return "取用"
        if not self.has_value:
            return "无值"
        return "一致" if self.agrees else "不一致，未取用"


def decisions(name: str, key: Mapping[str, str]) -> list[Decision]:
    """Explain one row of a fusion: who gave each field, and why it was taken (LAK-11).

    Asked of the sources as the last run saw them. Raises: ``Rejected`` MODEL_UNKNOWN,
    NOT_FUSED, COLUMN_UNKNOWN, ROW_UNKNOWN.
    """
    page = model(name)
    ref = ref_of(name)
    fusion, current = page.fusion, store().current(ref) if ref and page.columns else None
    if fusion is None or current is None or ref is None:
        raise _refuse("NOT_FUSED", "这张表不是融合而成，或尚无数据。", "请选择基础库中的融合表。")
    if set(key) != set(fusion.keys):
        raise _refuse("COLUMN_UNKNOWN", "主键不对。", f"请给出 {'、'.join(fusion.keys)} 的值。")
    seen = _seen(name)
    there = fusion.among(seen)
    if there is None:
        raise _refuse("NOT_FUSED", "来源表尚无数据。", "请先汇聚数据。")
    tables = {source.table: (known, seen[source.table]) for source in there.sources
              if (known := ref_of(source.table))}  # fmt: skip
    found = engine().relation(there.decisions(), tables=tables, parameters=dict(key)).arrow()
    if not found.num_rows:
        raise _refuse("ROW_UNKNOWN", "没有找到这一行。", "请核对主键的值。")
    return [Decision(**row) for row in found.to_pylist()]


def _seen(name: str) -> dict[str, int]:
    """Return the snapshots of the sources that the last run read."""
    good = ModelStep.objects.filter(model=name).exclude(snapshot_id=None).order_by("-pk").first()
    if good is None:
        return {}
    kept = {}
    for table, snapshot in good.inputs.items():
        ref = ref_of(table)
        known = {one.id for one in store().snapshots(ref)} if ref else set()
        current = store().current(ref) if ref else None
        if int(snapshot) in known:
            kept[table] = int(snapshot)
        elif current is not None:  # forgotten by upkeep: the newest speaks
            kept[table] = current.id
    return kept


def _refuse(code: str, title: str, next_step: str) -> Rejected:
    return Rejected(Problem(code=code, title=title, next_step=next_step, basis=FUSION))
