"""State machines as tables: enforcement, buttons, diagrams and tests read the same rows."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from tongqu.kernel.law import Basis
from tongqu.kernel.problems import IllegalStep

S = TypeVar("S", bound=StrEnum)
C = TypeVar("C", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Step(Generic[S, C]):
    """One row: in ``source``, ``actor`` may ``command`` and the object stands in ``target``."""

    source: S
    command: C
    target: S
    actor: str  # a role's code, or "platform"
    basis: Basis
    label: str  # 按钮文字


@dataclass(frozen=True, slots=True)
class StateTable(Generic[S, C]):
    """The whole life of one kind of object."""

    name: str  # 对象名，如 "共享申请"
    initial: S
    steps: tuple[Step[S, C], ...]

    def step(self, source: S, command: C) -> Step[S, C]:
        """Return the row that allows this command, or raise ``IllegalStep``."""
        for row in self.steps:
            if row.source == source and row.command == command:
                return row
        raise IllegalStep(f"{self.name}: {command} is not possible in {source}")

    def allowed(self, source: S, actors: frozenset[str]) -> tuple[Step[S, C], ...]:
        """Return the rows open to somebody with these roles: the buttons of a page."""
        return tuple(row for row in self.steps if row.source == source and row.actor in actors)

    @property
    def states(self) -> frozenset[S]:
        return frozenset(type(self.initial))

    @property
    def final(self) -> frozenset[S]:
        return self.states - {row.source for row in self.steps}

    def mermaid(self) -> str:
        """Return the diagram of the table, for the generated documents."""
        lines = ["stateDiagram-v2", f"    [*] --> {self.initial.value}"]
        lines += [
            f"    {row.source.value} --> {row.target.value}: {row.label}（{row.actor}）"
            for row in self.steps
        ]
        return "\n".join(lines)
