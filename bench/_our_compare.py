"""Compare two tables of the lake attribute by attribute; every conflict is kept as a row."""

import sys
from pathlib import Path

from bench._hub import fresh_hub
from bench._lap import Laps
from bench.compare import ITEMS


def main() -> None:
    left, right = map(Path, sys.argv[1:3])
    laps = Laps()
    with fresh_hub():
        import pyarrow.parquet as pq

        from tongqu.kernel.actor import PLATFORM
        from tongqu.lake.public import dw_ref, store
        from tongqu.masters.actions import cross
        from tongqu.masters.domain.cross import read

        refs = [dw_ref("dw_left"), dw_ref("dw_right")]
        for ref, path in zip(refs, (left, right), strict=True):
            store().ensure(ref, pq.read_schema(path), {"tongqu.keys": "uscc"})
            store().append(ref, [path])
        rules = read({
            "code": "bench", "keys": ["uscc"],
            "sources": [{"name": "示例甲", "entry": "left"}, {"name": "示例乙", "entry": "right"}],
            "items": {item: {} for item in ITEMS},
        })  # fmt: skip
        with laps.lap():
            shapes = [cross.shape_of(rules, n, ref) for n, ref in enumerate(refs)]
            tables = {"source_1": refs[0], "source_2": refs[1]}
            counts, _, _ = cross.compare(rules, shapes, tables, by=PLATFORM)
    differ = {item: counts[f"conflicts_{n}"] + counts[f"alone_{n}"] for n, item in enumerate(ITEMS)}
    laps.tell(**differ)


if __name__ == "__main__":
    main()
