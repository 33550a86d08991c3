"""The chain of a case: every step of requests, objections and hardships is written here."""

from tongqu.audit.public import record
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.law import Basis
from tongqu.quality.models import CaseEvent


def write(number: str, command: str, *, by: Actor, basis: Basis, text: str = "") -> None:
    """Add a step to a case's chain and to the trail; the trail never gets the words."""
    CaseEvent.objects.create(
        case=number, command=command, actor=str(by)[:160], note=text[:300], at=clock.now()
    )
    record(f"quality.case.{command}", by=by, subject=number, basis=basis)
