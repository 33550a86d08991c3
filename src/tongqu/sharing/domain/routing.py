"""Where a filed request goes, and how long the next stage may take (articles 6, 12, 13)."""

from dataclasses import dataclass
from typing import assert_never

from tongqu.catalog.vocabulary import SharingType
from tongqu.sharing.vocabulary import Command

VERIFIED = 2  # 实名核验: the assurance an automatic grant needs


@dataclass(frozen=True, slots=True)
class Filing:
    """What routing needs to know about a request and the entry it names."""

    sharing_type: SharingType
    is_external: bool
    is_connected: bool
    assurance: int


def route(filing: Filing) -> Command:
    """Return the filing command: the branch of article 12 or 13 that this request takes.

    Non-sector data (行业外) goes to the managing office whatever its sharing type.
    """
    if filing.is_external:
        return Command.FILE_EXTERNAL if filing.is_connected else Command.FILE_UNCONNECTED
    match filing.sharing_type:
        case SharingType.UNCONDITIONAL:
            return Command.GRANT if filing.assurance >= VERIFIED else Command.WAIT
        case SharingType.CONDITIONAL:
            return Command.FILE
        case SharingType.WITHHELD:
            return Command.FILE_NEGOTIATION
    assert_never(filing.sharing_type)


def pass_command(*, consumer_id: int, provider_id: int) -> Command:
    """Return how a passed first review goes on: nobody reviews his own department's request."""
    return Command.PASS_OWN if consumer_id == provider_id else Command.PASS
