"""What the main job tells when it is done: for people and for programs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class StepResult:
    """One step. ``counts`` balance where rows are counted; ``where`` is a page of the portal."""

    name: str
    ok: bool
    clause: str
    seconds: float
    counts: Mapping[str, Any] = field(default_factory=dict)
    where: str = ""
    told: str = ""  # one sentence: what happened, or what went wrong

    def as_dict(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "ok": self.ok,
            "clause": self.clause,
            "seconds": round(self.seconds, 3),
            "counts": dict(self.counts),
        }


@dataclass(slots=True)
class Account:
    title: str
    steps: list[StepResult] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def ok(self) -> bool:
        return bool(self.steps) and all(step.ok for step in self.steps)

    def as_dict(self) -> dict[str, Any]:
        return {
            "ok": self.ok,
            "seconds": round(self.seconds, 3),
            "steps": [step.as_dict() for step in self.steps],
        }


Report = Callable[[str, StepResult | Account | None], None]
"""Called with a step's title before it (None), and with its result after it."""


def silently(title: str, result: StepResult | Account | None) -> None:
    """Tell nobody: the caller prints one object at the end."""


def to_terminal(title: str, result: StepResult | Account | None) -> None:
    """Tell a person, line by line, as it happens; at the end the whole account."""
    from rich.console import Console

    console = Console(highlight=False, soft_wrap=True)
    if result is None:
        if console.is_terminal:  # the line is written over by its result
            console.print(f"[dim]……  [/] {title}", end="\r")
    elif isinstance(result, StepResult):
        mark = "[green]完成[/]" if result.ok else "[red]未成[/]"
        console.print(f"{mark}  {result.name}  [dim]{result.seconds:.1f} 秒[/]")
        if not result.ok:
            console.print(f"      {result.told}")
    else:
        _closing(console, result)


def _closing(console: Any, account: Account) -> None:
    console.print(f"\n[b]{account.title}[/b]（示例）")
    for number, step in enumerate(account.steps, start=1):
        counts = "，".join(f"{name} {_short(value)}" for name, value in step.counts.items())
        console.print(
            f"{number:2}. [b]{step.name}[/b]  [dim]{step.clause}  {step.seconds:.1f} 秒[/]"
        )
        for line in (counts, step.told):
            if line:
                console.print(f"    {line}")
        if step.where:
            console.print(f"    [dim]门户中查看 {step.where}[/]")
    verdict = "[green]全部完成[/]" if account.ok else "[red]有步骤未完成[/]"
    console.print(f"{verdict}，共 {account.seconds:.1f} 秒。演示使用注入时钟，所记日期不是今天。")


def _short(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
