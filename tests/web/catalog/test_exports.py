"""Exports honour who may see what, and stay few statements however large the catalogue."""

from io import BytesIO

import openpyxl
import pytest
import yaml
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from rdflib import RDF, Graph

from tests.factories_catalog import draft_entry, published_entry
from tongqu.adapters.interchange.dcat_words import DCAT, HYDRA

EXPORT = "/api/v1/catalog/export"


@pytest.fixture
def entries(world, at) -> dict[str, str]:
    return {
        "open": published_entry(world, name="示例公布资源").code,
        "draft": draft_entry(world, name="示例未公布草稿").code,
    }


def names(content: bytes) -> list[str]:
    sheet = openpyxl.load_workbook(BytesIO(content))["目录"]
    return [row[0].value for row in sheet.iter_rows(min_row=2)]


def test_everybody_gets_what_is_in_force_and_nobody_a_draft(entries, browser_of) -> None:
    for client in (Client(), browser_of("consumer"), browser_of("cataloguer")):
        assert names(client.get(f"{EXPORT}?form=xlsx").content) == ["示例公布资源"]
        turtle = client.get("/catalog.ttl").content.decode()
        assert "示例公布资源" in turtle
        assert "示例未公布草稿" not in turtle


@pytest.mark.parametrize("path", ["export?form=ttl", "export?form=xlsx", "odcs", "odcs?form=json"])
def test_a_draft_is_exported_for_its_own_department_alone(entries, browser_of, path) -> None:
    address = f"/api/v1/catalog/entries/{entries['draft']}/{path}"

    assert browser_of("cataloguer").get(address).status_code == 200
    assert browser_of("consumer").get(address).status_code == 404
    assert Client().get(address).status_code == 404


def test_a_contract_and_a_graph_of_one_entry_name_it(entries) -> None:
    base = f"/api/v1/catalog/entries/{entries['open']}"
    odcs = Client().get(f"{base}/odcs")
    graph = Client().get(f"{base}/export?form=jsonld")

    assert odcs["Content-Type"] == "application/yaml"
    assert yaml.safe_load(odcs.content)["id"] == entries["open"]
    assert graph["Content-Type"] == "application/ld+json"
    assert entries["open"] in graph.content.decode()
    assert f'filename="{entries["open"]}.jsonld"' in graph["Content-Disposition"]


def test_a_large_catalogue_comes_in_pages_that_link_to_each_other(world, at) -> None:
    for n in range(5):
        published_entry(world, name=f"示例资源{n}")

    first = Client().get(f"{EXPORT}?form=ttl&size=2")
    last = Client().get(f"{EXPORT}?form=ttl&size=2&page=3")

    assert first["Link"] == f'<{EXPORT}?form=ttl&page=2&size=2>; rel="next"'
    assert "Link" not in last
    graph = Graph().parse(data=first.content, format="turtle")
    assert len(set(graph.subjects(RDF.type, DCAT.Dataset))) == 2
    assert [int(t) for t in graph.objects(None, HYDRA.totalItems)] == [5]
    assert list(graph.objects(None, HYDRA.next))
    assert not list(graph.objects(None, HYDRA.previous))


@pytest.mark.parametrize("form", ["xlsx", "json", "ttl", "jsonld"])
def test_an_export_asks_the_same_statements_of_one_entry_and_of_thirty(world, at, form) -> None:
    published_entry(world)
    with CaptureQueriesContext(
        connection,
    ) as one:
        Client().get(f"{EXPORT}?form={form}")
    for n in range(29):
        published_entry(world, name=f"示例资源{n}")
    with CaptureQueriesContext(connection) as thirty:
        Client().get(f"{EXPORT}?form={form}")

    assert len(thirty) <= len(one) + 1
    assert len(thirty) <= 20


def test_the_export_is_the_form_that_the_import_takes(world, at, browser_of) -> None:
    entry = published_entry(world)
    cataloguer = browser_of("cataloguer")
    for form in ("xlsx", "json", "ttl", "jsonld"):
        content = cataloguer.get(f"{EXPORT}?form={form}").content
        upload = BytesIO(content)
        upload.name = f"catalog.{form}"
        run = cataloguer.post("/api/v1/catalog/imports", {"file": upload}).json()

        assert (run["failed"], run["existing"]) == (0, 1), (form, run["failures"])
        assert run["entries"][0]["code"] == entry.code


def test_the_detail_page_links_to_every_form(entries) -> None:
    page = Client().get(f"/catalog/{entries['open']}/").content.decode()

    for part in ("export?form=ttl", "export?form=jsonld", "odcs", "export?form=xlsx"):
        assert f"/api/v1/catalog/entries/{entries['open']}/{part}" in page


def test_a_strange_form_or_page_is_refused(entries) -> None:
    for query in ("form=pdf", "page=0", "size=5000", "page=x"):
        assert Client().get(f"{EXPORT}?{query}").status_code == 422
    assert Client().get("/catalog.ttl?page=zzz").status_code == 200
    assert Client().get("/catalog.ttl?page=999").status_code == 200
