"""Reads of the stock: the newest measurement, with its definitions."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from tongqu.ledger.domain.stock import RATES
from tongqu.ledger.models import StockMeasurement

KEPT = 12


def newest() -> StockMeasurement | None:
    return StockMeasurement.objects.first()


def history() -> Sequence[StockMeasurement]:
    return list(StockMeasurement.objects.all()[:KEPT])


@dataclass(frozen=True, slots=True)
class RateShown:
    label: str
    value: Decimal | None
    part: int
    whole: int
    definition: str


def rates_of(found: StockMeasurement) -> list[RateShown]:
    return [
        RateShown(
            rate.label, getattr(found, rate.key), found.facts.get(rate.part, 0),
            found.facts.get(rate.whole, 0), rate.definition,
        )
        for rate in RATES
    ]  # fmt: skip
