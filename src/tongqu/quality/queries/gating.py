"""Reads of gates, of entries beside what arrived, and of departments' quality standards."""

from django.db.models import Max, QuerySet

from tongqu.catalog.public import lines
from tongqu.kernel.actor import Actor
from tongqu.quality.models import GateCase, PromotionGate, QualityStandard, RealityCase
from tongqu.quality.queries import SEES_ALL


def cases(actor: Actor) -> QuerySet[GateCase]:
    """Return what was held or let pass: of the asker's datasets; all, for support and oversight."""
    if actor.roles & SEES_ALL or actor.kind == "platform":
        return GateCase.objects.all()
    own = [line.code for line in lines(provider_id=actor.organisation_id or 0)]
    return GateCase.objects.filter(entry_code__in=own)


def gates() -> QuerySet[PromotionGate]:
    return PromotionGate.objects.all()


def reality(actor: Actor) -> QuerySet[RealityCase]:
    """Return the cases of the asker's datasets; all, for support and oversight."""
    found = RealityCase.objects.select_related("provider")
    if actor.roles & SEES_ALL or actor.kind == "platform":
        return found
    return found.filter(provider_id=actor.organisation_id)


def standards() -> QuerySet[QualityStandard]:
    """Return the newest version of every department's standards: published for all staff."""
    newest = QualityStandard.objects.order_by().values("code").annotate(last=Max("pk"))
    found = QualityStandard.objects.filter(pk__in=newest.values("last"))
    return found.select_related("organisation").order_by("code")


def versions(code: str) -> QuerySet[QualityStandard]:
    return QualityStandard.objects.filter(code=code).select_related("organisation")
