"""Surveys (资源调查): rounds, questionnaires, and the systems' tables they name."""

from django.db import models
from django.db.models import Q

from tongqu.ledger.models.words import one_of
from tongqu.ledger.vocabulary import TONES, AnswerState, RoundState


class SurveyRound(models.Model):
    """调查轮次."""

    title = models.CharField("名称", max_length=120)
    note = models.CharField("填报说明", max_length=1000, blank=True)
    state = models.CharField("状态", max_length=20, default=RoundState.COMPILING)
    due_on = models.DateField("填报截止")
    created_at = models.DateTimeField("编制时间")
    created_by = models.CharField("编制人", max_length=120)
    issued_at = models.DateTimeField("下发时间", null=True, blank=True)
    closed_at = models.DateTimeField("填报结束时间", null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [one_of("survey_round_state_known", "state", RoundState)]

    def __str__(self) -> str:
        return self.title

    @property
    def state_label(self) -> str:
        return RoundState(self.state).label

    @property
    def state_tone(self) -> str:
        return TONES[self.state]


class SurveyAnswer(models.Model):
    """问卷: one department in one round."""

    round = models.ForeignKey(SurveyRound, models.PROTECT, related_name="answers")
    organisation = models.ForeignKey("identity.Organisation", models.PROTECT, related_name="+")
    state = models.CharField("状态", max_length=20, default=AnswerState.WAITING)
    gaps = models.CharField("数据缺口", max_length=1000, blank=True)
    submitted_at = models.DateTimeField("提交时间", null=True, blank=True)
    submitted_by = models.CharField("提交人", max_length=120, blank=True)
    reason = models.CharField("退回原因", max_length=300, blank=True)

    class Meta:
        ordering = ["organisation__code"]
        constraints = [
            one_of("survey_answer_state_known", "state", AnswerState),
            models.UniqueConstraint(fields=["round", "organisation"], name="survey_answer_once"),
            models.CheckConstraint(
                name="survey_answer_submitted_pair",
                condition=Q(submitted_at=None, submitted_by="")
                | (Q(submitted_at__isnull=False) & ~Q(submitted_by="")),
            ),
        ]

    @property
    def state_label(self) -> str:
        return AnswerState(self.state).label

    @property
    def state_tone(self) -> str:
        return TONES[self.state]


class SurveyedTable(models.Model):
    """问卷里的一张表. ``columns`` are [中文名, 英文名, 类型] triples."""

    answer = models.ForeignKey(SurveyAnswer, models.CASCADE, related_name="tables")
    system = models.CharField("所属系统", max_length=120)
    name = models.CharField("表名", max_length=200)
    rows = models.PositiveBigIntegerField("数据量（行）", null=True, blank=True)
    update_cycle = models.CharField("更新周期", max_length=20)
    columns = models.JSONField("字段", default=list, blank=True)
    note = models.CharField("缺口与问题", max_length=500, blank=True)
    entry_code = models.CharField("目录标识", max_length=60, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["answer", "system", "name"], name="surveyed_once")
        ]
