"""Words of one source, one responsibility, one standard (一数一源一责一标准)."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from tongqu.kernel.words import Word

# Codes answered with something else than 422.
PROBLEM_STATUS: dict[str, int] = {
    "SOURCE_TAKEN": 409,
    "NOT_YOUR_DATUM": 403,
    "DATUM_UNKNOWN": 404,
    "PAIR_UNKNOWN": 404,
}


class PairState(Word):
    """What people said of two items that look like the same datum."""

    OPEN = "open", "待确认"
    SAME = "same", "同一数据"
    DIFFERENT = "different", "不同数据"


class PairCommand(Word):
    SAME = "same", "确认为同一数据"
    DIFFERENT = "different", "确认为不同数据"
    REOPEN = "reopen", "重新确认"


@dataclass(frozen=True, slots=True)
class ValueProfile:
    """What a scan saw in a column. ``sketch``: the smallest salted hashes of its values."""

    rows: int
    null_share: float
    distinct: int
    max_length: int
    shapes: tuple[str, ...] = ()
    detector: str = ""
    sketch: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """One information item with everything that tells which datum it is.

    ``system`` is its source system, ``profile`` NULL while nobody scanned the source.
    """

    entry_code: str
    entry_name: str
    provider_id: int
    provider_name: str
    system: str
    name_zh: str
    name_en: str
    data_type: str
    length: int | None = None
    element: str = ""
    code_table: str = ""
    profile: ValueProfile | None = None

    @property
    def key(self) -> tuple[str, str]:
        return (self.entry_code, self.name_en)

    @property
    def source(self) -> tuple[int, str]:
        """Return who declares it: a department and its system."""
        return (self.provider_id, self.system)


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two items are: ``score`` 0 to 1, and why, in words for a person."""

    first: ItemFacts
    second: ItemFacts
    score: float
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AuthorityView:
    """一数、一源、一责、一标准 of one datum. ``until`` NULL: in force."""

    datum: str  # code of a data element, or a name where there is none
    name: str
    system: str
    department_id: int
    department_name: str
    standard: str
    since: date
    until: date | None = None
    id: int = 0


@dataclass(frozen=True, slots=True)
class Following:
    """贯标率 of one entry or department; ``rate`` NULL where there is nothing to follow."""

    code: str
    name: str
    items: int
    bound: int
    unbound: tuple[str, ...] = field(default=())

    @property
    def rate(self) -> Decimal | None:
        if not self.items:
            return None
        return (Decimal(100 * self.bound) / self.items).quantize(Decimal("0.1"))
