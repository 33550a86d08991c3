"""Contracts and graphs through the real libraries: valid, and back as they went out."""

import json
from importlib.resources import files

import jsonschema
import pytest
import yaml

from tests.factories_catalog import published_entry
from tests.world import World
from tongqu.adapters.interchange import contracts, dcat_in, dcat_out
from tongqu.catalog.domain.interchange import contract as odcs
from tongqu.catalog.domain.interchange import export
from tongqu.catalog.domain.interchange.documents import read as read_document
from tongqu.catalog.domain.interchange.layout import Refused
from tongqu.catalog.queries import exports

BASE = "https://hub.example"


def rich(world: World):
    return published_entry(
        world, sharing_type="conditional", conditions="示例：须说明用途。", materials=["委托书"],
        scope="listed", scope_codes=["990000-YJ"], accountable="示例·处长", mode="aviation",
        standards=["JT/T 697"], strategies=["plan_15"],
        checks=[{"code": "R-1", "kind": "required", "columns": ["flight"]}],
    )  # fmt: skip


@pytest.fixture
def official() -> dict:
    found = files("open_data_contract_standard") / "schema.json"
    return json.loads(found.read_text())


@pytest.mark.parametrize("form", ["yaml", "json"])
def test_a_contract_passes_the_official_schema_and_comes_back(world, at, official, form) -> None:
    entry = rich(world)
    content = contracts.write(odcs.contract(entry, base=BASE), form=form)

    parsed = yaml.safe_load(content)
    jsonschema.Draft201909Validator(official).validate(parsed)
    assert parsed["apiVersion"] == "v3.1.0"
    (back,) = odcs.documents(contracts.read(content))

    assert reading(back) == reading(export.entry_document(entry))


def reading(document: dict):
    found = read_document(document)
    assert found.faults == []
    found.fields.pop("provider_code", None)  # who imports is the provider
    return {k: v for k, v in found.fields.items() if v not in ("", (), None)}, found.items


@pytest.mark.parametrize("form", ["ttl", "jsonld"])
def test_a_graph_comes_back_as_it_went_out(world, at, form) -> None:
    entry = rich(world)
    content = dcat_out.write(exports.alone(entry), form=form)

    (back,) = dcat_in.read(content, form=form)

    assert reading(back) == reading(export.entry_document(entry))


def test_a_context_from_elsewhere_is_never_fetched() -> None:
    text = json.dumps({"@context": "http://169.254.169.254/x", "@id": "a:b"})

    with pytest.raises(Refused) as refused:
        dcat_in.read(text.encode(), form="jsonld")

    assert refused.value.code == "REMOTE_CONTEXT"


@pytest.mark.parametrize(("form", "megabytes"), [("ttl", 4), ("jsonld", 8)])
def test_a_graph_that_would_hold_a_worker_is_refused_before_it_is_read(form, megabytes) -> None:
    with pytest.raises(Refused) as refused:
        dcat_in.read(b" " * ((megabytes << 20) + 1), form=form)

    assert refused.value.code == "FILE_TOO_LARGE"
    assert f"{megabytes} MB" in str(refused.value.title)


def test_a_contract_of_another_tool_is_read_as_far_as_it_goes() -> None:
    text = """
apiVersion: v3.1.0
kind: DataContract
id: x
version: 1.0.0
status: active
name: 示例合约
description: {purpose: 示例用途}
slaProperties: [{property: frequency, value: 1, unit: d}]
schema:
  - name: flights
    properties:
      - {name: flight, logicalType: integer, required: true, primaryKey: true}
      - {name: note, logicalType: object}
"""
    (found,) = odcs.documents(contracts.read(text.encode()))
    fields, items = reading(found)

    assert fields["name"] == "示例合约"
    assert fields["update_cycle"] == "daily"
    assert [(i.name_en, i.data_type, i.is_key, i.nullable) for i in items] == [
        ("flight", "integer", True, False), ("note", "string", False, True),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["{", "a: [", "&a [*a, *a]", "\x00", "[[[["])
def test_what_is_no_contract_is_refused(text) -> None:
    with pytest.raises(Refused):
        contracts.read(text.encode())
