"""``tongqu pack`` and ``tongqu generate``, as a person at a terminal calls them."""

import json
from pathlib import Path
from shutil import copytree

import pytest
from typer.testing import CliRunner, Result

from tests.unit.packs.test_pack import NAME, put
from tests.world import World
from tongqu.kernel.clock import FixedClock
from tongqu.project.cli import app
from tongqu.project.packs.reading import read_pack


def call(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def test_packs_are_listed() -> None:
    answer = call("pack", "list")

    assert answer.exit_code == 0
    assert f"{NAME}\t1.0.0\t江西省第一批授权运营公共数据资源\t35 项" in answer.output


def test_a_sound_pack_passes() -> None:
    answer = call("pack", "check", NAME)

    assert (answer.exit_code, answer.output) == (0, "校验通过\n")


def test_a_pack_with_faults_ends_with_one_and_lists_them(tmp_path: Path) -> None:
    folder = Path(copytree(read_pack(NAME).folder, tmp_path / NAME))
    put(folder / "entries/04-road-vehicles.toml", '"CT-COLOUR"', '"CT-COLOR"')
    put(folder / "entries/05-road-transport-certificates.toml", "level = 3\n", "level = 4\n")

    answer = call("pack", "check", folder, "--json")

    assert answer.exit_code == 1
    told = json.loads(answer.stdout)
    assert told["ok"] is False
    assert [fault["what"] for fault in told["faults"]] == [
        "没有代码集 CT-COLOR",
        "目录分级 4，信息项最高 3 级",
    ]


def test_an_unknown_pack_is_a_command_not_understood() -> None:
    answer = call("pack", "check", "nowhere-2026")

    assert answer.exit_code == 2
    assert NAME in answer.output


@pytest.mark.django_db
def test_a_pack_is_loaded_once(world: World, at: FixedClock) -> None:
    first = call("pack", "load", NAME, "--provider", "990000-MH", "--example", "--json")
    again = call("pack", "load", NAME, "--provider", "990000-MH")

    assert first.exit_code == 0, first.output
    told = json.loads(first.stdout)
    assert len(told["entries"]) == 35
    assert (told["unchanged"], told["proposed"]) == (0, 0)
    assert f"新建 0 项，未变 {told['made']} 项，有差异 0 项" in again.output


@pytest.mark.django_db
def test_a_provider_that_does_not_exist_is_refused(world: World) -> None:
    answer = call("pack", "load", NAME, "--provider", "000000")

    assert answer.exit_code == 2
    assert "没有代码为 000000 的组织" in answer.output


def test_data_are_generated_with_their_truth(tmp_path: Path) -> None:
    answer = call(
        "generate", NAME, "--rows", 1000, "--seed", 7, "--out", tmp_path, "--only", "toll_station",
        "--format", "csv", "--at", "2026-09-24",
    )  # fmt: skip

    truth = json.loads((tmp_path / "truth.json").read_text(encoding="utf-8"))
    lines = (tmp_path / "toll_station.csv").read_text(encoding="utf-8").splitlines()
    assert answer.exit_code == 0
    assert "示例数据" in answer.output
    assert truth["toll_station"]["rows"] == len(lines) - 1 == 20
    assert truth["_"]["at"] == "2026-09-24T09:00:00"


@pytest.mark.parametrize(
    "words",
    [("--rows", 10), ("--at", "gestern"), ("--format", "xlsx"), ("--only", "nix")],
    ids=["rows", "at", "format", "only"],
)
def test_what_cannot_be_generated_is_refused(tmp_path: Path, words: tuple[object, ...]) -> None:
    assert call("generate", NAME, "--out", tmp_path, *words).exit_code == 2
    assert call("generate", "other-2026", "--out", tmp_path).exit_code == 2
