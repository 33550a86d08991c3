"""Open the grant that a decision leads to; delivery enforces it from then on."""

from dataclasses import dataclass

from tongqu.catalog import public as catalog
from tongqu.delivery import public as delivery
from tongqu.delivery.vocabulary import Filter, GrantTerms, Rounding
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.law import Assumption, Basis
from tongqu.kernel.problems import Problem, Rejected
from tongqu.kernel.workdays import add_months
from tongqu.policy.clauses import measures_2021 as law
from tongqu.quality import public as quality
from tongqu.quality.vocabulary import AWARD_SHARED
from tongqu.sharing.models import ShareRequest

VALIDITY = Assumption("授权有效期一年，期满须重新申请")
VALIDITY_MONTHS = 12
TYPE_CHANGED = Problem(
    code="ENTRY_CHANGED",
    title="提交以后该条目的共享类型已变更，不能再按原申请授权。",
    next_step="请告知申请单位按现行目录重新申请。",
    basis=law.VERSIONED,
    who="提供部门",
)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a consent may be bound to besides its items: rows, quota, precision."""

    row_filter: tuple[Filter, ...] = ()
    quota_rows_per_day: int | None = None
    precision: tuple[Rounding, ...] = ()

    def told(self) -> dict[str, object]:
        """Return the limits for the history of the request."""
        return {
            "row_filter": [[f.item, str(f.operator), list(f.values)] for f in self.row_filter],
            "quota_rows_per_day": self.quota_rows_per_day,
            "precision": [rounding.item for rounding in self.precision],
        }


UNLIMITED = Limits()


def open_grant(
    request: ShareRequest,
    items: tuple[str, ...],
    *,
    by: Actor,
    basis: Basis,
    limits: Limits = UNLIMITED,
) -> None:
    """Issue the grant and write its number into the request; the caller saves the request.

    A grant rests on the version in force. When the entry moved on since the filing, items
    and manners it no longer shares fall away; a new sharing type stops the decision.
    """
    today = clock.today()
    entry = catalog.published(request.entry_code)
    if str(entry.sharing_type) != request.sharing_type:
        raise Rejected(TYPE_CHANGED)
    terms = GrantTerms(
        entry_code=entry.code,
        version_id=entry.version_id,
        items=tuple(item.name_en for item in entry.shareable_items if item.name_en in items),
        purpose_code=request.matter,
        purpose_text=request.purpose,
        consumer_id=request.consumer_id,
        system_name=request.system_name,
        manners=tuple(manner for manner in entry.manners if manner in request.manners),
        valid_from=today,
        valid_until=add_months(today, VALIDITY_MONTHS),
        row_filter=limits.row_filter,
        quota_rows_per_day=limits.quota_rows_per_day,
        precision=limits.precision,
    )
    view = delivery.issue_grant(
        terms, by=by, approved_by=by, basis=basis, source_reference=request.number
    )
    request.grant_number = view.number
    quality.award(
        AWARD_SHARED, organisation_id=view.provider_id, evidence=view.number,
        key=f"shared:{view.number}", url="/share/grants/",
    )  # fmt: skip
