"""Open the grant that a decision leads to; delivery enforces it from then on."""

from tongqu.catalog.vocabulary import Manner
from tongqu.delivery import public as delivery
from tongqu.delivery.vocabulary import GrantTerms
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.law import Assumption, Basis
from tongqu.kernel.workdays import add_months
from tongqu.sharing.models import ShareRequest

VALIDITY = Assumption("授权有效期一年，期满须重新申请")
VALIDITY_MONTHS = 12


def open_grant(request: ShareRequest, items: tuple[str, ...], *, by: Actor, basis: Basis) -> None:
    """Issue the grant and write its number into the request; the caller saves the request."""
    today = clock.today()
    terms = GrantTerms(
        entry_code=request.entry_code,
        version_id=request.version_id,
        items=items,
        purpose_code=request.matter,
        purpose_text=request.purpose,
        consumer_id=request.consumer_id,
        system_name=request.system_name,
        manners=tuple(Manner(manner) for manner in request.manners),
        valid_from=today,
        valid_until=add_months(today, VALIDITY_MONTHS),
    )
    view = delivery.issue_grant(
        terms, by=by, approved_by=by, basis=basis, source_reference=request.number
    )
    request.grant_number = view.number
