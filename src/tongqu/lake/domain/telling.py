"""What is told of a run to others, in the words of OpenLineage (run events, version 2)."""

import uuid
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from openlineage.client import event_v2 as words
from openlineage.client.facet_v2 import (
    column_lineage_dataset,
    datasource_dataset,
    error_message_run,
    job_type_job,
    output_statistics_output_dataset,
    schema_dataset,
    sql_job,
)
from openlineage.client.serde import Serde

from tongqu.lake.vocabulary import Column, Edge, JobRun, RunEvent, Transform

RUNS = uuid.UUID("6c1f0f2e-6f0e-5f3c-9d43-7a1f5b1f5c11")  # the name space of our runs
SUBTYPES = {
    Transform.DIRECT: "IDENTITY",
    Transform.DERIVED: "TRANSFORMATION",
    Transform.AGGREGATE: "AGGREGATION",
}
ColumnsOf = Callable[[str], tuple[Column, ...]]


def event(
    run: JobRun, kind: RunEvent, at: datetime, *, place: Mapping[str, str], columns_of: ColumnsOf
) -> dict[str, Any]:
    """Return the event's JSON. ``place``: namespace, producer, and uri of where tables lie.

    The run's identifier comes of its key: an event that is told twice is the same event.
    """
    words.set_producer(place["producer"])
    space = place["namespace"]
    identifier = str(uuid.uuid5(RUNS, f"{space}/{run.key}"))
    told = words.RunEvent(
        eventTime=at.isoformat(),
        producer=place["producer"],
        eventType=words.RunState(kind.value),
        run=words.Run(runId=identifier, facets=_outcome(run, kind)),
        job=words.Job(namespace=space, name=run.job, facets=_job(run)),
        inputs=[
            words.InputDataset(namespace=space, name=name, facets=_table(name, place, columns_of))
            for name in run.reads
        ],
        outputs=[_output(run, kind, place, columns_of)],
    )
    found: dict[str, Any] = Serde.to_dict(told)
    return found


def _job(run: JobRun) -> dict[str, Any]:
    facets: dict[str, Any] = {
        "jobType": job_type_job.JobTypeJobFacet(
            processingType="BATCH", integration="TONGQU", jobType=run.kind.upper()
        )
    }
    if run.sql:
        facets["sql"] = sql_job.SQLJobFacet(query=run.sql, dialect="duckdb")
    return facets


def _outcome(run: JobRun, kind: RunEvent) -> dict[str, Any]:
    if kind is not RunEvent.FAIL:
        return {}
    told = error_message_run.ErrorMessageRunFacet(message=run.problem, programmingLanguage="SQL")
    return {"errorMessage": told}


def _table(name: str, place: Mapping[str, str], columns_of: ColumnsOf) -> dict[str, Any]:
    fields = [
        schema_dataset.SchemaDatasetFacetFields(name=c.name, type=c.type, ordinal_position=at)
        for at, c in enumerate(columns_of(name), start=1)
    ]
    source = datasource_dataset.DatasourceDatasetFacet(name=place["namespace"], uri=place["uri"])
    facets: dict[str, Any] = {"dataSource": source}
    return facets | ({"schema": schema_dataset.SchemaDatasetFacet(fields=fields)} if fields else {})


def _output(
    run: JobRun, kind: RunEvent, place: Mapping[str, str], columns_of: ColumnsOf
) -> words.OutputDataset:
    facets = _table(run.table, place, columns_of)
    if run.edges:
        facets["columnLineage"] = _lineage(run.edges, place["namespace"])
    figures: dict[str, Any] = {}
    if kind is RunEvent.COMPLETE and run.rows is not None:
        figures["outputStatistics"] = (
            output_statistics_output_dataset.OutputStatisticsOutputDatasetFacet(rowCount=run.rows)
        )
    return words.OutputDataset(
        namespace=place["namespace"], name=run.table, facets=facets, outputFacets=figures
    )


def _lineage(edges: Iterable[Edge], space: str) -> column_lineage_dataset.ColumnLineageDatasetFacet:
    fields: dict[str, Any] = {}
    for edge in edges:
        way = column_lineage_dataset.Transformation(
            type="DIRECT", subtype=SUBTYPES[Transform(edge.transform)]
        )
        source = column_lineage_dataset.InputField(
            namespace=space, name=edge.source_table, field=edge.source_column, transformations=[way]
        )
        known = fields.setdefault(edge.target_column, column_lineage_dataset.Fields(inputFields=[]))
        known.inputFields.append(source)
    return column_lineage_dataset.ColumnLineageDatasetFacet(fields=fields)
