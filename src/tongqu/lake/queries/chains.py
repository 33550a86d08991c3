"""全链路监控: for every service table the jobs behind it, how each stands, and what is flagged."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import F, QuerySet

from tongqu.identity.vocabulary import Permission as P
from tongqu.kernel.actor import Actor
from tongqu.kernel.work import TodoItem
from tongqu.lake import ports
from tongqu.lake.models import (
    InstalledModel,
    LineageEdge,
    LineageEvent,
    ModelStep,
    TableFlag,
    TableTouch,
)
from tongqu.lake.queries import last_steps
from tongqu.lake.vocabulary import (
    JOB_LABELS,
    PREFIXES,
    JobState,
    Layer,
    LoadJob,
    StepState,
    ref_of,
)

WORST = (JobState.BROKEN, JobState.LATE, JobState.WAITING, JobState.OK)
PLACE = {layer: at for at, layer in enumerate((Layer.ODS, Layer.DW, Layer.SVC))}
PAGE = "/manage/chains/"


@dataclass(frozen=True, slots=True)
class Link:
    """A table of a chain and the job that fills it."""

    table: str
    title: str
    state: JobState
    told: str = ""  # why, for people
    owner: str = ""
    url: str = ""
    last_at: datetime | None = None
    is_flagged: bool = False  # its own job is well, but a job before it is broken

    @property
    def label(self) -> str:
        return JOB_LABELS[self.state]


@dataclass(frozen=True, slots=True)
class Chain:
    table: str
    title: str
    links: tuple[Link, ...]  # from the source layer to the service table

    @property
    def state(self) -> JobState:
        held = {link.state for link in self.links}
        return next((state for state in WORST if state in held), JobState.OK)

    @property
    def label(self) -> str:
        return JOB_LABELS[self.state]

    @property
    def trouble(self) -> tuple[Link, ...]:
        return tuple(link for link in self.links if link.state is not JobState.OK)


@dataclass(slots=True)
class _Known:
    """Everything that chains are made of, in six statements however many there are."""

    models: dict[str, InstalledModel]
    last: dict[str, ModelStep]
    causes: dict[str, TableFlag]
    flagged: frozenset[str]
    touched: frozenset[str]
    loads: Mapping[str, LoadJob]
    sources: dict[str, set[str]] = field(default_factory=dict)


def chains() -> list[Chain]:
    """Return every service table's chain, the worst first."""
    known = _known()
    served = {name for name in (*known.models, *known.sources) if _layer(name) is Layer.SVC}
    found = [_chain(name, known) for name in sorted(served)]
    return sorted(found, key=lambda chain: WORST.index(chain.state))


def waiting_events() -> QuerySet[LineageEvent]:
    """Return the events of lineage that are still to be sent, oldest first."""
    return LineageEvent.objects.filter(sent_at=None, given_up_at=None).order_by("pk")


def refused_events() -> QuerySet[LineageEvent]:
    """Return the events of lineage that were given up, newest first."""
    return LineageEvent.objects.exclude(given_up_at=None).order_by("-pk")


def todos(actor: Actor) -> list[TodoItem]:
    """Return the broken jobs that are the actor's: his department's loads, or models he runs."""
    if actor.kind != "person" or not actor.may(P.LAKE_LINEAGE_READ):
        return []
    open_flags = list(TableFlag.objects.filter(cleared_at=None, cause=F("table")))
    if not open_flags:
        return []
    loads = _loads()
    return [
        TodoItem(
            kind="链路中断",
            reference=flag.cause,
            title=f"{_title(flag.cause, loads)}中断：{flag.reason}"[:200],
            url=loads[flag.cause].url if flag.cause in loads else PAGE,
            received_at=flag.raised_at,
        )
        for flag in open_flags
        if _is_his(flag.cause, loads, actor)
    ]


def _loads() -> Mapping[str, LoadJob]:
    """Return the jobs that run: a source that somebody paused breaks no chain."""
    return {table: job for table, job in ports.loads().items() if not job.is_paused}


def _is_his(table: str, loads: Mapping[str, LoadJob], actor: Actor) -> bool:
    if table in loads:
        return loads[table].organisation_id == actor.organisation_id
    return actor.may(P.LAKE_MODEL_RUN)


def _title(table: str, loads: Mapping[str, LoadJob]) -> str:
    return f"“{loads[table].title}”接入" if table in loads else f"模型 {table} "


def _known() -> _Known:
    models = {row.name: row for row in InstalledModel.objects.defer("text")}
    flags = list(TableFlag.objects.filter(cleared_at=None))
    pairs = LineageEdge.objects.order_by().values_list("target_table", "source_table").distinct()
    known = _Known(
        models=models,
        last=last_steps(),
        causes={flag.cause: flag for flag in flags if flag.cause == flag.table},
        flagged=frozenset(flag.table for flag in flags),
        touched=frozenset(TableTouch.objects.values_list("table", flat=True)),
        loads=_loads(),
    )
    reads: Iterable[tuple[str, str]] = ((m.name, name) for m in models.values() for name in m.reads)
    for target, source in (*pairs, *reads):
        known.sources.setdefault(target, set()).add(source)
    return known


def _chain(name: str, known: _Known) -> Chain:
    before: set[str] = set()
    wanted = {name}
    while wanted:
        before |= wanted
        wanted = {s for table in wanted for s in known.sources.get(table, ())} - before
    links = [_link(table, known) for table in sorted(before, key=lambda t: (_place(t), t))]
    model = known.models.get(name)
    return Chain(name, model.title if model else "", tuple(links))


def _link(table: str, known: _Known) -> Link:
    flagged = table in known.flagged and table not in known.causes
    load, model = known.loads.get(table), known.models.get(table)
    state, told = _state(table, known)
    if load is not None:
        return Link(table, load.title, state, told, load.owner, load.url, load.last_at, flagged)
    step = known.last.get(table)
    last = step.run.finished_at if step else None
    if model is not None:
        url = f"/manage/models/{table}/"
        return Link(table, model.title, state, told, model.owner, url, last, flagged)
    return Link(table, "", state, told, last_at=last, is_flagged=flagged)


def _state(table: str, known: _Known) -> tuple[JobState, str]:
    if table in known.causes:
        return JobState.BROKEN, known.causes[table].reason
    load = known.loads.get(table)
    return _of_load(load) if load else _of_model(table, known)


def _of_load(load: LoadJob) -> tuple[JobState, str]:
    if load.is_late:
        return JobState.LATE, "超过更新周期未更新"
    return (JobState.OK, "") if load.last_at else (JobState.WAITING, "尚未接入数据")


def _of_model(table: str, known: _Known) -> tuple[JobState, str]:
    step = known.last.get(table)
    if known.touched.intersection(known.sources.get(table, ())):
        return JobState.WAITING, "上游已更新，等待运行"
    if step is None:
        return (JobState.WAITING, "尚未运行") if table in known.models else (JobState.OK, "")
    if step.state in {StepState.BLOCKED, StepState.WAITING}:
        return JobState.WAITING, step.message
    return (JobState.BROKEN, step.message) if step.state == StepState.FAILED else (JobState.OK, "")


def _layer(table: str) -> Layer | None:
    ref = ref_of(table)
    return ref.layer if ref else None


def _place(table: str) -> int:
    return next((n for layer, n in PLACE.items() if table.startswith(PREFIXES[layer])), -1)
