"""The export against the profile: our own shapes always, the official ones where they are."""

import os
import warnings
from pathlib import Path

import pytest
from rdflib import RDF, Graph, Literal, URIRef

from tests.adapters.interchange.dcat_shapes import shapes
from tests.conftest import SHARED
from tests.factories_catalog import draft_entry, published_entry
from tongqu.adapters.interchange.dcat_words import DCAT, DCTERMS, FOAF
from tongqu.catalog.queries import exports

OFFICIAL = "dcat-ap-SHACL.ttl"


def official() -> Path | None:
    """Return the official shapes: named by TONGQU_DCAT_SHAPES, or kept beside the repository."""
    if named := os.environ.get("TONGQU_DCAT_SHAPES"):
        return Path(named)
    return next(iter(sorted(SHARED.rglob(OFFICIAL))), None) if SHARED.exists() else None


def conforms(content: bytes, form: str, against: Graph) -> str:
    """Return what is wrong; empty for a graph that conforms."""
    import pyshacl

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        graph = Graph().parse(data=content, format="json-ld" if form == "jsonld" else "turtle")
        right, _, report = pyshacl.validate(graph, shacl_graph=against, advanced=False)
    return "" if right else str(report)


@pytest.fixture
def catalogue(world, at, browser_of) -> dict[str, bytes]:
    published_entry(world)
    published_entry(
        world, name="示例有条件资源", sharing_type="conditional", conditions="示例", summary="",
        formats=["file"], manners=["download"],
    )  # fmt: skip
    published_entry(
        world, name="示例不予共享资源", sharing_type="withheld", scope="nobody",
        withheld_basis=["mot-2021-sharing 第六条"],
    )  # fmt: skip
    draft_entry(world, name="示例草稿")
    client = browser_of("consumer")
    return {form: client.get(f"/catalog.{form}").content for form in ("ttl", "jsonld")}


@pytest.mark.parametrize("form", ["ttl", "jsonld"])
def test_the_catalogue_meets_the_profile(catalogue, form) -> None:
    assert conforms(catalogue[form], form, shapes()) == ""


@pytest.mark.parametrize("form", ["ttl", "jsonld"])
def test_one_entry_meets_the_profile(world, at, form) -> None:
    content = exports.write(exports.alone(published_entry(world)), form)

    assert conforms(content, form, shapes()) == ""


@pytest.mark.parametrize("form", ["ttl", "jsonld"])
def test_the_catalogue_meets_the_official_shapes(catalogue, form) -> None:
    path = official()
    if path is None:
        pytest.skip(f"no {OFFICIAL} beside the repository, none named by TONGQU_DCAT_SHAPES")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        against = Graph().parse(path, format="turtle")

    assert conforms(catalogue[form], form, against) == ""


def test_our_shapes_find_what_the_profile_forbids(catalogue) -> None:
    graph = Graph().parse(data=catalogue["ttl"], format="turtle")
    dataset = next(graph.subjects(RDF.type, DCAT.Dataset))
    catalog = next(graph.subjects(RDF.type, DCAT.Catalog))
    for taken in ((dataset, DCTERMS.title), (catalog, DCTERMS.publisher)):
        bad = Graph() + graph
        bad.remove((*taken, None))
        assert "Violation" in conforms(bad.serialize(encoding="utf-8"), "ttl", shapes())
    bad = Graph() + graph
    bad.add((dataset, DCTERMS.publisher, URIRef("urn:somebody")))
    assert "Violation" in conforms(bad.serialize(encoding="utf-8"), "ttl", shapes())


def test_chinese_texts_say_so_and_drafts_stay_at_home(catalogue) -> None:
    graph = Graph().parse(data=catalogue["ttl"], format="turtle")
    titles = [str(t) for d in graph.subjects(RDF.type, DCAT.Dataset)
              for t in graph.objects(d, DCTERMS.title)]  # fmt: skip
    texts = [t for p in (DCTERMS.title, DCTERMS.description, FOAF.name)
             for t in graph.objects(None, p) if isinstance(t, Literal)]  # fmt: skip

    assert sorted(titles) == ["示例不予共享资源", "示例有条件资源", "示例航班运行信息"]
    assert {t.language for t in texts} <= {"zh", None}
    assert all(t.language == "zh" for t in texts if not str(t).isascii())
