"""Imports that an asker may see: its own department's, or all for those who look after all."""

from django.db.models import QuerySet

from tongqu.catalog.models import ImportRun
from tongqu.catalog.queries import sees_all_drafts
from tongqu.kernel.actor import Actor

LIGHT = ("content", "failures", "rows")


def runs(actor: Actor) -> QuerySet[ImportRun]:
    found = ImportRun.objects.select_related("provider")
    if sees_all_drafts(actor):
        return found
    return found.filter(provider_id=actor.organisation_id or 0)


def recent(actor: Actor) -> QuerySet[ImportRun]:
    """Return the imports without their files and results, newest first."""
    return runs(actor).defer(*LIGHT)


def run(run_id: int, actor: Actor) -> ImportRun | None:
    if not 0 < run_id < 1 << 62:
        return None
    return runs(actor).defer("content").filter(pk=run_id).first()
