"""Reads of the stock: the newest measurement, with its definitions."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from tongqu.ledger.domain.stock import RATES, share
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
            rate.label, share(found.facts[rate.part], found.facts[rate.whole]),
            found.facts[rate.part], found.facts[rate.whole], rate.definition,
        )
        for rate in RATES
    ]  # fmt: skip
