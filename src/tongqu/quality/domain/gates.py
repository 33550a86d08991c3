"""The gate between layers and between levels: what is below it does not move up (层层治理)."""

from decimal import Decimal

from tongqu.kernel.law import Assumption
from tongqu.kernel.words import Word

GATE = Decimal(90)
UNSCORED = Assumption(
    "没有单独设定门槛的数据集，未评价的快照照常上行并注明未评价；设定了门槛的，上行前当场检测"
)


class GateState(Word):
    HELD = "held", "留在本层"
    WAIVED = "waived", "放行"


class Passage(Word):
    """What lies between: two layers of the lake, or two levels of hubs."""

    LAYER = "layer", "分层之间"
    LEVEL = "level", "层级之间"


def is_below(score: Decimal | None, gate: Decimal) -> bool:
    """An empty table has no score: there is nothing bad that could move up."""
    return score is not None and score < gate
