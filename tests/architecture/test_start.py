"""Pages that need no data plane do not pay for it."""

import subprocess
import sys

HEAVY = ("duckdb", "pyarrow", "pyiceberg", "sqlglot", "typst", "pyhanko", "xlsxwriter")
PROGRAM = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "tongqu.project.settings"
import django
django.setup()
import tongqu.project.urls
print([name for name in {heavy!r} if name in sys.modules])
"""


def test_the_addresses_load_without_the_data_plane() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(heavy=HEAVY)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert done.stdout.strip() == "[]"
