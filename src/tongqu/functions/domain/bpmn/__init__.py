"""BPMN 2.0 XML: read another tool's file safely, and write ours back into it.

Lanes are ``lane`` in a ``laneSet``; phases are values of a ``category`` that nodes name and
``group`` draws; catalogue entries are ``dataObjectReference`` with our ``entry`` extension,
joined by ``dataInputAssociation`` (使用) and ``dataOutputAssociation`` (产生、更新、归档).
What we do not know stays where it was.
"""

from tongqu.functions.domain.bpmn.reading import read
from tongqu.functions.domain.bpmn.writing import write

__all__ = ["read", "write"]
