"""Entries as DCAT-AP 3: JSON-LD or Turtle, Chinese literals @zh, every node typed.

What the profile has a place for goes there; the rest stands in our own properties, so that
an entry comes back as it went out.
"""

import json
from datetime import datetime
from typing import Any

from rdflib import BNode, Graph, Literal, Node, URIRef

from tongqu.adapters.interchange.dcat_words import (
    ACCESS,
    CHINESE,
    CSVW,
    DCAT,
    DCTERMS,
    FOAF,
    FREQUENCY,
    HYDRA,
    PREFIXES,
    PROFILE,
    RDF,
    RDFS,
    SKOS,
    TQ,
    TYPES,
    XSD,
)
from tongqu.catalog.ports import GraphPage, entry_document, item_document
from tongqu.catalog.vocabulary import DataFormat, EntryView, ItemView, Manner

_NATIVE = frozenset({"name", "summary", "update_cycle", "provider_code"})
_ITEM_NATIVE = frozenset({"name_zh", "name_en", "data_type", "nullable"})


def write(page: GraphPage, *, form: str) -> bytes:
    graph = Graph(bind_namespaces="none")
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace)
    _Writer(graph, page).all()
    if form == "ttl":
        return graph.serialize(format="turtle", encoding="utf-8")
    # The context stands in the file: a reader need not fetch anything.
    context = {prefix: str(namespace) for prefix, namespace in PREFIXES.items()}
    return graph.serialize(
        format="json-ld", context=context, encoding="utf-8", auto_compact=False, indent=1
    )


def zh(text: str) -> Literal:
    return Literal(text, lang="zh")


class _Writer:
    def __init__(self, graph: Graph, page: GraphPage) -> None:
        self.graph = graph
        self.page = page
        self.catalogue = URIRef(f"{page.base}/catalog/#catalog")
        self.themes = URIRef(f"{page.base}/catalog/#domains")

    def add(self, subject: Node, **properties: Any) -> None:
        for name, value in properties.items():
            prefix, _, local = name.partition("_")
            self.graph.add((subject, PREFIXES[prefix][local.rstrip("_")], value))

    def typed(self, subject: Node, *kinds: URIRef) -> Node:
        for kind in kinds:
            self.graph.add((subject, RDF.type, kind))
        return subject

    def all(self) -> None:
        self._words()
        if self.page.is_whole:
            self._catalogue()
        for entry in self.page.entries:
            self._entry(entry)

    def _words(self) -> None:
        """Write the small vocabulary that the graph refers to: ranges ask for typed nodes."""
        self.add(self.typed(CHINESE, DCTERMS.LinguisticSystem), rdfs_label=zh("中文"))
        self.add(self.typed(PROFILE, DCTERMS.Standard), dct_title=Literal("DCAT-AP 3"))
        self.add(self.typed(self.themes, SKOS.ConceptScheme), dct_title=zh("领域"))

    def _catalogue(self) -> None:
        page = self.page
        self.add(
            self.typed(self.catalogue, DCAT.Catalog), dct_title=zh(page.title),
            dct_description=zh(f"{page.publisher}的{page.title}，共 {page.total} 个条目。"),
            dct_publisher=self._agent(f"{page.base}/#publisher", page.publisher),
            dct_language=CHINESE, dct_modified=_instant(page.modified),
            dcat_themeTaxonomy=self.themes,
            foaf_homepage=self.typed(URIRef(f"{page.base}/catalog/"), FOAF.Document),
        )  # fmt: skip
        if page.pages > 1:
            self._pages()

    def _pages(self) -> None:
        """Say where the other pages are (hydra), as harvesters expect."""
        page = self.page

        def at(number: int) -> URIRef:
            query = f"form=ttl&page={number}&size={page.size}"
            return URIRef(f"{page.base}/api/v1/catalog/export?{query}")

        self.add(self.typed(self.catalogue, HYDRA.Collection),
                 hydra_totalItems=Literal(page.total), hydra_view=at(page.number))  # fmt: skip
        view = self.typed(at(page.number), HYDRA.PartialCollectionView)
        self.add(view, hydra_first=at(1), hydra_last=at(page.pages))
        if page.number < page.pages:
            self.add(view, hydra_next=at(page.number + 1))
        if page.number > 1:
            self.add(view, hydra_previous=at(page.number - 1))

    def _agent(self, address: str, name: str) -> Node:
        agent = self.typed(URIRef(address), FOAF.Agent)
        self.add(agent, foaf_name=zh(name))
        return agent

    def _entry(self, entry: EntryView) -> None:
        home = f"{self.page.base}/catalog/{entry.code}/"
        dataset = self.typed(URIRef(f"{home}#dataset"), DCAT.Dataset, DCAT.Resource)
        said = entry_document(entry)
        self.add(
            dataset, dct_title=zh(entry.name), dct_description=zh(entry.summary or entry.name),
            dct_identifier=Literal(entry.code), dcat_version=Literal(entry.version),
            dct_language=CHINESE, dcat_theme=self._theme(entry),
            dct_publisher=self._agent(
                f"{self.page.base}/#unit-{entry.provider_code}", entry.provider_name
            ),
            dct_accrualPeriodicity=self._frequency(entry), dct_accessRights=self._rights(entry),
            dcat_landingPage=self.typed(URIRef(home), FOAF.Document),
        )  # fmt: skip
        if entry.summary:
            self.graph.add((dataset, TQ.summary, Literal(True)))
        if entry.valid_from:
            self.add(dataset, dct_issued=_instant(entry.valid_from),
                     dct_modified=_instant(entry.valid_from))  # fmt: skip
        for word in entry.formats or (DataFormat.TABLE,):
            self._distribution(dataset, entry, word, home)
        for name, value in said.items():
            if name not in _NATIVE | {"items"}:
                self._own(dataset, name, value)
        for item in entry.items:
            self._item(dataset, item)
        if self.page.is_whole:
            self._listed(dataset, entry, home)

    def _listed(self, dataset: Node, entry: EntryView, home: str) -> None:
        """Write the catalogue's own record of an entry, and the service that answers queries."""
        record = self.typed(URIRef(f"{home}#record"), DCAT.CatalogRecord)
        since = _instant(entry.valid_from or self.page.modified)
        self.add(record, foaf_primaryTopic=dataset, dct_modified=since, dct_issued=since,
                 dct_language=CHINESE, dct_conformsTo=PROFILE)  # fmt: skip
        self.add(self.catalogue, dcat_dataset=dataset, dcat_record=record)
        if Manner.QUERY in entry.manners:
            service = self.typed(URIRef(f"{home}#service"), DCAT.DataService, DCAT.Resource)
            address = self.typed(URIRef(f"{self.page.base}/api/v1/data/"), RDFS.Resource)
            self.add(service, dct_title=zh(f"{entry.name}联机查询"), dcat_endpointURL=address,
                     dcat_servesDataset=dataset)  # fmt: skip
            self.add(self.catalogue, dcat_service=service)

    def _distribution(self, dataset: Node, entry: EntryView, word: DataFormat, home: str) -> None:
        part = self.typed(URIRef(f"{home}#{word.value}"), DCAT.Distribution)
        medium = self.typed(
            URIRef(f"{self.page.base}/catalog/#format-{word.value}"), DCTERMS.MediaTypeOrExtent
        )
        self.add(medium, rdfs_label=zh(word.label))
        self.add(part, dct_title=zh(f"{entry.name}（{word.label}）"), dct_format=medium,
                 dcat_accessURL=self.typed(URIRef(home), RDFS.Resource),
                 dct_rights=self._rights(entry))  # fmt: skip
        self.add(dataset, dcat_distribution=part)

    def _theme(self, entry: EntryView) -> Node:
        theme = self.typed(
            URIRef(f"{self.page.base}/catalog/#domain-{entry.domain.value}"), SKOS.Concept
        )
        self.add(theme, skos_prefLabel=zh(entry.domain.label), skos_inScheme=self.themes)
        return theme

    def _frequency(self, entry: EntryView) -> Node:
        found = self.typed(FREQUENCY[entry.update_cycle], DCTERMS.Frequency)
        self.add(found, rdfs_label=zh(entry.update_cycle.label))
        return found

    def _rights(self, entry: EntryView) -> Node:
        return self.typed(ACCESS[entry.sharing_type], DCTERMS.RightsStatement)

    def _own(self, subject: Node, name: str, value: Any) -> None:
        """Write a field that the profile has no place for; a list keeps its order as JSON."""
        if isinstance(value, list):
            literal = Literal(json.dumps(value, ensure_ascii=False), datatype=RDF.JSON)
        elif isinstance(value, bool | int):
            literal = Literal(value)
        else:
            literal = Literal(str(value))
        self.graph.add((subject, TQ[name], literal))

    def _item(self, dataset: Node, item: ItemView) -> None:
        """Write an information item as a CSVW column."""
        column = self.typed(BNode(), CSVW.Column)
        said = item_document(item)
        self.add(dataset, tq_item=column)
        self.add(column, tq_position=Literal(item.position), csvw_datatype=TYPES[item.data_type],
                 csvw_required=Literal(not item.nullable))  # fmt: skip
        if item.name_en:
            self.add(column, csvw_name=Literal(item.name_en))
        if item.name_zh:
            self.add(column, csvw_title=zh(item.name_zh))
        for name, value in said.items():
            if name not in _ITEM_NATIVE:
                self._own(column, name, value)


def _instant(moment: datetime) -> Literal:
    return Literal(moment.isoformat(), datatype=XSD.dateTime)
