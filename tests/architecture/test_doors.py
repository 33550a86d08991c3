"""Between rooms, only the doors are open."""

import grimp
import pytest

DOORS = {"vocabulary", "events", "ports", "public"}
WHOLE = {"kernel", "policy"}  # policy's clauses are cited everywhere
WIRES = {"project"}  # the only place that knows everybody
# An adapter implements a room's port, so it may know what that port speaks of: doors only.
GRAPH = grimp.build_graph("tongqu", cache_dir=None)


def room_of(module: str) -> str:
    return module.split(".")[1] if module.count(".") else ""


def door_of(module: str) -> str:
    return module.split(".")[2] if module.count(".") > 1 else ""


CROSSINGS = sorted(
    (importer, imported)
    for importer in GRAPH.modules
    for imported in GRAPH.find_modules_directly_imported_by(importer)
    if room_of(importer) != room_of(imported)
)


@pytest.mark.parametrize("room", sorted({room_of(m) for m in GRAPH.modules} - {""}))
def test_rooms_meet_only_at_doors(room: str) -> None:
    if room in WIRES:
        return

    wrong = [
        f"{importer} reaches into {imported}; use one of {sorted(DOORS)} of "
        f"'{room_of(imported)}', or open a door there"
        for importer, imported in CROSSINGS
        if room_of(importer) == room
        and room_of(imported) not in WHOLE
        and door_of(imported) not in DOORS
        and imported != "tongqu"
    ]

    assert wrong == []


def test_every_room_explains_itself() -> None:
    from pathlib import Path

    import tongqu

    root = Path(tongqu.__file__).parent
    rooms = {room_of(m) for m in GRAPH.modules} - {"", "project", "adapters", "kernel"}

    assert sorted(room for room in rooms if not (root / room / "README.md").exists()) == []
