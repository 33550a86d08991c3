"""Note that a table changed, so that the models that read it run soon."""

import uuid
from collections.abc import Collection

from django.db import transaction

from tongqu.kernel import clock, jobs
from tongqu.lake.models import InstalledModel, TableTouch

MODELS = "lake.models"  # the job that runs them


def touch(tables: Collection[str]) -> None:
    """Note changed tables where an installed model reads them, and ask for a run.

    Part of the caller's transaction: the run begins once it has committed.
    """
    lists = InstalledModel.objects.values_list("reads", flat=True) if tables else ()
    wanted = sorted({name for reads in lists for name in reads}.intersection(tables))
    for name in wanted:
        TableTouch.objects.update_or_create(
            table=name, defaults={"mark": str(uuid.uuid4()), "touched_at": clock.now()}
        )
    if wanted:
        transaction.on_commit(lambda: jobs.enqueue(MODELS), robust=True)
