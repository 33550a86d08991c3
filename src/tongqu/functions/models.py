"""Tables of functions: the two registers, charts, gaps and tasks, static material, moves."""

from typing import Any

from django.db import models
from django.db.models import Q

from tongqu.functions import vocabulary as v
from tongqu.kernel.words import Word


def one_of(name: str, field: str, words: type[Word], *, blank: bool = False) -> Any:
    """Return the constraint that a column holds a word of the enum."""
    values = [word.value for word in words] + ([""] if blank else [])
    return models.CheckConstraint(name=name, condition=Q(**{f"{field}__in": values}))


def organisation(label: str, **given: Any) -> Any:
    return models.ForeignKey(
        "identity.Organisation", models.PROTECT, related_name="+", verbose_name=label, **given
    )


class Counter(models.Model):
    """A counter that only goes up: a code is never given twice."""

    name = models.CharField("名称", max_length=80, primary_key=True)
    last = models.PositiveBigIntegerField("已用到", default=0)


class Register(models.Model):
    """One department's part of 两清一图. ``effective_on`` stays once it was in force."""

    organisation = organisation("部门")
    part = models.CharField("部分", max_length=12)
    state = models.CharField("状态", max_length=12, default=v.RegisterState.DRAFT)
    note = models.CharField("说明", max_length=500, blank=True)
    changed_at = models.DateTimeField("状态时间")
    changed_by = models.CharField("办理人", max_length=120)
    effective_on = models.DateField("首次生效", null=True, blank=True)

    class Meta:
        ordering = ["organisation__code", "part"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "part"], name="register_once"),
            one_of("register_part_known", "part", v.Part),
            one_of("register_state_known", "state", v.RegisterState),
            models.CheckConstraint(
                name="register_in_force_has_day",
                condition=~Q(state__in=["effective", "changing"]) | Q(effective_on__isnull=False),
            ),
        ]


class Function(models.Model):
    """职能 or 工作项. A work item always has a parent function (MAP-02)."""

    code = models.CharField("编码", max_length=60, unique=True)
    organisation = organisation("部门")
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    kind = models.CharField("类别", max_length=10)
    name = models.CharField("名称", max_length=200)
    is_core = models.BooleanField("核心业务", default=False)
    basis_kind = models.CharField("依据类别", max_length=12, blank=True)
    basis = models.CharField("依据", max_length=500, blank=True)
    accountable = models.CharField("责任岗位", max_length=120, blank=True)
    summary = models.TextField("说明", blank=True)
    position = models.PositiveIntegerField("次序", default=0)
    ended_on = models.DateField("终止日期", null=True, blank=True)
    end_reason = models.CharField("终止原因", max_length=500, blank=True)
    edition = models.PositiveIntegerField("修改次数", default=0)
    is_example = models.BooleanField("示例", default=False)
    created_at = models.DateTimeField("建立时间")
    edited_at = models.DateTimeField("修改时间")

    class Meta:
        ordering = ["organisation__code", "position", "code"]
        constraints = [
            one_of("function_kind_known", "kind", v.FunctionKind),
            one_of("function_basis_known", "basis_kind", v.BasisKind, blank=True),
            models.CheckConstraint(
                name="function_item_has_parent",
                condition=~Q(kind=v.FunctionKind.ITEM) | Q(parent__isnull=False),
            ),
            models.CheckConstraint(
                name="function_rests_on_something",
                condition=Q(kind=v.FunctionKind.ITEM) | (~Q(basis="") & ~Q(basis_kind="")),
            ),
            models.CheckConstraint(
                name="function_not_its_own_parent", condition=~Q(parent=models.F("pk"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class System(models.Model):
    """应用系统. Nothing classified enters: there is no column that could say so."""

    code = models.CharField("编码", max_length=60, unique=True)
    organisation = organisation("部门")
    name = models.CharField("名称", max_length=120)
    system_class = models.CharField("类别", max_length=20)
    state = models.CharField("状态", max_length=10, default=v.SystemState.IN_USE)
    accountable = models.CharField("责任岗位", max_length=120, blank=True)
    summary = models.TextField("说明", blank=True)
    retired_on = models.DateField("停用日期", null=True, blank=True)
    retire_reason = models.CharField("停用原因", max_length=500, blank=True)
    edition = models.PositiveIntegerField("修改次数", default=0)
    is_example = models.BooleanField("示例", default=False)
    created_at = models.DateTimeField("建立时间")
    edited_at = models.DateTimeField("修改时间")

    class Meta:
        ordering = ["organisation__code", "code"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "name"], name="system_name_once"),
            one_of("system_class_known", "system_class", v.SystemClass),
            one_of("system_state_known", "state", v.SystemState),
            models.CheckConstraint(
                name="system_retired_has_day",
                condition=~Q(state=v.SystemState.RETIRED) | Q(retired_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Module(models.Model):
    """功能模块 of a system."""

    system = models.ForeignKey(System, models.CASCADE, related_name="modules")
    code = models.CharField("编号", max_length=40)
    name = models.CharField("名称", max_length=120)

    class Meta:
        ordering = ["system", "code"]
        constraints = [models.UniqueConstraint(fields=["system", "code"], name="module_once")]


class Support(models.Model):
    """支撑关系 N:M: a function or work item is done with a system, or with one module of it."""

    function = models.ForeignKey(Function, models.CASCADE, related_name="supports")
    system = models.ForeignKey(System, models.CASCADE, related_name="supports")
    module = models.ForeignKey(
        Module, models.CASCADE, null=True, blank=True, related_name="supports"
    )

    class Meta:
        ordering = ["function", "system", "module"]
        constraints = [
            models.UniqueConstraint(
                fields=["function", "system", "module"],
                condition=Q(module__isnull=False),
                name="support_of_module_once",
            ),
            models.UniqueConstraint(
                fields=["function", "system"],
                condition=Q(module=None),
                name="support_of_system_once",
            ),
        ]


class EntryLink(models.Model):
    """That a catalogue entry belongs to a function, or comes from a system: said by a person."""

    entry_code = models.CharField("目录标识", max_length=60, db_index=True)
    function = models.ForeignKey(
        Function, models.CASCADE, null=True, blank=True, related_name="entries"
    )
    system = models.ForeignKey(
        System, models.CASCADE, null=True, blank=True, related_name="entries"
    )

    class Meta:
        ordering = ["entry_code"]
        constraints = [
            models.UniqueConstraint(fields=["entry_code", "function"], name="entry_function_once"),
            models.UniqueConstraint(fields=["entry_code", "system"], name="entry_system_once"),
            models.CheckConstraint(
                name="entry_link_has_one_end",
                condition=Q(function=None, system__isnull=False)
                | Q(function__isnull=False, system=None),
            ),
        ]


class Chart(models.Model):
    """业务泳道图. ``document`` is BPMN 2.0 XML and the truth; activities are its projection."""

    code = models.CharField("编码", max_length=60, unique=True)
    organisation = organisation("部门")
    function = models.ForeignKey(
        Function, models.SET_NULL, null=True, blank=True, related_name="charts"
    )
    title = models.CharField("名称", max_length=200)
    document = models.TextField("BPMN 2.0")
    edition = models.PositiveIntegerField("修改次数", default=0)
    is_example = models.BooleanField("示例", default=False)
    created_at = models.DateTimeField("建立时间")
    edited_at = models.DateTimeField("修改时间")
    edited_by = models.CharField("修改人", max_length=120)

    class Meta:
        ordering = ["organisation__code", "code"]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class Activity(models.Model):
    """环节 of a chart, read from its document. Codes of things not registered stay text."""

    chart = models.ForeignKey(Chart, models.CASCADE, related_name="activities")
    key = models.CharField("标识", max_length=120)
    name = models.CharField("名称", max_length=200)
    lane = models.CharField("泳道", max_length=200)
    phase = models.CharField("阶段", max_length=200, blank=True)
    department = organisation("负责部门", null=True, blank=True)
    function = models.ForeignKey(
        Function, models.SET_NULL, null=True, blank=True, related_name="activities"
    )
    system = models.ForeignKey(
        System, models.SET_NULL, null=True, blank=True, related_name="activities"
    )
    position = models.PositiveIntegerField("次序")

    class Meta:
        ordering = ["chart", "position"]
        constraints = [models.UniqueConstraint(fields=["chart", "key"], name="activity_once")]


class DataLink(models.Model):
    """数据关联: what an activity does with a catalogue entry."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="links")
    entry_code = models.CharField("目录标识", max_length=60, db_index=True)
    relation = models.CharField("关系", max_length=10)

    class Meta:
        ordering = ["activity", "relation", "entry_code"]
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "entry_code", "relation"], name="data_link_once"
            ),
            one_of("data_link_relation_known", "relation", v.Relation),
        ]


class Gap(models.Model):
    """数据缺口: found by analysis, once a subject; closed when a later run finds it no more."""

    kind = models.CharField("类别", max_length=15)
    subject = models.CharField("对象", max_length=200)  # e.g. "activity 990000-MH-L0001 a1"
    title = models.CharField("说明", max_length=300)
    organisation = organisation("部门", null=True, blank=True)
    url = models.CharField("链接", max_length=300, blank=True)
    found_at = models.DateTimeField("发现时间")
    closed_at = models.DateTimeField("消除时间", null=True, blank=True)

    class Meta:
        ordering = ["kind", "subject"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject"], name="gap_once"),
            one_of("gap_kind_known", "kind", v.GapKind),
        ]


class Task(models.Model):
    """业务数字化升级改造任务: for a gap, with a department and a last day; one open at a time."""

    code = models.CharField("编码", max_length=60, unique=True)
    gap = models.ForeignKey(Gap, models.PROTECT, related_name="tasks")
    organisation = organisation("承办部门")
    title = models.CharField("任务", max_length=300)
    due_on = models.DateField("期限")
    state = models.CharField("状态", max_length=10, default=v.TaskState.OPEN)
    note = models.CharField("办理说明", max_length=500, blank=True)
    created_at = models.DateTimeField("建立时间")
    created_by = models.CharField("建立人", max_length=120)
    closed_at = models.DateTimeField("办结时间", null=True, blank=True)

    class Meta:
        ordering = ["due_on", "code"]
        constraints = [
            one_of("task_state_known", "state", v.TaskState),
            models.UniqueConstraint(
                fields=["gap"], condition=models.Q(closed_at=None), name="task_once_open"
            ),
        ]


class Material(models.Model):
    """静态材料 on its way to a queryable resource (MAP-07)."""

    code = models.CharField("编码", max_length=60, unique=True)
    organisation = organisation("部门")
    title = models.CharField("名称", max_length=200)
    kind = models.CharField("形式", max_length=10)
    entry_code = models.CharField("目录标识", max_length=60, blank=True, db_index=True)
    state = models.CharField("状态", max_length=12, default=v.MaterialState.UNDIGITISED)
    location = models.CharField("存放位置", max_length=300, blank=True)
    pages = models.PositiveIntegerField("页数", default=1)
    engine = models.CharField("识别方式", max_length=120, blank=True)
    text = models.TextField("识别结果", blank=True)
    structured_by = models.CharField("识别登记人", max_length=120, blank=True)
    verified_by = models.CharField("核验人", max_length=120, blank=True)
    verified_at = models.DateTimeField("核验时间", null=True, blank=True)
    note = models.CharField("核验意见", max_length=500, blank=True)
    is_example = models.BooleanField("示例", default=False)
    created_at = models.DateTimeField("建立时间")

    class Meta:
        ordering = ["organisation__code", "code"]
        constraints = [
            one_of("material_kind_known", "kind", v.MaterialKind),
            one_of("material_state_known", "state", v.MaterialState),
            models.CheckConstraint(
                name="material_structured_has_text",
                condition=~Q(state__in=["structured", "verified"]) | ~Q(text=""),
            ),
            models.CheckConstraint(
                name="material_verified_by_somebody",
                condition=~Q(state=v.MaterialState.VERIFIED)
                | (~Q(verified_by="") & Q(verified_at__isnull=False)),
            ),
        ]


class Move(models.Model):
    """职能划转: a function goes from one department to another (MAP-08)."""

    code = models.CharField("编码", max_length=60, unique=True)
    function = models.ForeignKey(Function, models.PROTECT, related_name="moves")
    source = organisation("原部门")
    target = organisation("新部门")
    parent = models.ForeignKey(Function, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField("划转依据", max_length=500)
    state = models.CharField("状态", max_length=10, default=v.MoveState.PROPOSED)
    created_at = models.DateTimeField("登记时间")
    created_by = models.CharField("登记人", max_length=120)
    settled_at = models.DateTimeField("办结时间", null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            one_of("move_state_known", "state", v.MoveState),
            models.UniqueConstraint(
                fields=["function"], condition=Q(state=v.MoveState.PROPOSED),
                name="move_one_open",
            ),
            models.CheckConstraint(
                name="move_between_two", condition=~Q(source=models.F("target"))
            ),
        ]  # fmt: skip


class MoveItem(models.Model):
    """One proposed change of a move: confirmed or declined on its own."""

    move = models.ForeignKey(Move, models.CASCADE, related_name="items")
    subject = models.CharField("对象类别", max_length=12)
    key = models.CharField("对象编码", max_length=60)
    title = models.CharField("名称", max_length=200)
    before = models.CharField("现为", max_length=200, blank=True)
    after = models.CharField("拟改为", max_length=200, blank=True)
    why = models.CharField("关联", max_length=200, blank=True)
    decision = models.CharField("决定", max_length=10, default=v.Decision.PROPOSED)
    decided_by = models.CharField("决定人", max_length=120, blank=True)
    decided_at = models.DateTimeField("决定时间", null=True, blank=True)
    result = models.CharField("结果", max_length=300, blank=True)

    class Meta:
        ordering = ["move", "subject", "key"]
        constraints = [
            models.UniqueConstraint(fields=["move", "subject", "key"], name="move_item_once"),
            one_of("move_item_subject_known", "subject", v.MoveSubject),
            one_of("move_item_decision_known", "decision", v.Decision),
        ]
