"""Installed models run without a hand: after a change, at their moment, one worker at a time."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.db.lake import test_models as models
from tongqu.kernel import jobs
from tongqu.kernel.actor import PLATFORM
from tongqu.lake.actions.alone import alone
from tongqu.lake.models import InstalledModel, ModelRun, TableTouch
from tongqu.lake.public import changed, dw_ref, install_models, run_models, store, svc_ref

pytestmark = pytest.mark.django_db
pack = models.pack
TEXTS = [("b.sql", models.DW.lstrip()), ("a.sql", models.SVC.lstrip()),
         ("c.sql", models.TOPIC.lstrip())]  # fmt: skip


def test_a_change_runs_the_models_downstream_and_no_others(pack: Path) -> None:
    install_models("示例", TEXTS, by=PLATFORM)
    assert jobs.run("lake.models") == 1  # what is new runs at once
    assert not TableTouch.objects.exists()
    models.load({1: ("UA", "9")}, hour=2)
    assert jobs.run("lake.models") == 0  # nobody said that something changed

    changed(models.FLIGHTS)
    assert jobs.run("lake.models") == 1

    assert {(row["id"], row["_op"]) for row in models.served()} == {(1, "U"), (2, "I")}
    assert jobs.run("lake.models") == 0
    assert ModelRun.objects.count() == 2


def test_two_workers_run_it_once(pack: Path) -> None:
    install_models("示例", TEXTS, by=PLATFORM)

    with alone("lake.models") as is_ours:
        assert is_ours
        assert jobs.run("lake.models") == 0  # as the second worker

    assert jobs.run("lake.models") == 1
    assert ModelRun.objects.count() == 1


def test_a_change_that_comes_during_a_run_is_not_lost(pack: Path, monkeypatch) -> None:
    from tongqu.lake.actions import run

    install_models("示例", TEXTS, by=PLATFORM)
    plain, done = run.build, []

    def interrupted(model, reads, **options):
        if not done:
            done.append(True)
            models.load({1: ("UA", "9")}, hour=2)
            changed(models.FLIGHTS)
        return plain(model, reads, **options)

    monkeypatch.setattr(run, "build", interrupted)
    jobs.run("lake.models")

    assert not TableTouch.objects.exists()
    assert models.served()[0]["delay"] == 9


def test_a_killed_run_is_done_again(pack: Path, monkeypatch) -> None:
    from tongqu.lake.actions import run

    install_models("示例", TEXTS, by=PLATFORM)
    plain = run.build
    monkeypatch.setattr(run, "build", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        jobs.run("lake.models")
    monkeypatch.setattr(run, "build", plain)

    assert jobs.run("lake.models") == 1
    assert len(models.served()) == 2


def test_a_model_runs_at_its_moment_although_nothing_came_in(pack: Path, at) -> None:
    daily = models.SVC.replace("keys: id", "keys: id\n-- moment: day").replace(
        "delay FROM", "$moment AS day FROM"
    )
    install_models("示例", [TEXTS[0], ("a.sql", daily.lstrip())], by=PLATFORM)
    jobs.run("lake.models")
    assert jobs.run("lake.models") == 0

    at.instant += timedelta(days=1)
    assert jobs.run("lake.models") == 1

    assert {row["day"].day for row in models.served()} == {25}
    assert InstalledModel.objects.get(name="svc_flights").ran_for == "2026-09-25T00:00:00"


def test_a_model_whose_sources_are_not_there_yet_waits_and_flags_nothing(lake: Path) -> None:
    from tongqu.lake.public import broken

    install_models("示例", TEXTS, by=PLATFORM)

    assert jobs.run("lake.models") == 0

    assert broken() == {}
    assert not store().exists(dw_ref("flights"))


def test_what_a_pack_no_longer_has_runs_no_more(pack: Path) -> None:
    install_models("示例", TEXTS, by=PLATFORM)
    jobs.run("lake.models")
    install_models("示例", TEXTS[:2], by=PLATFORM)
    before = store().current(svc_ref("delay")).id
    models.load({1: ("UA", "9")}, hour=2)
    changed(models.FLIGHTS)
    jobs.run("lake.models")

    assert store().current(svc_ref("delay")).id == before


def test_a_run_by_hand_moves_what_others_read_from_it(pack: Path) -> None:
    install_models("专题", [("c.sql", models.TOPIC.lstrip())], by=PLATFORM)
    jobs.run("lake.models")
    (pack / "c.sql").unlink()
    run_models(pack, by=PLATFORM)

    assert jobs.run("lake.models") == 1
    assert store().exists(svc_ref("delay"))
