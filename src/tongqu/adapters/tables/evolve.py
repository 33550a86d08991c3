"""Schemas that grow: what a table lacks is added, what does not fit is refused."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pyiceberg.schema import Schema
from pyiceberg.table import Table

from tongqu.adapters.tables.types import duckdb_type, widened
from tongqu.lake.vocabulary import SchemaChanged

if TYPE_CHECKING:
    import pyarrow as pa


def evolve(
    table: Table, schema: "pa.Schema", properties: Mapping[str, str], *, exact: bool
) -> None:
    """Bring a table's schema and properties in line; commit only when something differs."""
    wanted: Schema = table.catalog._convert_schema_if_needed(schema)
    known = {field.name: field.field_type for field in table.schema().fields}
    came = {field.name: field.field_type for field in wanted.fields}
    wider = {}
    for name in came.keys() & known.keys():
        kind = widened(known[name], came[name])
        if kind is None:
            raise SchemaChanged(
                table.name()[-1], name, duckdb_type(known[name]), duckdb_type(came[name])
            )
        if kind != known[name]:
            wider[name] = kind
    added = [name for name in came if name not in known]
    gone = sorted(known.keys() - came.keys()) if exact else []
    changed = {k: v for k, v in properties.items() if table.properties.get(k) != v}
    if not (wider or added or gone or changed):
        return
    with table.transaction() as step:
        if wider or added or gone:
            with step.update_schema(allow_incompatible_changes=bool(gone)) as update:
                for name, kind in wider.items():
                    update.update_column(name, field_type=kind)
                for name in gone:
                    update.delete_column(name)
                for name in added:
                    update.add_column(name, came[name])
        if changed:
            step.set_properties(changed)
