"""Whatever an entry says, it comes back from each form as it went out."""

import contextlib
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from tongqu.adapters.interchange import contracts, dcat_in, dcat_out, sheets_in, sheets_out
from tongqu.catalog.domain.interchange import contract as odcs
from tongqu.catalog.domain.interchange import export, layout
from tongqu.catalog.domain.interchange.documents import read as read_document
from tongqu.catalog.domain.interchange.fields import ENTRY, Mask
from tongqu.catalog.domain.interchange.graph import GraphPage
from tongqu.catalog.vocabulary import (
    AdminLevel,
    BasicClass,
    BusinessDomain,
    DataFormat,
    DataType,
    Domain,
    EntryKind,
    EntryState,
    EntryView,
    ItemView,
    Manner,
    Scope,
    SharingType,
    Strategy,
    TransportMode,
    UpdateCycle,
)
from tongqu.kernel import clock

QUICK = settings(
    max_examples=20, deadline=None, derandomize=True, database=None,
    suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate],
)  # fmt: skip
ODD = ["=1+1", "@SUM(A1)", "+1", "-1", "_x0041_", "1e5", "007", "甲\n乙", "#N/A 之类", "{=1}"]
WORDS = st.text("甲乙省Ab１（）19=+-@,;、：\"'<>&#|_\\/%é𠮷", min_size=1, max_size=12)
PROSE = WORDS | st.sampled_from(ODD)
NAMES = st.sampled_from(["a", "plate_no", "colour", "x1", "vin", "seen_at", "null", "y", "no"])
LINES = st.lists(
    st.sampled_from(["JT/T 697", "委托书", "示例：规定", "a,b", "=x", "甲 乙"]),
    max_size=3,
    unique=True,
).map(tuple)


def item(position: int, name: str) -> st.SearchStrategy[ItemView]:
    return st.builds(
        ItemView, position=st.just(position), name_zh=PROSE, name_en=st.just(name),
        data_type=st.sampled_from(DataType),
        length=st.none() | st.integers(1, 2_000_000_000), code_table=st.just("") | NAMES,
        nullable=st.booleans(), is_key=st.booleans(), level=st.integers(1, 4),
        is_shareable=st.booleans(), is_openable=st.booleans(),
        source_column=st.just("") | NAMES, mask=st.sampled_from(Mask).map(str),
        element=st.just("") | NAMES,
    )  # fmt: skip


@st.composite
def entries(draw: Any) -> EntryView:
    names = draw(st.lists(NAMES, max_size=4, unique=True))
    some = lambda words: st.lists(st.sampled_from(words), unique=True).map(tuple)  # noqa: E731
    maybe = lambda words: st.none() | st.sampled_from(words)  # noqa: E731
    build = st.builds(
        EntryView, id=st.just(1), code=st.just("990000-MH-CA-000001-P"), name=PROSE,
        kind=st.sampled_from(EntryKind), state=st.just(EntryState.PUBLISHED),
        version=st.just("1.0"), version_id=st.just(1), provider_id=st.just(1),
        provider_code=st.just("990000-MH"), provider_name=st.just("示例省民航处"),
        sharing_type=st.sampled_from(SharingType), scope=st.sampled_from(Scope),
        scope_codes=st.lists(st.sampled_from(["990000-YJ", "990100"]), unique=True).map(tuple),
        conditions=st.just("") | PROSE, materials=LINES, manners=some(Manner),
        update_cycle=st.sampled_from(UpdateCycle), level=st.integers(1, 4),
        domain=st.sampled_from(Domain), category=st.just("") | PROSE, formats=some(DataFormat),
        source_system=st.just("") | PROSE, summary=st.just("") | PROSE,
        items=st.tuples(*(item(n, name) for n, name in enumerate(names, start=1))),
        withheld_basis=st.just(()), basic_class=maybe(BasicClass), is_external=st.booleans(),
        is_example=st.just(True), connected_at=st.none(), connected_rows=st.just(0),
        table=st.just(""), admin_level=maybe(AdminLevel), mode=maybe(TransportMode),
        business=maybe(BusinessDomain), accountable=st.just("") | PROSE, legal_basis=LINES,
        standards=LINES, tools=LINES, strategies=some(Strategy),
        checks=st.just(()) | st.just(({"code": "R-1", "limits": {"min": 1}},)),
        project=st.just("") | NAMES,
    )  # fmt: skip
    return draw(build)


def said(document: dict[str, Any]) -> tuple[dict[str, Any], tuple[ItemView, ...]]:
    found = read_document(document)
    assert found.faults == []
    kept = {spec.name: spec.default for spec in ENTRY} | found.fields
    kept.pop("provider_code", None)
    return kept, found.items


def by_sheet(entry: EntryView) -> dict[str, Any]:
    content = sheets_out.write(export.sheets([entry]))
    (raw,) = layout.read(sheets_in.read(content, name="a.xlsx")).documents
    assert raw.faults == []
    return raw.document


def by_contract(entry: EntryView) -> dict[str, Any]:
    content = contracts.write(odcs.contract(entry, base="https://hub.example"), form="yaml")
    (found,) = odcs.documents(contracts.read(content))
    return found


def by_graph(form: str, entry: EntryView) -> dict[str, Any]:
    page = GraphPage(
        base="https://hub.example", title="数据目录", publisher="示例", modified=clock.now(),
        entries=(entry,), total=1,
    )  # fmt: skip
    (found,) = dcat_in.read(dcat_out.write(page, form=form), form=form)
    return found


WAYS = {
    "sheet": by_sheet,
    "contract": by_contract,
    "turtle": lambda entry: by_graph("ttl", entry),
    "json-ld": lambda entry: by_graph("jsonld", entry),
    "json": export.entry_document,
}


@pytest.mark.parametrize("way", WAYS)
def test_an_entry_comes_back_as_it_went_out(way: str) -> None:
    @QUICK
    @given(entries())
    def check(entry: EntryView) -> None:
        assert said(WAYS[way](entry)) == said(export.entry_document(entry))

    check()


@QUICK
@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=20),
                    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))  # fmt: skip
@example({"items": [{"name_en": "a", "length": 10**30}]})
@example({"name": "\ud800"})
def test_the_reader_of_documents_takes_anything_without_a_crash(document: Any) -> None:
    found = read_document(document)

    assert found.faults or found.name


@QUICK
@given(st.binary(max_size=300), st.sampled_from(["a.csv", "a.xlsx", "a"]))
def test_the_reader_of_sheets_takes_anything_without_a_crash(content: bytes, name: str) -> None:
    with contextlib.suppress(layout.Refused):
        layout.read(sheets_in.read(content, name=name))
