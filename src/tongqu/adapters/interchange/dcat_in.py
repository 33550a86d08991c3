"""Read entries from a DCAT graph, ours or another hub's. Nothing is fetched from anywhere."""

import json
import warnings
from typing import Any

from rdflib import Dataset, Graph, Literal, Node, URIRef

from tongqu.adapters.interchange.dcat_words import (
    CSVW,
    DCAT,
    DCTERMS,
    FREQUENCY,
    RDF,
    SKOS,
    TQ,
    TYPES,
)
from tongqu.catalog.ports import ENTRY_FIELDS, ITEM_FIELDS, Field, Kind, Refused

# Bytes that a worker reads in some six seconds; a page of our own export has a fraction of it.
MOST_TURTLE, MOST_JSON = 4 << 20, 8 << 20
_CYCLES = {address: cycle.value for cycle, address in FREQUENCY.items()}
_TYPES = {address: kind.value for kind, address in TYPES.items()}


def read(content: bytes, *, form: str) -> list[dict[str, Any]]:
    """Return a document for every dataset, by address. Raises: ``Refused``."""
    most = MOST_JSON if form == "jsonld" else MOST_TURTLE
    if len(content) > most:
        title = f"图文件超过 {most >> 20} MB。"
        raise Refused("FILE_TOO_LARGE", title, "请分页导出后分别导入。")
    graph = _graph(content, form)
    found = sorted(set(graph.subjects(RDF.type, DCAT.Dataset)), key=str)
    if not found:
        raise Refused("EMPTY_FILE", "图中没有 dcat:Dataset。", "请导入 DCAT 格式的目录。")
    return [_document(graph, dataset) for dataset in found]


def _graph(content: bytes, form: str) -> Graph:
    try:
        text = content.decode("utf-8-sig")
        if form == "jsonld":
            return _from_json(json.loads(text))
        return Graph(bind_namespaces="none").parse(data=text, format="turtle")
    except Refused:
        raise
    except Exception:  # parsers raise whatever they like at text that is none
        raise Refused(
            "NOT_WHAT_IT_SAYS", "文件不是完整的 JSON-LD 或 Turtle（UTF-8）。", "请重新导出后导入。"
        ) from None


def _from_json(data: Any) -> Graph:
    from rdflib.plugins.parsers.jsonld import to_rdf

    _refuse_remote(data)
    graph = Graph(bind_namespaces="none")
    with warnings.catch_warnings():  # the library's parser uses its own deprecated names
        warnings.simplefilter("ignore", DeprecationWarning)
        found = Dataset(default_union=True)
        to_rdf(data, found)
        for subject, predicate, value, _ in found.quads():
            graph.add((subject, predicate, value))
    return graph


def _refuse_remote(value: Any) -> None:
    """Refuse a context that would have to be fetched: this hub asks no strange address."""
    if isinstance(value, list):
        for member in value:
            _refuse_remote(member)
    elif isinstance(value, dict):
        for key, member in value.items():
            if key == "@import" or (key == "@context" and _is_remote(member)):
                raise Refused(
                    "REMOTE_CONTEXT",
                    "文件引用了外部的 @context，平台不访问外部地址。",
                    "请把 @context 的内容写在文件里后导入。",
                )
            _refuse_remote(member)


def _is_remote(context: Any) -> bool:
    members = context if isinstance(context, list) else [context]
    return any(isinstance(member, str) for member in members)


def _document(graph: Graph, dataset: Node) -> dict[str, Any]:
    has_summary = (dataset, TQ.summary, None) in graph
    summary = _chinese(graph, dataset, DCTERMS.description)
    is_ours = any(p.startswith(str(TQ)) for p in map(str, graph.predicates(dataset)))
    found: dict[str, Any] = {
        "name": _chinese(graph, dataset, DCTERMS.title),
        "summary": summary if has_summary or not is_ours else "",
        "update_cycle": _CYCLES.get(graph.value(dataset, DCTERMS.accrualPeriodicity), ""),  # type: ignore[call-overload]  # any node
        "category": "" if is_ours else _theme(graph, dataset),
    }
    found = {name: value for name, value in found.items() if value}
    found |= _own(graph, dataset, ENTRY_FIELDS)
    columns = sorted(graph.objects(dataset, TQ.item), key=lambda c: _number(graph, c))
    found["items"] = [_item(graph, column) for column in columns]
    return found


def _theme(graph: Graph, dataset: Node) -> str:
    theme = graph.value(dataset, DCAT.theme)
    return _chinese(graph, theme, SKOS.prefLabel) if theme else ""


def _chinese(graph: Graph, subject: Node, predicate: URIRef) -> str:
    """Return the Chinese text, else one without a language, else any."""
    texts = [text for text in graph.objects(subject, predicate) if isinstance(text, Literal)]
    texts.sort(key=lambda t: (not (t.language or "").startswith("zh"), t.language or "", str(t)))
    return str(texts[0]) if texts else ""


def _number(graph: Graph, column: Node) -> int:
    value = graph.value(column, TQ.position)
    python = value.toPython() if isinstance(value, Literal) else 0
    return python if isinstance(python, int) else 0


def _item(graph: Graph, column: Node) -> dict[str, Any]:
    required = graph.value(column, CSVW.required)
    found: dict[str, Any] = {
        "name_zh": _chinese(graph, column, CSVW.title),
        "name_en": _chinese(graph, column, CSVW.name),
        "data_type": _TYPES.get(graph.value(column, CSVW.datatype), "string"),  # type: ignore[call-overload]  # any node
        "nullable": not (isinstance(required, Literal) and required.toPython() is True),
    }
    return found | _own(graph, column, ITEM_FIELDS)


def _own(graph: Graph, subject: Node, known: dict[str, Field]) -> dict[str, Any]:
    found = {}
    for name, spec in known.items():
        value = graph.value(subject, TQ[name])
        if isinstance(value, Literal) and name != "summary":
            found[name] = _plain(spec, value)
    return found


def _plain(spec: Field, value: Literal) -> Any:
    if spec.kind in {Kind.WORDS, Kind.LINES, Kind.DOCUMENTS}:
        try:
            return json.loads(str(value))
        except ValueError:
            return str(value)  # the reader of documents says what is wrong with it
    return value.toPython() if spec.kind in {Kind.WHOLE, Kind.FLAG} else str(value)
