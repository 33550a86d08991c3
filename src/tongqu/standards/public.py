"""Doors of standards: the library, code tables, cross-walks, elements, checks, messages.

A check is data (``vocabulary.Check``). ``parse_checks`` reads documents strictly and raises
``BadDocument``; ``check_sql`` writes a check as DuckDB SQL. The ``save_`` doors raise
``Rejected`` (BAD_DOCUMENT names the place). Moments in columns are Shanghai wall clocks.
"""

from tongqu.standards.actions.codes import save_code_table, save_crosswalk
from tongqu.standards.actions.elements import save_elements
from tongqu.standards.actions.library import save_standard
from tongqu.standards.actions.messages import save_message_format
from tongqu.standards.domain.checks import names as columns_of_check
from tongqu.standards.domain.checks import parse_checks
from tongqu.standards.domain.messages import parse_format as parse_message_format
from tongqu.standards.domain.types import fits
from tongqu.standards.queries.codes import (
    code_table,
    code_tables,
    codes_on,
    crosswalk,
    crosswalk_sql,
)
from tongqu.standards.queries.elements import check_sql, element, elements, facts_for
from tongqu.standards.queries.library import standard, standards, todos
from tongqu.standards.queries.messages import message_differences, validate_message
from tongqu.standards.queries.rules import units_without_rule

__all__ = [
    "check_sql",
    "code_table",
    "code_tables",
    "codes_on",
    "columns_of_check",
    "crosswalk",
    "crosswalk_sql",
    "element",
    "elements",
    "facts_for",
    "fits",
    "message_differences",
    "parse_checks",
    "parse_message_format",
    "save_code_table",
    "save_crosswalk",
    "save_elements",
    "save_message_format",
    "save_standard",
    "standard",
    "standards",
    "todos",
    "units_without_rule",
    "validate_message",
]  # fmt: skip
