"""Doors of ingest: register a source, scan it, load it, and what came of it.

Codes of problems raised here: SOURCE_UNKNOWN, SOURCE_EXISTS, NOT_YOUR_SOURCE, NOT_SCANNED,
OPTION_UNKNOWN, OPTION_WRONG, COLUMN_WRONG, CHECK_WRONG, BATCH_UNKNOWN and, from the file itself,
LINE_TOO_LONG, NOT_WHAT_IT_SAYS, EMPTY_FILE, WRONG_ENCODING, STORAGE_FULL,
DECOMPRESSION_BOMB, SECRECY_MARK. A file refused by ``load`` is a quarantined batch, not an
exception; ``scan`` raises ``Rejected``.
"""

from collections.abc import Mapping
from datetime import datetime

from tongqu.catalog.vocabulary import EntryView, Panel, SourceProfile, UpdateCycle
from tongqu.ingest import queries
from tongqu.ingest.actions import agree
from tongqu.ingest.actions.agree import parsed as parse_checks
from tongqu.ingest.actions.agreements import purpose_limits
from tongqu.ingest.actions.confirm import confirm_withdrawal
from tongqu.ingest.actions.connections import Plan, pause, plan_pull, probe, register_connection
from tongqu.ingest.actions.freshness import check_freshness
from tongqu.ingest.actions.load import load
from tongqu.ingest.actions.pull import pull, pull_if_due
from tongqu.ingest.actions.reconcile import reconcile
from tongqu.ingest.actions.recover import recover
from tongqu.ingest.actions.register import (
    change_options,
    connect,
    draft,
    register_source,
    register_source_for_entry,
    scan,
    set_columns,
)
from tongqu.ingest.actions.rejected import rejected
from tongqu.ingest.actions.wrong import left, rejected_rows
from tongqu.ingest.domain.contract import parse_columns, parse_options
from tongqu.ingest.domain.profile import profile_from
from tongqu.ingest.models import Batch, Source
from tongqu.ingest.ports import (
    Puller,
    SourceConnector,
    provide,
    provide_puller,
    use_gate,
    use_hooks,
)
from tongqu.ingest.queries import last_loaded, todos
from tongqu.ingest.vocabulary import BatchView, Freshness, LoadedFile, SourceView
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Rejected
from tongqu.lake.vocabulary import LoadJob
from tongqu.standards import public as standards

__all__ = [
    "Plan",
    "Puller",
    "SourceConnector",
    "batch",
    "batches",
    "change_options",
    "check_freshness",
    "checks_panel",
    "confirm_withdrawal",
    "connect",
    "draft",
    "freshness_panel",
    "last_loaded",
    "late_sources",
    "left",
    "load",
    "load_jobs",
    "loaded_files",
    "newest_batch",
    "parse_checks",
    "parse_columns",
    "parse_options",
    "pause",
    "plan_pull",
    "probe",
    "profiles",
    "provide",
    "provide_puller",
    "pull",
    "pull_if_due",
    "purpose_limits",
    "reconcile",
    "recover",
    "register_connection",
    "register_source",
    "register_source_for_entry",
    "rejected",
    "rejected_rows",
    "scan",
    "set_columns",
    "source",
    "todos",
    "unusable",
    "use_gate",
    "use_hooks",
]


def profiles() -> Mapping[str, SourceProfile]:
    """Return what the last scan of each entry's source saw, by the entry's code."""
    found = Source.objects.exclude(entry_code="").exclude(profile={})
    return {code: profile_from(held) for code, held in found.values_list("entry_code", "profile")}


def source(code: str) -> SourceView | None:
    """Return a source with its agreement; None for an unknown code."""
    found = Source.objects.select_related("provider").filter(code=code).first()
    return queries.source_view(found) if found else None


def late_sources() -> list[SourceView]:
    """Return the sources whose newest data are older than their cycle allows."""
    return [queries.source_view(row) for row in queries.late_sources()]


def unusable() -> list[tuple[SourceView, BatchView]]:
    """Return the sources of whose newest batch nothing could be used, with that batch."""
    return [
        (queries.source_view(row), queries.batch_view(batch)) for row, batch in queries.unusable()
    ]


def batch(number: str) -> BatchView | None:
    """Return the ledger of one load; None for an unknown number."""
    found = Batch.objects.select_related("source").filter(number=number).first()
    return queries.batch_view(found) if found else None


def batches(source_code: str) -> list[BatchView]:
    """Return the loads of a source, newest first."""
    rows = Batch.objects.select_related("source").filter(source__code=source_code)
    return [queries.batch_view(row) for row in rows]


def newest_batch(source_code: str) -> BatchView | None:
    """Return the newest load of a source; None where there was none."""
    newest = Batch.objects.select_related("source").filter(source__code=source_code).first()
    return queries.batch_view(newest) if newest else None


def load_jobs() -> dict[str, LoadJob]:
    """Return the job that fills each table of the source layer: whose, how late."""
    return queries.load_jobs()


def loaded_files(*, since: datetime | None = None) -> list[LoadedFile]:
    """Return the files that lie in the lake (数据文件), each as its newest load left it."""
    return queries.loaded_files(since)


def checks_panel(entry: EntryView, actor: Actor) -> Panel | None:
    """Return the block of an entry's page that lists the checks every row meets at load."""
    del actor
    try:
        _, checks = agree.from_entry(entry)
    except Rejected:  # a draft's check that cannot be read: connecting a source names it
        return None
    if not checks:
        return None
    names = {item.name_en: item.name_zh for item in entry.items}
    rows = [(check, [names.get(c, c) for c in standards.columns_of_check(check)])
            for check in checks]  # fmt: skip
    return Panel("checks", "逐行校核规则", "ingest/_checks.html", {"rows": rows})


def freshness_panel(entry: EntryView, actor: Actor) -> Panel | None:
    """Return the block of an entry's page that shows when its data truly last came in.

    Open to everybody: lateness is not hidden from the public (ING-13).
    """
    del actor
    last = last_loaded(entry.code)
    if last is None:
        return None
    late = Source.objects.filter(entry_code=entry.code, freshness=Freshness.LATE)
    cycle = UpdateCycle(entry.update_cycle).label
    context = {"last": last, "cycle": cycle, "is_late": late.exists()}
    return Panel("freshness", "数据更新", "ingest/_panel.html", context, aside=True)
