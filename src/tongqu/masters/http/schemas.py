"""What the API of masters takes and gives."""

from datetime import datetime
from typing import Annotated, Any

from ninja import Field, Schema

from tongqu.masters.vocabulary import ChangeKind, RecordState

Key = Annotated[str, Field(max_length=60)]


class MasterSchemeOut(Schema):
    code: str
    version: int
    domain: str
    title: str
    fields: dict[str, str]
    records: int
    open_likenesses: int
    open_clashes: int


class ConsolidatedOut(Schema):
    scheme: str
    records: int
    rows: int
    events: dict[str, int]
    likenesses: int
    clashes: int


class GoldenOut(Schema):
    """A golden record: values masked; ``sources`` tell which source gave which field."""

    scheme: str
    key: str
    state: RecordState
    version: int
    changed_at: datetime | None
    values: dict[str, str | None]
    given_by: dict[str, str]
    conflicts: list[str]
    source_count: int


class MovedOut(Schema):
    """The record was merged: ask for this key from now on."""

    code: str
    key: str
    moved_to: str
    url: str


class LookupOut(Schema):
    key: str
    url: str


class MasterChangeOut(Schema):
    seq: int
    kind: ChangeKind
    key: str
    into_key: str
    version: int
    fields: list[str]
    at: datetime


class MasterChangesOut(Schema):
    events: list[MasterChangeOut]
    next_cursor: int
    has_more: bool


class SubscriptionOut(Schema):
    scheme: str
    grant: str
    cursor: int
    since: datetime


class CorrectionIn(Schema):
    key: Key
    field: Annotated[str, Field(max_length=63)]
    value: Annotated[str, Field(max_length=200)]
    reason: Annotated[str, Field(max_length=300)]


class CorrectionOut(Schema):
    number: str
    scheme: str
    key: str
    field: str
    reason: str
    state: str
    ticket: str
    note: str
    filed_at: datetime
    decided_at: datetime | None


class CorrectionsOut(Schema):
    total: int
    items: list[CorrectionOut]


class MasterNoteIn(Schema):
    note: Annotated[str, Field(max_length=300)] = ""


class LikenessOut(Schema):
    id: int
    scheme: str
    first_key: str
    second_key: str
    score: float
    reasons: list[list[str | float]]
    state: str
    note: str
    found_at: datetime


class LikenessesOut(Schema):
    total: int
    items: list[LikenessOut]


class ClashOut(Schema):
    """One key under which sources tell different identities."""

    id: int
    scheme: str
    key: str
    field: str
    sources: list[str]
    ticket: str
    state: str
    found_at: datetime


class ClashesOut(Schema):
    total: int
    items: list[ClashOut]


class CrossCheckIn(Schema):
    """``sources`` in the order of their priority; ``items``: column → title, rule, first."""

    code: Annotated[str, Field(max_length=40)]
    title: Annotated[str, Field(max_length=120)]
    keys: Annotated[list[Annotated[str, Field(max_length=63)]], Field(max_length=10)]
    sources: Annotated[list[dict[str, Any]], Field(max_length=10)]
    items: Annotated[dict[str, dict[str, Any]], Field(max_length=100)]


class CrossCheckOut(Schema):
    code: str
    title: str
    saved_at: datetime


class AgreementOut(Schema):
    """``rate``: share of compared keys for which the sources agree; NULL: nothing to compare."""

    item: str
    title: str
    compared: int
    conflicts: int
    alone: int
    rate: float | None


class CrossRunOut(Schema):
    number: str
    check: str
    at: datetime
    held: dict[str, int]
    shared: int
    conflicts: int
    items: list[AgreementOut]
    tickets: dict[str, str]


class SaidOut(Schema):
    source: str
    rank: int
    value: str | None
    told_at: datetime | None
    is_suggested: bool
    ticket: str


class FactConflictOut(Schema):
    key: str
    item: str
    title: str
    said: list[SaidOut]
    winner: str
    reason: str


class FactConflictsOut(Schema):
    total: int
    items: list[FactConflictOut]
