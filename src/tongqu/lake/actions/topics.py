"""专题: a department asks for one from a template; its table then builds itself (LAK-07)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from tongqu.audit.public import record
from tongqu.identity.public import organisation_by_id, require
from tongqu.identity.vocabulary import Permission as P
from tongqu.kernel import clock
from tongqu.kernel.actor import PLATFORM, Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.lake.actions.install import install
from tongqu.lake.domain.topic import Indicator, document
from tongqu.lake.models import Topic, TopicTemplate
from tongqu.policy.clauses.gd_2024 import FIVE_LIBRARIES

CODE = re.compile(r"[a-z][a-z0-9_]{1,39}")
TITLE = re.compile(r"[^\x00-\x1f'\"\\]{2,60}")


@dataclass(frozen=True, slots=True)
class TopicOrder:
    code: str
    title: str
    template: str
    indicators: tuple[str, ...]
    owner: str  # 负责人: a post
    retention_days: int


def _refuse(code: str, title: str, next_step: str, /, **fields: str) -> Rejected:
    return Rejected(
        Problem(code=code, title=title, next_step=next_step, basis=FIVE_LIBRARIES, fields=fields)
    )


@transaction.atomic
def save_templates(pack: str, rows: Sequence[Mapping[str, Any]], *, by: Actor) -> int:
    """Keep a pack's topic templates; return how many changed.

    Raises: ``Rejected`` TEMPLATE_WRONG naming the template and what is wrong.
    """
    changed = 0
    for row in rows:
        code, title = str(row.get("code", "")), str(row.get("title", ""))
        try:
            indicators = [Indicator.of(one) for one in row.get("indicators", [])]
        except (ValueError, TypeError) as wrong:
            raise _refuse(
                "TEMPLATE_WRONG", f"专题模板 {code} 不对：{wrong}。", "请改正。"
            ) from None
        if not CODE.fullmatch(code) or not title or not indicators:
            raise _refuse("TEMPLATE_WRONG", f"专题模板 {code} 缺少标识、名称或指标。", "请补全。")
        given = {"title": title, "pack": pack, "indicators": [dict(r) for r in row["indicators"]]}
        held = TopicTemplate.objects.filter(code=code).first()
        if held is None or {k: getattr(held, k) for k in given} != given:
            TopicTemplate.objects.update_or_create(code=code, defaults=given)
            changed += 1
    if changed:
        record("lake.topic_templates.saved", by=by, subject=pack, basis=FIVE_LIBRARIES)
    return changed


@transaction.atomic
def ask(order: TopicOrder, *, by: Actor) -> Topic:
    """Make a topic for the actor's department; its table is filled within a minute.

    Raises: ``Rejected`` TOPIC_WRONG, TOPIC_EXISTS, TEMPLATE_UNKNOWN.
    """
    require(by, P.LAKE_TOPIC_ASK)
    template = TopicTemplate.objects.filter(code=order.template).first()
    if template is None:
        raise _refuse(
            "TEMPLATE_UNKNOWN",
            "没有这个专题模板。",
            "请从模板列表中选择。",
            template="没有这个模板。",
        )
    _check(order)
    if Topic.objects.filter(code=order.code).exists():
        raise _refuse("TOPIC_EXISTS", "标识已被使用。", "请换一个标识。", code="已被使用。")
    offered = {row["code"]: row for row in template.indicators}
    if strange := sorted(set(order.indicators) - set(offered)):
        raise _refuse(
            "TOPIC_WRONG",
            "所选指标不在模板中。",
            "请重新选择。",
            indicators=f"没有 {strange[0][:40]}。",
        )
    chosen = [row for row in template.indicators if row["code"] in order.indicators]
    department = organisation_by_id(by.organisation_id or 0)
    topic = Topic.objects.create(
        code=order.code, title=order.title, template=template, organisation=department,
        owner=order.owner, indicators=chosen, retention_days=order.retention_days, by_key=by.key,
        created_at=clock.now(),
    )  # fmt: skip
    text = document(
        code=order.code, title=order.title, owner=department.code,
        retention=order.retention_days, indicators=chosen,
    )  # fmt: skip
    install(f"topic:{order.code}", [(f"topic_{order.code}.toml", text)], by=PLATFORM)
    record(
        "lake.topic.made", by=by, subject=topic.table, basis=FIVE_LIBRARIES,
        details={"template": template.code, "indicators": list(order.indicators)},
    )  # fmt: skip
    return topic


def _check(order: TopicOrder) -> None:
    wrong = {}
    if not CODE.fullmatch(order.code):
        wrong["code"] = "请用小写字母、数字和下划线，以字母开头。"
    if not TITLE.fullmatch(order.title):
        wrong["title"] = "2 至 60 字，不含引号。"
    if not order.indicators:
        wrong["indicators"] = "至少选择一个指标。"
    if not order.owner.strip() or not order.owner.isprintable():
        wrong["owner"] = "请填写负责的岗位。"
    if not 1 <= order.retention_days <= 36_500:
        wrong["retention_days"] = "请填写 1 至 36500 天。"
    if wrong:
        raise _refuse("TOPIC_WRONG", "专题申请有误。", "请按各项提示改正。", **wrong)
