"""The port of interchange: one door, each form in its own module, loaded when it is used."""

from collections.abc import Mapping, Sequence
from typing import Any

from tongqu.catalog.ports import GraphPage, Sheet, SheetOut


class Files:
    def read_sheets(self, content: bytes, *, name: str) -> Sequence[Sheet]:
        from tongqu.adapters.interchange.sheets_in import read

        return read(content, name=name)

    def write_sheets(self, sheets: Sequence[SheetOut]) -> bytes:
        from tongqu.adapters.interchange.sheets_out import write

        return write(sheets)

    def read_graph(self, content: bytes, *, form: str) -> list[dict[str, Any]]:
        from tongqu.adapters.interchange.dcat_in import read

        return read(content, form=form)

    def write_graph(self, page: GraphPage, *, form: str) -> bytes:
        from tongqu.adapters.interchange.dcat_out import write

        return write(page, form=form)

    def read_contract(self, content: bytes) -> Any:
        from tongqu.adapters.interchange.contracts import read

        return read(content)

    def write_contract(self, contract: Mapping[str, Any], *, form: str) -> bytes:
        from tongqu.adapters.interchange.contracts import write

        return write(contract, form=form)
