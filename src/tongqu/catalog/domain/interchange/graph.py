"""One page of the catalogue as a graph: what an RDF writer needs, and no RDF library."""

from dataclasses import dataclass
from datetime import datetime

from tongqu.catalog.vocabulary import EntryView


@dataclass(frozen=True, slots=True)
class GraphPage:
    """``base``: address of this hub without a slash at its end; ``total``: of all pages."""

    base: str
    title: str
    publisher: str
    modified: datetime
    entries: tuple[EntryView, ...]
    total: int
    number: int = 1
    size: int = 200
    is_whole: bool = True  # False: one entry alone, without the catalogue's pages

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))
