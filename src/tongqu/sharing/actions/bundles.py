"""Share packages for joint work: offered by the office, applied for once (one number)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from tongqu.audit.public import record
from tongqu.catalog import public as catalog
from tongqu.identity.public import require
from tongqu.identity.vocabulary import Permission
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.policy.clauses import measures_2021 as law
from tongqu.sharing.actions.file import next_number, submit
from tongqu.sharing.domain.application import Application
from tongqu.sharing.domain.purpose import is_meaningful
from tongqu.sharing.models import Bundle, BundleApplication, BundleCase
from tongqu.sharing.vocabulary import Matter

MOST_ENTRIES = 100
# These stop the whole application: they are of the form or of the asker, not of one entry.
OF_THE_WHOLE = frozenset({"PURPOSE_REQUIRED", "NOT_GOV_DEPT", "NOT_PERMITTED", "NOT_LOGGED_IN"})
NO_BUNDLE = Problem(
    code="NOT_FOUND",
    title="没有这个专题包，或已停止提供。",
    next_step="请在共享专题包中选择，或按条目逐项申请。",
    basis=law.CATALOGUE_IS_BASIS,
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What an applicant writes for a package: five fields, the matter is the package's."""

    purpose: str
    duty: str
    system_name: str
    frequency: str
    retention: str


@transaction.atomic
def save_bundle(
    *, name: str, summary: str, entry_codes: Sequence[str], matter: str, purpose: str,
    is_example: bool = False, by: Actor,
) -> Bundle:  # fmt: skip
    """Offer a package: published entries and a template of the purpose. Raises INVALID."""
    require(by, Permission.SHARING_REQUEST_MANAGING_APPROVE)
    codes = list(dict.fromkeys(entry_codes))
    fields = _faults(name, codes, matter, purpose)
    if fields:
        raise Rejected(
            Problem(
                code="INVALID",
                title="专题包的内容不完整。",
                next_step="请改正标出的内容后重新提交。",
                basis=law.CATALOGUE_IS_BASIS,
                fields=fields,
            )
        )
    made = Bundle.objects.create(
        code=f"ZT-{Bundle.objects.count() + 1:03}", name=name.strip(), summary=summary.strip(),
        entry_codes=codes, matter=matter, purpose=purpose.strip(), made_by=str(by),
        made_at=clock.now(), is_example=is_example,
    )  # fmt: skip
    record("sharing.bundle.offer", by=by, subject=made.code, basis=law.CATALOGUE_IS_BASIS,
           details={"entries": len(codes)})  # fmt: skip
    return made


def _faults(name: str, codes: Sequence[str], matter: str, purpose: str) -> dict[str, str]:
    fields = {}
    if not name.strip() or Bundle.objects.filter(name=name.strip()).exists():
        fields["name"] = "名称必填，且不能与已有的专题包相同。"
    known = catalog.briefs(codes=codes) if 1 <= len(codes) <= MOST_ENTRIES else {}
    if not codes or len(known) < len(codes):
        unknown = "、".join(code for code in codes if code not in known)[:200]
        fields["entry_codes"] = f"须为 1 至 {MOST_ENTRIES} 个已发布目录。{unknown}"
    if matter not in set(Matter):
        fields["matter"] = "请选择履职事项。"
    if not is_meaningful(purpose):
        fields["purpose"] = "请写明用途模板，不少于 10 个字。"
    return fields


def bundle(code: str) -> Bundle:
    """Return an offered package. Raises: ``Rejected`` NOT_FOUND."""
    found = Bundle.objects.filter(code=code, is_offered=True).first()
    if found is None:
        raise Rejected(NO_BUNDLE)
    return found


def apply_for_bundle(code: str, wish: Wish, *, by: Actor, key: str = "") -> BundleApplication:
    """Ask for every entry of a package under one number; each takes its own branch.

    Raises: ``Rejected`` NOT_FOUND, NOT_GOV_DEPT, PURPOSE_REQUIRED, BUNDLE_NOTHING.
    """
    require(by, Permission.SHARING_REQUEST_SUBMIT)
    try:
        with transaction.atomic():
            if before := _before(by, key):
                return before
            return _apply(bundle(code), wish, by=by, key=key)
    except IntegrityError:
        twin = _before(by, key)  # a double click, at the same moment
        if twin is None:
            raise
        return twin


def _before(by: Actor, key: str) -> BundleApplication | None:
    if not key:
        return None
    return BundleApplication.objects.filter(
        consumer_id=by.organisation_id, applicant_key=by.key, submission_key=key
    ).first()


def _apply(found: Bundle, wish: Wish, *, by: Actor, key: str) -> BundleApplication:
    briefs = catalog.briefs(codes=found.entry_codes)
    cases = []
    for entry_code in found.entry_codes:
        name = briefs[entry_code].name if entry_code in briefs else entry_code
        case = BundleCase(entry_code=entry_code, entry_name=name)
        try:
            case.request = submit(_asked(found, entry_code, wish), by=by).request
        except Rejected as refused:
            if refused.problem.code in OF_THE_WHOLE:
                raise
            case.refusal = refused.problem.title[:300]
        cases.append(case)
    if not any(case.request for case in cases):
        raise Rejected(_nothing(cases))
    made = BundleApplication.objects.create(
        number=next_number("ZB"), bundle=found, consumer_id=by.organisation_id or 0,
        applicant_key=by.key, applicant_name=by.name, purpose=wish.purpose.strip(),
        filed_at=clock.now(), submission_key=key or None,
    )  # fmt: skip
    for case in cases:
        case.application = made
    BundleCase.objects.bulk_create(cases)
    record("sharing.bundle.apply", by=by, subject=made.number, basis=law.PURPOSE,
           purpose=found.matter,
           details={"bundle": found.code, "requests": sum(bool(c.request) for c in cases)},
           )  # fmt: skip
    return made


def _asked(found: Bundle, entry_code: str, wish: Wish) -> Application:
    return Application(
        entry_code=entry_code, matter=found.matter, purpose=wish.purpose, duty=wish.duty,
        system_name=wish.system_name, frequency=wish.frequency, retention=wish.retention,
    )  # fmt: skip


def _nothing(cases: Sequence[BundleCase]) -> Problem:
    told = "；".join(f"{case.entry_name}：{case.refusal}" for case in cases)
    return Problem(
        code="BUNDLE_NOTHING",
        title="专题包中的数据目前都不能申请。",
        next_step=f"原因：{told[:500]}",
        basis=law.CATALOGUE_IS_BASIS,
        who="主管部门",
    )
