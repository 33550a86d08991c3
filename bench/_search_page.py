"""What a page adds to the index's answer: twenty versions in force with their items, from SQL."""

import random
import sys
import time
from pathlib import Path

from bench import _search_data
from bench._search_index import tell

MOST = 20_000  # entries in the database: the fetch is by key, more of them change little


def _start() -> None:
    """Make the tables as the models say, without playing the migrations."""
    import os

    os.environ["DJANGO_SETTINGS_MODULE"] = "tongqu.project.settings"
    from django.conf import settings

    rooms = [app.rpartition(".")[2] for app in settings.INSTALLED_APPS if app[:6] == "tongqu"]
    settings.MIGRATION_MODULES = dict.fromkeys(rooms)
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", run_syncdb=True, verbosity=0)


def main() -> None:
    folder, size = Path(sys.argv[2]), min(int(sys.argv[3]), MOST)
    _start()
    from django.db.models import OuterRef, Subquery

    from tongqu.catalog.models import ComplianceReport, Entry, EntryVersion, InformationItem
    from tongqu.catalog.queries.page import page
    from tongqu.catalog.vocabulary import EntryState
    from tongqu.identity.models import Organisation
    from tongqu.kernel import clock
    from tongqu.kernel.actor import PLATFORM

    now = clock.now()
    owner = Organisation.objects.create(code="990000-SL", name="示例单位", is_example=True)
    rows = [row for row, _ in zip(_search_data.rows(folder / "entries.parquet"), range(size),
                                  strict=False)]  # fmt: skip
    entries = Entry.objects.bulk_create(
        Entry(code=f"{row['code']}-{row['id']}", owner=owner, created_at=now, is_example=True)
        for row in rows
    )
    versions = EntryVersion.objects.bulk_create(
        EntryVersion(entry=entry, name=row["name"], summary=row["summary"], provider=owner,
                     author="示例", created_at=now, edited_at=now)
        for entry, row in zip(entries, rows, strict=True)
    )  # fmt: skip
    InformationItem.objects.bulk_create(
        InformationItem(version=version, position=n, name_en=item.split(":")[0],
                        name_zh=item.split(":")[1])
        for version, row in zip(versions, rows, strict=True)
        for n, item in enumerate(row["items"], 1)
    )  # fmt: skip
    ComplianceReport.objects.bulk_create(
        ComplianceReport(version=version, at=now, passed=True, rules_run=1, by="示例")
        for version in versions
    )
    report = ComplianceReport.objects.filter(version=OuterRef("pk")).values("pk")[:1]
    EntryVersion.objects.update(
        state=EntryState.PUBLISHED, valid_from=now, published_by="示例", category="示例", level=2,
        update_cycle="daily", source_system="示例", formats=["file"], manners=["download"],
        passed_report=Subquery(report),
    )  # fmt: skip
    picked, took, found = random.Random(1), [], 0
    for _ in range(200):
        ids = tuple(version.pk for version in picked.sample(versions, 20))
        started, worked = time.perf_counter(), time.thread_time()
        found += len(page(ids, PLATFORM))
        took.append((time.perf_counter() - started, time.thread_time() - worked))
    tell(took, found)


if __name__ == "__main__":
    main()
