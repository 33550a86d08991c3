"""May this call take data under this grant, and what of the entry may it see?

Pure: the caller passes the day and the facts. What is not known is denied.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from ipaddress import ip_address, ip_network

from tongqu.catalog.vocabulary import DataType, ItemView, Manner
from tongqu.delivery.domain import refusals
from tongqu.delivery.vocabulary import GrantState, GrantTerms, Rounding
from tongqu.kernel.problems import Problem
from tongqu.security.vocabulary import Mask

MASKS = frozenset(Mask) - {Mask.NONE}


@dataclass(frozen=True, slots=True)
class Call:
    """What a caller declares and where it calls from."""

    manner: Manner
    purpose: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """One item that leaves. ``mask`` is empty when it is shown in clear."""

    name: str
    title: str
    data_type: DataType
    is_key: bool = False
    level: int = 1
    mask: str = ""
    rounding: Rounding | None = None

    @property
    def may_filter(self) -> bool:
        """A filter on a masked item would let a caller guess the value bit by bit."""
        return not self.mask


def refusal(terms: GrantTerms, state: GrantState, call: Call, today: date) -> Problem | None:
    """Return the first reason against the call, in the order in which they are told."""
    return _state_refusal(terms, state, today) or _call_refusal(terms, call)


def _state_refusal(terms: GrantTerms, state: GrantState, today: date) -> Problem | None:
    if state is GrantState.EXPIRED or terms.valid_until < today:
        return refusals.expired(terms.valid_until)
    if state is GrantState.REVOKED:
        return refusals.REVOKED
    if state is GrantState.SUSPENDED:
        return refusals.SUSPENDED
    if state is GrantState.TO_RECONFIRM:
        return refusals.TO_RECONFIRM
    if terms.valid_from > today:
        return refusals.not_yet_valid(terms.valid_from)
    return None


def _call_refusal(terms: GrantTerms, call: Call) -> Problem | None:
    if call.manner not in terms.manners:
        return refusals.manner_not_granted(call.manner, terms.manners)
    if not call.purpose:
        return refusals.PURPOSE_REQUIRED
    if call.purpose != terms.purpose_code:
        return refusals.PURPOSE_MISMATCH
    if terms.networks and not _inside(call.address, terms.networks):
        return refusals.ENV_NOT_REGISTERED
    return None


def _inside(address: str, networks: Iterable[str]) -> bool:
    try:
        found = ip_address(address)
    except ValueError:
        return False
    return any(found in ip_network(network, strict=False) for network in networks)


def columns_of(terms: GrantTerms, items: Iterable[ItemView]) -> tuple[Column, ...]:
    """Return granted ∩ shareable items in the entry's order, each with its mask.

    An item above the consumer's right is masked unless the decision says clear; one whose
    mask is not known does not leave at all.
    """
    roundings = {rounding.item: rounding for rounding in terms.precision}
    found = []
    for item in items:
        if item.name_en not in terms.items or not item.is_shareable or item.name_en[0] == "_":
            continue  # a leading underscore marks the columns of the platform itself
        mask = _mask_of(terms, item)
        if mask is None:
            continue
        rounding = roundings.get(item.name_en)
        found.append(
            Column(
                item.name_en, item.name_zh, item.data_type, item.is_key, item.level, mask, rounding
            )
        )
    return tuple(found)


def _mask_of(terms: GrantTerms, item: ItemView) -> str | None:
    """Return the mask to put on, "" for clear, None when the item must not leave."""
    if item.level <= terms.right_level or item.name_en in terms.clear_items:
        return ""
    return item.mask if item.mask in MASKS else None
