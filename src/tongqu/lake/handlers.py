"""What the lake adds to other rooms' pages."""

from tongqu.catalog.public import Panel, register_panel
from tongqu.catalog.vocabulary import EntryView
from tongqu.identity.vocabulary import Permission as P
from tongqu.kernel.actor import Actor
from tongqu.lake import queries


def panel(entry: EntryView, actor: Actor) -> Panel | None:
    """Show where an entry's data comes from and when it was last renewed; never a value.

    Read from the control database alone: the page does not load the data plane.
    """
    step = queries.newest_step(entry.table) if entry.table else None
    if step is None:
        return None
    return Panel(
        anchor="lineage",
        title="数据血缘",
        template="lake/_panel.html",
        context={
            "table": step.model,
            "rows": step.rows,
            "at": step.run.started_at,
            "upstream": sorted({edge.source_table for edge in queries.lineage(step.model)}),
            "broken": queries.broken().get(step.model, ""),
            "may_trace": actor.may(P.LAKE_LINEAGE_READ),
        },
    )


def register() -> None:
    """Called by the wiring."""
    register_panel(panel)
