"""The few words needed to speak about regulations in code."""

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Regulation:
    """A published text. The operator imports the official wording; we do not ship it."""

    key: str  # stable, e.g. "mot-2021-sharing"
    title: str  # 全称
    effective_from: date
    document_number: str = ""


@dataclass(frozen=True, slots=True)
class Clause:
    """One place in a regulation, told in our own words.

    ``phrase`` is a key phrase of a few words that occurs in ``place`` of the official
    text: a test looks every clause up, so a citation cannot drift from the law it names.
    """

    regulation: Regulation
    place: str  # as printed, e.g. "第十二条"
    gist: str  # Chinese, our own words: shown to users
    phrase: str
    numbers: tuple[str, ...] = field(default=())  # numerals the phrase's article must contain

    @property
    def code(self) -> str:
        """Return the stable code, e.g. ``mot-2021-sharing 第十二条``."""
        return f"{self.regulation.key} {self.place}"

    def __str__(self) -> str:
        return f"《{self.regulation.title}》{self.place}"


@dataclass(frozen=True, slots=True)
class Assumption:
    """A number or reading the law does not give, and who has to confirm it."""

    says: str
    confirmed_by: str = ""  # empty until somebody with authority has confirmed it

    @property
    def code(self) -> str:
        return f"assumption {self.says}"

    def __str__(self) -> str:
        return f"约定（待确认）：{self.says}"


Basis = Clause | Assumption
