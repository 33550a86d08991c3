"""A store of this test's own."""

from pathlib import Path

import pytest


@pytest.fixture
def shelf(settings, tmp_path: Path, lake) -> Path:
    settings.ASSETS = tmp_path / "assets"
    return settings.ASSETS
