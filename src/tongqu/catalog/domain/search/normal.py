"""One spelling of a text: half-width, lower case, simplified characters."""

import unicodedata
from functools import cache

from tongqu.catalog.domain.search.tables import variants


def normal(text: str) -> str:
    """Return the text as the index and the query both spell it.

    NFKC makes full-width letters half-width; traditional characters become simplified ones.
    """
    return unicodedata.normalize("NFKC", text).lower().translate(_simplified())


@cache
def _simplified() -> dict[int, int]:
    pairs = variants()
    return {ord(pair[0]): ord(pair[1]) for pair in pairs}
