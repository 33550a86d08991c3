"""Each branch of articles 12 and 13 is one command."""

import pytest

from tongqu.catalog.vocabulary import SharingType
from tongqu.sharing.domain.routing import Filing, pass_command, route
from tongqu.sharing.vocabulary import Command

CASES = [
    (SharingType.UNCONDITIONAL, False, True, 2, Command.GRANT),
    (SharingType.UNCONDITIONAL, False, True, 1, Command.WAIT),
    (SharingType.CONDITIONAL, False, True, 1, Command.FILE),
    (SharingType.WITHHELD, False, True, 2, Command.FILE_NEGOTIATION),
    (SharingType.UNCONDITIONAL, True, True, 2, Command.FILE_EXTERNAL),
    (SharingType.CONDITIONAL, True, False, 2, Command.FILE_UNCONNECTED),
]


@pytest.mark.parametrize(("sharing_type", "external", "connected", "assurance", "command"), CASES)
def test_a_request_takes_its_branch(
    sharing_type: SharingType, external: bool, connected: bool, assurance: int, command: Command
) -> None:
    assert route(Filing(sharing_type, external, connected, assurance)) is command


def test_nobody_reviews_the_request_of_his_own_department() -> None:
    assert pass_command(consumer_id=1, provider_id=1) is Command.PASS_OWN
    assert pass_command(consumer_id=1, provider_id=2) is Command.PASS
