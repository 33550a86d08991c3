"""Import a file: look first, confirm then; what is wrong comes back as a sheet."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from django.db import transaction

from tongqu.audit.public import record
from tongqu.catalog import ports
from tongqu.catalog.actions.import_documents import Incoming, take
from tongqu.catalog.domain import problems
from tongqu.catalog.domain.interchange import cells, layout
from tongqu.catalog.domain.interchange import contract as contracts
from tongqu.catalog.domain.interchange.fields import ENTRY_FIELDS, ITEM_FIELDS, Field
from tongqu.catalog.domain.interchange.layout import RawDocument, Refused
from tongqu.catalog.models import ImportRun
from tongqu.catalog.vocabulary import (
    CellError,
    ImportedRow,
    ImportForm,
    ImportOutcome,
    ImportState,
)
from tongqu.identity.public import require
from tongqu.identity.vocabulary import Permission
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.policy.clauses import measures_2021 as law

MOST_BYTES = 20 << 20
MOST_DOCUMENTS = 20_000


@dataclass(slots=True)
class Parsed:
    form: ImportForm
    incoming: list[Incoming]
    notes: list[str] = field(default_factory=list)


@transaction.atomic
def import_file(content: bytes, *, name: str, by: Actor, dry_run: bool = False) -> ImportRun:
    """Take a file over: drafts for the good entries, reasons for the others.

    A dry run writes no entry and keeps the file until ``confirm``. Raises: ``Rejected`` for a
    file that cannot be read at all; then nothing is written.
    """
    require(by, Permission.CATALOG_ENTRY_DRAFT)
    parsed = parse(content, name=name)
    run = ImportRun(
        provider_id=by.organisation_id or 0, at=clock.now(), by=str(by), name=name[-200:],
        form=parsed.form, digest=hashlib.sha256(content).hexdigest(),
        content=content if dry_run else b"",
    )  # fmt: skip
    return settle(run, parsed, by=by, dry_run=dry_run)


@transaction.atomic
def confirm(run_id: int, *, by: Actor) -> ImportRun:
    """Import what was looked at. The file is read anew: names may have been taken meanwhile."""
    run = ImportRun.objects.select_for_update().filter(pk=run_id).first()
    if run is None or run.provider_id != by.organisation_id:
        raise Rejected(problems.IMPORT_UNKNOWN)
    if run.state != ImportState.PREVIEW:
        raise Rejected(problems.IMPORT_DONE)
    content = bytes(run.content)
    run.content = b""
    name = "scan.json" if run.form == ImportForm.DATABASE else run.name
    return settle(run, parse(content, name=name), by=by, dry_run=False)


def settle(run: ImportRun, parsed: Parsed, *, by: Actor, dry_run: bool) -> ImportRun:
    """Import, and write down what became of every document."""
    rows = take(parsed.incoming, by=by, provider_id=run.provider_id, dry_run=dry_run)
    counts = [row.outcome for row in rows]
    run.state = ImportState.PREVIEW if dry_run else ImportState.DONE
    run.total = len(rows)
    run.items = sum(_items_of(one.document) for one in parsed.incoming)
    run.drafted = counts.count(ImportOutcome.DRAFTED)
    run.existing = counts.count(ImportOutcome.EXISTING)
    run.failed = counts.count(ImportOutcome.FAILED)
    run.notes = parsed.notes or run.notes
    run.rows = [[row.name, row.code, row.outcome.value] for row in rows if not row.errors]
    run.failures = [
        _failure(row, one) for row, one in zip(rows, parsed.incoming, strict=True) if row.errors
    ]
    run.save()
    action = "catalog.import.previewed" if dry_run else "catalog.import.done"
    figures = {"drafted": run.drafted, "existing": run.existing, "failed": run.failed}
    record(action, by=by, subject=f"import {run.pk}", rows=run.items, basis=law.COMPILE,
           details=figures | {"form": run.form, "sha256": run.digest})  # fmt: skip
    return run


def _items_of(document: object) -> int:
    items = document.get("items") if isinstance(document, Mapping) else None
    return len(items) if isinstance(items, Sequence) else 0


def _failure(row: ImportedRow, one: Incoming) -> dict[str, Any]:
    entry, items = one.written() if one.written else _as_written(one.document)
    return {
        "position": row.position,
        "name": row.name,
        "entry": entry,
        "items": items,
        "errors": [_error(error) for error in row.errors],
    }


def _error(error: CellError) -> dict[str, Any]:
    head, _, name = error.path.partition(".")
    is_item = head.startswith("items[")
    return {
        "where": error.where,
        "field": error.field,
        "message": error.message,
        "remedy": error.remedy,
        "item": int(head[6:-1]) if is_item else 0,
        "key": name if is_item else head,
    }


def _as_written(document: object) -> tuple[dict[str, str], list[dict[str, str]]]:
    if not isinstance(document, Mapping):
        return {}, []
    items = document.get("items")
    rows = items if isinstance(items, list) else []
    return _texts(document, ENTRY_FIELDS), [
        _texts(row, ITEM_FIELDS) for row in rows if isinstance(row, Mapping)
    ]


def _texts(values: Mapping[Any, object], specs: Mapping[str, Field]) -> dict[str, str]:
    found = {}
    for name, spec in specs.items():
        value = values.get(name)
        if value is None or value == "":
            continue
        try:
            found[name] = str(cells.shown(spec, value))
        except (TypeError, ValueError, OverflowError):  # a number without end is none
            found[name] = json.dumps(value, ensure_ascii=False, default=str)[:500]
    return found


def parse(content: bytes, *, name: str) -> Parsed:
    """Read a file by what it is. Raises: ``Rejected``."""
    if len(content) > MOST_BYTES:
        raise Rejected(too_big())
    try:
        parsed = _parse(content, name)
    except Refused as refused:
        raise Rejected(_problem(refused)) from None
    if len(parsed.incoming) > MOST_DOCUMENTS:
        raise Rejected(_problem(_too_many(len(parsed.incoming))))
    return parsed


def _parse(content: bytes, name: str) -> Parsed:
    suffix = PurePosixPath(name.lower()).suffix
    start = content[:4096].lstrip(b"\xef\xbb\xbf \r\n\t")
    if suffix in {".ttl", ".jsonld"}:
        form = suffix.removeprefix(".")
        return _documents(ports.interchange().read_graph(content, form=form), ImportForm.DCAT)
    if suffix in {".yaml", ".yml"}:
        return _contract(content)
    if suffix == ".json" or start.startswith((b"{", b"[")):
        return _json(content)
    found = layout.read(ports.interchange().read_sheets(content, name=name))
    is_book = start.startswith((b"PK", b"\xd0\xcf"))
    return Parsed(
        ImportForm.WORKBOOK if is_book else ImportForm.CSV,
        [of_sheet(raw) for raw in found.documents],
        found.notes,
    )


def of_sheet(raw: RawDocument) -> Incoming:
    return Incoming(
        raw.document, tuple(raw.faults), raw.cell, raw.place, lambda: layout.written(raw)
    )


def _documents(documents: Iterable[object], form: ImportForm) -> Parsed:
    held = list(documents)
    try:
        json.dumps(held, ensure_ascii=False, default=str).encode()
    except UnicodeEncodeError:  # half a surrogate pair: no database keeps it
        raise Refused(
            "NOT_WHAT_IT_SAYS", "文件里有残缺的字符，不能保存。", "请重新导出后导入。"
        ) from None
    return Parsed(form, [Incoming(document) for document in held])


def _contract(content: bytes) -> Parsed:
    found = contracts.documents(ports.interchange().read_contract(content))
    return _documents(found, ImportForm.CONTRACT)


def _json(content: bytes) -> Parsed:
    """Read documents, a DCAT graph or a data contract: the keys tell which."""
    try:
        found = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise Refused(
            "NOT_WHAT_IT_SAYS", "文件不是完整的 JSON（UTF-8）。", "请重新导出后导入。"
        ) from None
    if isinstance(found, dict) and "@context" in found:
        graph = ports.interchange().read_graph(content, form="jsonld")
        return _documents(graph, ImportForm.DCAT)
    if isinstance(found, dict) and found.get("kind") == "DataContract":
        return _contract(content)
    if isinstance(found, dict) and isinstance(found.get("entries"), list):
        found = found["entries"]
    documents = found if isinstance(found, list) else [found]
    if not documents:
        raise Refused("EMPTY_FILE", "文件里没有目录条目。", "请核对文件后重新导入。")
    return _documents(documents, ImportForm.JSON)


def _problem(refused: Refused) -> Problem:
    return Problem(
        code=refused.code,
        title=refused.title,
        next_step=refused.next_step,
        basis=law.COMPILE,
        fields={"file": f"{refused.title}{refused.next_step}"},
    )


def too_big() -> Problem:
    return _problem(
        Refused("FILE_TOO_LARGE", f"文件超过 {MOST_BYTES >> 20} MB。", "请拆成几份文件分别导入。")
    )


def _too_many(count: int) -> Refused:
    return Refused(
        "TOO_MANY_ROWS",
        f"文件有 {count} 个目录条目，超过一次导入的 {MOST_DOCUMENTS} 个。",
        "请拆成几份文件分别导入。",
    )
