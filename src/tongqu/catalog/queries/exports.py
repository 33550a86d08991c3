"""Entries on their way out: pages of what an asker may see, in every form."""

import json
from typing import Any

from django.conf import settings

from tongqu.catalog import ports
from tongqu.catalog.domain.interchange import contract as contracts
from tongqu.catalog.domain.interchange import export
from tongqu.catalog.domain.interchange.graph import GraphPage
from tongqu.catalog.models import ImportRun
from tongqu.catalog.queries import views, visible
from tongqu.catalog.vocabulary import IN_FORCE, EntryView
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor

_IN_FORCE = sorted(state.value for state in IN_FORCE)


def page(actor: Actor, *, number: int = 1, size: int = 200) -> GraphPage:
    """Return one page of the entries in force that the asker may see, by identifier."""
    found = visible(actor).filter(state__in=_IN_FORCE).order_by("entry__code")
    start = (number - 1) * size
    return _page(views(found[start : start + size]), total=found.count(), number=number, size=size)


def alone(entry: EntryView) -> GraphPage:
    return _page((entry,), total=1, is_whole=False)


def _page(entries: tuple[EntryView, ...], **given: Any) -> GraphPage:
    return GraphPage(
        base=settings.BASE_URL.rstrip("/"),
        title="数据目录",
        publisher="通衢数据共享平台",
        modified=max((e.valid_from for e in entries if e.valid_from), default=clock.now()),
        entries=entries,
        **given,
    )


def write(page: GraphPage, form: str) -> bytes:
    """Return the page as xlsx or JSON (which the import reads back), or as DCAT-AP 3."""
    match form:
        case "xlsx":
            return ports.interchange().write_sheets(export.sheets(page.entries))
        case "json":
            documents = [export.entry_document(entry) for entry in page.entries]
            return json.dumps({"entries": documents}, ensure_ascii=False, indent=1).encode()
        case _:
            return ports.interchange().write_graph(page, form=form)


def contract(entry: EntryView, form: str) -> bytes:
    """Return an entry as an ODCS data contract."""
    base = settings.BASE_URL.rstrip("/")
    return ports.interchange().write_contract(contracts.contract(entry, base=base), form=form)


def failures(run: ImportRun) -> bytes:
    """Return what an import could not take, as a workbook to correct and hand in again."""
    return ports.interchange().write_sheets(export.failed(run.failures))


def template(actor: Actor) -> bytes:
    """Return the layout with one example row of the asker's own department."""
    return ports.interchange().write_sheets(
        export.tables([export.example(actor.organisation_name)])
    )
