"""Cases of opening, their reviews and tests, released versions, use, the public's voice."""

from enum import StrEnum
from typing import Any

from django.db import models
from django.db.models import Q

from tongqu.opening.vocabulary import (
    ENDED,
    LICENCE_LABELS,
    REVIEW_LABELS,
    STATE_LABELS,
    STATE_TONES,
    TYPE_LABELS,
    VOICE_LABELS,
    VOICE_STATE_LABELS,
    Licence,
    OpenState,
    OpenType,
    ReviewKind,
    VoiceKind,
    VoiceState,
)

# In one order: a migration is written by it.
_ENDED = sorted((s.value for s in ENDED), reverse=True)


def _one_of(name: str, field: str, words: type[StrEnum]) -> Any:
    return models.CheckConstraint(
        name=name, condition=Q(**{f"{field}__in": [word.value for word in words]})
    )


class DailyNumber(models.Model):
    """The last number given on a day: two filings at once never share one."""

    day = models.DateField("日期", unique=True)
    last = models.PositiveIntegerField("末号", default=0)


class OpeningCase(models.Model):
    """开放清单条目: one entry's way onto the open list, and its life there.

    What is shown, of which rows and how, is decided here and compiled at the gate. One case
    of an entry is alive at a time; the public address of the set is the entry's code.
    """

    number = models.CharField("编号", max_length=30, unique=True)
    state = models.CharField("状态", max_length=20, default=OpenState.PROPOSED, db_index=True)
    open_type = models.CharField("开放类型", max_length=20)
    licence = models.CharField("使用许可", max_length=20, default=Licence.OPEN_GOV)
    conditions = models.CharField("开放条件", max_length=500, blank=True)
    entry_code = models.CharField("资源编码", max_length=60, db_index=True)
    entry_name = models.CharField("资源名称", max_length=200)
    summary = models.CharField("摘要", max_length=500, blank=True)
    category = models.CharField("分类", max_length=200, blank=True)
    version_id = models.BigIntegerField("目录版本")
    version = models.CharField("目录版本号", max_length=20)
    table = models.CharField("服务库表", max_length=120)
    update_cycle = models.CharField("更新周期", max_length=20)
    strategies = models.JSONField("国家战略", default=list)
    publisher = models.ForeignKey(
        "identity.Organisation", models.PROTECT, related_name="+", verbose_name="发布单位"
    )
    shown = models.JSONField("开放的信息项", default=list)
    row_filter = models.JSONField("行条件", default=list)
    quasi = models.JSONField("准标识项", default=list)
    # The law by which persons are named in public: their partial display is then the purpose.
    disclosure = models.CharField("公示依据", max_length=200, blank=True)
    x_item = models.CharField("经度", max_length=80, blank=True)
    y_item = models.CharField("纬度", max_length=80, blank=True)
    reason = models.CharField("开放理由", max_length=500)
    proposer_key = models.CharField("提出人标识", max_length=120)
    proposer_name = models.CharField("提出人", max_length=120)
    proposed_at = models.DateTimeField("提出时间")
    opened_at = models.DateTimeField("开放时间", null=True)
    updated_at = models.DateTimeField("数据最近更新", null=True)
    ended_at = models.DateTimeField("结束时间", null=True)
    end_reason = models.CharField("撤回、暂停或不予开放的理由", max_length=500, blank=True)
    end_basis = models.CharField("依据", max_length=200, blank=True)

    class Meta:
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            _one_of("opening_state_known", "state", OpenState),
            _one_of("opening_type_known", "open_type", OpenType),
            _one_of("opening_licence_known", "licence", Licence),
            models.CheckConstraint(name="opening_shows_something", condition=~Q(shown=[])),
            models.CheckConstraint(
                name="opening_end_has_reason",
                condition=~Q(state__in=[*_ENDED, OpenState.SUSPENDED.value]) | ~Q(end_reason=""),
            ),
            models.UniqueConstraint(
                fields=["entry_code"],
                condition=~Q(state__in=_ENDED),
                name="opening_once_an_entry",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def state_label(self) -> str:
        return STATE_LABELS[OpenState(self.state)]

    @property
    def state_tone(self) -> str:
        return STATE_TONES[OpenState(self.state)]

    @property
    def type_label(self) -> str:
        return TYPE_LABELS[OpenType(self.open_type)]

    @property
    def licence_label(self) -> str:
        return LICENCE_LABELS[Licence(self.licence)]


class OpenEvent(models.Model):
    """One step in a case's history; rows are only ever added."""

    case = models.ForeignKey(OpeningCase, models.PROTECT, related_name="events")
    position = models.PositiveIntegerField("序号")
    command = models.CharField("动作", max_length=20)
    label = models.CharField("动作名称", max_length=40)
    source = models.CharField("原状态", max_length=20)
    target = models.CharField("新状态", max_length=20)
    actor_key = models.CharField("主体", max_length=120)
    actor_name = models.CharField("办理人", max_length=120)
    organisation_name = models.CharField("办理单位", max_length=120, blank=True)
    at = models.DateTimeField("时间")
    reason = models.CharField("理由", max_length=500, blank=True)
    basis = models.CharField("依据", max_length=200, blank=True)

    class Meta:
        ordering = ["case", "position"]
        constraints = [models.UniqueConstraint(fields=["case", "position"], name="open_event_once")]

    @property
    def target_label(self) -> str:
        return STATE_LABELS[OpenState(self.target)]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise TypeError("a case's history is append-only")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError(f"a case's history is append-only: {args} {kwargs}")


class OpenReview(models.Model):
    """审查意见: eight answers and a verdict, one of each kind a case."""

    case = models.ForeignKey(OpeningCase, models.PROTECT, related_name="reviews")
    kind = models.CharField("种类", max_length=10)
    answers = models.JSONField("要点", default=dict)  # Concern → is it clear of it?
    passed = models.BooleanField("通过")
    reason = models.CharField("理由", max_length=500)
    basis = models.CharField("依据", max_length=200)
    by_key = models.CharField("审查人标识", max_length=120)
    by_name = models.CharField("审查人", max_length=120)
    organisation_name = models.CharField("审查单位", max_length=120, blank=True)
    at = models.DateTimeField("时间")

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["case", "kind"], name="open_review_once"),
            _one_of("open_review_kind_known", "kind", ReviewKind),
        ]

    @property
    def kind_label(self) -> str:
        return REVIEW_LABELS[ReviewKind(self.kind)]


class RiskTest(models.Model):
    """再识别测试: the smallest group in which a row hides, alone and beside each older set."""

    case = models.ForeignKey(OpeningCase, models.PROTECT, related_name="tests")
    at = models.DateTimeField("时间")
    by_name = models.CharField("测试人", max_length=120)
    snapshot = models.CharField("快照", max_length=40)
    rows = models.PositiveBigIntegerField("行数")
    quasi = models.JSONField("准标识项", default=list)
    threshold = models.PositiveIntegerField("最小群组")
    results = models.JSONField("结果", default=list)  # one each: set, columns, smallest, singled
    passed = models.BooleanField("通过")

    class Meta:
        ordering = ["-at", "-pk"]


class OpenRelease(models.Model):
    """开放版本: what the open list said on a day; rows are never changed but by their end."""

    case = models.ForeignKey(OpeningCase, models.PROTECT, related_name="releases")
    number = models.PositiveIntegerField("版本")
    version = models.CharField("目录版本", max_length=20)
    licence = models.CharField("使用许可", max_length=20)
    update_cycle = models.CharField("更新周期", max_length=20)
    columns = models.JSONField("信息项", default=list)
    rows = models.PositiveBigIntegerField("行数")
    snapshot = models.CharField("快照", max_length=40)
    published_at = models.DateTimeField("发布时间")
    ended_at = models.DateTimeField("停止时间", null=True)
    end_reason = models.CharField("停止理由", max_length=500, blank=True)

    class Meta:
        ordering = ["-published_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="open_release_once")]


class OpenUse(models.Model):
    """Use of a set on a day: counts alone, nobody's address."""

    case = models.ForeignKey(OpeningCase, models.PROTECT, related_name="use")
    day = models.DateField("日期")
    calls = models.PositiveBigIntegerField("次数", default=0)
    rows = models.PositiveBigIntegerField("行数", default=0)
    downloads = models.PositiveBigIntegerField("下载", default=0)

    class Meta:
        ordering = ["-day"]
        constraints = [models.UniqueConstraint(fields=["case", "day"], name="open_use_once_a_day")]


class Voice(models.Model):
    """公众意见: a report, a question or a wish, and its public answer. No name, no contact."""

    number = models.CharField("编号", max_length=30, unique=True)
    kind = models.CharField("类型", max_length=10)
    case = models.ForeignKey(OpeningCase, models.PROTECT, related_name="voices", null=True)
    entry_code = models.CharField("资源编码", max_length=60, blank=True, db_index=True)
    title = models.CharField("主题", max_length=100)
    text = models.CharField("内容", max_length=1000)
    state = models.CharField("状态", max_length=10, default=VoiceState.WAITING)
    votes = models.PositiveIntegerField("投票", default=0)
    at = models.DateTimeField("时间")
    due_on = models.DateField("答复期限")
    due_provisional = models.BooleanField("期限暂定", default=False)
    answer = models.CharField("答复", max_length=1000, blank=True)
    answered_at = models.DateTimeField("答复时间", null=True)
    answered_by = models.CharField("答复单位", max_length=120, blank=True)
    ticket = models.CharField("质量工单", max_length=40, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            _one_of("voice_kind_known", "kind", VoiceKind),
            _one_of("voice_state_known", "state", VoiceState),
            models.CheckConstraint(
                name="voice_answered_pair",
                condition=Q(answered_at=None) ^ ~Q(state=VoiceState.WAITING.value),
            ),
        ]

    @property
    def kind_label(self) -> str:
        return VOICE_LABELS[VoiceKind(self.kind)]

    @property
    def state_label(self) -> str:
        return VOICE_STATE_LABELS[VoiceState(self.state)]
