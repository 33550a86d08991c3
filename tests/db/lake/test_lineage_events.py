"""Events of OpenLineage out: every run of a load and of a model is told, at least once."""

import json
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import attr
import pytest
from openlineage.client import facet_v2
from openlineage.client.event_v2 import InputDataset, Job, OutputDataset, Run, RunEvent
from openlineage.client.serde import Serde

from tests.db.lake.test_models import load, pack  # noqa: F401  # a fixture
from tongqu.kernel import jobs
from tongqu.kernel.actor import PLATFORM
from tongqu.lake.models import LineageEvent
from tongqu.lake.public import run_models

pytestmark = pytest.mark.django_db
FACETS = {
    "schema": facet_v2.schema_dataset.SchemaDatasetFacet,
    "dataSource": facet_v2.datasource_dataset.DatasourceDatasetFacet,
    "columnLineage": facet_v2.column_lineage_dataset.ColumnLineageDatasetFacet,
    "sql": facet_v2.sql_job.SQLJobFacet,
    "jobType": facet_v2.job_type_job.JobTypeJobFacet,
    "errorMessage": facet_v2.error_message_run.ErrorMessageRunFacet,
    "outputStatistics": (
        facet_v2.output_statistics_output_dataset.OutputStatisticsOutputDatasetFacet
    ),
}
JOB = "lake.lineage_events"


@pytest.fixture
def told(settings, tmp_path: Path) -> Path:
    path = tmp_path / "events.ndjson"
    settings.OPENLINEAGE = {**settings.OPENLINEAGE, "URL": path.as_uri()}
    return path


def lines(path: Path) -> list[dict]:
    jobs.run(JOB)
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def check(event: dict) -> None:
    """Build the event again out of the specification's own classes, which take nothing else."""

    def facets(found: dict) -> dict:
        for name, facet in found.items():
            fields = [field for field in attr.fields(FACETS[name]) if field.init]
            known = {field.name for field in attr.fields(FACETS[name])}
            assert set(facet) <= known, (name, set(facet) - known)
            needed = {field.name for field in fields if field.default is attr.NOTHING}
            assert needed <= set(facet), (name, needed - set(facet))
        return found

    built = RunEvent(
        eventTime=event["eventTime"],
        producer=event["producer"],
        eventType=event["eventType"],
        run=Run(event["run"]["runId"], facets(event["run"].get("facets", {}))),
        job=Job(event["job"]["namespace"], event["job"]["name"], facets(event["job"]["facets"])),
        inputs=[
            InputDataset(d["namespace"], d["name"], facets=facets(d["facets"]))
            for d in event["inputs"]
        ],
        outputs=[
            OutputDataset(
                d["namespace"],
                d["name"],
                facets=facets(d["facets"]),
                outputFacets=facets(d.get("outputFacets", {})),
            )
            for d in event["outputs"]
        ],
    )
    again = Serde.to_dict(built)
    assert {**again, "schemaURL": ""} == {**event, "schemaURL": ""}
    assert event["schemaURL"].endswith("/RunEvent")


def test_nothing_is_kept_while_it_is_off(pack: Path) -> None:  # noqa: F811
    assert run_models(pack, by=PLATFORM).ok
    assert not LineageEvent.objects.exists()
    assert jobs.run(JOB) == 0


@pytest.mark.req("LAK-14")
def test_every_run_of_a_model_is_told_with_its_columns_and_its_sql(
    told: Path,
    pack: Path,  # noqa: F811
) -> None:
    run_models(pack, by=PLATFORM)

    found = lines(told)

    for event in found:
        check(event)
    steps = [(event["job"]["name"], event["eventType"]) for event in found]
    assert steps == [
        (name, kind)
        for name in ("dw_flights", "svc_delay", "svc_flights")
        for kind in ("START", "COMPLETE")
    ]
    start, done = found[2], found[3]
    assert start["run"]["runId"] == done["run"]["runId"]
    assert "SELECT" in start["job"]["facets"]["sql"]["query"].upper()
    (output,) = done["outputs"]
    (source,) = output["facets"]["columnLineage"]["fields"]["minutes"]["inputFields"]
    assert (source["name"], source["field"]) == ("dw_flights", "delay")
    assert source["transformations"][0]["subtype"] == "AGGREGATION"
    assert "minutes" in [field["name"] for field in output["facets"]["schema"]["fields"]]
    assert done["inputs"][0]["facets"]["dataSource"]["name"] == "tongqu"
    assert str(told.parent) not in json.dumps(found)  # no path of this machine


def test_a_failed_model_is_told_without_the_value(told: Path, pack: Path) -> None:  # noqa: F811
    load({7: ("UA", "secret-value")}, hour=2)

    run_models(pack, by=PLATFORM)

    failed = [event for event in lines(told) if event["eventType"] == "FAIL"]
    assert [event["job"]["name"] for event in failed] == ["dw_flights"]
    check(failed[0])
    assert failed[0]["run"]["facets"]["errorMessage"]["message"]
    assert "secret-value" not in json.dumps(failed)


class Receiver(BaseHTTPRequestHandler):
    taken: list[dict] = []
    refusals = 0
    never = ""  # the job whose events it will not have
    answer = 422

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if Receiver.never and body["job"]["name"] == Receiver.never:
            self.send_response(Receiver.answer)
        elif Receiver.refusals:
            Receiver.refusals -= 1
            self.send_response(503)
        else:
            Receiver.taken.append(body)
            self.send_response(201)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def receiver(settings) -> Iterator[type[Receiver]]:
    server = HTTPServer(("127.0.0.1", 0), Receiver)
    Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/api/v1/lineage"
    settings.OPENLINEAGE = {**settings.OPENLINEAGE, "URL": address, "TOKEN": "t"}
    Receiver.taken, Receiver.refusals, Receiver.never, Receiver.answer = [], 0, "", 422
    yield Receiver
    server.shutdown()
    server.server_close()


def test_what_the_receiver_does_not_take_is_sent_again_in_order(
    receiver: type[Receiver],
    pack: Path,  # noqa: F811
) -> None:
    receiver.refusals = 1

    run_models(pack, by=PLATFORM)

    assert jobs.run(JOB) == 0
    assert LineageEvent.objects.filter(sent_at=None).count() == 6
    assert jobs.run(JOB) == 6
    assert jobs.run(JOB) == 0
    assert receiver.taken == list(LineageEvent.objects.values_list("body", flat=True))


def test_an_event_that_is_always_refused_is_given_up_and_holds_nobody_up(
    receiver: type[Receiver],
    pack: Path,  # noqa: F811
    at,
    browser_of,
) -> None:
    run_models(pack, by=PLATFORM)
    receiver.never, receiver.answer = "svc_delay", 401
    assert jobs.run(JOB) == 2  # those before it
    for _ in range(6):
        assert jobs.run(JOB) == 0  # a wrong token is no fault of the event: it waits
    assert not LineageEvent.objects.exclude(given_up_at=None).exists()

    receiver.answer = 422
    sent = [jobs.run(JOB) for _ in range(9)]

    assert sent == [0, 0, 0, 0, 0, 0, 0, 0, 2]  # five times each of its two events
    given_up = LineageEvent.objects.exclude(given_up_at=None)
    assert set(given_up.values_list("job", "refusals")) == {("svc_delay", 5)}
    assert [event["job"]["name"] for event in receiver.taken] == ["dw_flights"] * 2 + [
        "svc_flights"
    ] * 2
    page = browser_of("support").get("/manage/chains/").content.decode()
    assert "接收方 5 次拒收（HTTP 422）" in page
    assert "待送 0 条" in page
    at.instant += timedelta(days=8)
    jobs.run(JOB)
    assert not LineageEvent.objects.exists()


def test_an_event_that_nobody_takes_expires(
    receiver: type[Receiver],
    pack: Path,  # noqa: F811
    at,
) -> None:
    run_models(pack, by=PLATFORM)
    receiver.refusals = 10**6
    assert jobs.run(JOB) == 0
    at.instant += timedelta(days=8)

    assert jobs.run(JOB) == 0

    assert set(LineageEvent.objects.values_list("given_up_for")) == {("7 天未能送达",)}
    at.instant += timedelta(days=8)
    jobs.run(JOB)
    assert not LineageEvent.objects.exists()
