"""What other rooms found: data that differ (case 三), problems left alone (case 四)."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from tongqu.kernel import clock
from tongqu.policy.clauses import measures_2021 as law
from tongqu.supervision.actions.clues import Clue, lay
from tongqu.supervision.models import RectificationDraft


@transaction.atomic
def draft_difference(
    *, entry_code: str, organisation_id: int, evidence: Mapping[str, Any]
) -> RectificationDraft:
    """Make the draft of a rectification notice with its evidence; one a source and day.

    ``evidence``: source, rows and checksums of both sides, share, tolerance; no value of a row.
    Source: measures, article 23 (3): 提供的政务数据和实际掌握数据不一致.
    """
    source = str(evidence.get("source", entry_code))
    clue = Clue(
        key=f"differs {source} {clock.today():%F}",
        basis=law.MISMATCH,
        organisation_id=organisation_id,
        title=f"“{evidence.get('name', source)}”提供的数据与实际掌握的不一致",
        evidence={**evidence, "entry": entry_code, "sub_case": "与实际掌握数据不一致"},
        subject=entry_code or source,
    )
    return lay(clue)[0]


@transaction.atomic
def draft_unanswered(
    *, entry_code: str, organisation_id: int, evidence: Mapping[str, Any]
) -> RectificationDraft:
    """Make the draft of a problem that was not checked in time; one a ticket.

    Source: measures, article 23 (4). ``evidence``: ticket, opened_on, due_on; no value of a row.
    """
    ticket = str(evidence.get("ticket", entry_code))
    clue = Clue(
        key=f"unanswered {ticket}",
        basis=law.UNCORRECTED,
        organisation_id=organisation_id,
        title=f"“{evidence.get('name', entry_code)}”的质量问题逾期未校核",
        evidence={**evidence, "entry": entry_code},
        subject=ticket,
    )
    return lay(clue)[0]
