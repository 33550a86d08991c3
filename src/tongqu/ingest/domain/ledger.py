"""The ledger of a load: nothing lost, nothing doubled, or it is not closed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from json import dumps, loads

PREFIX = "tongqu."


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of one load. ``fixed`` rows are also stored or duplicate."""

    received: int = 0
    stored: int = 0
    rejected: int = 0
    duplicate: int = 0
    fixed: int = 0
    reasons: Mapping[str, int] = field(default_factory=dict)
    fixes: Mapping[str, int] = field(default_factory=dict)
    warnings: Mapping[str, int] = field(default_factory=dict)  # stored rows by check

    @property
    def is_balanced(self) -> bool:
        return self.received == self.stored + self.rejected + self.duplicate

    def __str__(self) -> str:
        kept = f"入湖 {self.stored} + 隔离 {self.rejected} + 重复 {self.duplicate}"
        return f"接收 {self.received} = {kept}"

    def summary(self) -> dict[str, str]:
        """Return what a snapshot carries, so that a crash after it loses no number."""
        counts = {name: str(getattr(self, name)) for name in _COUNTS}
        words = {name: dumps(dict(getattr(self, name))) for name in _MAPPINGS}
        return {PREFIX + key: value for key, value in {**counts, **words}.items()}


_COUNTS = ("received", "stored", "rejected", "duplicate", "fixed")
_MAPPINGS = ("reasons", "fixes", "warnings")


def from_summary(summary: Mapping[str, str]) -> Figures:
    """Return the figures that a snapshot carries: the inverse of ``Figures.summary``."""
    counts = {name: int(summary[PREFIX + name]) for name in _COUNTS}
    reasons, fixes, warnings = (loads(summary.get(PREFIX + name, "{}")) for name in _MAPPINGS)
    return Figures(**counts, reasons=reasons, fixes=fixes, warnings=warnings)
