"""The chart of the showcase: how an oversize transport permit is handled, and its data."""

from collections.abc import Mapping

from tongqu.functions.domain.swimlane import Flow, Lane, Link, Model, Node, Phase
from tongqu.functions.vocabulary import NodeKind, Relation

LANES = (
    Lane("firm", "申请单位"),
    Lane("window", "受理窗口", "990000"),
    Lane("road", "公路处", "990000-GL"),
    Lane("centre", "信息中心", "990000-XX"),
    Lane("patrol", "执法机构", "990000"),
)
PHASES = (
    Phase("p1", "申请受理"),
    Phase("p2", "审查"),
    Phase("p3", "决定发证"),
    Phase("p4", "通行监管"),
)
APPLY, ACCEPT, COMPLETE = "提交申请与车货照片", "核对材料并受理", "一次告知补正"
VERIFY, ROUTE, ASK = "自动核验车辆与业户", "审查路线与桥梁荷载", "征求沿线意见"
DECIDE, REFUSE, ISSUE = "作出许可决定", "不予许可并告知", "制发超限运输车辆通行证"
CHECK, CASE, FILE = "收费站入口查验", "违法超限立案", "电子档案归档"


def permit(
    codes: Mapping[str, str], items: Mapping[str, str], system: str, enforcement: str
) -> Model:
    """Return the chart. ``codes``: slug → entry; ``items``: work item → code."""
    permits, case = codes["oversize_transport_permit_application"], codes["enforcement_case"]
    accept, decide = items["大件运输许可受理"], items["大件运输许可审查与决定"]

    def task(key: str, name: str, lane: str, phase: str, item: str = "", **links: str) -> Node:
        used = tuple(Link(codes[slug], Relation(kind)) for slug, kind in links.items())
        own = system if item else ""
        return Node(key, name, lane, phase, item=item, system=own, links=used)

    oversize = "oversize_transport_permit_application"
    nodes = (
        Node("start", "", "firm", "p1", NodeKind.START),
        task("apply", APPLY, "firm", "p1"),
        task("accept", ACCEPT, "window", "p1", accept, **{oversize: "produce"}),
        Node("whole", "材料齐全", "window", "p1", NodeKind.GATEWAY),
        task("complete", COMPLETE, "window", "p1", accept),
        task(
            "verify", VERIFY, "centre", "p2", decide,
            road_vehicle_basic="use", road_transport_operator="use",
            road_transport_certificate="use",
        ),
        task(
            "route", ROUTE, "road", "p2", decide,
            maintenance_work_event="use", toll_station="use",
        ),
        Node("fit", "符合条件", "road", "p2", NodeKind.GATEWAY),
        task("ask", ASK, "road", "p2", decide),
        task("decide", DECIDE, "road", "p3", decide, **{oversize: "update"}),
        task("refuse", REFUSE, "window", "p3", decide, **{oversize: "update"}),
        task("issue", ISSUE, "window", "p3", decide, **{oversize: "update"}),
        task("file", FILE, "centre", "p4", decide, **{oversize: "archive"}),
        task("check", CHECK, "patrol", "p4", "", **{oversize: "use"}),
        Node(
            "case", CASE, "patrol", "p4", item=items["执法案件办理"], system=enforcement,
            links=(Link(case, Relation.PRODUCE), Link(permits, Relation.USE)),
        ),
        Node("end", "", "firm", "p4", NodeKind.END),
    )  # fmt: skip
    pairs = (
        ("start", "apply", ""), ("apply", "accept", ""), ("accept", "whole", ""),
        ("whole", "complete", "否"), ("complete", "apply", ""), ("whole", "verify", "是"),
        ("verify", "route", ""), ("route", "ask", ""), ("ask", "fit", ""),
        ("fit", "decide", "是"), ("fit", "refuse", "否"), ("refuse", "end", ""),
        ("decide", "issue", ""), ("issue", "file", ""), ("issue", "check", ""),
        ("check", "case", ""), ("file", "end", ""), ("case", "end", ""),
    )  # fmt: skip
    flows = tuple(Flow(f"f{n:02}", a, b, name) for n, (a, b, name) in enumerate(pairs, start=1))
    return Model(LANES, PHASES, nodes, flows)
