"""Inside a room the file names are fixed: who knows one room finds the way in every other."""

import tomllib
from pathlib import Path

import pytest

import tongqu

ROOT = Path(tongqu.__file__).parent
NAMES = frozenset(
    {
        "__init__.py", "apps.py", "README.md", "vocabulary.py", "vocabulary", "events.py",
        "ports.py", "ports", "public.py", "domain", "permissions.py", "models.py", "models",
        "queries.py", "queries", "actions", "handlers.py", "jobs.py", "http", "templates",
        "templatetags", "static", "migrations",
    }
)  # fmt: skip
EXCEPTIONS = tomllib.loads((Path(__file__).parent / "rooms.toml").read_text())
OTHERS = frozenset({"kernel", "adapters", "project"})
ROOMS = sorted(p.name for p in ROOT.iterdir() if (p / "apps.py").exists() and p.name not in OTHERS)


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_holds_the_fixed_names_and_what_is_excused(room: str) -> None:
    found = {path.name for path in (ROOT / room).iterdir() if path.name != "__pycache__"}

    assert found - NAMES - set(EXCEPTIONS.get(room, {})) == set(), (
        "use a fixed name, or give the file and its reason in rooms.toml"
    )


def test_no_excuse_outlives_its_file() -> None:
    gone = [
        f"{room}/{name}"
        for room, names in EXCEPTIONS.items()
        for name in names
        if not (ROOT / room / name).exists()
    ]

    assert gone == []
