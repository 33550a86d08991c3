"""Keep lineage: the edges of a job replace those it carried before."""

from collections.abc import Sequence

from django.db import transaction

from tongqu.lake.models import LineageEdge, ModelRun
from tongqu.lake.vocabulary import Edge


@transaction.atomic
def keep_edges(edges: Sequence[Edge], *, job: str, run: ModelRun | None = None) -> None:
    LineageEdge.objects.filter(job=job).delete()
    targets = {edge.target_table for edge in edges}
    LineageEdge.objects.filter(target_table__in=targets).exclude(job=job).delete()
    LineageEdge.objects.bulk_create(
        LineageEdge(
            source_table=edge.source_table,
            source_column=edge.source_column,
            target_table=edge.target_table,
            target_column=edge.target_column,
            transform=edge.transform,
            job=job,
            run=run,
        )
        for edge in edges
    )
