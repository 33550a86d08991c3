"""Keep the library."""

from collections.abc import Mapping

from tongqu.kernel.actor import Actor
from tongqu.standards.vocabulary import StandardView


def save_standard(document: Mapping[str, object], *, by: Actor) -> StandardView:
    raise NotImplementedError
