"""Doors of delivery: issue, read and end grants. Nothing else lets data leave."""

from datetime import date

from tongqu.delivery.vocabulary import GrantTerms, GrantView
from tongqu.kernel.actor import Actor
from tongqu.kernel.law import Basis


def issue_grant(
    terms: GrantTerms,
    *,
    by: Actor,
    approved_by: Actor,
    basis: Basis,
    source_reference: str = "",
) -> GrantView:
    """Issue a grant; the same ``source_reference`` again returns the grant it made.

    Raises: ``Rejected`` NOT_PUBLISHED, NOT_GOVERNMENT, ITEMS_NOT_SHAREABLE, FILTER_INVALID …
    """
    raise NotImplementedError


def grant(number: str) -> GrantView | None:
    raise NotImplementedError


def grants_of(organisation_id: int) -> list[GrantView]:
    """Return the grants that a consumer holds or held, newest first."""
    raise NotImplementedError


def grants(*, entry_code: str = "", open_only: bool = False) -> list[GrantView]:
    """Return grants, newest first; of one entry, or only those that let data leave."""
    raise NotImplementedError


def unused_grants(idle_since: date) -> list[GrantView]:
    """Return the grants still unused whose clock began on that day or before (article 17)."""
    raise NotImplementedError


def mark_idle(number: str, *, by: Actor) -> GrantView:
    """State 待撤销决定; access goes on until a person decides."""
    raise NotImplementedError


def restart_idle_clock(number: str, *, by: Actor, reason: str) -> GrantView:
    """Keep an idle grant with a reason: state 生效（未使用）, counted again from today."""
    raise NotImplementedError


def revoke_grant(number: str, *, by: Actor, basis: Basis, reason: str) -> GrantView:
    """End access at once, in every manner; safe to run twice."""
    raise NotImplementedError


def suspend_grant(number: str, *, by: Actor, basis: Basis, reason: str) -> GrantView:
    """Stop access until it is resumed or revoked."""
    raise NotImplementedError


def resume_grant(number: str, *, by: Actor, reason: str) -> GrantView:
    raise NotImplementedError


def ask_feedback(number: str, *, by: Actor) -> GrantView:
    """State 待反馈, from 使用中; in any other state nothing changes."""
    raise NotImplementedError


def take_feedback(number: str, *, by: Actor) -> GrantView:
    """State 使用中, from 待反馈; in any other state nothing changes."""
    raise NotImplementedError


def entry_changed(number: str, *, by: Actor, reason: str) -> GrantView:
    """State 待重新确认: items of the grant were removed or graded anew."""
    raise NotImplementedError
