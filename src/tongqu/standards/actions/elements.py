"""Keep data elements."""

from collections.abc import Mapping, Sequence

from tongqu.kernel.actor import Actor
from tongqu.standards.vocabulary import Element


def save_elements(documents: Sequence[Mapping[str, object]], *, by: Actor) -> tuple[Element, ...]:
    raise NotImplementedError
