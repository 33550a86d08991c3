"""The search is Dijkstra's: held against a plain reference on generated graphs."""

from hypothesis import given
from hypothesis import strategies as st

from tongqu.products.domain.prd03.search import Node, nearest, network, shortest
from tongqu.products.vocabulary import Place

CODES = [f"N{n}" for n in range(8)]
NODES = [Node(code, code, "G1", 115 + n / 10, 28.0, 1, 1) for n, code in enumerate(CODES)]
PAIRS = st.lists(
    st.tuples(st.sampled_from(CODES), st.sampled_from(CODES), st.integers(1, 50)), max_size=25
)


def reference(pairs, starts, ends) -> float | None:
    """Bellman-Ford: slow, and another thought."""
    best = dict.fromkeys(CODES, float("inf")) | dict(starts)
    for _ in CODES:
        for a, b, km in pairs:
            best[b] = min(best[b], best[a] + km)
            best[a] = min(best[a], best[b] + km)
    found = min(best[code] + km for code, km in ends)
    return None if found == float("inf") else found


@given(PAIRS)
def test_the_way_costs_what_the_reference_says_and_its_steps_add_up(pairs) -> None:
    net = network(NODES, pairs)
    starts, ends = [("N0", 2), ("N1", 9)], [("N6", 4), ("N7", 1)]

    way = shortest(net, starts, ends)

    assert (way.cost if way else None) == reference(pairs, starts, ends)
    if way:
        assert way.at[0] == dict(starts)[way.codes[0]]
        assert way.cost == way.at[-1] + dict(ends)[way.codes[-1]]
        for (a, b), km in zip(
            zip(way.codes, way.codes[1:], strict=False),
            (y - x for x, y in zip(way.at, way.at[1:], strict=False)),
            strict=True,
        ):
            assert km == min(length for other, length in net.edges[a] if other == b)


def test_a_shut_station_is_passed_but_not_entered_and_is_told() -> None:
    net = network(NODES, [])

    usable, shut = nearest(net, Place(115.0, 28.0), side="entry", shut={"N0", "N7"})

    assert [code for code, _ in usable] == ["N1", "N2", "N3", "N4", "N5", "N6"]
    assert shut == ["N0"]
