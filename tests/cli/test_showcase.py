"""``tongqu run`` after the main job: an example in every room, once."""

import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tongqu.assets.models import Device, Media, StructureModel
from tongqu.audit.public import record
from tongqu.catalog.models import Entry, EntryVersion, ExternalIdentifier, Receipt
from tongqu.functions.models import Chart, DataLink, Function, Gap, Register, System, Task
from tongqu.identity.models import Organisation, Person
from tongqu.ingest.models import (
    Agreement,
    Batch,
    LegacyComparison,
    Passage,
    Run,
    Source,
    TemplateMember,
)
from tongqu.kernel.actor import PLATFORM
from tongqu.lake.models import ModelAdoption, Topic, UpkeepRun
from tongqu.ledger.models import BatchParty, BatchRow, Merge, StockMeasurement, SurveyAnswer
from tongqu.onesource.models import Authority, Pair
from tongqu.opening.models import OpeningCase, Voice
from tongqu.project import installation
from tongqu.project.cli import app
from tongqu.project.demo import play, showcase
from tongqu.project.demo.showcase.scene import Scene
from tongqu.project.demo.stage import Told, expect
from tongqu.quality.models import Scan
from tongqu.standards.models import Comment, Standard
from tongqu.supervision.models import Project

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(300)]
BESIDE = ["work", "--showcase"]  # what `run` starts beside the portal
COUNTED = (
    Entry, EntryVersion, ExternalIdentifier, Receipt, Chart, DataLink, Function, Gap, Register,
    System, Task, Organisation, Person, Batch, BatchRow, Merge, StockMeasurement, SurveyAnswer,
    Authority, Pair, Scan, Comment, Standard, Project,
)  # fmt: skip


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> list[list[str]]:
    """Stop before the server: the command is played as if the main job had been."""
    calls: list[list[str]] = []
    monkeypatch.setattr(os, "execv", lambda _path, words: calls.append(words))
    monkeypatch.setattr(installation, "prepare", lambda: None)
    monkeypatch.setenv("TONGQU_DEMO", "1")
    for name in ("TONGQU_BASE_URL", "TONGQU_SCAN_ALLOWED", "TONGQU_BACKUP"):
        monkeypatch.setenv(name, "")  # `run` says them for itself
    settings.IS_DEMO = True
    settings.HOME = tmp_path
    settings.SCAN_ALLOWED = (str(tmp_path), "127.0.0.1:8000")
    record(play.PLAYED, by=PLATFORM, subject=play.PLAYED)
    return calls


def counted() -> dict[str, int]:
    return {model.__name__: model._default_manager.count() for model in COUNTED}


def states(model: Any, **among: Any) -> Counter[str]:
    return Counter(model._default_manager.filter(**among).values_list("state", flat=True))


def test_an_example_in_every_room_is_made_once(lake: Path, served: list[list[str]]) -> None:
    first = CliRunner().invoke(app, BESIDE)
    assert first.exit_code == 0, first.output
    made = counted()

    again = CliRunner().invoke(app, BESIDE)

    assert again.exit_code == 0
    assert "全部完成" in first.output
    assert "完成" not in again.output
    assert counted() == made
    assert len(served) == 2
    _has_the_list()
    _has_data()
    _has_registers()
    _has_a_ledger()
    _has_ways_in()
    _has_assets_and_open_sets()
    assert all("示例" in found.name for found in Organisation.objects.all())
    assert all(found.display_name.startswith("示例·") for found in Person.objects.all())


def test_a_run_that_broke_off_goes_on_where_it_stopped(
    monkeypatch: pytest.MonkeyPatch, served: list[list[str]]
) -> None:
    taken: list[str] = []

    def first(scene: Scene) -> Told:
        taken.append("first")
        return {}, ""

    def second(scene: Scene) -> Told:
        taken.append("second")
        expect(taken.count("second") > 1, "示例未备好")
        return {}, ""

    steps = (("first", "一", "", "/", first), ("second", "二", "", "/", second))
    monkeypatch.setattr(showcase, "STEPS", steps)

    broken = CliRunner().invoke(app, BESIDE)
    whole = CliRunner().invoke(app, BESIDE)

    assert "示例未备好" in broken.output
    assert "全部完成" in whole.output
    assert taken == ["first", "second", "second"]
    assert len(served) == 2  # the jobs are run either way


def test_the_portal_is_served_before_the_examples_are_made(served: list[list[str]]) -> None:
    done = CliRunner().invoke(app, ["run", "--bind", "127.0.0.1:8123"])

    assert done.exit_code == 0
    assert "http://127.0.0.1:8123/" in done.output
    assert served[0][-4:] == ["serve", "--bind", "127.0.0.1:8123", "--showcase"]
    assert not showcase.has_been_shown()


def _has_the_list() -> None:
    assert EntryVersion.objects.filter(provider__code="990000", state="published").count() == 36
    assert Entry.objects.filter(is_example=False).count() == 2  # drafts from the survey
    assert BatchRow.objects.count() == 35
    assert BatchParty.objects.exclude(signed_at=None).count() == 2
    assert Standard.objects.filter(is_own=True, state="consulting").count() == 1
    assert (Comment.objects.count(), Comment.objects.filter(answer="").count()) == (3, 2)


def _has_data() -> None:
    assert Batch.objects.count() == 21
    assert Batch.objects.filter(rejected__gt=0).count() >= 13
    assert Scan.objects.count() == 3
    assert Receipt.objects.filter(kind="formal").count() == 4
    assert Authority.objects.count() == 2
    assert states(Pair)["open"] > 100
    assert (states(Pair)["same"], states(Pair)["different"]) == (1, 1)


def _has_ways_in() -> None:
    assert states(Run) == {"done": 2}
    assert Source.objects.filter(is_paused=True).count() == 1
    assert (Agreement.objects.count(), TemplateMember.objects.count()) == (1, 2)
    assert states(Passage) == {"passed": 1}
    assert [found.is_equal for found in LegacyComparison.objects.all()] == [False, False]
    assert ModelAdoption.objects.filter(number=1, wanted=2).count() == 1
    assert Topic.objects.count() == 1


def _has_assets_and_open_sets() -> None:
    assert Device.objects.count() == 100
    assert Device.objects.filter(last_seen_at=None).count() == 5
    assert (Media.objects.count(), StructureModel.objects.count()) == (4, 2)
    assert states(OpeningCase) == {"open": 2, "withdrawn": 1}
    assert Voice.objects.exclude(answer="").count() == 2
    assert UpkeepRun.objects.filter(kind="scrub", state="done").exists()


def _has_registers() -> None:
    assert Function.objects.filter(kind="function").count() == 5
    assert Function.objects.filter(kind="item").count() == 10
    assert System.objects.count() == 6
    assert Chart.objects.get().activities.count() == 12
    assert DataLink.objects.count() == 13
    found = dict(Register.objects.values_list("part", "state").filter(organisation__code="990000"))
    assert found["functions"] == "effective"
    assert found["systems"] == "reviewing"
    assert states(Register, organisation__code="990000-MH")["confirming"] == 1
    assert Gap.objects.count() > Task.objects.count() == 1


def _has_a_ledger() -> None:
    answers = states(SurveyAnswer)
    assert (answers["accepted"], answers["submitted"], answers["waiting"]) == (2, 2, 1)
    assert sorted(states(Merge)) == ["conflict", "waiting"]
    assert str(Project.objects.get().connect_due_on) == "2026-10-20"
    assert StockMeasurement.objects.get().tables >= 17
