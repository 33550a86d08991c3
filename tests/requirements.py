"""The table of requirement rows that a test run ends with, and ``build/requirements.json``.

A test marked ``@pytest.mark.req("SHR-10")`` performs that row's acceptance check. A row is
passed when every test marked with it passed; a skipped test proves nothing and is listed
as absent. Works under pytest-xdist: workers send their marks with each report.
"""

import json
import os
import re
from collections import defaultdict
from pathlib import Path

import pytest

ROW = re.compile(r"^[A-Z]{3}\d{0,2}-\d{2}$")
# What this stage of the project has promised to keep: the foundation and the whole catalogue.
PROMISED = (
    "AUD-01", "AUD-02", "INF-01", "ING-01", "ING-13", "ING-14", "ING-19", "LAK-01", "LAK-02",
    *(f"LAK-{n:02}" for n in (3, 4, 5, 6, 7, 8, 10, 11)),
    "LAK-09", "LAK-12", "LAK-13", "LAK-14", "LAK-15", "PRT-01", "PRT-04", "PRT-08",
    *(f"QLT-{n:02}" for n in range(1, 16)),
    *(f"CAT-{n:02}" for n in range(1, 22)),
    *(f"GEN-{n:02}" for n in (1, 2, *range(4, 11), 12, 13, 14, 15, 17)),
    *(f"ING-{n:02}" for n in (*range(4, 8), *range(9, 13), 15, 16, 17, 18, 21)),
    *(f"MAP-{n:02}" for n in range(1, 9)),
    *(f"OPN-{n:02}" for n in (*range(1, 9), 13)),
    *(f"RES-{n:02}" for n in range(1, 36)),
    *(f"SHR-{n:02}" for n in (*range(1, 21), 22, 23, 29, 31)),
    *(f"SUP-{n:02}" for n in (2, 3, 4, 5, 6, 8, 23)),
    *(f"STD-{n:02}" for n in range(1, 16)),
)  # fmt: skip
BUILD = Path(__file__).resolve().parent.parent / "build"

Table = dict[str, dict[str, list[str]]]


class Requirements:
    def __init__(self) -> None:
        self.outcomes: dict[str, dict[str, str]] = defaultdict(dict)  # row → test id → outcome

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        rows = dict(report.user_properties).get("req", ())
        for row in rows if isinstance(rows, (list, tuple)) else ():
            known = self.outcomes[row].get(report.nodeid)
            if report.failed:
                self.outcomes[row][report.nodeid] = "failed"
            elif report.skipped and known is None:
                self.outcomes[row][report.nodeid] = "skipped"
            elif report.when == "call" and report.passed and known is None:
                self.outcomes[row][report.nodeid] = "passed"

    def table(self) -> Table:
        return {
            row: {
                "passed": sorted(t for t, found in tests.items() if found == "passed"),
                "failed": sorted(t for t, found in tests.items() if found == "failed"),
            }
            for row, tests in sorted(self.outcomes.items())
        }

    def pytest_sessionfinish(self) -> None:
        path = Path(os.environ.get("TONGQU_REQUIREMENTS", BUILD / "requirements.json"))
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(self.table(), indent=1, sort_keys=True))


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):  # the controller collects; workers only report
        config.pluginmanager.register(Requirements(), "requirement-rows")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        rows = sorted({row for mark in item.iter_markers("req") for row in mark.args})
        if wrong := [row for row in rows if not ROW.match(row)]:
            raise pytest.UsageError(f"{item.nodeid}: no such requirement row: {wrong}")
        if rows:
            item.user_properties.append(("req", rows))
