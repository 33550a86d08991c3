"""The rejected rows of a batch as a file: for the department that produced them."""

from pathlib import Path

from django.conf import settings

from tongqu.audit.public import record
from tongqu.ingest.actions import guards
from tongqu.ingest.queries import seen_batch
from tongqu.ingest.vocabulary import Rule
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.lake import public as lake
from tongqu.policy.clauses import measures_2021 as law

NOTHING_REJECTED = Problem(
    code="NOTHING_REJECTED",
    title="本批次没有隔离的行。",
    next_step="无需处理。",
    basis=law.CORRECTION,
)


def rejected(batch_number: str, *, by: Actor) -> Path:
    """Write line, rule, reason, hint and raw fields, rendered by the engine; return the path.

    Raises: ``Rejected`` BATCH_UNKNOWN, NOT_YOUR_SOURCE, NOTHING_REJECTED.
    """
    batch = seen_batch(batch_number, by)
    if by.kind != "platform" and by.organisation_id != batch.source.provider_id:
        raise Rejected(guards.NOT_YOUR_SOURCE)  # rows of people: oversight sees counts only
    if not batch.rejected:
        raise Rejected(NOTHING_REJECTED)
    target = Path(settings.EXPORTS) / f"rejected-{batch.number}.csv"
    target.parent.mkdir(parents=True, exist_ok=True)
    known = {rule.value: rule.hint for rule in Rule}
    known |= {row["code"]: row.get("remedy", "") for row in batch.contract.get("checks", ())}
    hints = " ".join(f"WHEN {_text(rule)} THEN {_text(hint)}" for rule, hint in known.items())
    ref = lake.quarantine_ref(batch.source.code)
    lake.engine().relation(
        f"""SELECT line AS "行号", rule AS "规则", reason AS "原因",
        CASE rule {hints} END AS "处理建议", raw AS "原始字段"
        FROM rows WHERE batch = ? ORDER BY line""",  # noqa: S608  # words quoted above
        tables={"rows": ref},
        parameters=[batch.number],
    ).write(target, "csv")
    record("ingest.rejected.downloaded", by=by, subject=batch.number, rows=batch.rejected,
           basis=law.CORRECTION)  # fmt: skip
    return target


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
