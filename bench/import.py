"""What a checked import costs beside reading the same workbook and inserting bare rows."""

import tempfile
from pathlib import Path

from bench._harness import Result, alternate
from bench._import_file import ENTRIES, ITEMS, write
from bench._import_world import PROVIDER

TARGET = 0.4
SECONDS = 60.0


def measure() -> Result:
    """Return bare seconds over ours for 35,672 items; the whole import must end in 60 s."""
    with tempfile.TemporaryDirectory(prefix="tongqu-bench-") as folder:
        path = Path(folder) / "stock-shili.xlsx"
        write(path, PROVIDER)
        size = path.stat().st_size / 2**20
        ours, bare = alternate(["bench._our_import", str(path)],
                               ["bench._bare_import", str(path)], rounds=3)  # fmt: skip
    figures: dict[str, object] = {
        "entries": ENTRIES,
        "items": ITEMS,
        "file_mb": round(size, 1),
        "ours": ours.as_figure(),
        "calamine + bare rows": bare.as_figure(),
        "seconds": round(ours.median, 2),
        "seconds_allowed": SECONDS,
        "within_seconds": ours.median <= SECONDS,
        "items_per_second": round(ITEMS / ours.median),
    }
    return Result("import", round(bare.median / ours.median, 3), TARGET, "higher", figures)
