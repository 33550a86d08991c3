"""The main job as a user plays it: the command, in a folder of its own, twice."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import SHARED

ROOT = Path(__file__).resolve().parent.parent.parent
pytestmark = [pytest.mark.timeout(600)]
STEPS = 10


def tongqu(*arguments: str, home: Path, code: int = 0) -> subprocess.CompletedProcess[str]:
    """Run the command as a user would; on SQLite, whatever the suite runs on."""
    environment = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
    done = subprocess.run(
        [sys.executable, "-m", "tongqu.project.cli", *arguments],
        capture_output=True, text=True, check=False, cwd=home.parent,
        env=environment | {"TONGQU_HOME": str(home)},
    )  # fmt: skip
    assert done.returncode == code, done.stdout[-3000:] + done.stderr[-3000:]
    return done


def played(home: Path, *more: str) -> dict[str, Any]:
    done = tongqu("demo", "--dir", str(home), "--json", *more, home=home)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """An installation prepared from nothing, in which nothing was played, and what it was told.

    The others begin as copies of it: its tables are made once.
    """
    folder = tmp_path_factory.mktemp("empty")
    (folder / "no-manifest").mkdir()
    home = folder / "hub"
    done = tongqu("demo", "--dir", str(home), "--data", str(folder / "no-manifest"), home=home,
                  code=1)  # fmt: skip
    return home, done.stdout


@pytest.fixture(scope="module")
def home(empty: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation in which the main job was played once."""
    folder = Path(shutil.copytree(empty[0], tmp_path_factory.mktemp("demo") / "hub"))
    account = played(folder)
    (folder / "account.json").write_text(json.dumps(account))
    return folder


def test_every_step_of_the_main_job_is_done_and_says_by_which_clause(home: Path) -> None:
    account = json.loads((home / "account.json").read_text())

    assert account["ok"] is True
    assert len(account["steps"]) == STEPS
    assert all(step["ok"] and step["clause"] for step in account["steps"])
    assert set(account) == {"ok", "seconds", "steps"}
    assert all(
        set(step) == {"name", "ok", "clause", "seconds", "counts"} for step in account["steps"]
    )


def test_the_ledger_of_the_main_job_balances_over_all_real_rows(home: Path) -> None:
    counts = json.loads((home / "account.json").read_text())["steps"][3]["counts"]

    assert counts["入库"] == 336_776 + 3_322 + 16 + 1_458 + 26_115
    assert counts["收到"] == counts["入库"] + counts["退回"] + counts["重复"]
    assert counts["退回"] == 3


def test_played_twice_it_neither_fails_nor_doubles_anything(home: Path) -> None:
    before = _stock(home)

    again = played(home)

    assert again["ok"] is True
    assert again["steps"][3]["counts"]["入库"] == 0
    assert _stock(home) == before


def _stock(home: Path) -> dict[str, int]:
    tables = ("catalog_entry", "catalog_receipt", "sharing_sharerequest", "delivery_grant",
              "quality_ticket", "identity_person", "identity_organisation")  # fmt: skip
    with sqlite3.connect(home / "tongqu.db") as connection:
        return {
            name: connection.execute(f"SELECT COUNT(*) FROM {name}").fetchone()[0]
            for name in tables
        }


def test_the_doctor_finds_the_hub_sound(home: Path) -> None:
    done = tongqu("doctor", "--json", home=home)

    assert all(finding["ok"] for finding in json.loads(done.stdout))


def test_a_receipt_verifies_offline_until_one_byte_is_changed(home: Path, tmp_path: Path) -> None:
    receipt = tmp_path / "receipt.pdf"
    receipt.write_bytes(_receipt(home))
    good = tongqu("verify", str(receipt), "--json", home=home)

    raw = bytearray(receipt.read_bytes())
    raw[len(raw) // 2] ^= 1
    receipt.write_bytes(raw)
    bad = tongqu("verify", str(receipt), "--json", home=home, code=1)

    assert json.loads(good.stdout)["ok"] is True
    wrong = [finding for finding in json.loads(bad.stdout)["findings"] if not finding["ok"]]
    assert wrong
    assert wrong[0]["what"]


def _receipt(home: Path) -> bytes:
    program = (
        "import os, sys, django; os.environ['DJANGO_SETTINGS_MODULE']='tongqu.project.settings';"
        "django.setup(); from tongqu.catalog.public import receipt_document;"
        "sys.stdout.buffer.write(receipt_document('HZ-2026-000001'))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True,
        env={k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
        | {"TONGQU_HOME": str(home)},
    )  # fmt: skip
    return done.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        pytest.param(("verify", "no-such-file.pdf"), 2, "找不到文件", id="no file to verify"),
        pytest.param(("bench", "no-such-bench"), 2, "没有名为", id="an unknown benchmark"),
        pytest.param(("frobnicate",), 2, "No such command", id="an unknown command"),
    ],
)
def test_a_wrong_call_says_so_and_exits_with_2(
    tmp_path: Path, arguments: tuple[str, ...], code: int, says: str
) -> None:
    done = tongqu(*arguments, home=tmp_path / "hub", code=code)

    assert says in done.stdout + done.stderr


def test_a_folder_without_a_manifest_is_an_error_that_says_what_is_missing(
    empty: tuple[Path, str],
) -> None:
    assert "manifest.toml" in empty[1]


def test_the_coverage_of_the_law_is_one_row_an_article(tmp_path: Path) -> None:
    done = tongqu("law", "coverage", "--json", home=tmp_path / "hub")

    rows = json.loads(done.stdout)
    assert len(rows) == 26
    assert {row["state"] for row in rows} <= {"enforced", "evidenced", "manual", "out_of_reach"}


def test_the_manifest_in_the_documents_is_understood(tmp_path: Path) -> None:
    from tongqu.project.demo.manifest import load

    example = (ROOT / "docs/own-data.md").read_text().split("```toml\n")[1].split("```")[0]
    (tmp_path / "manifest.toml").write_text(example)
    (tmp_path / "positions.csv.gz").write_bytes(b"")

    manifest = load(tmp_path)

    assert manifest.main == "positions"
    assert manifest.source("positions").items["vehicle_id"].key


@pytest.mark.parametrize(
    ("line", "says"),
    [
        pytest.param('licens = "x"', "licens", id="an unknown key"),
        pytest.param("[[source]]", "缺少 code", id="a source without a code"),
        pytest.param("= 1", "TOML", id="not TOML"),
    ],
)
def test_a_wrong_manifest_says_where_it_is_wrong(tmp_path: Path, line: str, says: str) -> None:
    from tongqu.project.demo.manifest import BadManifest, load

    (tmp_path / "manifest.toml").write_text(line)

    with pytest.raises(BadManifest, match=says):
        load(tmp_path)


DATA = SHARED / "data"
OTHERS = {
    "bus_positions": ("bus_positions_austin/vehicle_positions", "公交车辆位置", "*.csv.gz"),
    "accidents": ("accidents_uk/edinburgh", "道路交通事故", "*ccident*.csv*"),
    "service_areas": ("highway_facilities_anhui_osm", "高速公路服务区", "service_areas*"),
}


@pytest.mark.skipif(not DATA.is_dir(), reason="the folder of others' data is not present")
@pytest.mark.parametrize("name", sorted(OTHERS))
def test_the_main_job_plays_on_others_files(
    name: str, empty: tuple[Path, str], tmp_path: Path
) -> None:
    folder, title, pattern = OTHERS[name]
    (source, *_) = sorted((DATA / folder).glob(pattern))
    data = tmp_path / "data"
    data.mkdir()
    shutil.copy(source, data / source.name)
    _describe(data, source.name, code=name, title=title)

    home = Path(shutil.copytree(empty[0], tmp_path / "hub"))
    account = played(home, "--data", str(data))

    assert account["ok"] is True
    assert account["steps"][3]["counts"]["入库"] > 100


def _describe(folder: Path, file: str, *, code: str, title: str) -> None:
    """Write the small manifest: a name for each column, and whole rows as the key."""
    columns = _columns(folder / file)
    lines = [
        f'title = "{title}"', 'origin = "test data"', 'licence = "see its folder"', "[main]",
        f'source = "{code}"', "[[source]]", f'code = "{code}"', f'file = "{file}"',
        f'name = "示例·{title}"', 'sharing_type = "conditional"',
        'conditions = "仅用于测试。"', 'scope = ["990000-YJ", "990000-WL"]', "[source.items]",
    ]  # fmt: skip
    lines += [f'"{column}" = {{ name = "信息项{n}" }}' for n, column in enumerate(columns, start=1)]
    (folder / "manifest.toml").write_text("\n".join(lines), encoding="utf-8")


def _columns(path: Path) -> list[str]:
    import csv
    import gzip

    raw = path.read_bytes()
    text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8-sig")
    if "geojson" in path.name:
        features = json.loads(text)["features"]
        properties = dict.fromkeys(name for feature in features for name in feature["properties"])
        return [*properties, "geometry_type", "lon", "lat", "wkt"]
    return next(csv.reader(text.splitlines()))
