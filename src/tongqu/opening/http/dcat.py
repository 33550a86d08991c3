"""The open list as DCAT 3 in JSON-LD: datasets with their licence and distributions."""

from collections.abc import Iterable
from typing import Any

from tongqu.delivery.vocabulary import OpenForm
from tongqu.opening.actions.serve import place_of
from tongqu.opening.models import OpeningCase
from tongqu.opening.vocabulary import LICENCE_LINKS, Licence, OpenType

CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
TYPES: dict[OpenForm, str] = {
    OpenForm.CSV: "text/csv",
    OpenForm.JSON: "application/json",
    OpenForm.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    OpenForm.GEOJSON: "application/geo+json",
}
FREQUENCY = "http://publications.europa.eu/resource/authority/frequency/"
FREQUENCIES = {
    "realtime": "CONT", "daily": "DAILY", "weekly": "WEEKLY", "monthly": "MONTHLY",
    "quarterly": "QUARTERLY", "yearly": "ANNUAL", "irregular": "IRREG",
}  # fmt: skip


def forms_of(case: OpeningCase) -> list[OpenForm]:
    """Return the forms in which a set can be taken as a file."""
    if case.open_type != OpenType.UNCONDITIONAL:
        return []
    return [form for form in OpenForm if form is not OpenForm.GEOJSON or place_of(case)]


def catalogue(cases: Iterable[OpeningCase], base: str) -> dict[str, Any]:
    return {
        "@context": CONTEXT,
        "@id": f"{base}/open/#catalog",
        "@type": "dcat:Catalog",
        "dct:title": _zh("公共数据开放清单"),
        "foaf:homepage": {"@id": f"{base}/open/"},
        "dcat:dataset": [dataset(case, base) for case in cases],
    }


def dataset(case: OpeningCase, base: str) -> dict[str, Any]:
    page = f"{base}/open/{case.entry_code}/"
    found: dict[str, Any] = {
        "@id": f"{page}#dataset",
        "@type": "dcat:Dataset",
        "dct:identifier": case.entry_code,
        "dct:title": _zh(case.entry_name),
        "dct:description": _zh(case.summary or case.entry_name),
        "dct:publisher": {"@type": "foaf:Agent", "foaf:name": _zh(case.publisher.name)},
        "dct:accrualPeriodicity": {"@id": FREQUENCY + FREQUENCIES[case.update_cycle]},
        "dcat:landingPage": {"@id": page},
        "dcat:version": case.version,
        "dcat:distribution": [_distribution(case, form, base) for form in forms_of(case)],
    }
    if case.updated_at:
        stamp = {"@type": "xsd:dateTime", "@value": case.updated_at.isoformat()}
        found["dct:modified"] = stamp
    return found


def _distribution(case: OpeningCase, form: OpenForm, base: str) -> dict[str, Any]:
    url = f"{base}/api/v1/open/sets/{case.entry_code}/file?form={form.value}"
    licence = LICENCE_LINKS[Licence(case.licence)]
    return {
        "@id": url,
        "@type": "dcat:Distribution",
        "dct:title": f"{case.entry_name}（{form.value.upper()}）",
        "dcat:mediaType": {"@id": f"https://www.iana.org/assignments/media-types/{TYPES[form]}"},
        "dcat:downloadURL": {"@id": url},
        "dcat:accessURL": {"@id": f"{base}/open/{case.entry_code}/"},
        "dct:license": {"@id": licence} if licence else {"@id": f"{base}/open/#licence"},
    }


def _zh(text: str) -> dict[str, str]:
    return {"@value": text, "@language": "zh"}
