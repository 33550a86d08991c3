"""What this room does when another one announces something, or shows one of its pages."""

from tongqu.catalog.public import Panel, register_panel
from tongqu.catalog.vocabulary import EntryView
from tongqu.identity.vocabulary import Permission
from tongqu.kernel.actor import Actor
from tongqu.policy import public as policy
from tongqu.sharing.actions.watch import recount
from tongqu.sharing.models import Feedback

SHOWN = 10


def register() -> None:
    """Recount deadlines in the transaction that enters a year; add to the entry's page."""
    policy.on_calendar_changed(recount)
    register_panel(feedback_panel)


def feedback_panel(entry: EntryView, actor: Actor) -> Panel | None:
    """Show on an entry's page what departments say of its use (article 17)."""
    if not actor.may(Permission.PORTAL_DESK_READ):
        return None
    given = Feedback.objects.filter(entry_code=entry.code).select_related("consumer")[:SHOWN]
    if not given:
        return None
    return Panel("use", "使用反馈", "sharing/_panel.html", {"given": given})
