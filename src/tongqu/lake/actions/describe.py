"""Say what a table is that a room wrote itself: title, library, keys, origins of its columns."""

from collections.abc import Mapping, Sequence

from django.db import transaction

from tongqu.kernel import clock
from tongqu.kernel.law import Basis
from tongqu.lake.actions.edges import keep_edges
from tongqu.lake.models import LakeTable
from tongqu.lake.vocabulary import Edge, Library, TableRef, Transform

Origins = Mapping[str, Sequence[tuple[str, str]]]
NOTHING: Origins = {}


@transaction.atomic
def describe(
    ref: TableRef,
    *,
    title: str,
    keys: Sequence[str],
    clauses: Sequence[Basis] = (),
    origins: Mapping[str, Sequence[tuple[str, str]]] = {},  # only read
    job: str = "",
) -> None:
    """Keep what a table of the base library is. ``origins``: column → (table, column) it is of."""
    LakeTable.objects.update_or_create(
        name=ref.name,
        defaults={
            "library": Library.BASE,
            "title": title[:200],
            "keys": list(keys),
            "clauses": [clause.code for clause in clauses],
            "updated_at": clock.now(),
        },
    )
    edges = [
        Edge(table, name, ref.name, column, Transform.DERIVED, job or ref.name)
        for column, places in origins.items()
        for table, name in places
    ]
    if edges:
        keep_edges(edges, job=job or ref.name)
