"""What one room does about what another found: they do not know each other."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tongqu.quality.ports import WrongRow


class Kept:
    """Shows quality the rows that ingest rejected."""

    def rows(self, batch: str, *, limit: int) -> "Sequence[WrongRow]":
        from tongqu.ingest.public import rejected_rows
        from tongqu.quality.ports import WrongRow

        return [
            WrongRow(
                batch=batch, line=row.line, rule=row.rule, column=row.column, reason=row.reason,
                hint=row.hint, value=row.value, raw=row.raw,
            )
            for row in rejected_rows(batch, limit=limit)
        ]  # fmt: skip

    def left(self, batch: str) -> int:
        from tongqu.ingest.public import left

        return left(batch)


class Office:
    """Lays before supervision what quality waited for in vain."""

    def unanswered(
        self, *, entry_code: str, organisation_id: int, evidence: Mapping[str, Any]
    ) -> None:
        from tongqu.supervision.public import draft_unanswered

        draft_unanswered(entry_code=entry_code, organisation_id=organisation_id, evidence=evidence)


class Found:
    """Tells quality and supervision what ingest found, without their knowing each other."""

    def over_threshold(self, *, entry_code: str, batch: str, rejected: int, received: int) -> None:
        from tongqu.quality.public import rejected_rows

        rejected_rows(entry_code, batch=batch, rows=rejected, received=received)

    def came(self, *, entry_code: str, batch: str) -> None:
        from tongqu.quality.public import rows_came

        rows_came(entry_code, batch=batch)

    def differs(self, *, entry_code: str, provider_id: int, evidence: Mapping[str, Any]) -> None:
        from tongqu.supervision.public import draft_difference

        draft_difference(entry_code=entry_code, organisation_id=provider_id, evidence=evidence)


class Grants:
    """Tells the catalogue who uses an entry."""

    def active_grants(self, entry_code: str) -> int:
        from tongqu.delivery.public import grants

        return len(grants(entry_code=entry_code, open_only=True))

    def consumers(self, entry_code: str) -> tuple[int, ...]:
        from tongqu.delivery.public import grants

        found = grants(entry_code=entry_code, open_only=True)
        return tuple(sorted({grant.terms.consumer_id for grant in found}))


def grants_of(entry_code: str, organisation_id: int) -> list[str]:
    """Return the numbers of the grants by which an organisation uses an entry now."""
    from tongqu.delivery.public import grants

    found = grants(entry_code=entry_code, open_only=True)
    return [grant.number for grant in found if grant.terms.consumer_id == organisation_id]
