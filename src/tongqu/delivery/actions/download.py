"""数据下载: asked for, prepared by a job, fetched as a file, cleared after its time."""

import hashlib
import uuid
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction

from tongqu.audit.public import record
from tongqu.catalog.vocabulary import Manner
from tongqu.delivery import queries
from tongqu.delivery.actions.account import OpenGrant, count_use, open_grant
from tongqu.delivery.actions.deliver import compiled_for, filters_for, run
from tongqu.delivery.actions.sheet import MAX_SHEET_ROWS, write_sheet
from tongqu.delivery.domain import refusals
from tongqu.delivery.domain.compiler import CompiledQuery, Query, Shape
from tongqu.delivery.domain.gate import Call
from tongqu.delivery.models import Download, Grant
from tongqu.delivery.vocabulary import OPEN_STATES, DownloadState, FileFormat
from tongqu.kernel import clock, jobs
from tongqu.kernel.actor import PLATFORM, Actor
from tongqu.kernel.problems import Problem, Rejected

PREPARE = "delivery.prepare_download"
KEPT_DAYS = 7
CHUNK = 1 << 20


def ask_download(
    number: str,
    call: Call,
    *,
    by: Actor,
    file_format: FileFormat,
    filters: Iterable[tuple[str, str]] = (),
) -> Download:
    """Check everything now, note the wish, and hand the work to a job."""
    opened = open_grant(number, call, by=by)
    chosen = filters_for(opened, filters)
    compiled = compiled_for(opened, Query(Shape.COUNT, chosen))
    with transaction.atomic():
        count_use(opened, Manner.DOWNLOAD, 0, by=by)
        download = Download.objects.create(
            key=uuid.uuid4(),
            grant=opened.grant,
            format=file_format,
            by_key=by.key,
            by_name=str(by)[:120],
            filters=queries.filters_kept(chosen),
            masks=dict(compiled.masks),
            asked_at=clock.now(),
        )
    jobs.enqueue(PREPARE, key=str(download.key))
    download.refresh_from_db()
    return download


def prepare_download(key: str) -> None:
    """Write the file; safe to run twice, as a killed worker's job is run again.

    A refusal becomes part of the task, in the words that the caller will read.
    """
    download = Download.objects.select_related("grant").filter(key=key).first()
    if download is None or download.state not in {DownloadState.QUEUED, DownloadState.RUNNING}:
        return
    _set(download, state=DownloadState.RUNNING)
    try:
        _prepare(download)
    except Rejected as error:
        _fail(download, error.problem)
    except Exception:
        # The bug goes to the log; the task must not look as if it were still running.
        _set(download, state=DownloadState.FAILED, problem_code="ERROR", finished_at=clock.now())
        raise


def _prepare(download: Download) -> None:
    by = _asker(download.grant)
    call = Call(Manner.DOWNLOAD, download.grant.purpose_code, _address_of(download.grant))
    opened = open_grant(download.grant.number, call, by=by)
    filters = queries.filters_from(download.filters)
    result, snapshot_id = run(opened, compiled_for(opened, Query(Shape.COUNT, filters)))
    _set(download, snapshot_id=snapshot_id)  # from here on it is kept, see handlers
    with result:
        rows = int(str(result.scalar()))
    _check_size(opened, download, rows)
    shape = Query(Shape.TABLE, filters, has_mark=download.format == FileFormat.CSV)
    compiled = compiled_for(opened, shape)
    path = path_of(download)
    mark(opened.table, download)
    _write(opened, compiled, snapshot_id, path, download)
    try:
        with transaction.atomic():
            count_use(opened, Manner.DOWNLOAD, rows, by=by)
            _finish(download, path, rows, snapshot_id)
    except Rejected:
        unmark(download)
        path.unlink(missing_ok=True)  # the grant ended, or others used up the quota
        raise


def _asker(grant: Grant) -> Actor:
    """The job acts for the department that asked; who pressed the button is in the task."""
    return Actor(
        kind="platform",
        key=PLATFORM.key,
        name=PLATFORM.name,
        organisation_id=grant.consumer_id,
    )


def _address_of(grant: Grant) -> str:
    """The caller's address was checked when the file was asked for; the job has none."""
    return str(grant.networks[0]).split("/", maxsplit=1)[0] if grant.networks else ""


def _check_size(opened: OpenGrant, download: Download, rows: int) -> None:
    if download.format == FileFormat.XLSX and rows > MAX_SHEET_ROWS:
        raise Rejected(refusals.SHEET_TOO_LONG)
    if opened.remaining is not None and rows > opened.remaining:
        limit = opened.grant.quota_rows_per_day or 0
        used = limit - opened.remaining
        raise Rejected(refusals.quota_exceeded(limit, used, queries.quota_resets_at()))


def _write(
    opened: OpenGrant, compiled: CompiledQuery, snapshot_id: int, path: Path, download: Download
) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    result, _ = run(opened, compiled, snapshot_id)
    with result:
        if download.format == FileFormat.XLSX:
            write_sheet(result.reader(), path, go_on=lambda: is_alive(opened.grant.pk))
        elif download.format == FileFormat.CSV:
            result.write(path, "csv")
        else:
            result.write(path, "parquet")


def _finish(download: Download, path: Path, rows: int, snapshot_id: int) -> None:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    now = clock.now()
    _set(
        download,
        state=DownloadState.READY,
        rows=rows,
        snapshot_id=snapshot_id,
        size=path.stat().st_size,
        sha256=digest,
        file_name=f"{download.grant.number}-{now:%Y%m%d%H%M%S}.{download.format}",
        finished_at=now,
        expires_at=now + timedelta(days=KEPT_DAYS),
    )
    record(
        "delivery.download.prepare",
        by=PLATFORM,
        subject=download.grant.entry_code,
        grant=download.grant.number,
        purpose=download.grant.purpose_code,
        rows=rows,
        details={
            "download": str(download.key),
            "for": download.by_key,
            "snapshot": str(snapshot_id),
            "masks": download.masks,
            "sha256": digest,
        },
    )


def _fail(download: Download, problem: Problem) -> None:
    _set(
        download,
        state=DownloadState.FAILED,
        problem_code=problem.code,
        problem=f"{problem.title}{problem.next_step}"[:300],
        finished_at=clock.now(),
    )


def _set(download: Download, **changes: object) -> None:
    for field, value in changes.items():
        setattr(download, field, value)
    download.save(update_fields=list(changes))


def find_download(number: str, key: str, call: Call, *, by: Actor) -> Download:
    """Return a task of one's own grant, which must still let data leave. Raises: ``Rejected``."""
    opened = open_grant(number, call, by=by, is_counted=False)
    try:
        wanted = uuid.UUID(key)
    except ValueError:
        raise Rejected(refusals.DOWNLOAD_NOT_FOUND) from None
    found = Download.objects.filter(grant=opened.grant, key=wanted).first()
    if found is None:
        raise Rejected(refusals.DOWNLOAD_NOT_FOUND)
    return found


def fetch_download(number: str, key: str, call: Call, *, by: Actor) -> Download:
    """Return a task whose file may be handed over now, and count the fetch."""
    found = find_download(number, key, call, by=by)
    if found.state in {DownloadState.QUEUED, DownloadState.RUNNING}:
        raise Rejected(refusals.DOWNLOAD_NOT_READY)
    if found.state == DownloadState.FAILED:
        raise Rejected(refusals.download_failed(found.problem_code, found.problem))
    if found.expires_at is None or found.expires_at <= clock.now() or not path_of(found).exists():
        raise Rejected(refusals.DOWNLOAD_EXPIRED)
    opened = open_grant(number, call, by=by, is_counted=False)
    count_use(opened, Manner.DOWNLOAD, 0, by=by)  # its rows were counted when it was prepared
    return found


def chunks(download: Download, start: int, end: int) -> Iterator[bytes]:
    """Yield the bytes of [start, end); stop at once when the grant ends on the way."""
    with path_of(download).open("rb") as file:
        file.seek(start)
        left = end - start
        while left > 0 and is_alive(download.grant_id):
            part = file.read(min(CHUNK, left))
            if not part:
                return
            left -= len(part)
            yield part


def mark(table: str, download: Download) -> None:
    """Tag the snapshot that was handed over, for as long as the file may be fetched."""
    from tongqu.lake.public import store, svc_ref

    if download.snapshot_id is not None:
        unmark(download)  # of a worker that was killed on the way
        store().tag(svc_ref(table), _tag(download), download.snapshot_id)


def unmark(download: Download) -> None:
    from tongqu.lake.public import store, svc_ref

    table = download.grant.version.entry.table
    if table and store().exists(svc_ref(table)) and _tag(download) in store().tags(svc_ref(table)):
        store().untag(svc_ref(table), _tag(download))


def _tag(download: Download) -> str:
    return f"{download.grant.number}-{str(download.key)[:8]}"


def is_alive(grant_id: int) -> bool:
    found = Grant.objects.filter(pk=grant_id, state__in=OPEN_STATES, valid_until__gte=clock.today())
    return found.exists()


def path_of(download: Download) -> Path:
    return Path(settings.EXPORTS) / f"{download.key}.{download.format}"


def clear_downloads() -> int:
    """Remove the files whose time is up, or whose grant has ended; return how many."""
    ready = Download.objects.filter(state=DownloadState.READY).select_related("grant")
    ended = [
        found
        for found in ready
        if (found.expires_at and found.expires_at <= clock.now()) or not is_alive(found.grant_id)
    ]
    for found in ended:
        path_of(found).unlink(missing_ok=True)
        unmark(found)
        _set(found, state=DownloadState.EXPIRED)
    return len(ended)
