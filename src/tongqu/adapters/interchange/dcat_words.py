"""Names of DCAT-AP 3 and of our own properties, for writing and reading graphs."""

from typing import Any

from rdflib import Namespace, URIRef
from rdflib.namespace import CSVW, DCTERMS, FOAF, RDF, RDFS, SKOS, XSD

from tongqu.catalog.vocabulary import DataType, SharingType, UpdateCycle

TQ = Namespace("urn:tongqu:catalog:")
DCAT = Namespace("http://www.w3.org/ns/dcat#")  # with the terms of version 3
HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
ADMS = Namespace("http://www.w3.org/ns/adms#")
_EU = "http://publications.europa.eu/resource/authority/"
FREQUENCY = {
    UpdateCycle.REALTIME: URIRef(f"{_EU}frequency/CONT"),
    UpdateCycle.DAILY: URIRef(f"{_EU}frequency/DAILY"),
    UpdateCycle.WEEKLY: URIRef(f"{_EU}frequency/WEEKLY"),
    UpdateCycle.MONTHLY: URIRef(f"{_EU}frequency/MONTHLY"),
    UpdateCycle.QUARTERLY: URIRef(f"{_EU}frequency/QUARTERLY"),
    UpdateCycle.YEARLY: URIRef(f"{_EU}frequency/ANNUAL"),
    UpdateCycle.IRREGULAR: URIRef(f"{_EU}frequency/IRREG"),
}
# Sharing among departments is no publication: nothing here is PUBLIC in the profile's sense.
ACCESS = {
    SharingType.UNCONDITIONAL: URIRef(f"{_EU}access-right/RESTRICTED"),
    SharingType.CONDITIONAL: URIRef(f"{_EU}access-right/RESTRICTED"),
    SharingType.WITHHELD: URIRef(f"{_EU}access-right/NON_PUBLIC"),
}
CHINESE = URIRef(f"{_EU}language/ZHO")
PROFILE = URIRef("http://data.europa.eu/r5r/")  # DCAT-AP
TYPES = {
    DataType.STRING: XSD.string, DataType.TEXT: XSD.normalizedString,
    DataType.INTEGER: XSD.integer, DataType.DECIMAL: XSD.decimal, DataType.DATE: XSD.date,
    DataType.DATETIME: XSD.dateTime, DataType.TIME: XSD.time, DataType.BOOLEAN: XSD.boolean,
}  # fmt: skip
PREFIXES: dict[str, Any] = {
    "dcat": DCAT, "dct": DCTERMS, "foaf": FOAF, "skos": SKOS, "rdfs": RDFS, "xsd": XSD,
    "csvw": CSVW, "hydra": HYDRA, "vcard": VCARD, "adms": ADMS, "tq": TQ,
}  # fmt: skip
__all__ = [
    "ACCESS", "ADMS", "CHINESE", "CSVW", "DCAT", "DCTERMS", "FOAF", "FREQUENCY", "HYDRA",
    "PREFIXES", "PROFILE", "RDF", "RDFS", "SKOS", "TQ", "TYPES", "VCARD", "XSD",
]  # fmt: skip
