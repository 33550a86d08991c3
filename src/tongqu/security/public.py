"""Doors of security: masks, levels, secrecy marks, sealed secrets, events."""

from tongqu.security.actions.peers import report_refused_peer
from tongqu.security.actions.raise_event import raise_event
from tongqu.security.actions.seal import seal, unseal
from tongqu.security.domain.detectors import propose_level
from tongqu.security.domain.masks import mask_expression
from tongqu.security.domain.secrecy import secrecy_mark
from tongqu.security.models import SecurityEvent
from tongqu.security.ports import secrets
from tongqu.security.vocabulary import MISUSES

__all__ = [
    "SecurityEvent", "event", "mask_expression", "mask_salt", "misuses", "propose_level",
    "raise_event", "report_refused_peer", "seal", "secrecy_mark", "unseal", "zone_key",
]  # fmt: skip


def event(pk: int) -> SecurityEvent | None:
    return SecurityEvent.objects.filter(pk=pk).first()


def misuses() -> list[SecurityEvent]:
    """Return the newest events that a unit may have to answer for (article 23), at most 50."""
    found = SecurityEvent.objects.filter(kind__in=[kind.value for kind in MISUSES])
    return list(found.exclude(organisation_code="")[:50])


def mask_salt() -> str:
    """Return this hub's secret for masks: the same for every channel, so the masks agree."""
    return secrets().secret("mask")


def zone_key(zone: str) -> str:
    """Return the key of an operation zone (运营域): pseudonyms join within it and nowhere else."""
    return secrets().secret(f"zone-{zone}")
