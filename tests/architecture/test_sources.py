"""What every source file keeps to. A failing check says what to do."""

import ast
import re
import tomllib
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
SOURCES = sorted(path for path in (ROOT / "src").rglob("*.py") if "migrations" not in path.parts)
TESTS = sorted((ROOT / "tests").rglob("*.py"))
SIZES = tomllib.loads((Path(__file__).parent / "sizes.toml").read_text())
CLOCKS = re.compile(r"\b(datetime\.(now|utcnow|today)|date\.today|timezone\.now|auto_now)\b")


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [
        node for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    ]  # fmt: skip


def lines(path: Path) -> int:
    return path.read_text().count("\n")


def test_a_module_stays_under_400_lines() -> None:
    long = {name(path) for path in SOURCES if lines(path) >= 400}

    assert long - set(SIZES["modules"]) == set(), (
        "cut it by use case, or give a reason in sizes.toml"
    )


def test_a_test_module_stays_under_800_lines() -> None:
    assert [name(path) for path in TESTS if lines(path) >= 800] == []


def test_a_function_stays_under_60_lines() -> None:
    long = {
        f"{name(path)}:{node.name}"
        for path in SOURCES
        for node in functions(path)
        if (node.end_lineno or node.lineno) - node.lineno >= 60
    }

    assert long - set(SIZES["functions"]) == set(), "cut it, or give a reason in sizes.toml"


def test_from_the_third_parameter_on_they_are_named() -> None:
    greedy = [
        f"{name(path)}:{node.name} has {len(node.args.args)} positional parameters"
        for path in SOURCES
        for node in functions(path)
        if len([a for a in node.args.args if a.arg not in {"self", "cls", "request"}]) > 5
    ]

    assert greedy == [], "make them keyword-only"


def test_only_the_kernel_clock_knows_the_time() -> None:
    asking = [name(path) for path in SOURCES if CLOCKS.search(path.read_text())]

    assert asking == ["src/tongqu/kernel/clock.py"], "ask tongqu.kernel.clock, once, at the edge"


def test_no_path_of_one_machine_stands_in_the_repository() -> None:
    import subprocess

    found = subprocess.run(
        ["git", "grep", "-nIE", r"(^|[^A-Za-z0-9_.])/(work|farm|root)/[A-Za-z]", "--", "."],
        cwd=ROOT, capture_output=True, text=True, check=False,
    ).stdout  # fmt: skip

    assert [line for line in found.splitlines() if "tests/architecture/" not in line] == []


def test_no_third_party_front_end_file_is_committed() -> None:
    import subprocess

    files = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.splitlines()

    assert [f for f in files if re.search(r"\.min\.(js|css)$|/vendor/|node_modules/", f)] == []


def test_pages_have_no_inline_script() -> None:
    """The content security policy forbids them; the browser would drop them silently."""
    handler = re.compile(r"<script(?![^>]*(\bsrc=|type=\"application/json\"))|\son[a-z]+=\"", re.I)
    templates = (ROOT / "src").rglob("*.html")

    assert [name(path) for path in templates if handler.search(path.read_text())] == []


def test_tests_that_skip_give_their_reason() -> None:
    assert [name(path) for path in TESTS if _skips_silently(path)] == []


def _skips_silently(path: Path) -> bool:
    """Find ``skip()`` without words, ``skipif`` without ``reason=`` and a bare ``mark.skip``."""
    tree = ast.parse(path.read_text())
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    called = {id(call.func) for call in calls}
    bare = [
        node for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr == "skip" and id(node) not in called
        and isinstance(node.value, ast.Attribute) and node.value.attr == "mark"
    ]  # fmt: skip
    for call in calls:
        if not isinstance(call.func, ast.Attribute):
            continue
        words = {keyword.arg for keyword in call.keywords}
        if call.func.attr == "skipif" and "reason" not in words:
            return True
        if call.func.attr == "skip" and not call.args and "reason" not in words:
            return True
    return bool(bare)
