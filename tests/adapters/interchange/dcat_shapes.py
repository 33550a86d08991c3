"""All 290 constraints of the shapes of DCAT-AP 3.0.1, as a table of our own.

Restated from the profile's release of 3.0.1 (class, property, how many, of what), so that the
tests need no file of somebody else's; what the graph of an entry adds of ours follows after.
The official file itself is run as well where a copy of it stands beside the repository.
"""

from rdflib import BNode, Graph, Literal, Namespace, URIRef
from rdflib.namespace import FOAF, PROV, RDF, SKOS, XSD

from tongqu.adapters.interchange.dcat_words import ADMS, CSVW, DCAT, DCTERMS, VCARD

SH = Namespace("http://www.w3.org/ns/shacl#")
R5R = Namespace("http://data.europa.eu/r5r/")
ELI = Namespace("http://data.europa.eu/eli/ontology#")
SPDX = Namespace("http://spdx.org/rdf/terms#")
LOCN = Namespace("http://www.w3.org/ns/locn#")
ODRL = Namespace("http://www.w3.org/ns/odrl/2/")
TIME = Namespace("http://www.w3.org/2006/time#")
LITERAL, NODE = SH.Literal, SH.BlankNodeOrIRI
_ANY = None
Rule = tuple[URIRef, int, int | None, URIRef | None]

_LAW: Rule = (R5R.applicableLegislation, 0, None, ELI.LegalResource)
_LANGUAGE: Rule = (DCTERMS.language, 0, None, DCTERMS.LinguisticSystem)
_TITLE: Rule = (DCTERMS.title, 1, None, LITERAL)
_DESCRIPTION: Rule = (DCTERMS.description, 1, None, LITERAL)
_DATES: tuple[Rule, ...] = ((DCTERMS.issued, 0, 1, LITERAL), (DCTERMS.modified, 0, 1, LITERAL))
_PUBLISHER: Rule = (DCTERMS.publisher, 0, 1, FOAF.Agent)
_CONTACT: Rule = (DCAT.contactPoint, 0, None, VCARD.Kind)
_WHERE: Rule = (DCTERMS.spatial, 0, None, DCTERMS.Location)
_WHEN: Rule = (DCTERMS.temporal, 0, None, DCTERMS.PeriodOfTime)
_STANDARD: Rule = (DCTERMS.conformsTo, 0, None, DCTERMS.Standard)
_LICENCE: Rule = (DCTERMS.license, 0, 1, DCTERMS.LicenseDocument)
_ACCESS: Rule = (DCTERMS.accessRights, 0, 1, DCTERMS.RightsStatement)
_PAGE: Rule = (FOAF.page, 0, None, FOAF.Document)
_LANDING: Rule = (DCAT.landingPage, 0, None, FOAF.Document)
_THEME: Rule = (DCAT.theme, 0, None, SKOS.Concept)
_KEYWORD: Rule = (DCAT.keyword, 0, None, LITERAL)
_FREQUENCY: Rule = (DCTERMS.accrualPeriodicity, 0, 1, DCTERMS.Frequency)
_EVERY: Rule = (DCAT.temporalResolution, 0, 1, XSD.duration)
# class → (property, least, most, range): a class, a datatype, LITERAL, NODE or any
RULES: dict[URIRef, tuple[Rule, ...]] = {
    DCAT.Catalog: (
        _TITLE, _DESCRIPTION, *_DATES, _LAW, _LANGUAGE, _LICENCE, _WHERE, _WHEN,
        (DCTERMS.publisher, 1, 1, FOAF.Agent), (DCTERMS.creator, 0, 1, FOAF.Agent),
        (FOAF.homepage, 0, 1, FOAF.Document), (DCTERMS.rights, 0, None, DCTERMS.RightsStatement),
        (DCAT.themeTaxonomy, 0, None, SKOS.ConceptScheme), (DCTERMS.hasPart, 0, None, DCAT.Catalog),
        (DCAT.catalog, 0, None, DCAT.Catalog), (DCAT.dataset, 0, None, DCAT.Dataset),
        (DCAT.record, 0, None, DCAT.CatalogRecord), (DCAT.service, 0, None, DCAT.DataService),
    ),
    DCAT.CatalogRecord: (
        (FOAF.primaryTopic, 1, 1, DCAT.Resource), (DCTERMS.modified, 1, 1, LITERAL),
        (DCTERMS.issued, 0, 1, LITERAL), (DCTERMS.title, 0, None, LITERAL),
        (DCTERMS.description, 0, None, LITERAL), (DCTERMS.source, 0, 1, DCAT.CatalogRecord),
        (ADMS.status, 0, 1, SKOS.Concept), _STANDARD, _LANGUAGE,
    ),
    DCAT.Dataset: (
        _TITLE, _DESCRIPTION, *_DATES, _PUBLISHER, _CONTACT, _WHERE, _WHEN, _STANDARD, _LAW,
        _ACCESS, _PAGE, _LANDING, _THEME, _KEYWORD, _FREQUENCY, _LANGUAGE, _EVERY,
        (DCTERMS.identifier, 0, None, LITERAL), (ADMS.identifier, 0, None, ADMS.Identifier),
        (DCTERMS.creator, 0, None, FOAF.Agent), (DCTERMS.relation, 0, None, NODE),
        (DCTERMS.isReferencedBy, 0, None, NODE), (DCTERMS.source, 0, None, DCAT.Dataset),
        (DCTERMS.provenance, 0, None, DCTERMS.ProvenanceStatement),
        (DCTERMS.type, 0, None, SKOS.Concept), (DCAT.version, 0, 1, LITERAL),
        (DCAT.hasVersion, 0, None, DCAT.Dataset), (ADMS.versionNotes, 0, None, LITERAL),
        (DCAT.inSeries, 0, None, DCAT.DatasetSeries), (ADMS.sample, 0, None, DCAT.Distribution),
        (DCAT.distribution, 0, None, DCAT.Distribution),
        (DCAT.qualifiedRelation, 0, None, DCAT.Relationship),
        (DCAT.spatialResolutionInMeters, 0, None, XSD.decimal),
        (PROV.wasGeneratedBy, 0, None, PROV.Activity),
        (PROV.qualifiedAttribution, 0, None, PROV.Attribution),
    ),
    DCAT.DatasetSeries: (
        _TITLE, _DESCRIPTION, *_DATES, _PUBLISHER, _CONTACT, _WHERE, _WHEN, _LAW, _FREQUENCY,
    ),
    DCAT.Distribution: (
        (DCAT.accessURL, 1, None, NODE), (DCAT.downloadURL, 0, None, NODE),
        (DCTERMS.title, 0, None, LITERAL), (DCTERMS.description, 0, None, LITERAL), *_DATES,
        _LAW, _LANGUAGE, _LICENCE, _STANDARD, _PAGE, _EVERY,
        (DCTERMS["format"], 0, 1, DCTERMS.MediaTypeOrExtent),
        (DCAT.mediaType, 0, 1, DCTERMS.MediaType), (DCAT.compressFormat, 0, 1, DCTERMS.MediaType),
        (DCAT.packageFormat, 0, 1, DCTERMS.MediaType), (R5R.availability, 0, 1, SKOS.Concept),
        (ADMS.status, 0, 1, SKOS.Concept), (DCAT.accessService, 0, None, DCAT.DataService),
        (ODRL.hasPolicy, 0, 1, ODRL.Policy), (SPDX.checksum, 0, 1, SPDX.Checksum),
        (DCTERMS.rights, 0, None, DCTERMS.RightsStatement),
        (DCAT.byteSize, 0, 1, XSD.nonNegativeInteger),
        (DCAT.spatialResolutionInMeters, 0, 1, XSD.decimal),
    ),
    DCAT.DataService: (
        _TITLE, (DCTERMS.description, 0, None, LITERAL), _LAW, _ACCESS, _LANDING, _KEYWORD,
        _PUBLISHER, _PAGE, _CONTACT, _THEME, _LICENCE, _STANDARD,
        (DCAT.endpointURL, 1, None, NODE), (DCAT.endpointDescription, 0, None, NODE),
        (DCAT.servesDataset, 0, None, DCAT.Dataset),
        (DCTERMS["format"], 0, None, DCTERMS.MediaTypeOrExtent),
    ),
    DCAT.Relationship: ((DCTERMS.relation, 1, None, NODE), (DCAT.hadRole, 1, None, DCAT.Role)),
    FOAF.Agent: ((FOAF.name, 1, None, LITERAL), (DCTERMS.type, 0, 1, SKOS.Concept)),
    DCTERMS.LicenseDocument: ((DCTERMS.type, 0, None, SKOS.Concept),),
    DCTERMS.Location: (
        (DCAT.bbox, 0, 1, LITERAL), (DCAT.centroid, 0, 1, LITERAL),
        (LOCN.geometry, 0, 1, LOCN.Geometry),
    ),
    DCTERMS.PeriodOfTime: (
        (DCAT.startDate, 0, 1, LITERAL), (DCAT.endDate, 0, 1, LITERAL),
        (TIME.hasBeginning, 0, 1, TIME.Instant), (TIME.hasEnd, 0, 1, TIME.Instant),
    ),
    SPDX.Checksum: (
        (SPDX.algorithm, 1, 1, SPDX.ChecksumAlgorithm), (SPDX.checksumValue, 1, 1, XSD.hexBinary),
    ),
    ADMS.Identifier: ((SKOS.notation, 1, 1, LITERAL),),
    SKOS.Concept: ((SKOS.prefLabel, 1, None, LITERAL),),
    SKOS.ConceptScheme: (_TITLE,),
}  # fmt: skip
OURS: dict[URIRef, tuple[Rule, ...]] = {
    SKOS.Concept: ((SKOS.inScheme, 0, None, SKOS.ConceptScheme),),
    CSVW.Column: ((CSVW.datatype, 1, 1, _ANY),),
}


def shapes() -> Graph:
    graph = Graph()
    for table in (RULES, OURS):
        for target, rules in table.items():
            node = BNode()
            graph.add((node, RDF.type, SH.NodeShape))
            graph.add((node, SH.targetClass, target))
            for rule in rules:
                graph.add((node, SH.property, _add(graph, rule)))
    return graph


def _is_datatype(reach: URIRef) -> bool:
    return str(reach).startswith(str(XSD))


def _add(graph: Graph, rule: Rule) -> BNode:
    path, least, most, reach = rule
    node = BNode()
    graph.add((node, SH.path, path))
    graph.add((node, SH.minCount, Literal(least)))
    if most is not None:
        graph.add((node, SH.maxCount, Literal(most)))
    if reach is None:
        return node
    is_literal = reach == LITERAL or _is_datatype(reach)
    graph.add((node, SH.nodeKind, LITERAL if is_literal else NODE))
    if _is_datatype(reach):
        graph.add((node, SH.datatype, reach))
    elif reach not in {LITERAL, NODE}:
        graph.add((node, SH["class"], reach))
    return node
