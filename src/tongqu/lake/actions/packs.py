"""Read a pack of models and refuse it whole when any model may not run."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tongqu.kernel.problems import Problem, Rejected
from tongqu.lake.domain import lint, packs
from tongqu.lake.domain.packs import Model
from tongqu.lake.domain.placement import Finding


@dataclass(frozen=True, slots=True)
class Pack:
    """Models in the order in which they run, each with the tables it reads."""

    name: str
    models: tuple[Model, ...]
    reads: dict[str, tuple[str, ...]]


def read_pack(folder: Path) -> Pack:
    """Return the checked pack of a folder.

    Raises: ``Rejected`` with the first finding's code; ``facts`` lists all of them.
    """
    files = model_files(folder)
    if not files:
        raise Rejected(
            Problem(
                code="PACK_EMPTY",
                title="目录中没有模型文件（*.sql、*.toml）。",
                next_step="请核对模型包的目录。",
            )
        )
    return checked(folder.name, [(path.name, path.read_text(encoding="utf-8")) for path in files])


def model_files(folder: Path) -> list[Path]:
    """Return the files of a folder that hold models: statements, and declared fusions."""
    return sorted([*folder.glob("*.sql"), *folder.glob("*.toml")])


def checked(name: str, texts: Sequence[tuple[str, str]]) -> Pack:
    """Return the pack of these files, or refuse it."""
    models = [packs.parse(text, file=file) for file, text in texts]
    if findings := lint.lint(models):
        raise Rejected(_first(findings))
    reads: dict[str, tuple[str, ...]] = {}
    for model in models:
        query = lint.parsed(model)
        reads[model.name] = lint.reads(query) if query else ()
    return Pack(name, tuple(packs.in_order(models, reads)), reads)


def _first(findings: Sequence[Finding]) -> Problem:
    """Return the gravest finding, with all of them as facts."""
    worst = min(findings, key=lambda f: f.problem.code != "LAYER_DIRECTION").problem
    listed = [
        {"model": f.model, "code": f.problem.code, "title": f.problem.title} for f in findings
    ]
    return Problem(
        code=worst.code,
        title=worst.title,
        next_step=worst.next_step,
        basis=worst.basis,
        who=worst.who,
        facts={**worst.facts, "findings": listed},
    )
