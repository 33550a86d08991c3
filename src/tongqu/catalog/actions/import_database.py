"""Draft entries from a live database: looked at whole first, written afterwards or not at all."""

import hashlib
import json

from django.db import transaction

from tongqu.catalog import ports
from tongqu.catalog.actions.import_documents import Incoming
from tongqu.catalog.actions.import_file import Parsed, settle
from tongqu.catalog.domain.interchange import scanned
from tongqu.catalog.models import ImportRun
from tongqu.catalog.vocabulary import ImportForm, ScannedTable
from tongqu.identity.public import require
from tongqu.identity.vocabulary import Permission
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.policy.clauses import measures_2021 as law

EMPTY = Problem(
    code="NO_TABLES",
    title="数据库里没有看得到的表或视图。",
    next_step="请核对模式的名称和账号的权限。",
    basis=law.COMPILE,
    fields={"schema": "没有看得到的表或视图"},
)


def scan_database(address: str, *, by: Actor, schema: str = "") -> tuple[ScannedTable, ...]:
    """Return the technical metadata of a live database. Nothing is stored.

    Raises: ``Rejected`` ADDRESS_REFUSED, DRIVER_MISSING, SOURCE_UNREACHABLE, SCHEMA_UNKNOWN.
    """
    if by.kind != "platform":
        require(by, Permission.CATALOG_ENTRY_DRAFT)
    return tuple(ports.scanner().scan(address, schema=schema))


def import_database(
    address: str, *, source_system: str, by: Actor, schema: str = "", dry_run: bool = False
) -> ImportRun:
    """Make a draft of every table and view. The address is used now and kept nowhere.

    The scan ends before the first write: a database that goes away leaves nothing behind.
    """
    tables = scan_database(address, by=by, schema=schema)
    if not tables:
        raise Rejected(EMPTY)
    documents = scanned.documents(tables, source_system=source_system)
    content = json.dumps(documents, ensure_ascii=False).encode()
    run = ImportRun(
        provider_id=by.organisation_id or 0, at=clock.now(), by=str(by),
        name=f"{source_system} {schema}".strip()[:200], form=ImportForm.DATABASE,
        digest=hashlib.sha256(content).hexdigest(), content=content if dry_run else b"",
    )  # fmt: skip
    parsed = Parsed(ImportForm.DATABASE, [Incoming(document) for document in documents])
    parsed.notes.append(f"扫描到 {len(tables)} 张表和视图；业务元数据待补")
    with transaction.atomic():
        ports.announce_scan(source_system, tables, by)  # the ledger keeps what was seen
        return settle(run, parsed, by=by, dry_run=dry_run)
