"""Icons: the used ones of Tabler Icons, inlined into the page; nothing where they are absent."""

import json
import logging
from functools import lru_cache
from pathlib import Path

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

ICONS = Path(__file__).resolve().parent / "static" / "vendor" / "icons.json"
log = logging.getLogger(__name__)


@lru_cache(maxsize=1)
def _shapes() -> dict[str, str]:
    try:
        shapes: dict[str, str] = json.loads(ICONS.read_text(encoding="utf-8"))
    except FileNotFoundError:
        log.warning("No icons: run `python -m tongqu.portal.vendor`; pages work without them")
        return {}
    return shapes


def svg(name: str, css: str = "") -> SafeString:
    """Return the icon for inlining, hidden from assistive technology; empty if unknown."""
    shape = _shapes().get(name)
    if not shape:
        return SafeString("")
    return format_html(
        '<svg class="i{}" viewBox="0 0 24 24" aria-hidden="true">{}</svg>',
        f" {css}" if css else "",
        mark_safe(shape),  # noqa: S308  (drawn by the icon set, copied by vendor.py)
    )
