"""After a crash or a restart: every batch left open is finished."""

import logging

from django.db.models import Q

from tongqu.ingest import ports
from tongqu.ingest.actions import guards
from tongqu.ingest.actions.load import finish_open
from tongqu.ingest.models import Source
from tongqu.ingest.queries import batch_view
from tongqu.ingest.vocabulary import BatchState, BatchView, Form
from tongqu.kernel.actor import Actor

log = logging.getLogger(__name__)


def recover(*, by: Actor) -> list[BatchView]:
    """Finish every open batch that nobody is working on; return how each stands now.

    One that cannot be finished stays open and is told in the log; the others go on. Working
    files go in any case: a kill may have come between a batch's end and the tidying up.
    """
    ports.connector(Form.FILE).sweep(guards.landing())
    is_left = Q(batches__state=BatchState.OPEN) | Q(options__full_state=True)
    sources = Source.objects.filter(is_left).distinct().order_by("code")
    found: list[BatchView] = []
    for source in list(sources):
        try:
            with guards.exclusive(source.code, wait=False):
                found += [batch_view(batch) for batch in finish_open(source, by=by)]
        except guards.Busy:
            continue  # a live load holds it
        except Exception:
            log.exception("open batches of %s could not be finished", source.code)
    return found
