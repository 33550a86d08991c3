"""Doors of standards: the library, code tables, cross-walks, elements, checks, messages.

A check is data (``vocabulary.Check``). ``parse_checks`` reads documents strictly;
``check_sql`` writes a check as DuckDB SQL. Moments in columns are Shanghai wall clocks.
"""

from tongqu.standards.actions.codes import save_code_table, save_crosswalk
from tongqu.standards.actions.elements import save_elements
from tongqu.standards.actions.library import save_standard
from tongqu.standards.actions.messages import save_message_format
from tongqu.standards.domain.checks import names as columns_of_check
from tongqu.standards.domain.checks import parse_checks
from tongqu.standards.queries.codes import (
    code_table,
    code_tables,
    codes_on,
    crosswalk,
    crosswalk_sql,
)
from tongqu.standards.queries.elements import check_sql, element, elements, facts_for

__all__ = [
    "check_sql", "code_table", "code_tables", "codes_on", "columns_of_check", "crosswalk",
    "crosswalk_sql", "element", "elements", "facts_for", "parse_checks", "save_code_table",
    "save_crosswalk", "save_elements", "save_message_format", "save_standard",
]  # fmt: skip
