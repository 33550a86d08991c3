"""Doors of masters: keep schemes, consolidate, decide, compare sources, list what waits.

Codes of problems raised here: MASTER_UNKNOWN, MASTER_WRONG, MASTER_BUSY, NO_SOURCE_ROWS,
RECORD_UNKNOWN, LIKENESS_UNKNOWN, ALREADY_MERGED, PROPOSAL_UNKNOWN, NOT_YOUR_PROPOSAL,
NOT_SUBSCRIBED, NO_MASTER_GRANT, CROSS_CHECK_UNKNOWN, NOT_YOUR_CHECK.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from tongqu.kernel.actor import Actor
from tongqu.masters.actions.cross import run_check, save_check
from tongqu.masters.actions.decide import confirm_clash, decide
from tongqu.masters.actions.proposals import decide_proposal, propose
from tongqu.masters.actions.schemes import save_scheme
from tongqu.masters.actions.subscribe import subscribe, unsubscribe
from tongqu.masters.queries import in_force, leads_to, todos
from tongqu.masters.vocabulary import Consolidated

__all__ = [
    "confirm_clash",
    "consolidate",
    "decide",
    "decide_proposal",
    "in_force",
    "leads_to",
    "propose",
    "run_check",
    "save_check",
    "save_pack_schemes",
    "save_scheme",
    "subscribe",
    "todos",
    "unsubscribe",
]


def consolidate(code: str, *, by: Actor) -> Consolidated:
    """Bring the golden records of a scheme up to date; again: nothing changes."""
    from tongqu.masters.actions.consolidate import consolidate as run

    return run(code, by=by)


def save_pack_schemes(
    rows: Sequence[Mapping[str, Any]],
    fusions: Mapping[str, Mapping[str, Any]],
    codes: Mapping[str, str],
    *,
    by: Actor,
) -> int:
    """Keep a pack's schemes; return how many there are.

    A row takes keys, fields and sources from the fusion it names, so that these are told once;
    ``entries`` names the pack's resources (slugs), of which ``codes`` gives the identifiers.
    """
    for row in rows:
        named = fusions.get(str(row.get("fusion", "")), {})
        document = {key: named[key] for key in ("keys", "fields", "sources") if key in named}
        document |= {key: value for key, value in row.items() if key != "fusion"}
        document["entries"] = {
            source: codes[slug]
            for source, slug in dict(row.get("entries", {})).items()
            if slug in codes
        }
        save_scheme(document, by=by)
    return len(rows)
