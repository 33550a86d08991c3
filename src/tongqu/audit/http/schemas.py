"""What the API of the trail takes and hands out."""

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import Field

from tongqu.audit.vocabulary import Kind, Outcome

LARGEST_KEY = 2**63 - 1
Text = Annotated[str, Field(max_length=200)]


class EntriesIn(Schema):
    """What to look for; dates are days in Asia/Shanghai, inclusive."""

    since: date | None = None
    until: date | None = None
    actor: Text = ""
    organisation: Text = ""
    subject: Text = ""
    grant: Text = ""
    outcome: Outcome | None = None
    kind: Kind | None = None
    before: Annotated[int, Field(ge=1, le=LARGEST_KEY)] | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class EntryOut(Schema):
    """One entry of the trail; ``digest`` is the SM3 of its canonical form."""

    id: int
    at: datetime
    kind: str
    action: str
    outcome: str
    actor_kind: str
    actor_key: str
    organisation_code: str
    subject: str
    address: str
    purpose: str
    grant: str
    rows: int | None
    code: str
    basis: str
    details: dict[str, Any]
    digest: str


class EntriesOut(Schema):
    """A page, newest first; ask again with ``before`` = ``next_before`` until it is null."""

    items: list[EntryOut]
    next_before: int | None


class ChainOut(Schema):
    ok: bool
    checked: int
    first_bad_position: int | None
    entry_id: int | None
    kind: str | None
    what: str
    heads: int
    unsealed: int


class FindingOut(Schema):
    ok: bool
    what: str
    where: str


class VerifiedOut(Schema):
    """``chain`` for the hub's own trail, ``findings`` for an uploaded file."""

    ok: bool
    chain: ChainOut | None = None
    findings: list[FindingOut] = []


class HeadOut(Schema):
    """A signed Merkle head over the first ``size`` entries."""

    size: int
    root: str
    chain: str
    at: str
    algorithm: str
    key_id: str
    signature: str


class HeadsOut(Schema):
    items: list[HeadOut]


class ProofKeyOut(Schema):
    algorithm: str
    key_id: str
    raw: str


class ProofOut(Schema):
    """The proof of one entry, one line of canonical JSON: every byte of it counts."""

    format: str
    version: int
    entry: dict[str, Any]
    digest: str
    position: int
    path: list[str]
    head: HeadOut
    key: ProofKeyOut
