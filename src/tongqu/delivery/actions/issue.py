"""Issue a grant: the only way one comes to be."""

import re
from dataclasses import asdict
from datetime import date
from ipaddress import ip_network

from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, transaction
from django.db.models import F

from tongqu.audit.public import record
from tongqu.catalog import public as catalog
from tongqu.catalog.vocabulary import DataType, EntryView
from tongqu.delivery import queries
from tongqu.delivery.domain.filters import why_not
from tongqu.delivery.models import DailyNumber, Grant
from tongqu.delivery.vocabulary import GrantTerms, GrantView, Rounding
from tongqu.identity import public as identity
from tongqu.identity.vocabulary import Role
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.law import Basis
from tongqu.kernel.problems import Problem, Rejected
from tongqu.policy.clauses import measures_2021 as law

INSTANTS = frozenset({DataType.DATETIME, DataType.TIME})
ZONE = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
NUMBERS = frozenset({DataType.DECIMAL, DataType.INTEGER})


def issue_grant(
    terms: GrantTerms,
    *,
    by: Actor,
    approved_by: Actor,
    basis: Basis,
    source_reference: str = "",
) -> GrantView:
    """Issue a grant; the same ``source_reference`` again returns the grant it made.

    The caller has decided that it may be given; here stands what no decision can change:
    a published version, a government department, shareable items, a purpose, a period.
    """
    known = _of_request(source_reference)
    if known is not None:
        return known
    entry = catalog.published(terms.entry_code)
    items = tuple(item.name_en for item in entry.shareable_items if item.name_en in terms.items)
    _check(terms, entry, items)
    consumer = _consumer(terms)
    try:
        with transaction.atomic():
            grant = _save(terms, entry, items, by=by, approved_by=approved_by, basis=basis,
                          source_reference=source_reference)  # fmt: skip
            record(
                "delivery.grant.issue",
                by=by,
                subject=entry.code,
                grant=grant.number,
                purpose=terms.purpose_code,
                basis=basis,
                details={
                    "version": entry.version,
                    "consumer": consumer,
                    "items": list(items),
                    "manners": [manner.value for manner in terms.manners],
                    "request": source_reference,
                    "zone": terms.zone,
                },
            )
    except IntegrityError:
        twin = _of_request(source_reference)  # the same request, decided twice at once
        if twin is None:
            raise
        return twin
    return queries.view_of(grant)


def _of_request(source_reference: str) -> GrantView | None:
    if not source_reference:
        return None
    found = queries.grants().filter(source_reference=source_reference).first()
    return queries.view_of(found) if found else None


def _save(
    terms: GrantTerms,
    entry: EntryView,
    items: tuple[str, ...],
    *,
    by: Actor,
    approved_by: Actor,
    basis: Basis,
    source_reference: str,
) -> Grant:
    today = clock.today()
    return Grant.objects.create(
        number=_next_number(today),
        entry_code=entry.code,
        entry_name=entry.name,
        version_id=entry.version_id,
        version_number=entry.version,
        provider_id=entry.provider_id,
        consumer_id=terms.consumer_id,
        is_external=entry.is_external,
        items=list(items),
        definitions=[asdict(item) for item in entry.items],
        row_filter=queries.filters_kept(terms.row_filter),
        precision=[asdict(rounding) for rounding in terms.precision],
        right_level=terms.right_level,
        clear_items=list(terms.clear_items),
        zone=terms.zone,
        purpose_code=terms.purpose_code,
        purpose_text=terms.purpose_text,
        system_name=terms.system_name,
        networks=list(terms.networks),
        manners=[manner.value for manner in terms.manners],
        valid_from=terms.valid_from,
        valid_until=terms.valid_until,
        quota_rows_per_day=terms.quota_rows_per_day,
        approved_by=str(approved_by),
        approver_role=",".join(sorted(approved_by.roles - {Role.PUBLIC.value})) or approved_by.kind,
        basis=basis.code,
        source_reference=source_reference,
        issued_at=clock.now(),
        issued_by=str(by),
        idle_since=max(today, terms.valid_from),
    )


def _next_number(today: date) -> str:
    """Return the next SQ-YYYY-MMDD-NNN; the row's lock makes two at once differ."""
    DailyNumber.objects.get_or_create(day=today)
    DailyNumber.objects.filter(day=today).update(last=F("last") + 1)
    last = DailyNumber.objects.get(day=today).last
    return f"SQ-{today:%Y-%m%d}-{last:03d}"


def _consumer(terms: GrantTerms) -> str:
    """Return the code of the consumer: a government department, or an operator in its zone."""
    try:
        found = identity.organisation_by_id(terms.consumer_id)
    except ObjectDoesNotExist:
        raise Rejected(_invalid("consumer_id", "没有这个使用部门。")) from None
    if terms.zone and not ZONE.fullmatch(terms.zone):
        raise Rejected(_invalid("zone", "运营域代码限小写字母、数字和连字符，至多 40 个。"))
    if not found.is_government and not terms.zone:
        raise Rejected(
            Problem(
                code="NOT_GOVERNMENT",
                title="政务数据共享只面向政务部门。",
                next_step="企业和社会组织请通过数据开放或授权运营获取数据。",
                basis=law.DEPARTMENTS,
            )
        )
    return found.code


def _check(terms: GrantTerms, entry: EntryView, items: tuple[str, ...]) -> None:
    if entry.version_id != terms.version_id:
        raise Rejected(
            Problem(
                code="VERSION_NOT_IN_FORCE",
                title="目录已有新版本，不能按旧版本授权。",
                next_step="请按现行版本重新核对信息项后办理。",
                basis=law.VERSIONED,
                facts={"in_force": entry.version},
            )
        )
    unknown = [name for name in terms.items if entry.item(name) is None]
    if unknown:
        raise Rejected(_invalid("items", f"目录中没有这些信息项：{'、'.join(unknown)}。"))
    if not items:
        raise Rejected(_invalid("items", "至少授权一个可共享的信息项。"))
    wrong = _wrong_extent(terms, entry) or _wrong_bounds(terms, entry)
    if wrong:
        raise Rejected(_invalid(*wrong))


def _wrong_extent(terms: GrantTerms, entry: EntryView) -> tuple[str, str] | None:
    """Return the field and what is wrong with it, of manners, purpose, period, quota."""
    if not terms.manners or not set(terms.manners) <= set(entry.manners):
        offered = "、".join(manner.label for manner in entry.manners)
        return "manners", f"该目录提供的共享方式：{offered}。"
    if not terms.purpose_code.strip():
        return "purpose_code", "使用用途必填。"
    if terms.valid_until < max(terms.valid_from, clock.today()):
        return "valid_until", "有效期止不得早于有效期起和今天。"
    if terms.quota_rows_per_day is not None and terms.quota_rows_per_day < 1:
        return "quota_rows_per_day", "每日行数上限应为正整数。"
    is_level = 1 <= terms.right_level <= 4
    return None if is_level else ("right_level", "可见级别为 1 至 4。")


def _is_network(text: str) -> bool:
    try:
        ip_network(text, strict=False)
    except ValueError:
        return False
    return True


def _wrong_bounds(terms: GrantTerms, entry: EntryView) -> tuple[str, str] | None:
    """Return the field and what is wrong with it, of rows, precision, networks."""
    for found in terms.row_filter:
        item = entry.item(found.item)
        if item is None:
            return "row_filter", f"目录中没有信息项 {found.item}。"
        says = why_not(item.data_type, found.operator, found.values)
        if says:
            return "row_filter", says
    for rounding in terms.precision:
        if not _fits(rounding, entry):
            return "precision", f"信息项 {rounding.item} 不能按此精度提供。"
    if not all(_is_network(network) for network in terms.networks):
        return "networks", "网络范围应写作 CIDR，如 10.1.0.0/16。"
    if not set(terms.clear_items) <= set(terms.items):
        return "clear_items", "明文信息项须在授权的信息项之中。"
    return None


def _fits(rounding: Rounding, entry: EntryView) -> bool:
    item = entry.item(rounding.item)
    if item is None or (rounding.decimals is None) == (rounding.unit is None):
        return False
    if rounding.unit is not None:
        return item.data_type in INSTANTS
    return item.data_type in NUMBERS and -12 <= (rounding.decimals or 0) <= 12


def _invalid(field: str, says: str) -> Problem:
    return Problem(
        code="GRANT_INVALID",
        title="授权内容不完整或与目录不符。",
        next_step="请按提示改正后重新办理。",
        basis=law.CATALOGUE_IS_BASIS,
        fields={field: says},
    )
