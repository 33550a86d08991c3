"""Keep message formats."""

from collections.abc import Mapping

from tongqu.kernel.actor import Actor


def save_message_format(document: Mapping[str, object], *, by: Actor) -> str:
    raise NotImplementedError
