"""Send what is wrong to the department that produces it, by quality's door."""

from contextlib import suppress

from tongqu.kernel.actor import PLATFORM
from tongqu.kernel.problems import Rejected
from tongqu.quality.public import file_ticket


def to_producer(entry_code: str, title: str) -> str:
    """File a ticket with the entry's department; return its number.

    "": no published entry, or it takes no ticket; the page of the finding tells it alone.
    """
    if entry_code:
        with suppress(Rejected):
            return file_ticket(entry_code, title=title, by=PLATFORM).number
    return ""
