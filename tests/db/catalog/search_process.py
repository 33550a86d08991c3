"""What a process of its own does on the tests' database, until it kills itself at a point."""

import os
import signal


def main(name: str, point: str, code: str) -> None:
    from django.db import connections

    connections.databases["default"]["NAME"] = name
    from tongqu.adapters.search.index import TantivyIndex
    from tongqu.catalog import ports
    from tongqu.catalog.actions.draft import edit_draft
    from tongqu.catalog.public import search
    from tongqu.catalog.vocabulary import SearchFilters
    from tongqu.kernel.actor import PLATFORM

    def die(at: str) -> None:
        if at == point:
            os.kill(os.getpid(), signal.SIGKILL)

    index = ports.search_index()._index()  # type: ignore[attr-defined, union-attr]
    assert isinstance(index, TantivyIndex)
    index._step = die
    edit_draft(code, by=PLATFORM, fields={"name": "示例改后信息"})
    die("after the transaction")
    search("", SearchFilters(), PLATFORM)
