"""OpenLineage events of others' jobs become edges of the same graph."""

import json

import pytest

from tongqu.lake.models import LineageEdge

SOURCE = {"namespace": "tongqu", "name": "svc.svc_delay", "field": "minutes"}


def event(target: str = "report", **given) -> dict:
    fields = {"delay_total": {"inputFields": [SOURCE | given]}}
    output = {
        "namespace": "example-bi",
        "name": target,
        "facets": {"columnLineage": {"fields": fields}},
    }
    return {"job": {"namespace": "example-bi", "name": "nightly"}, "outputs": [output]}


def tell(client, body: object):
    return client.post("/api/v1/lineage", json.dumps(body), content_type="application/json")


@pytest.fixture
def client(world, at, browser_of):
    return browser_of("support")


@pytest.mark.req("LAK-14")
def test_a_foreign_job_stands_downstream_of_our_table_until_it_tells_otherwise(client) -> None:
    summed = {"transformations": [{"type": "DIRECT", "subtype": "AGGREGATION"}]}
    assert tell(client, event(**summed)).status_code == 200

    query = "/api/v1/lake/lineage?table=svc_delay&column=minutes&direction=down"
    (edge,) = client.get(query).json()
    assert edge["target_table"] == "example-bi:report"
    assert (edge["transform"], edge["job"]) == ("aggregate", "example-bi:nightly")
    assert "example-bi:report" in client.get("/manage/lineage/?table=svc_delay").content.decode()

    tell(client, event("other"))
    assert [found["target_table"] for found in client.get(query).json()] == ["example-bi:other"]
    tell(client, event() | {"outputs": []})
    assert client.get(query).json() == []


@pytest.mark.parametrize(
    "body",
    [
        {"outputs": []},
        event("x" * 200),
        event(field="x" * 200),
        event(field="\x00"),
        event(name=""),
        event() | {"job": {"namespace": "", "name": "x"}},
        event() | {"outputs": [{"namespace": "tongqu", "name": "svc_delay"}]},
    ],
)
def test_an_event_that_says_too_much_or_too_little_is_refused(client, body) -> None:
    assert tell(client, body).status_code in {400, 422}
    assert LineageEdge.objects.count() == 0


def test_only_who_runs_models_may_tell(world, at, browser_of) -> None:
    assert tell(browser_of("consumer"), event()).status_code == 403
