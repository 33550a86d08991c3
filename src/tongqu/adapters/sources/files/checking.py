"""Declared checks as SQL over the typed columns of the working table: text alone, no rows here.

Checks compare wall clocks of Asia/Shanghai: an instant with offset is shown to them as one, and
"now" is a constant of the batch, so that a load resumed after a crash judges as the first did.
"""

from collections.abc import Mapping

from tongqu.catalog.vocabulary import DataType
from tongqu.ingest.ports import Contract
from tongqu.ingest.vocabulary import ColumnSpec
from tongqu.standards.vocabulary import Check, Effect


def seen(spec: ColumnSpec, typed: str) -> str:
    """Return the expression under which checks see a column."""
    is_instant = spec.zoned and spec.data_type is DataType.DATETIME
    return f"({typed} AT TIME ZONE 'Asia/Shanghai')" if is_instant else typed


def rights(
    contract: Contract, expressions: Mapping[str, str], effect: Effect
) -> list[tuple[Check, str]]:
    """Return each check of this effect with the SQL that is TRUE for a right row."""
    if not contract.checks:  # a source without checks does not pay for the language
        return []
    from tongqu.standards.public import check_sql

    facts = contract.facts
    if facts is None:
        raise ValueError("checks need a present instant")
    return [
        (check, check_sql(check, expressions, facts=facts))
        for check in contract.checks
        if check.effect is effect
    ]
