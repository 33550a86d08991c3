"""What an import and a scan of a database report; the door ``vocabulary`` hands it on."""

from dataclasses import dataclass
from decimal import Decimal

from tongqu.catalog.vocabulary.kinds import DataType, ImportOutcome


@dataclass(frozen=True, slots=True)
class CellError:
    """One thing wrong in an imported document, where it stands and how to put it right.

    ``where`` is ``目录!C12`` for a sheet, else a path such as ``items[3].length``.
    """

    where: str
    field: str  # the field as users call it
    message: str
    remedy: str
    path: str = ""  # the same place inside the document


@dataclass(frozen=True, slots=True)
class ImportedRow:
    """Result for one document. ``code``: the new draft, or the entry of the same name that
    stood there before (``outcome`` EXISTING); empty where ``errors`` say what is wrong."""

    position: int  # from 1, as given
    name: str
    code: str = ""
    errors: tuple[CellError, ...] = ()
    outcome: ImportOutcome = ImportOutcome.FAILED


@dataclass(frozen=True, slots=True)
class ScannedColumn:
    """技术元数据 of a column, as the database itself describes it."""

    name: str
    position: int
    source_type: str  # the database's own word
    data_type: DataType
    length: int | None = None
    nullable: bool = True
    is_key: bool = False
    comment: str = ""
    refers_to: str = ""  # "table.column" of a foreign key


@dataclass(frozen=True, slots=True)
class ScannedTable:
    """技术元数据 of a table or view. ``rows`` is an estimate; None: the database has none."""

    schema: str
    name: str
    columns: tuple[ScannedColumn, ...]
    comment: str = ""
    rows: int | None = None
    is_view: bool = False

    @property
    def title(self) -> str:
        return f"{self.schema}.{self.name}" if self.schema else self.name


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """What a scan saw in one column of a source. ``null_share`` is 0 to 1."""

    name: str
    data_type: DataType
    nullable: bool
    null_share: Decimal
    distinct: int
    max_length: int
    shapes: tuple[str, ...] = ()
    level: int = 1
    detector: str = ""
    mask: str = "none"
    is_key_candidate: bool = False
    sketch: tuple[int, ...] = ()  # smallest salted hashes of the values seen


@dataclass(frozen=True, slots=True)
class SourceProfile:
    source_code: str
    title: str
    rows: int
    columns: tuple[ColumnProfile, ...]
