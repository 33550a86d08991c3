"""May this call take data under this grant, and what of the entry may it see?

Pure: the caller passes the day and the facts. What is not known is denied.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from ipaddress import ip_address, ip_network

from tongqu.catalog.vocabulary import DataType, ItemView, Manner
from tongqu.delivery.domain import refusals
from tongqu.delivery.vocabulary import (
    Filter,
    GrantState,
    GrantTerms,
    OpenRefusal,
    Operator,
    Rounding,
    Shown,
)
from tongqu.kernel.problems import Problem
from tongqu.security.vocabulary import Mask

MASKS = frozenset(Mask) - {Mask.NONE}
# What may show a part of an item that is not opened: nothing that a value could be found from.
PART_MASKS = frozenset({Mask.COVER, Mask.REPLACE, Mask.NULLIFY})
PERSONAL_LEVEL, TOP_LEVEL = 3, 4
# Masks by which the catalogue says that an item names or keys somebody.
NAMING = frozenset({Mask.HASH, Mask.PSEUDONYM, Mask.COVER, Mask.TRUNCATE, Mask.FPE, Mask.REPLACE})


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
    source: str = ""  # the column it is made of, where that has another name
    unless: Filter | None = None  # rows in which the mask is off

    @property
    def may_filter(self) -> bool:
        """A filter on a masked item would let a caller guess the value bit by bit.

        Where only some rows are masked, a filter is held against what is shown of each row.
        """
        return not self.mask or self.unless is not None

    @property
    def reads(self) -> tuple[str, ...]:
        """Return the columns of the table that it is made of."""
        own = self.source or self.name
        return (own,) if self.unless is None else (own, self.unless.item)


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
    """Return the mask to put on, "" for clear, None when the item must not leave.

    In an operation zone a person's key leaves as the zone's pseudonym and what else names
    somebody stays masked, whatever the decision says; what is graded 4 does not enter.
    """
    if terms.zone and item.level >= TOP_LEVEL:
        return None
    if terms.zone and item.level >= PERSONAL_LEVEL and item.mask in NAMING:
        return Mask.PSEUDONYM.value if item.mask == Mask.HASH else item.mask
    if item.level <= terms.right_level or item.name_en in terms.clear_items:
        return ""
    return item.mask if item.mask in MASKS else None


def open_refusal(shown: Shown, items: Iterable[ItemView]) -> OpenRefusal | None:
    """Return why an item may not be opened as asked; None when it may.

    There is no argument that lifts a refusal: a level-4 item has no way out, whoever asks. A
    partial display is not the item: another name, always masked, for no row in clear.
    """
    known = {item.name_en: item for item in items if item.name_en[0] != "_"}
    item = known.get(shown.item)
    if item is None or (shown.unless and shown.unless.item not in known):
        return OpenRefusal.UNKNOWN
    if shown.unless and known[shown.unless.item].level >= TOP_LEVEL:
        return OpenRefusal.TOP_LEVEL  # which rows are in clear would tell its value
    if shown.is_part:
        is_right = shown.mask in PART_MASKS and shown.unless is None and shown.name not in known
        return None if is_right else OpenRefusal.BAD_MASK
    if item.level >= TOP_LEVEL:
        return OpenRefusal.TOP_LEVEL
    if shown.mask and shown.mask not in MASKS:
        return OpenRefusal.BAD_MASK
    return _clear_refusal(shown, item)


def _clear_refusal(shown: Shown, item: ItemView) -> OpenRefusal | None:
    """What any row shows in clear must be open by the catalogue itself."""
    is_always_masked = bool(shown.mask) and shown.unless is None
    if is_always_masked:
        return None
    if item.level > 1:
        return OpenRefusal.IN_CLEAR
    if shown.unless and shown.unless.operator not in {Operator.EQ, Operator.IN}:
        return OpenRefusal.BAD_MASK
    return None if item.is_openable else OpenRefusal.NOT_OPENABLE


def open_columns(shown: Iterable[Shown], items: tuple[ItemView, ...]) -> tuple[Column, ...]:
    """Return the columns of an open set in the entry's order; what is refused is not there."""
    by_item = [(one.item, one) for one in shown if open_refusal(one, items) is None]
    return tuple(
        Column(
            one.name,
            f"{item.name_zh}（部分显示）" if one.is_part else item.name_zh,
            item.data_type,
            item.is_key,
            item.level,
            one.mask,
            source=item.name_en,
            unless=one.unless,
        )
        for item in items
        for name, one in by_item
        if name == item.name_en
    )
