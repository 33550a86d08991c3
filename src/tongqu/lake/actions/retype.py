"""Types of derived tables that come late."""

from typing import TYPE_CHECKING

from tongqu.kernel.statements import quoted
from tongqu.lake.ports import engine, store
from tongqu.lake.vocabulary import TableRef

if TYPE_CHECKING:
    import pyarrow as pa


def retype_empty(ref: TableRef, schema: "pa.Schema") -> None:
    """Make room for columns that have been without any value so far and now come typed.

    A field of a declared model has no type of its own before the first source that gives it.
    """
    import pyarrow as pa

    if store().current(ref) is None:
        return
    held = store().schema(ref)
    other = [f.name for f in schema if f.name in held.names and held.field(f.name).type != f.type]
    if not other:
        return
    counts = ", ".join(f"count({quoted(name)})" for name in other)
    with engine().relation(f"SELECT {counts} FROM t", tables={"t": ref}) as found:  # noqa: S608  # quoted
        values = found.arrow().to_pylist()[0].values()
    empty = {name for name, count in zip(other, values, strict=True) if not count}
    if empty:
        kept = pa.schema([field for field in held if field.name not in empty])
        store().ensure(ref, kept, exact=True)
