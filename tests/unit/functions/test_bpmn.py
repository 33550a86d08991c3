"""Charts as BPMN 2.0 XML: ours come back equal, others' keep what we do not know."""

import time
from dataclasses import replace

import pytest

from tests.unit.functions.charts import ENTRY, FOREIGN, permit
from tongqu.functions.domain import bpmn
from tongqu.functions.domain.bpmn import reading, xml
from tongqu.functions.domain.swimlane import (
    Flow,
    Lane,
    Link,
    Model,
    Node,
    Phase,
    checked,
    from_document,
    to_document,
)
from tongqu.functions.vocabulary import NodeKind, Relation
from tongqu.kernel.problems import Rejected

BOMB = """<?xml version="1.0"?><!DOCTYPE definitions [<!ENTITY a "aaaaaaaaaa">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">&c;</definitions>"""
OUTSIDE = """<?xml version="1.0"?><!DOCTYPE definitions [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">&x;</definitions>"""
SHELL = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">{}</definitions>'


def test_a_chart_comes_back_equal_and_so_does_the_text_of_a_second_writing():
    chart = checked(permit())

    text = bpmn.write(chart, title="许可", names={ENTRY: "示例航班"})
    again = bpmn.write(bpmn.read(text), base=text, names={ENTRY: "示例航班"})

    assert bpmn.read(text) == chart
    assert bpmn.read(again) == chart
    assert len(chart.lanes) == 3
    assert len(chart.phases) == 2
    assert len(chart.activities) == 8
    assert sum(len(node.links) for node in chart.nodes) == 4


def test_other_tools_find_lanes_data_and_a_drawing_where_the_standard_puts_them():
    from xml.etree import ElementTree

    chart = checked(permit())
    root = ElementTree.fromstring(bpmn.write(chart, title="许可"))
    model = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
    drawn = "{http://www.omg.org/spec/BPMN/20100524/DI}"

    lanes = root.findall(f"{model}process/{model}laneSet/{model}lane")
    shapes = {s.get("bpmnElement") for s in root.iter(f"{drawn}BPMNShape")}
    edges = {e.get("bpmnElement") for e in root.iter(f"{drawn}BPMNEdge")}

    assert [lane.get("name") for lane in lanes] == [lane.name for lane in chart.lanes]
    assert len(list(root.iter(f"{model}dataOutputAssociation"))) == 3
    assert len(list(root.iter(f"{model}dataInputAssociation"))) == 1
    assert {n.key for n in chart.nodes} | {lane.key for lane in chart.lanes} <= shapes
    assert {flow.key for flow in chart.flows} <= edges


def test_a_file_of_another_tool_is_read_by_its_pools_lanes_and_drawn_groups():
    chart = bpmn.read(FOREIGN)

    assert [lane.name for lane in chart.lanes] == ["企业", "窗口"]
    assert [phase.name for phase in chart.phases] == ["受理阶段"]
    assert [(n.name, n.lane, n.phase) for n in chart.nodes] == [
        ("提交 申请", "poolA", "cv1"), ("受理", "laneX", ""),
    ]  # fmt: skip
    assert [(flow.source, flow.target) for flow in chart.flows] == [("t1", "t2")]


def test_what_another_tool_wrote_is_kept_when_the_chart_is_edited_here():
    chart = bpmn.read(FOREIGN)
    task = replace(
        chart.nodes[1], name="受理登记", links=(Link(ENTRY, Relation.PRODUCE),), phase="cv1"
    )
    new = Node("n_new", "新环节", "l_new", links=(Link(ENTRY, Relation.USE),))
    edited = Model(
        (*chart.lanes, Lane("l_new", "监督", "990000-KJ")), (*chart.phases, Phase("p_new", "办结")),
        (chart.nodes[0], task, new), (*chart.flows, Flow("f_new", "t2", "n_new", "报送")),
    )  # fmt: skip

    text = bpmn.write(edited, base=FOREIGN)

    assert bpmn.read(text) == checked(edited)
    for kept in (
        "<!-- made elsewhere -->", 'zeebe:taskDefinition type="accept"', 'zeebe:retries="3"',
        "intermediateCatchEvent", "conditionExpression xsi:type=",
        "multiInstanceLoopCharacteristics",
        "说明 &amp; 备注", 'name="别处的库"', 'exporter="Other Tool"', "提交&#10;申请",
        "boundaryEvent",
        'sequenceFlow id="sf1"', 'itemDefinition id="item1"', 'name="厅"',
    ):  # fmt: skip
        assert kept in text, kept


def test_taking_a_node_out_takes_along_only_what_cannot_stand_without_it():
    chart = bpmn.read(FOREIGN)
    less = Model(chart.lanes, chart.phases, chart.nodes[:1], ())

    text = bpmn.write(less, base=FOREIGN)

    assert bpmn.read(text) == checked(less)
    assert 'id="t2"' not in text
    assert "boundaryEvent" not in text  # it hung on the node
    assert "intermediateCatchEvent" in text


def test_lanes_phases_and_nodes_move_and_change_their_kind():
    chart = checked(permit())
    text = bpmn.write(chart)
    nodes = tuple(
        replace(n, lane="l1", phase="", kind=NodeKind.GATEWAY, links=()) if n.key == "a3" else n
        for n in reversed(chart.nodes)
    )
    edited = checked(
        Model(tuple(reversed(chart.lanes)), tuple(reversed(chart.phases)), nodes, chart.flows[1:])
    )

    assert bpmn.read(bpmn.write(edited, base=text)) == edited


@pytest.mark.parametrize(
    ("document", "says"),
    [
        (BOMB, "文档类型"), (OUTSIDE, "文档类型"), ("<html/>", "BPMN 2.0"), ("no xml", "XML"),
        (SHELL.format("<a>" * 80 + "</a>" * 80), "层级"), ("", "XML"),
        ('<?xml version="1.0" encoding="GBK"?><definitions/>', "UTF-8"),
    ],
)  # fmt: skip
def test_dangerous_and_broken_files_are_refused_with_the_reason(document, says):
    with pytest.raises(Rejected) as refused:
        bpmn.read(document.encode())

    assert refused.value.problem.code == "BAD_CHART"
    assert says in refused.value.problem.title


def test_a_huge_file_is_refused_before_it_is_read():
    with pytest.raises(Rejected) as refused:
        bpmn.read(b"<" * (5 << 20))

    assert "MB" in refused.value.problem.title


def test_five_hundred_activities_are_written_and_read():
    nodes = tuple(Node(f"n{n}", f"环节{n}", f"l{n % 10}", f"p{n // 100}") for n in range(500))
    flows = tuple(Flow(f"f{n:03}", f"n{n}", f"n{n + 1}") for n in range(499))
    lanes = tuple(Lane(f"l{n}", f"泳道{n}") for n in range(10))
    phases = tuple(Phase(f"p{n}", f"阶段{n}") for n in range(5))
    chart = checked(Model(lanes, phases, nodes, flows))

    assert bpmn.read(bpmn.write(chart)) == chart


def test_names_with_markup_stay_text():
    name = '<script>alert("x")</script> & 甲'
    chart = checked(Model((Lane("l", name),), (), (Node("n", name, "l"),), ()))

    text = bpmn.write(chart, title=name)

    assert "<script>" not in text
    assert bpmn.read(text).nodes[0].name == name


@pytest.mark.parametrize(
    "chart",
    [
        Model((Lane("l", "甲"),), (), (Node("l", "乙", "l"),)),  # one key twice
        Model((Lane("l", "甲"),), (), (Node("n", "乙", "x"),)),  # no such lane
        Model((Lane("l", "甲"),), (), (Node("n", "", "l"),)),  # no name
        Model((Lane("l", "甲"),), (), (Node("n", "乙", "l"),), (Flow("f", "n", "n"),)),
        Model((Lane("l", "甲"),), (), (Node("n n", "乙", "l"),)),
        Model((Lane("l", "甲"),), (), (Node("n", "乙", "l", item="<b>"),)),
    ],
)
def test_a_chart_that_does_not_hold_together_is_refused(chart):
    with pytest.raises(Rejected):
        checked(chart)


def test_a_chart_goes_through_json_unchanged():
    chart = checked(permit())

    assert from_document(to_document(chart)) == chart
    with pytest.raises(Rejected):
        from_document({"lanes": [{"key": "l", "name": "甲", "colour": "red"}]})


def test_a_file_of_thirty_thousand_elements_does_not_hold_a_worker() -> None:
    tasks = "".join(f'<task id="t{n}" name="示例"/>' for n in range(15_000))
    flows = "".join(
        f'<sequenceFlow id="f{n}" sourceRef="t{n}" targetRef="t{n + 1}"/>' for n in range(14_999)
    )
    process = f'<process id="p">{tasks}{flows}</process>'
    document = f'<definitions xmlns="{xml.BPMN}">{process}</definitions>'
    started = time.process_time()

    with pytest.raises(Rejected) as refused:
        reading.read(document)

    assert "环节超过 1000 个" in refused.value.problem.title
    assert time.process_time() - started < 5, "it once took eleven: a set was made for each flow"
