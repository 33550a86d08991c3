"""Run installed models without a hand: after a table they read has changed, and at their moment.

A change is a row in ``TableTouch``, written with what changed the table; the run takes it away
once it has run for that very change. So a change that comes while models run is not lost, a run
that is killed is done again, and many changes at once make one run. One worker at a time.
"""

from tongqu.kernel.actor import PLATFORM
from tongqu.lake.actions.alone import alone
from tongqu.lake.actions.build import Order, moment_of
from tongqu.lake.actions.packs import Pack
from tongqu.lake.actions.run import carry_out
from tongqu.lake.domain.packs import affected, in_order, parse
from tongqu.lake.models import InstalledModel, ModelRun, TableTouch
from tongqu.lake.vocabulary import StepState

ROUNDS = 20  # changes that come meanwhile are taken along; then the next minute's turn
OF_THE_PLATFORM = frozenset({"STORAGE_FULL", "STORE_UNREACHABLE", "QUERY_TIMEOUT", "CONFLICT"})


def installed() -> Pack:
    """Return every installed model, in running order; they were checked when they came in."""
    rows = list(InstalledModel.objects.values_list("file", "text", "reads"))
    models = [(parse(text, file=file), tuple(reads)) for file, text, reads in rows]
    reads = {model.name: names for model, names in models}
    return Pack("installed", tuple(in_order([model for model, _ in models], reads)), reads)


def run_due() -> list[ModelRun]:
    """Run what is due; return the runs. Nothing where another worker is at it."""
    runs: list[ModelRun] = []
    with alone("lake.models") as is_ours:
        if not is_ours:
            return runs
        for _ in range(ROUNDS):
            touched = dict(TableTouch.objects.values_list("table", "mark"))
            at_moment = _at_their_moment()
            if not touched and not at_moment:
                break
            run = _run(set(touched), set(at_moment))
            if run is not None and run.steps.exists():
                runs.append(run)
            if run is not None and _is_to_repeat(run):
                break  # the platform failed, not the models: keep the marks for the next minute
            for table, mark in touched.items():
                TableTouch.objects.filter(table=table, mark=mark).delete()
            for name, moment in at_moment.items():
                InstalledModel.objects.filter(name=name).update(ran_for=moment)
    return runs


def _run(touched: set[str], at_moment: set[str]) -> ModelRun | None:
    pack = installed()
    reached = affected(pack.models, pack.reads, touched | at_moment) | at_moment
    if not reached:
        return None
    return carry_out(pack, by=PLATFORM, only=frozenset(reached), order=Order(is_by_itself=True))


def _at_their_moment() -> dict[str, str]:
    """Return the models whose moment has turned since they ran, with the moment."""
    due = {}
    for name, unit, ran_for in InstalledModel.objects.exclude(moment="").values_list(
        "name", "moment", "ran_for"
    ):
        now = moment_of(unit)
        if now != ran_for:
            due[name] = now
    return due


def _is_to_repeat(run: ModelRun) -> bool:
    return run.steps.filter(state=StepState.FAILED, code__in=OF_THE_PLATFORM).exists()
