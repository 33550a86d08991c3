"""What models, objects and services there are, and how a run of models ends."""

from enum import StrEnum

from tongqu.kernel.words import Word


class Theme(Word):
    """主题库 is kept by business domain: a table of it belongs to one of the five."""

    PLANNING = "planning", "交通规划"
    BUILDING = "building", "建设管养"
    TRANSPORT = "transport", "综合运输"
    ENFORCEMENT = "enforcement", "行政执法"
    SAFETY = "safety", "安全应急"


# 基础库: the business objects of which a province keeps one standardised record each.
OBJECTS = (
    "从业人员", "从业单位", "交通工具", "公路", "铁路", "航道", "港口", "桥梁", "隧道", "站场",
    "服务区", "收费站",
)  # fmt: skip


class ModelLevel(Word):
    """业务数据模型的层次."""

    CONCEPTUAL = "conceptual", "概念"
    LOGICAL = "logical", "逻辑"
    PHYSICAL = "physical", "物理"


class ModelScope(Word):
    """Whose model it is: 核心 of the whole industry, 本级 of one hub."""

    CORE = "core", "核心"
    OWN = "own", "本级"


class ServiceKind(Word):
    """服务形式 of the service layer."""

    INTERFACE = "interface", "接口"
    TABLE = "table", "库表"
    FILE = "file", "文件"
    MODEL = "model", "模型"
    REPORT = "report", "报告"
    SUBSCRIPTION = "subscription", "订阅"


class ServiceGroup(Word):
    """服务库 holds three groups of products."""

    OPENING = "opening", "开放"
    SHARING = "sharing", "共享"
    ANALYSIS = "analysis", "分析"


class RunState(StrEnum):
    RUNNING = "running"  # 运行中
    DONE = "done"  # 完成
    FAILED = "failed"  # 失败


class StepState(StrEnum):
    DONE = "done"  # 完成
    UNCHANGED = "unchanged"  # 无变化
    FAILED = "failed"  # 失败
    BLOCKED = "blocked"  # 上游失败，未执行
    WAITING = "waiting"  # 上游尚无数据


GATE_HELD = "GATE_HELD"  # code of a step that was blocked because its inputs score too low
STEP_LABELS: dict[StepState, str] = {
    StepState.DONE: "完成",
    StepState.UNCHANGED: "无变化",
    StepState.FAILED: "失败",
    StepState.BLOCKED: "上游失败，未执行",
    StepState.WAITING: "上游尚无数据",
}
