"""Doors of delivery: issue, read and end grants. Nothing else lets data leave.

``revoke_grant`` and ``suspend_grant`` tell the consumer themselves; the caller tells the
others. ``issue_grant`` tells nobody: the request's own steps do.
"""

from datetime import date

from tongqu.delivery import queries
from tongqu.delivery.actions.change import (
    ask_feedback,
    entry_changed,
    mark_idle,
    reconfirm_grant,
    restart_idle_clock,
    resume_grant,
    revoke_grant,
    suspend_grant,
    take_feedback,
)
from tongqu.delivery.actions.issue import issue_grant
from tongqu.delivery.actions.open import (
    OpenPage,
    open_count,
    open_dictionary,
    open_file,
    open_page,
    open_snapshot,
    open_table,
)
from tongqu.delivery.domain.gate import open_refusal
from tongqu.delivery.vocabulary import GrantView
from tongqu.kernel.actor import Actor

__all__ = [
    "OpenPage",
    "ask_feedback",
    "entry_changed",
    "grant",
    "grants",
    "grants_of",
    "grants_seen_by",
    "issue_grant",
    "mark_idle",
    "open_count",
    "open_dictionary",
    "open_file",
    "open_page",
    "open_refusal",
    "open_snapshot",
    "open_table",
    "reconfirm_grant",
    "restart_idle_clock",
    "resume_grant",
    "revoke_grant",
    "suspend_grant",
    "take_feedback",
    "unused_grants",
]


def grant(number: str) -> GrantView | None:
    return queries.grant_view(number)


def grants_of(organisation_id: int) -> list[GrantView]:
    """Return the grants that a consumer holds or held, newest first."""
    return queries.views_held_by(organisation_id)


def grants(*, entry_code: str = "", open_only: bool = False) -> list[GrantView]:
    """Return grants, newest first; of one entry, or only those that let data leave."""
    return queries.grant_views(entry_code=entry_code, open_only=open_only)


def grants_seen_by(actor: Actor) -> list[GrantView]:
    """Return what the actor may see: all, what its department provides, or what it holds."""
    return [queries.view_of(found) for found in queries.grants_seen_by(actor)]


def unused_grants(idle_since: date) -> list[GrantView]:
    """Return the grants still unused whose clock began on that day or before (article 17)."""
    return queries.unused_views(idle_since)
