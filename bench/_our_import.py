"""Import the workbook: guarded, read, every cell checked, drafts, identifiers, search, trail."""

import sys
from pathlib import Path

from bench._hub import fresh_hub
from bench._import_file import ENTRIES, ITEMS
from bench._lap import Laps


def main() -> None:
    content = Path(sys.argv[1]).read_bytes()
    laps = Laps()
    with fresh_hub():
        from bench._import_world import cataloguer
        from tongqu.catalog.actions.import_file import import_file
        from tongqu.catalog.models import InformationItem

        by = cataloguer()
        with laps.lap():
            run = import_file(content, name="stock.xlsx", by=by)
        if (run.drafted, InformationItem.objects.count()) != (ENTRIES, ITEMS):
            raise RuntimeError("the import did not go through")
    laps.tell()


if __name__ == "__main__":
    main()
