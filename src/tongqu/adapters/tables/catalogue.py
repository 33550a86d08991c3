"""Where the Iceberg catalogue lives, and how it is opened."""

import sqlite3
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections
from pyiceberg.catalog.sql import SqlCatalog
from sqlalchemy.engine import URL

from tongqu.adapters.tables.warehouse import Warehouse
from tongqu.lake.vocabulary import Layer


def catalogue_uri(folder: Path) -> str:
    """Return the catalogue's address: as set, else derived from the control database.

    On SQLite it is a file of its own in the lake's folder on this machine: a commit to the
    lake inside a request's transaction would wait for the very lock that the request holds.
    On PostgreSQL it shares the database, where rows and not files are locked.
    """
    if uri := str(settings.LAKE["CATALOG_URI"]):
        return uri
    control = connections["default"]
    if control.vendor == "postgresql":
        return _postgresql(control.settings_dict)
    return f"sqlite:///{folder / 'catalogue.db'}?timeout=60"


def _postgresql(found: dict[str, Any]) -> str:
    host = str(found.get("HOST") or "")
    query = {key: str(value) for key, value in (found.get("OPTIONS") or {}).items()}
    if host.startswith("/"):  # a socket's folder does not fit into the authority part
        query["host"], host = host, ""
    return URL.create(
        "postgresql+psycopg",
        username=found.get("USER") or None,
        password=found.get("PASSWORD") or None,
        host=host or None,
        port=int(found["PORT"]) if found.get("PORT") else None,
        database=str(found["NAME"]),
        query=query,
    ).render_as_string(hide_password=False)


def open_catalogue(warehouse: Warehouse) -> SqlCatalog:
    """Open the catalogue, making it and the layers' namespaces on the first day."""
    warehouse.prepare()
    uri = catalogue_uri(warehouse.folder)
    if uri.startswith("sqlite:///"):
        _write_ahead(uri.removeprefix("sqlite:///").split("?")[0])
    catalog = SqlCatalog(
        str(settings.LAKE.get("CATALOG_NAME", "tongqu")),
        uri=uri,
        warehouse=warehouse.uri,
        pool_pre_ping="true",
        **warehouse.properties,
    )
    for layer in Layer:
        catalog.create_namespace_if_not_exists(layer.value)
    return catalog


def _write_ahead(path: str) -> None:
    """Readers must not wait for the writer; the journal mode stays with the file."""
    connection = sqlite3.connect(path, timeout=60)
    try:
        connection.execute("PRAGMA journal_mode=WAL")
    finally:
        connection.close()
