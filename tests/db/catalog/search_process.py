"""A process of its own on the tests' database: ``python -m … NAME FOLDER POINT CODE``."""

import os
import signal
import sys


def main(name: str, folder: str, point: str, code: str) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tongqu.project.settings"
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = name
    settings.SEARCH = {"FOLDER": folder, "IN_TRANSACTION": False}
    import django

    django.setup()
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


if __name__ == "__main__":
    main(*sys.argv[1:])
