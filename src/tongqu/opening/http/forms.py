"""The proposal form as typed, and the value that the action takes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.http import QueryDict

from tongqu.catalog.vocabulary import EntryView, ItemView
from tongqu.delivery.vocabulary import Filter, Shown
from tongqu.kernel.problems import Problem, Rejected
from tongqu.opening.actions.propose import Proposal
from tongqu.opening.domain.terms import condition_of
from tongqu.opening.vocabulary import NEVER_FROM_LEVEL, Licence, OpenType

# How an item is shown, beside the masks: not at all, as it is.
HIDE, CLEAR, PART = "", "clear", "part"


@dataclass(frozen=True, slots=True)
class Line:
    """One item of the entry in the form."""

    item: ItemView
    how: str
    is_never: bool
    is_quasi: bool


@dataclass(frozen=True, slots=True)
class ProposalForm:
    """``how``: item → hide, clear, part, or a mask; ``unless``: conditions by item."""

    how: Mapping[str, str] = field(default_factory=dict)
    quasi: Sequence[str] = ()
    open_type: str = OpenType.UNCONDITIONAL.value
    licence: str = Licence.OPEN_GOV.value
    reason: str = ""
    conditions: str = ""
    row_filter: str = ""
    unless: str = ""
    disclosure: str = ""

    @classmethod
    def posted(cls, post: QueryDict) -> "ProposalForm":
        def text(name: str, length: int) -> str:
            return post.get(name, "").replace("\x00", "")[:length]

        return cls(
            how={name[4:]: text(name, 20) for name in post if name.startswith("how-")},
            quasi=post.getlist("quasi"),
            open_type=text("open_type", 20),
            licence=text("licence", 20),
            reason=text("reason", 1000),
            conditions=text("conditions", 1000),
            row_filter=text("row_filter", 2000),
            unless=text("unless", 2000),
            disclosure=text("disclosure", 200),
        )

    def lines(self, entry: EntryView, *, is_new: bool) -> list[Line]:
        return [
            Line(
                item,
                self._how(item, is_new=is_new),
                item.level >= NEVER_FROM_LEVEL,
                item.name_en in self.quasi,
            )
            for item in entry.items
        ]

    def _how(self, item: ItemView, *, is_new: bool) -> str:
        if is_new:
            return CLEAR if item.is_openable and item.level == 1 else HIDE
        return self.how.get(item.name_en, HIDE)

    def proposal(self, entry: EntryView) -> Proposal:
        """Return what was typed. Raises: ``Rejected`` FORM_INVALID for a line that is none."""
        unless = {found[0]: found[1] for found in map(_exception, _lines(self.unless))}
        shown = [
            self._shown(item.name_en, self.how[item.name_en], unless)
            for item in entry.items
            if self.how.get(item.name_en, HIDE) != HIDE
        ]
        is_type = self.open_type in set(OpenType)
        return Proposal(
            entry_code=entry.code,
            reason=self.reason,
            shown=tuple(shown),
            open_type=OpenType(self.open_type) if is_type else OpenType.CONDITIONAL,
            licence=Licence(self.licence) if self.licence in set(Licence) else Licence.OPEN_GOV,
            conditions=self.conditions,
            row_filter=tuple(_condition(line) for line in _lines(self.row_filter)),
            quasi=tuple(self.quasi),
            disclosure=self.disclosure,
        )

    def _shown(self, name: str, how: str, unless: Mapping[str, Filter]) -> Shown:
        if how == PART:
            return Shown(name, "cover", is_part=True)
        if how == CLEAR:
            return Shown(name)
        return Shown(name, how, unless.get(name))


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


def _condition(line: str) -> Filter:
    try:
        return condition_of(line)
    except ValueError:
        raise Rejected(_wrong("row_filter", line)) from None


def _exception(line: str) -> tuple[str, Filter]:
    """``subject_name：subject_type 属于 法人,非法人组织``: in clear where this holds."""
    name, mark, rest = line.replace("：", ":").partition(":")
    try:
        if not mark:
            raise ValueError(line)
        return name.strip(), condition_of(rest)
    except ValueError:
        raise Rejected(_wrong("unless", line)) from None


def _wrong(name: str, line: str) -> Problem:
    return Problem(
        code="FORM_INVALID",
        title="有一行条件无法读取。",
        next_step="请按示例改写：信息项英文名 空格 运算 空格 值。",
        fields={name: f"无法读取：{line.strip()[:60]}"},
    )
