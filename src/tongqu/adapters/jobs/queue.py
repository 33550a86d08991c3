"""Jobs on the control database, by django-q2: nothing else to install, survives ``kill -9``."""

from django.db import transaction

from tongqu.kernel import jobs


class Queue:
    """Hand a job to the queue once the transaction that asked for it has committed."""

    def enqueue(self, name: str, arguments: dict[str, object]) -> None:
        from django_q.tasks import async_task

        transaction.on_commit(
            lambda: async_task("tongqu.adapters.jobs.queue.work", name, arguments, task_name=name)
        )


def work(name: str, arguments: dict[str, object]) -> None:
    """Run one job: what the worker calls. A result would have to be stored, so there is none."""
    jobs.run(name, **arguments)


def schedule_all() -> int:
    """Bring the queue's schedules in line with the rooms' jobs; return how many there are."""
    from django_q.models import Schedule

    repeated = [job for job in jobs.registered() if job.cron]
    Schedule.objects.exclude(name__in=[job.name for job in repeated]).delete()
    for job in repeated:
        Schedule.objects.update_or_create(
            name=job.name,
            defaults={
                "func": "tongqu.adapters.jobs.queue.work",
                "args": repr((job.name, {})),
                "schedule_type": Schedule.CRON,
                "cron": job.cron,
                "repeats": -1,
            },
        )
    return len(repeated)
