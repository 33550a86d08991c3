"""Jobs go through the queue of the control database, in a process of their own."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tongqu.adapters.jobs.queue import Queue, schedule_all
from tongqu.kernel import jobs

PROGRAM = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "tongqu.project.settings"
import django
django.setup()
from tongqu.project import installation
from tongqu.adapters.jobs.queue import Queue
from tongqu.audit.models import Head
from tongqu.audit.public import record
from tongqu.kernel.actor import PLATFORM
from tongqu.kernel.jobs import use_runner, enqueue
if sys.argv[1] == "ask":
    installation.prepare()
    record("test.asked", by=PLATFORM)
    use_runner(Queue())
    enqueue("audit.anchor")
else:
    print(Head.objects.count())
"""


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
def test_a_worker_does_what_was_queued_even_after_another_was_killed(tmp_path: Path) -> None:
    environment = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
    environment |= {"TONGQU_HOME": str(tmp_path), "TONGQU_ANCHOR_CRON": "0 0 1 1 *"}
    run = [sys.executable, "-c", PROGRAM]
    work = [sys.executable, "-m", "tongqu.project.cli", "work"]
    first = subprocess.Popen(work, env=environment, start_new_session=True)
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    subprocess.run([*run, "ask"], env=environment, check=True)

    worker = subprocess.Popen(work, env=environment, start_new_session=True)
    try:
        done = _until(lambda: _count([*run, "count"], environment) == 1, seconds=120)
    finally:
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()

    assert done


def _count(command: list[str], environment: dict[str, str]) -> int:
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return int(done.stdout.strip())


def _until(holds, *, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(1)
    return False
