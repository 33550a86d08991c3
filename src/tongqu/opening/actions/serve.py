"""What the public takes: pages of rows, whole files, counted without naming anybody."""

import hashlib
import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.db.models import F
from django.utils.crypto import salted_hmac

from tongqu.delivery.public import OpenPage, open_count, open_file, open_page, open_snapshot
from tongqu.delivery.vocabulary import OpenForm
from tongqu.kernel import addresses, clock
from tongqu.kernel.problems import Rejected
from tongqu.opening import queries
from tongqu.opening.domain import problems
from tongqu.opening.models import OpeningCase, OpenUse

CALLS_A_MINUTE = 120
VOICES_AN_HOUR = 10
KEPT_FILES_DAYS = 7


@dataclass(frozen=True, slots=True)
class Edition:
    """What a set gives at this moment. ``tag`` changes when anything of it does."""

    snapshot_id: int
    tag: str


def edition(case: OpeningCase) -> Edition:
    snapshot_id, _ = open_snapshot(queries.terms_of(case))
    day = clock.today().isoformat() if queries.is_by_day(case) else ""
    facts = [case.number, case.version_id, snapshot_id, day, case.shown, case.row_filter]
    digest = hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()
    return Edition(snapshot_id, digest[:32])


def rows(
    case: OpeningCase,
    *,
    filters: Iterable[tuple[str, str]] = (),
    limit: int = 1000,
    cursor: str = "",
    point: tuple[str, str] | None = None,
) -> OpenPage:
    """Return a page of the set and count it. Raises: ``Rejected`` FILTER_NOT_ALLOWED, ….

    An entry regraded or a set withdrawn meanwhile gives nothing: the caller asks
    ``queries.data_case`` for each page.
    """
    page = open_page(
        queries.terms_of(case), filters=filters, limit=limit, cursor=cursor, point=point
    )
    count(case, rows=page.rows)
    return page


def preview(case: OpeningCase, limit: int = 10) -> list[dict[str, object]]:
    """Return the first rows for the set's page."""
    found: list[dict[str, object]] = json.loads(open_page(queries.terms_of(case), limit=limit).body)
    return found


def place_of(case: OpeningCase) -> tuple[str, str] | None:
    return (case.x_item, case.y_item) if case.x_item and case.y_item else None


def file_of(case: OpeningCase, form: OpenForm) -> tuple[Path, Edition]:
    """Return the whole set as a file, made once an edition, and count the download."""
    point = place_of(case)
    if form is OpenForm.GEOJSON and point is None:
        raise Rejected(problems.NO_PLACE)
    now = edition(case)
    path = Path(settings.EXPORTS) / "open" / f"{now.tag}.{form.value}"
    if not path.exists():
        draft = path.with_name(f"{uuid.uuid4().hex}.{form.value}")
        try:
            open_file(
                queries.terms_of(case), draft, form=form, snapshot_id=now.snapshot_id, point=point
            )
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
    count(case, rows=_rows_in(case, now), downloads=1)
    return path, now


def _rows_in(case: OpeningCase, now: Edition) -> int:
    """Return how many rows an edition has, counted once."""
    key = f"open-rows-{now.tag}"
    known = cache.get(key)
    if known is None:
        known = open_count(queries.terms_of(case))
        cache.set(key, known, 3600)
    return int(known)


def count(case: OpeningCase, *, rows: int = 0, downloads: int = 0) -> None:
    """Add to the day's counts of the set."""
    day, _ = OpenUse.objects.get_or_create(case=case, day=clock.today())
    OpenUse.objects.filter(pk=day.pk).update(
        calls=F("calls") + 1, rows=F("rows") + rows, downloads=F("downloads") + downloads
    )


def admit(address: str, *, scope: str, most: int, seconds: int = 60) -> None:
    """Let a caller in unless it called too often. Raises: ``Rejected`` OPEN_RATE.

    Counted in each process's cache under a keyed digest of the address, forgotten after the
    window: no address is kept.
    """
    window = int(clock.now().timestamp()) // seconds
    who = salted_hmac("opening.rate", addresses.subscriber(address)).hexdigest()[:32]
    key = f"open-{scope}-{window}-{who}"
    cache.add(key, 0, seconds + 5)
    try:
        calls = cache.incr(key)
    except ValueError:  # forgotten in between: a full cache drops keys
        return
    if calls > most:
        raise Rejected(problems.RATE)


def clear_files() -> int:
    """Remove files of editions that are a week old; they are made again when asked for."""
    folder = Path(settings.EXPORTS) / "open"
    limit = clock.now().timestamp() - KEPT_FILES_DAYS * 86_400
    old = [path for path in folder.glob("*") if path.stat().st_mtime < limit]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)
