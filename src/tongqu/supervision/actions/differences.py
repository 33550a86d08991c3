"""What was provided differs from what the department holds (article 23, case 三)."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from tongqu.audit.public import record
from tongqu.kernel import clock
from tongqu.kernel.actor import PLATFORM
from tongqu.policy.clauses import measures_2021 as law
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
    made, is_new = RectificationDraft.objects.get_or_create(
        key=f"differs {source} {clock.today():%F}",
        defaults={
            "organisation_id": organisation_id,
            "case": "三",
            "basis": law.MISMATCH.code,
            "title": f"“{evidence.get('name', source)}”提供的数据与实际掌握的不一致"[:200],
            "evidence": {**evidence, "entry": entry_code},
            "made_at": clock.now(),
        },
    )
    if is_new:
        record("supervision.rectification.drafted", by=PLATFORM, subject=entry_code or source,
               basis=law.MISMATCH, details={"draft": made.pk, "case": "三"})  # fmt: skip
    return made
