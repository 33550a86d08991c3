"""The mandatory properties, cardinalities and ranges of DCAT-AP 3 as our own SHACL shapes.

Made from the profile's tables, so that the tests need no file of somebody else's. The
official shapes are run as well where a copy of them stands beside the repository.
"""

from rdflib import BNode, Graph, Literal, Namespace, URIRef
from rdflib.namespace import FOAF, RDF, RDFS, SKOS

from tongqu.adapters.interchange.dcat_words import CSVW, DCAT, DCTERMS

SH = Namespace("http://www.w3.org/ns/shacl#")
LITERAL = SH.Literal
_ANY = None
# class → (property, least, most, range): a class, LITERAL, or any
RULES: dict[URIRef, tuple[tuple[URIRef, int, int | None, URIRef | None], ...]] = {
    DCAT.Catalog: (
        (DCTERMS.title, 1, None, LITERAL), (DCTERMS.description, 1, None, LITERAL),
        (DCTERMS.publisher, 1, 1, FOAF.Agent), (FOAF.homepage, 0, 1, FOAF.Document),
        (DCTERMS.language, 0, None, DCTERMS.LinguisticSystem),
        (DCTERMS.modified, 0, 1, LITERAL), (DCAT.themeTaxonomy, 0, None, SKOS.ConceptScheme),
        (DCAT.dataset, 0, None, DCAT.Dataset), (DCAT.record, 0, None, DCAT.CatalogRecord),
        (DCAT.service, 0, None, DCAT.DataService),
    ),
    DCAT.CatalogRecord: (
        (FOAF.primaryTopic, 1, 1, DCAT.Resource), (DCTERMS.modified, 1, 1, LITERAL),
        (DCTERMS.issued, 0, 1, LITERAL), (DCTERMS.conformsTo, 0, None, DCTERMS.Standard),
        (DCTERMS.language, 0, None, DCTERMS.LinguisticSystem),
    ),
    DCAT.Dataset: (
        (DCTERMS.title, 1, None, LITERAL), (DCTERMS.description, 1, None, LITERAL),
        (DCTERMS.publisher, 0, 1, FOAF.Agent), (DCTERMS.identifier, 0, None, LITERAL),
        (DCTERMS.accrualPeriodicity, 0, 1, DCTERMS.Frequency),
        (DCTERMS.accessRights, 0, 1, DCTERMS.RightsStatement),
        (DCTERMS.language, 0, None, DCTERMS.LinguisticSystem),
        (DCAT.theme, 0, None, SKOS.Concept), (DCAT.landingPage, 0, None, FOAF.Document),
        (DCAT.distribution, 0, None, DCAT.Distribution), (DCAT.version, 0, 1, LITERAL),
        (DCTERMS.issued, 0, 1, LITERAL), (DCTERMS.modified, 0, 1, LITERAL),
    ),
    DCAT.Distribution: (
        (DCAT.accessURL, 1, None, RDFS.Resource), (DCTERMS.title, 0, None, LITERAL),
        (DCTERMS["format"], 0, 1, DCTERMS.MediaTypeOrExtent),
        (DCTERMS.rights, 0, 1, DCTERMS.RightsStatement),
    ),
    DCAT.DataService: (
        (DCTERMS.title, 1, None, LITERAL), (DCAT.endpointURL, 1, None, RDFS.Resource),
        (DCAT.servesDataset, 0, None, DCAT.Dataset),
    ),
    FOAF.Agent: ((FOAF.name, 1, None, LITERAL),),
    SKOS.Concept: (
        (SKOS.prefLabel, 1, None, LITERAL), (SKOS.inScheme, 0, None, SKOS.ConceptScheme),
    ),
    SKOS.ConceptScheme: ((DCTERMS.title, 1, None, LITERAL),),
    CSVW.Column: ((CSVW.datatype, 1, 1, _ANY),),
}  # fmt: skip


def shapes() -> Graph:
    graph = Graph()
    for target, rules in RULES.items():
        node = BNode()
        graph.add((node, RDF.type, SH.NodeShape))
        graph.add((node, SH.targetClass, target))
        for path, least, most, reach in rules:
            rule = BNode()
            graph.add((node, SH.property, rule))
            graph.add((rule, SH.path, path))
            graph.add((rule, SH.minCount, Literal(least)))
            if most is not None:
                graph.add((rule, SH.maxCount, Literal(most)))
            if reach == LITERAL:
                graph.add((rule, SH.nodeKind, SH.Literal))
            elif reach is not None:
                graph.add((rule, SH["class"], reach))
    return graph
