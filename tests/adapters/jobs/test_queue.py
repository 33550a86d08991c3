"""Jobs go through the queue of the control database, in a process of their own."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests import forks
from tongqu.adapters.jobs.queue import Queue, schedule_all
from tongqu.kernel import jobs


def ask() -> None:
    """What a hub does that has a job done: its tables are made straight from the models."""
    from tests.db.ingest.process import migrate
    from tongqu.audit.public import record
    from tongqu.kernel.actor import PLATFORM
    from tongqu.project import installation

    migrate()
    installation.prepare()
    record("test.asked", by=PLATFORM)
    jobs.use_runner(Queue())
    jobs.enqueue("audit.anchor")


@pytest.mark.django_db
def test_a_job_is_queued_only_when_its_transaction_commits(
    django_capture_on_commit_callbacks,
) -> None:
    from django_q.models import OrmQ

    with django_capture_on_commit_callbacks() as waiting:
        Queue().enqueue("audit.seal", {})

        assert OrmQ.objects.count() == 0

    assert len(waiting) == 1


@pytest.mark.django_db
def test_every_repeated_job_of_every_room_has_its_schedule_once() -> None:
    from django_q.models import Schedule

    schedule_all()
    schedule_all()

    names = {job.name for job in jobs.registered() if job.cron}
    assert {"audit.seal", "ingest.freshness", "sharing.overdue", "sharing.idle"} <= names
    assert sorted(Schedule.objects.values_list("name", flat=True)) == sorted(names)


@pytest.mark.timeout(180)
def test_a_worker_does_what_was_queued_even_after_another_was_killed() -> None:
    home = forks.parent().home_like(None)
    environment = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
    environment |= {"TONGQU_HOME": str(home), "TONGQU_ANCHOR_CRON": "0 0 1 1 *"}
    work = [sys.executable, "-m", "tongqu.project.cli", "work"]
    first = subprocess.Popen(work, env=environment, start_new_session=True)
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    asked = forks.parent().run("tests.adapters.jobs.test_queue:ask")
    assert asked.returncode == 0, asked.err
    assert _heads(home) == 0

    worker = subprocess.Popen(work, env=environment, start_new_session=True)
    try:
        done = _until(lambda: _heads(home) == 1, seconds=120)
    finally:
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()

    assert done


def _heads(home: Path) -> int:
    with closing(sqlite3.connect(home / "tongqu.db")) as file:
        return int(file.execute("SELECT count(*) FROM audit_head").fetchone()[0])


def _until(holds, *, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.2)
    return False
