"""Keep code tables and cross-walks."""

from collections.abc import Mapping

from tongqu.kernel.actor import Actor
from tongqu.standards.vocabulary import CodeTable


def save_code_table(document: Mapping[str, object], *, by: Actor) -> CodeTable:
    raise NotImplementedError


def save_crosswalk(document: Mapping[str, object], *, by: Actor) -> int:
    raise NotImplementedError
