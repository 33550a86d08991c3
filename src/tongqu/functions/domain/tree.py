"""The tree of functions: no cycle, no work item in the air, at most so deep."""

from collections.abc import Mapping

from tongqu.functions.domain import problems
from tongqu.functions.vocabulary import FunctionKind
from tongqu.kernel.problems import Problem

DEEPEST = 8  # levels below the department


def objection(
    *,
    own: int | None,
    kind: FunctionKind,
    parent: int | None,
    parents: Mapping[int, int | None],
    kinds: Mapping[int, FunctionKind],
) -> Problem | None:
    """Return what is wrong with hanging ``own`` under ``parent``; None when nothing is.

    ``parents`` and ``kinds``: every function of the department by id. NULLs: a new one has
    no id yet; a function at the top has no parent.
    """
    if parent is None:
        return problems.ORPHAN_ITEM if kind is FunctionKind.ITEM else None
    if kinds.get(parent) is FunctionKind.ITEM:
        return problems.invalid("parent", "上级须是职能，工作项之下不能再设")
    above = ancestry(parent, parents)
    if own is not None and own in above:
        return problems.invalid("parent", "不能移到自己或自己的下级之下")
    height = 1 if own is None else _height(own, parents)
    if len(above) + height > DEEPEST:
        return problems.invalid("parent", f"层级过深，最多 {DEEPEST} 级")
    return None


def ancestry(node: int, parents: Mapping[int, int | None]) -> list[int]:
    """Return the node and everything above it; a cycle in stored data ends the walk."""
    found: list[int] = []
    current: int | None = node
    while current is not None and current not in found:
        found.append(current)
        current = parents.get(current)
    return found


def descendants(node: int, parents: Mapping[int, int | None]) -> set[int]:
    """Return the node and everything below it."""
    return {one for one in parents if node in ancestry(one, parents)} | {node}


def _height(node: int, parents: Mapping[int, int | None]) -> int:
    chains = (ancestry(one, parents) for one in parents)
    return max((chain.index(node) + 1 for chain in chains if node in chain), default=1)
