"""How the suite is spread over its workers: long files first, one province for all browser tests.

A file is one worker's, as its fixtures are made once. What takes longest begins first, so that
no worker is left with it at the end while the others wait.
"""

import pytest

# Folders and files that take minutes, longest first.
LONG = (
    "tests/e2e/",
    "tests/cli/",
    "tests/db/test_main_job.py",
    "tests/engines/",
    "tests/real/",
    "tests/adapters/",
    "tests/res/",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: _place(item.nodeid))  # stable: a file stays together


def _place(nodeid: str) -> int:
    return next((i for i, start in enumerate(LONG) if nodeid.startswith(start)), len(LONG))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    from xdist.scheduler import LoadFileScheduling

    class ByProvince(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return "tests/e2e" if nodeid.startswith("tests/e2e/") else super()._split_scope(nodeid)

    return ByProvince(config, log)
