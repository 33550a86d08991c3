"""Charts for tests: the one of MAP-04, and one as another tool would write it."""

from itertools import pairwise

from tongqu.functions.domain.swimlane import Flow, Lane, Link, Model, Node, Phase
from tongqu.functions.vocabulary import NodeKind, Relation

ENTRY = "990000-MH-CA-000001-P"


def permit(entry: str = ENTRY) -> Model:
    """3 lanes, 2 phases, 8 activities with a start, a decision and an end."""
    lanes = (
        Lane("l1", "受理窗口", "990000-KJ"), Lane("l2", "民航处", "990000-MH"),
        Lane("l3", "<信息中心> & \"维\"", "990000-XX"),
    )  # fmt: skip
    phases = (Phase("p1", "受理"), Phase("p2", "审查"))
    homes = [("l1", "p1"), ("l1", "p1"), ("l2", "p1"), ("l3", "p1"),
             ("l2", "p2"), ("l3", "p2"), ("l2", "p2"), ("l1", "p2")]  # fmt: skip
    links = {
        3: (Link(entry, Relation.USE),),
        4: (Link(entry, Relation.PRODUCE), Link(entry, Relation.UPDATE)),
        7: (Link(entry, Relation.ARCHIVE),),
    }
    nodes = tuple(
        Node(
            f"a{n}", f"环节{n}", lane, phase, links=links.get(n, ()),
            item="990000-MH-W0001" if n == 4 else "", system="990000-MH-S0001" if n == 4 else "",
        )
        for n, (lane, phase) in enumerate(homes)
    )  # fmt: skip
    extra = (
        Node("s", "", "l1", "p1", NodeKind.START),
        Node("g", "是否齐全", "l2", "p1", NodeKind.GATEWAY),
        Node("e", "", "l1", "p2", NodeKind.END),
    )  # fmt: skip
    order = ["s", "a0", "a1", "a2", "g", "a4", "a6", "a7", "e"]
    pairs = [*pairwise(order), ("g", "a1"), ("a2", "a3"), ("a3", "a5")]
    flows = tuple(Flow(f"f{n}", a, b, "否" if n == 8 else "") for n, (a, b) in enumerate(pairs))
    return Model(lanes, phases, (*nodes, *extra), flows)


# Written in the manner of other tools: other prefixes, several pools, things we do not know.
FOREIGN = """<?xml version="1.0" encoding="UTF-8"?>
<!-- made elsewhere -->
<semantic:definitions xmlns:semantic="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI"
  xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"
  xmlns:dd="http://www.omg.org/spec/DD/20100524/DI" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xmlns:zeebe="http://example.org/zeebe" id="defs" targetNamespace="http://example.org/other"
  exporter="Other Tool" exporterVersion="9">
  <semantic:itemDefinition id="item1"/>
  <semantic:collaboration id="col">
    <semantic:participant id="poolA" name="企业" processRef="procA"/>
    <semantic:participant id="poolB" name="厅" processRef="procB"/>
    <semantic:messageFlow id="m1" sourceRef="t1" targetRef="t2"/>
    <semantic:group id="grp" categoryValueRef="cv1"/>
    <semantic:textAnnotation id="note"><semantic:text>说明 &amp; 备注</semantic:text>
    </semantic:textAnnotation>
  </semantic:collaboration>
  <semantic:category id="cat">
    <semantic:categoryValue id="cv1" value="受理阶段"/></semantic:category>
  <semantic:process id="procA" isExecutable="true">
    <semantic:userTask id="t1" name="提交&#10;申请" zeebe:retries="3"/>
  </semantic:process>
  <semantic:process id="procB">
    <semantic:laneSet id="ls"><semantic:lane id="laneX" name="窗口">
      <semantic:flowNodeRef>t2</semantic:flowNodeRef><semantic:flowNodeRef>b1</semantic:flowNodeRef>
    </semantic:lane></semantic:laneSet>
    <semantic:serviceTask id="t2" name="受理" zeebe:type="io">
      <semantic:extensionElements><zeebe:taskDefinition type="accept"/></semantic:extensionElements>
      <semantic:outgoing>sf1</semantic:outgoing>
      <semantic:multiInstanceLoopCharacteristics isSequential="true"/>
    </semantic:serviceTask>
    <semantic:intermediateCatchEvent id="wait"><semantic:timerEventDefinition id="tm"/>
    </semantic:intermediateCatchEvent>
    <semantic:boundaryEvent id="b1" attachedToRef="t2"/>
    <semantic:sequenceFlow id="sf1" sourceRef="t2" targetRef="wait">
      <semantic:conditionExpression xsi:type="semantic:tFormalExpression"
      >a &lt; 3</semantic:conditionExpression>
    </semantic:sequenceFlow>
    <semantic:dataStoreReference id="ds" name="别处的库"/>
  </semantic:process>
  <di:BPMNDiagram id="d"><di:BPMNPlane id="pl" bpmnElement="col">
    <di:BPMNShape id="s1" bpmnElement="t1"><dc:Bounds x="100" y="50" width="90" height="40"/>
    </di:BPMNShape>
    <di:BPMNShape id="s2" bpmnElement="t2"><dc:Bounds x="120" y="150" width="90" height="40"/>
    </di:BPMNShape>
    <di:BPMNShape id="sg" bpmnElement="grp"><dc:Bounds x="80" y="20" width="300" height="100"/>
    </di:BPMNShape>
    <di:BPMNShape id="sw" bpmnElement="wait"><dc:Bounds x="400" y="150" width="36" height="36"/>
    </di:BPMNShape>
  </di:BPMNPlane></di:BPMNDiagram>
</semantic:definitions>
"""
