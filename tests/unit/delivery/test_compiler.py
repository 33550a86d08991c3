"""The grant as SQL: no text of a caller in it, no column that was not granted."""

from dataclasses import replace
from typing import Any

import pytest
import sqlglot
from hypothesis import given
from hypothesis import strategies as st
from sqlglot import exp

from tests.unit.delivery.test_gate import ITEMS, TERMS
from tongqu.delivery.domain.compiler import (
    Inconsistent,
    Position,
    Query,
    Shape,
    compile_grant,
)
from tongqu.delivery.domain.filters import read_filters
from tongqu.delivery.domain.gate import columns_of
from tongqu.delivery.vocabulary import Filter, Operator
from tongqu.kernel.problems import Rejected
from tongqu.security.vocabulary import Mask

VALUES = st.text(max_size=40) | st.sampled_from(
    ["' OR 1=1 --", '"; DROP TABLE granted; --', "$1", "?", "{{x}}", "1) UNION SELECT 1", "%"]
)


def cover(_mask: Mask, column: str, salt: str) -> Any:
    return exp.func(
        "left", exp.column(exp.to_identifier(column, quoted=True)), exp.Literal.number(3)
    )


def compiled(query: Query, terms=TERMS):
    return compile_grant(terms, ITEMS, query, mask=cover, salt="s")


@pytest.mark.parametrize("shape", list(Shape))
def test_a_compiled_grant_reads_one_table_and_only_granted_columns(shape: Shape) -> None:
    tree = sqlglot.parse_one(compiled(Query(shape)).sql, dialect="duckdb")

    tables = {table.name for table in tree.find_all(exp.Table)} - {"page"}
    read = {column.name for column in tree.find_all(exp.Column)}
    assert tables == {"granted"}
    assert read <= {"id", "phone", "_seq", "_row_hash", "_op"}


@given(st.sampled_from(list(Operator)), VALUES, VALUES)
def test_a_callers_text_is_bound_and_never_part_of_the_sql(operator, one, two) -> None:
    pairs = [(f"source__{operator.value}" if operator != Operator.EQ else "source", f"{one},{two}")]
    terms = replace(TERMS, items=("id", "source"))
    try:
        filters = read_filters(pairs, columns_of(terms, ITEMS))
    except Rejected:
        return
    found = compile_grant(terms, ITEMS, Query(Shape.PAGE, filters), mask=cover, salt="s")

    plain = compile_grant(
        terms,
        ITEMS,
        Query(Shape.PAGE, tuple(replace(f, values=("x",) * len(f.values)) for f in filters)),
        mask=cover,
        salt="s",
    )
    assert found.sql == plain.sql
    assert found.sql.count("?") == len(found.parameters)


@given(st.text(max_size=30), VALUES)
def test_whatever_the_name_of_a_parameter_only_granted_clear_items_are_filters(name, value) -> None:
    try:
        filters = read_filters([(name, value)], columns_of(TERMS, ITEMS))
    except Rejected as error:
        code = error.problem.code
    else:
        code = ",".join(found.item for found in filters)

    assert code in {"FILTER_NOT_ALLOWED", "FILTER_INVALID", "id"}


def test_the_parameters_stand_in_the_order_of_their_marks() -> None:
    terms = replace(TERMS, row_filter=(Filter("source", Operator.IN, ("甲", "乙")),))
    query = Query(Shape.PAGE, (Filter("id", Operator.BETWEEN, ("1", "9")),), Position(5, "ab"), 100)

    found = compiled(query, terms)

    assert found.parameters == ("甲", "乙", 1, 9, 5, 5, "ab", 100)
    assert found.sql.count("?") == 8


def test_a_row_filter_on_an_item_the_version_lacks_gives_nothing() -> None:
    terms = replace(TERMS, row_filter=(Filter("gone", Operator.EQ, ("1",)),))

    with pytest.raises(Inconsistent):
        compiled(Query(Shape.TABLE), terms)


def test_a_grant_whose_items_are_all_gone_gives_nothing() -> None:
    with pytest.raises(Inconsistent):
        compiled(Query(Shape.TABLE), replace(TERMS, items=("gone",)))
