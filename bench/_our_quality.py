"""The fifteen rules through the product's own measuring; prints counts, seconds, peak memory."""

import json
import os
import resource
import sys
import time
from pathlib import Path

from bench._hub import start
from bench._quality_rules import SHARED, ours


def main() -> None:
    start(Path(sys.argv[1]) / "hub")
    from tongqu.kernel import clock
    from tongqu.lake.public import ods_ref, store
    from tongqu.quality.actions import language
    from tongqu.quality.actions.measure import Measuring

    said = ours()
    if sys.argv[2:] == ["shared"]:  # those that every other tool can say, too
        said = [rule for rule in said if rule["code"] in SHARED]
    rules = language.read(said)
    ref = ods_ref("positions")
    before, started = os.times(), time.perf_counter()
    at = Measuring(ref, store().plan(ref), clock.now(), has_places=False)
    measured = at.run(rules, [])
    seconds, after = time.perf_counter() - started, os.times()
    if errors := {one.rule.code: one.error for one in measured.found if one.error}:
        raise RuntimeError(str(errors))
    print(
        json.dumps(
            {
                "seconds": seconds,
                "cpu": sum(after[:2]) - sum(before[:2]),
                "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
                "rows": measured.rows,
                "counts": {one.rule.code: one.count.wrong for one in measured.found},
            }
        )
    )


if __name__ == "__main__":
    main()
