"""What is put on record begins with the room that did it: trail and self-library rest on that."""

import ast
from collections.abc import Iterator
from pathlib import Path

import tongqu
from tongqu.lake.domain.own import ROOMS

ROOT = Path(tongqu.__file__).parent
HEARD = "audit/handlers.py"  # log-ins: audit hears of them from Django and says whose they are
OTHERS = {"project", "adapters", "kernel"}  # no rooms: what they record is the demo's


def recorded() -> Iterator[tuple[str, str, str]]:
    """Yield room, action and place of each ``record("…", …)``."""
    for path in sorted(ROOT.rglob("*.py")):
        room = path.relative_to(ROOT).parts[0]
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call) or not node.args or room in OTHERS:
                continue
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            first = node.args[0]
            if isinstance(first, ast.JoinedStr):
                first = first.values[0]
            if name == "record" and isinstance(first, ast.Constant):
                yield room, str(first.value), f"{path.relative_to(ROOT)}:{node.lineno}"


def test_an_action_on_record_begins_with_its_room() -> None:
    found = list(recorded())

    assert len(found) > 150
    assert [
        f"{at}: {action}"
        for room, action, at in found
        if not action.startswith(f"{room}.") and not at.startswith(HEARD)
    ] == []


def test_every_room_that_records_has_a_group_of_the_self_library() -> None:
    assert {room for room, _, _ in recorded()} <= set(ROOMS)
