"""Readers of Iceberg as people use them, pointed at a catalogue of ours."""

import importlib
from pathlib import Path
from typing import Any

import duckdb


def extension(name: str) -> str:
    """Return the path of a DuckDB extension that came with pip."""
    folder = Path(importlib.import_module(f"duckdb_extension_{name}").__path__[0])
    return str(next(folder.rglob(f"{name}.duckdb_extension")))


def duck(url: str, warehouse: str, token: str) -> duckdb.DuckDBPyConnection:
    """Return a DuckDB with the warehouse attached as ``hub``."""
    connection = duckdb.connect()
    for name in ("avro", "httpfs", "iceberg"):
        connection.execute(f"LOAD '{extension(name)}'")
    connection.execute(f"CREATE SECRET hub_key (TYPE iceberg, TOKEN '{token}')")
    connection.execute(
        f"ATTACH '{warehouse}' AS hub (TYPE iceberg, ENDPOINT '{url}/iceberg', SECRET hub_key)"
    )
    return connection


def catalogue(url: str, warehouse: str, **more: str) -> Any:
    """Return a pyiceberg catalogue."""
    from pyiceberg.catalog.rest import RestCatalog

    more["oauth2-server-uri"] = f"{url}/iceberg/v1/oauth/tokens"
    return RestCatalog("hub", uri=f"{url}/iceberg", warehouse=warehouse, **more)
