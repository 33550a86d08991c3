"""Doors of security: masks, levels, secrecy marks, sealed secrets, events."""

from tongqu.security.actions.peers import report_refused_peer
from tongqu.security.actions.raise_event import raise_event
from tongqu.security.actions.seal import seal, unseal
from tongqu.security.domain.detectors import propose_level
from tongqu.security.domain.masks import mask_expression
from tongqu.security.domain.secrecy import secrecy_mark
from tongqu.security.ports import secrets

__all__ = [
    "mask_expression", "mask_salt", "propose_level", "raise_event",
    "report_refused_peer", "seal", "secrecy_mark", "unseal", "zone_key",
]  # fmt: skip


def mask_salt() -> str:
    """Return this hub's secret for masks: the same for every channel, so the masks agree."""
    return secrets().secret("mask")


def zone_key(zone: str) -> str:
    """Return the key of an operation zone (运营域): pseudonyms join within it and nowhere else."""
    return secrets().secret(f"zone-{zone}")
