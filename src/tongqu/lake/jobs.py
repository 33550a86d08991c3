"""Repeated work of the lake: installed models."""

from tongqu.kernel.jobs import job
from tongqu.lake.actions.touch import MODELS


@job(MODELS, cron="* * * * *", title="模型自动运行")
def models() -> int:
    """Run the models whose inputs changed or whose moment has come; return how many runs."""
    from tongqu.lake.actions.due import run_due  # loads sqlglot

    return len(run_due())
