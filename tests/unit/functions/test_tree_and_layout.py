"""The tree of functions has no cycle; the drawing has no two boxes in one place."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

import tongqu.functions
from tests.unit.functions.charts import permit
from tongqu.functions.domain import tree
from tongqu.functions.domain.edits import apply
from tongqu.functions.domain.layout import layout
from tongqu.functions.domain.swimlane import Model, checked, to_document
from tongqu.functions.vocabulary import FunctionKind

F, W = FunctionKind.FUNCTION, FunctionKind.ITEM
PARENTS = {1: None, 2: 1, 3: 2, 4: 3}
KINDS = {1: F, 2: F, 3: F, 4: W}
LAYOUT = Path(tongqu.functions.__file__).parent / "static" / "functions" / "layout.js"


def objection(own, kind, parent):
    return tree.objection(own=own, kind=kind, parent=parent, parents=PARENTS, kinds=KINDS)


def test_a_function_cannot_hang_under_itself_or_what_is_below_it():
    assert objection(1, F, 1) is not None
    assert objection(1, F, 3) is not None
    assert objection(3, F, 1) is None


def test_a_work_item_hangs_under_a_function_and_carries_nothing():
    assert objection(None, W, None).code == "NO_PARENT"
    assert objection(None, W, 4) is not None
    assert objection(None, W, 3) is None


def test_the_tree_goes_eight_levels_deep_and_no_further():
    parents = {n: n - 1 or None for n in range(1, 9)}
    kinds = dict.fromkeys(parents, F)

    def under(parent):
        return tree.objection(own=None, kind=F, parent=parent, parents=parents, kinds=kinds)

    assert under(7) is None
    assert under(8) is not None


def test_stored_cycles_do_not_hang_the_walk():
    assert tree.ancestry(1, {1: 2, 2: 1}) == [1, 2]
    assert tree.descendants(1, {1: 2, 2: 1, 3: None}) == {1, 2}


def test_no_two_boxes_overlap_and_every_box_stands_in_its_lane_and_phase():
    chart = checked(permit())
    places = layout(chart)
    boxes = list(places.nodes.values())

    for n, a in enumerate(boxes):
        for b in boxes[n + 1 :]:
            assert a.right <= b.x or b.right <= a.x or a.bottom <= b.y or b.bottom <= a.y
    for node in chart.nodes:
        box, lane, phase = (
            places.nodes[node.key], places.lanes[node.lane], places.phases[node.phase],
        )  # fmt: skip
        assert lane.y <= box.y <= box.bottom <= lane.bottom
        assert phase.x <= box.x <= box.right <= phase.right


def test_the_editor_draws_by_the_same_rules():
    node = shutil.which("node")
    if node is None:
        pytest.skip("no node to run the editor's layout with")
    chart = checked(permit())
    script = f"""
    import {{ layout }} from {json.dumps(LAYOUT.as_uri())};
    const found = layout({json.dumps(to_document(chart))});
    console.log(JSON.stringify({{
      width: found.width, height: found.height,
      nodes: Object.fromEntries([...found.nodes].map(([k, b]) => [k, [b.x, b.y, b.w, b.h]])),
      flows: Object.fromEntries(found.flows),
    }}));"""
    done = subprocess.run(
        [node, "--input-type=module", "-e", script], capture_output=True, text=True, check=True
    )
    found, places = json.loads(done.stdout), layout(chart)

    assert (found["width"], found["height"]) == (places.width, places.height)
    assert found["nodes"] == {k: [b.x, b.y, b.w, b.h] for k, b in places.nodes.items()}
    assert found["flows"] == {k: [list(p) for p in points] for k, points in places.flows.items()}


def test_the_forms_build_a_chart_step_by_step():
    chart = Model()
    for step, given in (
        ("lane", {"name": "甲"}), ("lane", {"name": "乙"}), ("phase", {"name": "受理"}),
        ("node", {"name": "登记", "lane": "lane_1", "phase": "phase_1"}),
        ("node", {"name": "审查", "lane": "lane_2"}),
        ("flow", {"source": "node_1", "target": "node_2"}),
        ("link", {"key": "node_1", "entry": "990000-MH-CA-000001-P", "relation": "produce"}),
        ("node", {"key": "node_2", "name": "审核", "lane": "lane_1", "phase": "phase_1"}),
        ("move", {"key": "lane_2", "by": "up"}), ("lane", {"key": "lane_1", "name": "甲处"}),
    ):  # fmt: skip
        chart = apply(chart, step, given)

    assert [lane.name for lane in chart.lanes] == ["乙", "甲处"]
    assert chart.node("node_2").lane == "lane_1"
    assert len(chart.node("node_1").links) == 1
    chart = apply(chart, "delete", {"key": "lane_1"})
    assert chart.nodes == ()
    assert chart.flows == ()
