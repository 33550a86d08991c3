"""What a compliance rule is, and the frozen value that it looks at."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from tongqu.catalog.vocabulary import (
    DataType,
    EntryKind,
    FindingView,
    ItemView,
    NationalGrade,
    RuleGroup,
    Severity,
    SourceOfDatum,
)
from tongqu.kernel.law import Basis


@dataclass(frozen=True, slots=True)
class EntryDraft:
    """A version as a check sees it: blanks are empty, nothing is guessed."""

    code: str
    kind: EntryKind
    category: str = ""
    name: str = ""
    provider: str = ""  # organisation code
    formats: tuple[str, ...] = ()
    items: tuple[ItemView, ...] = ()
    update_cycle: str = ""
    sharing_type: str = ""
    conditions: str = ""
    scope: str = ""
    scope_codes: tuple[str, ...] = ()
    manners: tuple[str, ...] = ()
    source_system: str = ""
    level: int | None = None
    materials: tuple[str, ...] = ()
    withheld_basis: tuple[str, ...] = ()
    basic_class: str = ""
    accountable: str = ""
    legal_basis: tuple[str, ...] = ()
    standards: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
    project: str = ""
    # What the surroundings say, gathered before the check.
    known_bases: frozenset[str] = frozenset()  # clause codes usable as a basis
    has_exception: bool = False  # approved by the managing office
    observed: Mapping[str, DataType] = field(default_factory=dict)  # empty: never scanned
    sources: Mapping[str, SourceOfDatum] = field(default_factory=dict)  # element → its one source
    same_name_here: tuple[str, ...] = ()  # codes of the same provider's entries
    same_name_elsewhere: tuple[str, ...] = ()
    national_grade: NationalGrade = NationalGrade.GENERAL
    has_rule_pack: bool = True  # where no room keeps rules, none is missing
    project_fault: str = ""  # why its project does not allow a pre-catalogue


@dataclass(frozen=True, slots=True)
class Hit:
    """One place where a rule is not met."""

    field: str
    message: str
    item: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the check. A code is never given to another rule."""

    code: str
    title: str
    group: RuleGroup
    basis: Basis
    remedy: str
    check: Callable[[EntryDraft], Iterable[Hit]]
    severity: Severity = Severity.BLOCK
    formal_only: bool = False  # a pre-catalogue has no data yet
    pre_only: bool = False
    looks_at: str = ""  # for the rule's own page, as the two below
    example: str = ""

    @property
    def kinds(self) -> tuple[EntryKind, ...]:
        """Return the kinds of entries that the rule is for."""
        if self.formal_only:
            return (EntryKind.FORMAL,)
        return (EntryKind.PRE,) if self.pre_only else tuple(EntryKind)

    def findings(self, draft: EntryDraft) -> tuple[FindingView, ...]:
        return tuple(
            FindingView(
                rule=self.code,
                group=self.group,
                severity=self.severity,
                field=hit.field,
                item=hit.item,
                message=hit.message,
                remedy=self.remedy,
                clause=self.basis.code,
            )
            for hit in self.check(draft)
        )
