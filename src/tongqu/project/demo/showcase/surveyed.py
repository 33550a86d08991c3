"""A standard under consultation, a survey of data, entries of two cities, a late project."""

from datetime import date
from typing import Any

from tongqu.catalog import public as catalog
from tongqu.catalog.vocabulary import DataFormat, DataType, EntryKind, ItemView, Manner
from tongqu.ledger.actions import merges, surveys
from tongqu.ledger.domain.states import AnswerCommand, RoundCommand
from tongqu.ledger.vocabulary import MergeState
from tongqu.project.demo.showcase.scene import (
    CATALOGUER,
    DEPARTMENT,
    OFFICE,
    REVIEWER,
    SUPERVISOR,
    Scene,
)
from tongqu.project.demo.stage import Told, expect
from tongqu.project.packs.loading import publish_loaded
from tongqu.standards.actions import library, workflow
from tongqu.standards.vocabulary import Answer, StandardCommand
from tongqu.supervision import public as supervision
from tongqu.supervision.actions import gates
from tongqu.supervision.vocabulary import Gate

LOCAL = "DB99/T 示例 001-2026"
DRAFT = """\
1 范围
本文件规定大件运输许可数据的信息项、代码和交换要求。本文件为示例。
2 信息项
2.1 申请编号由受理机关编制，全省唯一。
2.2 车货总质量以千克为单位，取整数。
3 交换
许可决定作出之日起一个工作日内提供。
"""
COMMENTS = (
    ("demo-consumer", "第 2.2 条", "建议同时给出各轴轴荷，便于应急绕行时核算桥梁荷载。"),
    ("demo-highway", "第 3 条", "跨省许可由起运地受理，建议写明以起运地数据为准。"),
    ("demo-support", "第 2.1 条", "建议申请编号采用固定长度，便于建立索引。"),
)


def consulted(scene: Scene) -> Told:
    """A local standard of the example province collects comments; one is answered."""
    office = scene.actor(OFFICE)
    document = {
        "code": LOCAL, "version": "2026", "title": "示例：大件运输许可数据规范", "kind": "local",
        "topic": "exchange", "draft": DRAFT, "summary": "示例地方标准，正在征求意见。",
        "working_group": ["示例省交通运输厅", "示例省交通运输厅公路处"], "is_example": True,
    }  # fmt: skip
    library.propose(document, by=office)
    for command in (StandardCommand.DRAFT, StandardCommand.CONSULT):
        workflow.take_step(LOCAL, command, by=office)
    given = [
        workflow.give_comment(LOCAL, text=text, place=place, by=scene.actor(who))
        for who, place, text in COMMENTS
    ]
    workflow.answer_comment(
        given[0].pk, answer=Answer.PARTLY, reason="轴荷列为可选信息项，由申请单位填报。", by=office
    )
    counts = {"意见": len(given), "已处理": 1}
    return counts, f"{LOCAL} 正在征求意见，其余意见待科技处处理"


SURVEY_DUE = date(2026, 10, 30)
# department, who answers, system, tables: name, rows, columns
Columns = tuple[tuple[str, str, str], ...]
STATION: Columns = (("客运站名称", "station_name", "string"), ("发车位数", "bays", "integer"))
ANSWERS: tuple[tuple[str, str, str, str, int, Columns], ...] = (
    ("990000", CATALOGUER, "道路运政管理信息系统", "示例·从业资格证", 182_000,
     (("证号", "cert_no", "string"), ("有效期至", "valid_to", "date"))),
    ("990000-MH", "demo-cataloguer", "航班运行监测系统", "示例·机场保障资源", 640,
     (("机场代码", "airport", "string"), ("廊桥数", "bridges", "integer"))),
    ("990000-GL", "demo-highway", "公路养护管理系统", "示例·桥梁技术状况", 31_500,
     (("桥梁编码", "bridge_code", "string"), ("技术等级", "grade", "string"))),
    ("990100", "demo-city", "联网售票系统", "示例·客运站基本信息", 96, STATION),
)  # fmt: skip
UNANSWERED = "990200"
ACCEPTED = 2
CITIES = (("990100", "demo-city"), ("990200", "demo-city-two"))
NAME = ItemView(1, "客运站名称", "station_name", DataType.STRING, 100, nullable=False, is_key=True)
BAYS = ItemView(2, "发车位数", "bays", DataType.INTEGER)
SHORT = ItemView(1, "客运站名称", "station_name", DataType.STRING, 50, nullable=False, is_key=True)
PLACE = ItemView(2, "经度", "longitude", DataType.DECIMAL, 10)
STOP = ItemView(1, "站点名称", "stop_name", DataType.STRING, 60, nullable=False, is_key=True)
LINES = ItemView(2, "经停线路数", "line_count", DataType.INTEGER)
# The stations differ from city to city; the stops do not.
STATIONS = (
    "示例·客运站基本信息", "联网售票系统", ((NAME, BAYS), (SHORT, PLACE)),
    {"domain": "RT", "mode": "highway"},
)  # fmt: skip
STOPS = (
    "示例·公交站点", "公交调度系统", ((STOP, LINES), (STOP, LINES)),
    {"domain": "UT", "mode": "urban", "category": "综合交通/城市交通/公交/站点"},
)  # fmt: skip


def surveyed(scene: Scene) -> Told:
    """Four of five departments have answered; two cities' entries wait to become one."""
    office = scene.actor(OFFICE)
    _survey(scene)
    states = []
    for name, system, versions, kind in (STATIONS, STOPS):
        codes = [
            _city_entry(scene, who, name, _fields(system, items) | {"admin_level": "city"} | kind)
            for (_, who), items in zip(CITIES, versions, strict=True)
        ]
        merge = merges.open_merge(codes, name=name, year=2026, owner_code=DEPARTMENT, by=office)
        states.append(MergeState(merge.state))
    expect(states == [MergeState.CONFLICT, MergeState.WAITING], "客运站应有冲突，公交站点应无冲突")
    counts = {
        "调查部门": len(ANSWERS) + 1, "已填报": len(ANSWERS), "审核通过": ACCEPTED,
        "生成草稿": ACCEPTED, "市级目录": len(CITIES) * 2, "待融合": 1, "冲突": 1,
    }  # fmt: skip
    return counts, "乙市未填报；两市的客运站目录在信息项上不一致，待科技处裁定"


def _survey(scene: Scene) -> None:
    office = scene.actor(OFFICE)
    made = surveys.compile_round(
        title="示例：2026 年第四季度公共数据资源调查",
        note="按系统、按表填报；没有数据的写明原因。",
        due_on=SURVEY_DUE, departments=[*(row[0] for row in ANSWERS), UNANSWERED], by=office,
    )  # fmt: skip
    surveys.take_step(made.pk, RoundCommand.ISSUE, by=office)
    for n, (_, who, system, name, rows, columns) in enumerate(ANSWERS):
        by = scene.actor(who)
        table = surveys.TableAnswer(f"示例·{system}", name, rows, "monthly", columns)
        surveys.save_answer(made.pk, [table], gaps="示例：历史数据尚未数字化", by=by)
        answer = surveys.submit_answer(made.pk, by=by)
        if n < ACCEPTED:
            surveys.review_answer(answer.pk, AnswerCommand.ACCEPT, reason="", by=office)
            surveys.draft_all(made.pk, by=by)


def _city_entry(scene: Scene, who: str, name: str, fields: dict[str, Any]) -> str:
    """A city's hub compiles an entry of its own; the managing office publishes it."""
    by = scene.actor(who)
    entry = catalog.new_draft(name=name, owner_id=by.organisation_id or 0, by=by, fields=fields)
    publish_loaded([entry.code], cataloguer=by, reviewer=scene.actor(OFFICE))
    return entry.code


def _fields(system: str, items: tuple[ItemView, ...]) -> dict[str, Any]:
    return {
        "domain": "RT", "category": "综合交通/道路运输/客运/客运站", "business": "transport",
        "formats": (DataFormat.TABLE,), "manners": (Manner.QUERY,), "update_cycle": "monthly",
        "sharing_type": "unconditional", "scope": "all", "level": 1, "is_example": True,
        "source_system": f"示例·{system}", "items": items, "accountable": "示例·客运数据责任岗",
        "summary": "示例目录：站点的名称、规模和位置，一行是一个站点。",
    }  # fmt: skip


PROJECT = "XM-2026-0001"
TRIAL = date(2026, 4, 20)  # six months end on 20 October, six days after the showcase


def built(scene: Scene) -> Told:
    """A project in trial operation whose six months are nearly over, without data so far."""
    by, reviewer, office = scene.actor(CATALOGUER), scene.actor(REVIEWER), scene.actor(OFFICE)
    supervision.register(
        code=PROJECT, name="示例·服务区充电桩监测系统建设项目", organisation_code=DEPARTMENT,
        system_name="示例·服务区充电桩监测系统", by=by, is_example=True,
        summary="示例：存量项目补登记，试运行日期按原批复填写。",
    )  # fmt: skip
    items = (
        ItemView(1, "充电桩编号", "charger_no", DataType.STRING, 32, nullable=False, is_key=True),
        ItemView(2, "额定功率(kW)", "power_kw", DataType.INTEGER),
        ItemView(3, "运行状态", "run_state", DataType.STRING, 20),
    )
    fields = _fields("服务区充电桩监测系统", items) | {
        "kind": EntryKind.PRE, "project": PROJECT, "domain": "HW",
        "category": "综合交通/公路/服务设施/充电桩", "accountable": "示例·充电设施数据责任岗",
        "summary": "示例目录：服务区充电桩的功率和运行状态，一行是一个充电桩。",
    }  # fmt: skip
    entry = catalog.new_draft(
        name="示例·服务区充电桩运行状态", owner_id=scene.department, by=by, fields=fields
    )
    report = catalog.submit_for_check(entry.code, by=by)
    expect(report.passed, "；".join(found.message for found in report.blocking[:3]))
    receipt = catalog.issue_receipt(entry.code, by=reviewer)
    gates.check_receipts(PROJECT, Gate.APPROVAL, [receipt.number], by=scene.actor(SUPERVISOR))
    gates.pass_gate(PROJECT, Gate.APPROVAL, by=office)
    catalog.make_formal(entry.code, by=by)
    publish_loaded([entry.code], cataloguer=by, reviewer=reviewer)
    project = gates.pass_gate(PROJECT, Gate.TRIAL, by=office, on=TRIAL)
    counts = {"项目": 1, "预编目录回执": receipt.number, "接入期限": str(project.connect_due_on)}
    return counts, "试运行后六个月内须接入数据，期限将至，尚无数据"
