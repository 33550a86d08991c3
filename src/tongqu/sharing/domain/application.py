"""What an applicant writes (at most eight fields), and what stands in its way."""

from dataclasses import dataclass
from typing import Protocol

from tongqu.catalog.vocabulary import EntryView, Manner, Scope, SharingType
from tongqu.kernel.canonical import canonical
from tongqu.kernel.problems import Problem
from tongqu.policy.clauses import measures_2021 as law
from tongqu.sharing.domain.purpose import is_meaningful
from tongqu.sharing.vocabulary import Frequency, Matter, Retention


class Limits(Protocol):
    """What agreements with external sources allow."""

    @property
    def told(self) -> str: ...

    def allow(self, matter: str, purpose: str) -> bool: ...


@dataclass(frozen=True, slots=True)
class Application:
    """The eight fields of the form, and the version the applicant had before his eyes."""

    entry_code: str
    matter: str
    purpose: str
    duty: str
    system_name: str
    frequency: str
    retention: str
    items: tuple[str, ...] = ()  # name_en; empty: every item that is shared
    manners: tuple[str, ...] = ()  # empty: every manner that is offered
    version_id: int | None = None

    def spelled(self) -> bytes:
        """Return one spelling of the content: a token used again must mean the same."""
        return canonical(
            {
                "entry": self.entry_code, "matter": self.matter, "purpose": self.purpose,
                "duty": self.duty, "system": self.system_name, "frequency": self.frequency,
                "retention": self.retention, "items": sorted(self.items),
                "manners": sorted(self.manners),
            }
        )  # fmt: skip


def purpose_problem(given: Application) -> Problem | None:
    """Return PURPOSE_REQUIRED with a sentence for each part of the purpose that is missing."""
    fields: dict[str, str] = {}
    if not is_meaningful(given.purpose):
        fields["purpose"] = "请写明使用用途：办什么事、用在哪个环节，不少于 10 个字。"
    if given.matter not in set(Matter):
        fields["matter"] = "请选择履职事项。"
    if not given.duty.strip():
        fields["duty"] = "请填写履职依据，如法规名称和条款、三定方案。"
    if not given.system_name.strip():
        fields["system_name"] = "请填写接收数据的系统名称。"
    if given.frequency not in set(Frequency):
        fields["frequency"] = "请选择使用频次。"
    if given.retention not in set(Retention):
        fields["retention"] = "请选择留存期限。"
    for name, limit in (("purpose", 500), ("duty", 300), ("system_name", 120)):
        if len(getattr(given, name)) > limit:
            fields[name] = f"不超过 {limit} 个字。"
    if not fields:
        return None
    return Problem(
        code="PURPOSE_REQUIRED",
        title="使用用途没有写明。",
        next_step="请补全标出的内容后重新提交；用途是授权的边界。",
        basis=law.PURPOSE,
        who="申请单位",
        fields=fields,
    )


def limit_problem(given: Application, limits: Limits) -> Problem | None:
    """Return PURPOSE_OUTSIDE where an external source's agreement allows other purposes alone.

    The applicant's duty is one that was agreed; where the agreement has words alone, he names one
    in his purpose. The grant is then bound by what he wrote.
    """
    if limits.allow(given.matter, given.purpose):
        return None
    allowed = limits.told
    return Problem(
        code="PURPOSE_OUTSIDE",
        title="使用用途超出了来源协议限定的用途。",
        next_step=f"这份数据来自外部来源，协议只限用于：{allowed}。"
        "属于其中的，请选对应的履职事项，或在使用用途中写明。",
        basis=law.PURPOSE,
        who="申请单位",
        fields={"purpose": f"限定用途：{allowed}"[:200]},
    )


def items_problem(given: Application, entry: EntryView) -> Problem | None:
    """Return ITEM_NOT_SHARED or MANNER_NOT_OFFERED when more is asked than the entry shares."""
    shared = {item.name_en for item in entry.shareable_items}
    if unknown := sorted(set(given.items) - shared):
        return Problem(
            code="ITEM_NOT_SHARED",
            title="所申请的信息项不在该条目的共享内容之内。",
            next_step="请在条目列出的可共享信息项中选择。",
            basis=law.CONDITIONAL,
            who=entry.provider_name,
            fields={"items": "不共享或不存在：" + "、".join(unknown)[:200]},
        )
    if not set(given.manners) <= {str(manner) for manner in entry.manners}:
        offered = "、".join(Manner(manner).label for manner in entry.manners)
        return Problem(
            code="MANNER_NOT_OFFERED",
            title="该条目不提供所选的共享方式。",
            next_step="请改选条目提供的方式。",
            basis=law.THREE_MANNERS,
            fields={"manners": f"可选：{offered}。"},
        )
    return None


def scope_problem(
    entry: EntryView, *, consumer_code: str, scope_names: tuple[str, ...]
) -> Problem | None:
    """Return OUT_OF_SCOPE, telling the scope, when the entry is not for this department."""
    if entry.sharing_type is SharingType.WITHHELD or entry.scope is not Scope.LISTED:
        return None
    if consumer_code in entry.scope_codes or consumer_code == entry.provider_code:
        return None
    scope = "、".join(scope_names)
    return Problem(
        code="OUT_OF_SCOPE",
        title=f"该条目只向以下部门共享：{scope}。你单位不在共享范围内。",
        next_step=f"履职确需使用的，请与提供部门{entry.provider_name}联系，由其先调整目录的共享范围。",
        basis=law.CONDITIONAL,
        who=entry.provider_name,
        facts={"scope": list(scope_names)},
    )


def differences(old: EntryView, new: EntryView) -> list[str]:
    """Return what changed between two versions, as sentences for the applicant."""
    before = {item.name_en: item for item in old.items}
    after = {item.name_en: item for item in new.items}
    told = [f"新增信息项：{after[name].name_zh}" for name in after if name not in before]
    told += [f"移除信息项：{before[name].name_zh}" for name in before if name not in after]
    for name in before.keys() & after.keys():
        was, now = before[name], after[name]
        if was.is_shareable != now.is_shareable:
            told.append(f"信息项{now.name_zh}改为{'共享' if now.is_shareable else '不共享'}")
        elif was.mask != now.mask:
            told.append(f"信息项{now.name_zh}的脱敏方式有调整")
        elif was != now:
            told.append(f"信息项{now.name_zh}的定义有调整")
    if old.sharing_type is not new.sharing_type:
        told.append(f"共享类型由{old.sharing_type.label}改为{new.sharing_type.label}")
    for title, was_value, now_value in (
        ("共享范围", (old.scope, old.scope_codes), (new.scope, new.scope_codes)),
        ("共享条件", old.conditions, new.conditions),
        ("证明材料", old.materials, new.materials),
        ("共享方式", old.manners, new.manners),
        ("更新周期", old.update_cycle, new.update_cycle),
    ):
        if was_value != now_value:
            told.append(f"{title}有调整")
    return told or ["版本号更新，内容未变"]


def changed_problem(old: EntryView, new: EntryView) -> Problem:
    """Return ENTRY_CHANGED: the entry moved on while the form was open."""
    return Problem(
        code="ENTRY_CHANGED",
        title=f"你填表期间，该条目由 {old.version} 更新为 {new.version}。",
        next_step="请核对下列变化，确认后重新提交；已填内容仍保留。",
        basis=law.VERSIONED,
        facts={"changes": differences(old, new), "version_id": new.version_id},
    )
