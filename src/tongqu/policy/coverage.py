"""The coverage of the law as the running platform shows it: its own source, read once."""

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import tongqu
from tongqu.kernel.law import Clause
from tongqu.policy.clauses import measures_2021
from tongqu.policy.domain.coverage import ArticleCoverage, cover, markdown, names_of_tests

PACKAGE = Path(tongqu.__file__).parent
SPEC = Path("tests") / "spec" / "measures_2021"
_counters: dict[tuple[int, str], Callable[[], int]] = {}


def count_for(article: int, label: str, count: Callable[[], int]) -> None:
    """Show a live figure beside an article, e.g. (12, "在办申请", …). Called by the wiring."""
    _counters[article, label] = count


def coverage(*, with_counts: bool = True) -> tuple[ArticleCoverage, ...]:
    """Return one row an article: claimed, proved by code, tested, and its live figures."""
    counts: dict[int, dict[str, int]] = {}
    if with_counts:
        for (article, label), count in sorted(_counters.items()):
            counts.setdefault(article, {})[label] = count()
    return cover(_constants(), _sources(), _tests(), counts)


def coverage_markdown() -> str:
    """Return the text of the generated ``docs/law-coverage.md``, without live figures."""
    return markdown(coverage(with_counts=False))


def _constants() -> dict[str, Clause]:
    return {n: c for n, c in vars(measures_2021).items() if isinstance(c, Clause)}


@cache
def _sources() -> dict[str, str]:
    """Return the source of every module but the clauses themselves and the migrations."""
    found = {}
    for path in PACKAGE.rglob("*.py"):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        if "migrations" not in parts and parts[1:3] != ("policy", "clauses"):
            found[".".join(parts)] = path.read_text(encoding="utf-8")
    return found


def _tests() -> dict[int, tuple[str, ...]]:
    """Return the tests by article where the repository is at hand; a wheel has none."""
    root = next((p for p in PACKAGE.parents if (p / SPEC).is_dir()), None)
    if root is None:
        return {}
    found = {}
    for path in (root / SPEC).glob("test_article_*.py"):
        if number := re.search(r"(\d+)", path.stem):
            found[int(number[1])] = names_of_tests(path.read_text(encoding="utf-8"))
    return found
