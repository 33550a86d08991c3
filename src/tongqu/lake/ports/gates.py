"""Who decides whether snapshots may move up a layer: a room to the right of the lake."""

from collections.abc import Callable, Mapping

# Target table, and the snapshots of a layer below that it would be made from → what a reader of
# the run should know. Raises ``Rejected`` GATE_HELD where they may not move up.
Gate = Callable[[str, Mapping[str, int]], str]
_gates: list[Gate] = []  # the last one plugged in counts


def use_gate(gate: Gate) -> None:
    _gates.append(gate)


def pass_gate(target: str, inputs: Mapping[str, int]) -> str:
    """Ask the gate; where none is plugged in, everything moves up."""
    return _gates[-1](target, inputs) if _gates and inputs else ""
