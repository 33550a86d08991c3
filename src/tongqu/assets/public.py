"""Doors of assets: devices and their messages, documents and media, cameras, models.

Codes of problems raised here: DEVICE_UNKNOWN, DEVICE_DISABLED, DEVICE_EXISTS, NOT_YOUR_DEVICE,
UNSIGNED, SIGNATURE_WRONG, REPLAYED, TOO_LARGE, MEDIA_UNKNOWN, NOT_YOUR_MEDIA, SECRECY_MARK,
NOT_WHAT_IT_SAYS, NOT_ACCEPTED, FILE_BROKEN, DECOMPRESSION_BOMB, EMPTY_FILE, CAMERA_UNKNOWN,
NO_VIDEO_GRANT, HANDLE_INVALID, HANDLE_EXPIRED, RELAY_MISSING, STRUCTURE_UNKNOWN, INVALID.
"""

from tongqu.assets import queries
from tongqu.assets.actions.cameras import (
    CameraSpec,
    Issued,
    issue_handle,
    play,
    register_camera,
    switch_camera,
)
from tongqu.assets.actions.collect import collect
from tongqu.assets.actions.devices import (
    DeviceSpec,
    Registered,
    register_device,
    register_many,
    set_key,
    set_policy,
    switch,
)
from tongqu.assets.actions.health import check_health
from tongqu.assets.actions.sheets import register_sheet
from tongqu.assets.actions.take import take
from tongqu.assets.actions.twins import link_model, register_structure
from tongqu.assets.actions.upload import About, media_words, upload
from tongqu.assets.ports import provide
from tongqu.assets.vocabulary import Completeness, Envelope, Policy, Taken
from tongqu.catalog.vocabulary import EntryView, Panel
from tongqu.identity.vocabulary import Permission
from tongqu.kernel.actor import Actor

__all__ = [
    "About", "CameraSpec", "Completeness", "DeviceSpec", "Envelope", "Issued", "Policy",
    "Registered",
    "Taken", "check_health", "collect", "completeness", "devices_panel", "issue_handle",
    "link_model", "media_panel", "media_words", "play", "provide", "register_camera",
    "register_device",
    "register_many", "register_sheet", "register_structure", "set_key", "set_policy", "switch",
    "switch_camera", "take", "upload",
]  # fmt: skip


def completeness(entry_code: str) -> Completeness | None:
    """Return how many of a dataset's devices report; None for one without devices."""
    return next(iter(queries.completeness([entry_code])), None)


def devices_panel(entry: EntryView, actor: Actor) -> Panel | None:
    """Return the block of an entry's page that says how complete its devices make it.

    Open to everybody: missing data are not hidden from whoever uses the rest.
    """
    del actor
    found = completeness(entry.code)
    if found is None:
        return None
    context = {"found": found, "silent": found.expected - found.reporting}
    return Panel("devices", "感知设备", "assets/_devices_panel.html", context, aside=True)


def media_panel(entry: EntryView, actor: Actor) -> Panel | None:
    """Return the block of an entry's page that lists its files, for those who may see them."""
    if not actor.may(Permission.ASSETS_MEDIA_READ):
        return None
    if not queries.has_media(entry.code):  # most entries: one statement for them
        return None
    rows = list(queries.media(actor, entry_code=entry.code)[:8])
    if not rows:
        return None
    return Panel("media", "文档与媒体", "assets/_media_panel.html", {"rows": rows})
