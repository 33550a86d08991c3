"""External sources: on what terms another authority's, or a firm's, data come in."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from json import dumps

from django.db import transaction

from tongqu.audit.public import record
from tongqu.identity.public import notify
from tongqu.identity.vocabulary import Role
from tongqu.ingest.actions import guards
from tongqu.ingest.models import Agreement, Source
from tongqu.ingest.queries import source_of
from tongqu.ingest.vocabulary import Authority
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.lake.vocabulary import MIN_CELLS
from tongqu.policy.clauses import gd_2024, mot_2020
from tongqu.policy.domain.matters import MATTER_LABELS, Matter

MIN_CELL = 15  # persons; below it a cell may tell who somebody is
SOON = 30  # days before expiry on which the owner is told
EXPIRED = Problem(
    code="AGREEMENT_EXPIRED",
    title="这个外部来源的协议已到期或未生效，不能接入。",
    next_step="请与对方单位续签后更新协议；已入湖的数据按协议处置。",
    basis=gd_2024.OTHER_AUTHORITIES,
    who="来源责任岗位",
)


@dataclass(frozen=True, slots=True)
class Terms:
    """What was agreed with the other side. ``count_column``: counts people of a cell.

    ``matters``: codes of ``Matter`` that the purpose covers; none: its words count.
    """

    authority: Authority
    counterpart: str
    number: str
    owner: str
    purpose: str
    valid_from: date
    expires_on: date | None = None
    aggregation: str = ""
    count_column: str = ""
    min_cell: int | None = None
    matters: tuple[str, ...] = ()

    @property
    def cell(self) -> int | None:
        """Return the smallest count that may be served."""
        return (self.min_cell or MIN_CELL) if self.count_column else None


@dataclass(frozen=True, slots=True)
class PurposeLimits:
    """For what data of external sources may be used: these duties, or what these words name."""

    matters: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    @property
    def told(self) -> str:
        return "、".join((*(MATTER_LABELS[Matter(m)] for m in self.matters), *self.words))

    def allow(self, matter: str, purpose: str) -> bool:
        """Tell whether an application is within: by its duty, where duties were agreed."""
        if not self.matters and not self.words:
            return True
        return matter in self.matters or any(word in purpose for word in self.words)


def agree_on(source_code: str, terms: Terms, *, by: Actor) -> Agreement:
    """Register or renew the agreement of a source.

    Raises: ``Rejected`` AGREEMENT_WRONG, SOURCE_UNKNOWN, NOT_YOUR_SOURCE.
    """
    source = source_of(source_code)
    guards.may_register(source.provider_id, by)
    _check(terms, source)
    with transaction.atomic():
        found, is_new = Agreement.objects.update_or_create(
            source=source,
            defaults=_facts(terms),
            create_defaults={**_facts(terms), "created_at": clock.now()},
        )
        record(f"ingest.agreement.{'registered' if is_new else 'renewed'}", by=by,
               subject=source.code, basis=mot_2020.OTHER_AUTHORITIES,
               details={"authority": terms.authority.value, "number": terms.number})  # fmt: skip
    return found


def _facts(terms: Terms) -> dict[str, object]:
    names = ("counterpart", "number", "owner", "purpose", "aggregation", "count_column",
             "valid_from", "expires_on")  # fmt: skip
    given = {name: getattr(terms, name) for name in names}
    structured = {"authority": terms.authority.value, "matters": sorted(terms.matters)}
    return {**given, **structured, "min_cell": terms.cell}


def _check(terms: Terms, source: Source) -> None:
    missing = {
        name: f"请填写{label}。"
        for name, label in (("counterpart", "对方单位"), ("number", "协议编号"),
                            ("owner", "责任岗位"), ("purpose", "限定用途"))
        if not getattr(terms, name).strip()
    }  # fmt: skip
    if terms.authority is Authority.SOCIAL:
        if terms.expires_on is None:
            missing["expires_on"] = "社会第三方数据须约定到期日。"
        if not terms.aggregation.strip():
            missing["aggregation"] = "社会第三方数据须写明汇总粒度。"
    if terms.expires_on is not None and terms.expires_on < terms.valid_from:
        missing["expires_on"] = "到期日不能早于生效日。"
    names = {str(column["name"]) for column in source.columns}
    if terms.count_column and names and terms.count_column not in names:
        missing["count_column"] = "来源没有这一列。"
    if not set(terms.matters) <= set(Matter):
        missing["matters"] = "请从列出的履职事项中选择。"
    if terms.min_cell is not None and not 1 <= terms.min_cell <= 100_000:
        missing["min_cell"] = "请填 1 至 100000。"
    if missing:
        raise Rejected(
            Problem(code="AGREEMENT_WRONG", title="协议没有填完整。", next_step="请按提示补填。",
                    basis=gd_2024.OTHER_AUTHORITIES, fields=missing)
        )  # fmt: skip


def check_valid(source: Source) -> None:
    """Refuse to take from a source whose agreement does not hold today; none is no limit."""
    found = Agreement.objects.filter(source=source).first()
    today = clock.today()
    if found is None:
        return
    if found.valid_from > today or (found.expires_on is not None and found.expires_on < today):
        raise Rejected(EXPIRED)


def purpose_limits(entry_code: str) -> PurposeLimits:
    """Return the purposes to which agreements bind what this entry's sources deliver (ING-10)."""
    words: dict[str, None] = {}
    matters: dict[str, None] = {}
    for found in Agreement.objects.filter(source__entry_code=entry_code).order_by("pk"):
        matters |= dict.fromkeys(found.matters)
        if not found.matters:
            words |= dict.fromkeys(filter(None, re.split(r"[、，,；;/\s]+", found.purpose)))
    return PurposeLimits(tuple(matters), tuple(words))


def cells(source: Source) -> Mapping[str, str]:
    """Return the table property under which small cells are held back in the service layer."""
    found = Agreement.objects.filter(source=source, min_cell__isnull=False).first()
    return {MIN_CELLS: dumps({found.count_column: found.min_cell})} if found else {}


def tell_of_expiry() -> int:
    """Tell providers once of agreements that end soon; return how many end."""
    today = clock.today()
    ending = [
        row
        for row in Agreement.objects.select_related("source").filter(expires_on__gte=today)
        if row.expires_on is not None and (row.expires_on - today).days <= SOON
    ]
    for row in ending:
        notify(
            f"外部来源“{row.source.name}”的协议 {row.number} 将于 {row.expires_on} 到期，"
            "到期后停止接入。",
            key=f"agreement-{row.pk}-{row.expires_on}",
            kind="协议到期",
            url=f"/manage/ingest/{row.source.code}/",
            organisation_id=row.source.provider_id,
            role=Role.CATALOGUER.value,
        )
    return len(ending)
