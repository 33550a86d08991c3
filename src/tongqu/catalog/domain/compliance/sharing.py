"""共享类型依据: the three types, and what each has to state (articles 5 to 7)."""

from collections.abc import Iterable

from tongqu.catalog.domain.compliance.rules import EntryDraft, Hit, Rule
from tongqu.catalog.vocabulary import BasicClass, RuleGroup, Scope, Severity, SharingType
from tongqu.policy.clauses import measures_2021 as law

T = SharingType


def _has_basis(draft: EntryDraft) -> Iterable[Hit]:
    if draft.sharing_type == T.WITHHELD and not draft.withheld_basis:
        yield Hit("withheld_basis", "不予共享没有引用法律法规或政策条款，只有文字说明不算依据")


def _basis_known(draft: EntryDraft) -> Iterable[Hit]:
    if draft.sharing_type == T.WITHHELD and set(draft.withheld_basis) - draft.known_bases:
        yield Hit("withheld_basis", "引用的条款不在制度规范库中")


def _basic_class(draft: EntryDraft) -> Iterable[Hit]:
    limited = draft.sharing_type in {T.CONDITIONAL, T.WITHHELD}
    if draft.basic_class and limited and not draft.has_exception:
        label = BasicClass(draft.basic_class).label
        yield Hit("sharing_type", f"“{label}”属于必须共享的基础数据，应为无条件共享")


def _scope_of_unconditional(draft: EntryDraft) -> Iterable[Hit]:
    if draft.sharing_type == T.UNCONDITIONAL and draft.scope in {Scope.LISTED, Scope.NOBODY}:
        yield Hit("scope", "无条件共享应面向所有政府部门")


def _listed_departments(draft: EntryDraft) -> Iterable[Hit]:
    if draft.scope == Scope.LISTED and not draft.scope_codes:
        yield Hit("scope", "共享范围为指定部门，但没有列出部门")


def _some_condition(draft: EntryDraft) -> Iterable[Hit]:
    is_whole = draft.scope == Scope.ALL and all(item.is_shareable for item in draft.items)
    if draft.sharing_type == T.CONDITIONAL and draft.items and is_whole:
        yield Hit("sharing_type", "既不限定部门，也不限定内容，可考虑无条件共享")


def _something_to_share(draft: EntryDraft) -> Iterable[Hit]:
    shared = draft.sharing_type in {T.UNCONDITIONAL, T.CONDITIONAL}
    if shared and draft.items and not any(item.is_shareable for item in draft.items):
        yield Hit("items", "没有任何信息项可以共享")


_G = RuleGroup.SHARING_BASIS
RULES = (
    Rule("CAT-R40", "不予共享须引用条款", _G, law.WITHHELD_BASIS,
         "请从制度规范库选择至少一条依据；没有依据的应改为无条件或有条件共享", _has_basis,
         looks_at="共享类型为不予共享时的依据",
         example="依据：某法第三十二条"),
    Rule("CAT-R41", "不予共享的依据须可查证", _G, law.WITHHELD_BASIS,
         "请从制度规范库重新选择条款；库中没有的，先请主管部门登记", _basis_known,
         looks_at="依据是否为制度规范库中的现行条款",
         example="从库中选择，不手工填写"),
    Rule("CAT-R42", "七类基础数据须无条件共享", _G, law.MUST_SHARE,
         "请改为无条件共享，或请主管部门批准附依据的例外", _basic_class,
         looks_at="标为七类基础数据的目录的共享类型",
         example="行政许可信息：无条件共享"),
    Rule("CAT-R43", "无条件共享面向所有政府部门", _G, law.UNCONDITIONAL,
         "请把共享范围改为所有政府部门，或改为有条件共享", _scope_of_unconditional,
         looks_at="无条件共享目录的共享范围",
         example="无条件共享：所有政府部门"),
    Rule("CAT-R44", "指定部门须列明", _G, law.CONDITIONAL,
         "请列出可以使用的部门", _listed_departments,
         looks_at="共享范围为指定部门时的部门清单",
         example="指定部门：990000-YJ"),
    Rule("CAT-R45", "有条件共享应限定部门或内容", _G, law.CONDITIONAL,
         "请限定部门或信息项，或改为无条件共享", _some_condition, Severity.WARN,
         looks_at="有条件共享是否限定了部门或信息项",
         example="限定：指定部门，或若干信息项不共享"),
    Rule("CAT-R46", "共享的条目须有可共享的信息项", _G, law.SHARE_BY_DEFAULT,
         "请至少把一个信息项设为可共享，或改为不予共享并附依据", _something_to_share,
         looks_at="信息项中至少一项可共享",
         example="至少把“名称”一项设为共享"),
)  # fmt: skip
