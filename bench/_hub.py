"""A hub in a fresh folder for one measurement, and the main job's people and data in it."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tongqu.project.demo.stage import Stage


@contextmanager
def fresh_hub() -> Iterator[Path]:
    """Start Django on an empty folder, which is removed at the end."""
    with tempfile.TemporaryDirectory(prefix="tongqu-bench-") as folder:
        start(Path(folder))
        yield Path(folder)


def start(folder: Path) -> None:
    os.environ |= {
        "TONGQU_HOME": str(folder),
        "TONGQU_DEMO": "1",
        "DJANGO_SETTINGS_MODULE": "tongqu.project.settings",
    }
    import django

    django.setup()
    from tongqu.lake.public import engine, store
    from tongqu.project import installation

    installation.prepare()
    store()  # what a long-running process has done once: imports, connections
    engine()


@contextmanager
def compiled() -> Iterator["Stage"]:
    """Bring the main job to where its data can be loaded: entries published, none connected."""
    from tongqu.kernel import clock
    from tongqu.project.demo import compiling, manifest
    from tongqu.project.demo.stage import COMPILED, Stage

    with clock.use(clock.FixedClock.on(COMPILED)) as watch:
        stage = Stage(manifest.load(None), watch)  # type: ignore[arg-type]  # FixedClock, just made
        compiling.people(stage)
        compiling.scanning(stage)
        compiling.checking(stage)
        yield stage
