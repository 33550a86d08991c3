"""Read the same workbook and insert the same number of rows: no check, nothing else written."""

import io
import sys
from pathlib import Path

from bench._hub import fresh_hub
from bench._lap import Laps


def main() -> None:
    content = Path(sys.argv[1]).read_bytes()
    laps = Laps()
    with fresh_hub():
        from bench._import_world import cataloguer

        owner = cataloguer().organisation_id
        with laps.lap():
            _insert(content, owner or 0)
    laps.tell()


def _insert(content: bytes, owner: int) -> None:
    import python_calamine
    from django.db import transaction

    from tongqu.catalog.models import Entry, EntryVersion, InformationItem
    from tongqu.kernel import clock

    with python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
        _, *entries = book.get_sheet_by_name("目录").to_python()
        _, *items = book.get_sheet_by_name("信息项").to_python()
    now = clock.now()
    with transaction.atomic():
        made = Entry.objects.bulk_create(
            Entry(code=f"bare-{n}", owner_id=owner, created_at=now, created_by="示例")
            for n in range(len(entries))
        )
        versions = EntryVersion.objects.bulk_create(
            EntryVersion(entry=entry, name=row[0], category=row[1], summary=row[3], author="示例",
                         created_at=now, edited_at=now)
            for entry, row in zip(made, entries, strict=True)
        )  # fmt: skip
        by_name = {version.name: version for version in versions}
        InformationItem.objects.bulk_create(
            InformationItem(version=by_name[row[0]], position=n, name_zh=row[1], name_en=row[2],
                            length=int(row[4]))
            for n, row in enumerate(items)
        )  # fmt: skip


if __name__ == "__main__":
    main()
