"""Compare what a source holds with what the platform holds (QLT-12)."""

from collections.abc import Sequence

from django.db import transaction

from tongqu.audit.public import record
from tongqu.ingest import ports
from tongqu.ingest.actions import connections, guards
from tongqu.ingest.actions.pull import BUSY, NOT_PULLED
from tongqu.ingest.domain.checksum import digest_sql
from tongqu.ingest.models import Reconciliation, Source
from tongqu.ingest.ports import Measure, PullFailed, PullOptions
from tongqu.ingest.queries import reconciliation_view, source_of
from tongqu.ingest.vocabulary import OP, ReconciliationView
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.lake import public as lake
from tongqu.policy.clauses import measures_2021 as law

NOT_MEASURABLE = Problem(
    code="NOT_MEASURABLE",
    title="这种来源不能清点，无法对账。",
    next_step="库表来源可以对账；文件按报送时的行数登记。",
    basis=law.QUALITY,
)


def reconcile(source_code: str, *, by: Actor) -> ReconciliationView:
    """Count and sum both sides now. Above the tolerance a §23(三) draft with evidence opens.

    A difference in content counts as one of rows that differ at least: equal numbers of rows
    with unequal checksums are no match. The source is held meanwhile, so no load runs between.
    Raises: ``Rejected`` NOT_PULLED, NOT_MEASURABLE, SOURCE_BUSY, and the connector's problem.
    """
    source = source_of(source_code)
    guards.may_load(source, by)
    try:
        with guards.exclusive(source.code, wait=False):
            theirs = _theirs(source)
            ours, snapshot = _ours(source)
    except guards.Busy:
        raise Rejected(BUSY) from None
    except PullFailed as error:
        raise connections.problem_of(error) from error
    return reconciliation_view(_keep(source, theirs, ours, snapshot, by=by))


def _theirs(source: Source) -> Measure:
    if source.connection is None:
        raise Rejected(NOT_PULLED)
    puller, options = ports.puller(source.connection.connector), connections.options_of(source)
    if not isinstance(puller, ports.Measurable):
        raise Rejected(NOT_MEASURABLE)
    return puller.measure(
        connections.opened(source.connection), options, digest_sql(options.columns)
    )


def _ours(source: Source) -> tuple[Measure, int | None]:
    """Count and sum the newest state of each key, without what was deleted."""
    ref, options = lake.ods_ref(source.table), connections.options_of(source)
    snapshot = lake.store().current(ref)
    if snapshot is None:
        return Measure(0, "0"), None
    state = state_sql(options, [column.name for column in lake.store().columns(ref)])
    query = f"SELECT count(*) AS n, {digest_sql(options.columns)} AS digest FROM ({state})"  # noqa: S608  # names quoted
    row = lake.engine().relation(query, tables={"stored": ref}).arrow().to_pylist()[0]
    return Measure(int(row["n"]), str(row["digest"] or 0)), snapshot.id


def state_sql(options: PullOptions, told: Sequence[str]) -> str:
    """Return SQL of the state that the stored rows tell: the newest of each key, not deleted.

    ``told``: the table's columns; a withdrawal is told in one that no delivery has.
    """
    keys = [column.name for column in options.columns if column.is_key]
    newest = lake.newest_sql(keys)
    return lake.there_sql(newest) if keys and OP in told else newest


def difference(theirs: Measure, ours: Measure) -> float:
    """Return the share of rows that differ at least, of what the source holds."""
    rows = abs(theirs.rows - ours.rows)
    if not rows and theirs.checksum and theirs.checksum != ours.checksum:
        rows = 1
    return rows / max(theirs.rows, 1)


@transaction.atomic
def _keep(
    source: Source, theirs: Measure, ours: Measure, snapshot: int | None, *, by: Actor
) -> Reconciliation:
    share = difference(theirs, ours)
    is_equal = share == 0
    made = Reconciliation.objects.create(
        source=source, source_rows=theirs.rows, hub_rows=ours.rows,
        source_checksum=theirs.checksum, hub_checksum=ours.checksum, difference=share,
        tolerance=source.tolerance, is_equal=is_equal, snapshot_id=snapshot,
        actor_key=by.key, made_at=clock.now(),
    )  # fmt: skip
    record("ingest.source.reconciled", by=by, subject=source.code, basis=law.MISMATCH,
           details={"source_rows": theirs.rows, "hub_rows": ours.rows})  # fmt: skip
    hooks = ports.hooks()
    if share > source.tolerance and hooks is not None:
        evidence = {
            "source": source.code, "name": source.name, "source_rows": theirs.rows,
            "hub_rows": ours.rows, "difference": f"{share:.2%}",
            "tolerance": f"{source.tolerance:.2%}", "source_checksum": theirs.checksum,
            "hub_checksum": ours.checksum, "snapshot": str(snapshot or ""),
            "reconciliation": made.pk, "at": made.made_at.isoformat(),
        }  # fmt: skip
        hooks.differs(
            entry_code=source.entry_code, provider_id=source.provider_id, evidence=evidence
        )
    return made
