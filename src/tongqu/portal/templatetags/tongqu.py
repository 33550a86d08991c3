"""Template words used on every page; loaded for all templates by the settings."""

import math
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.forms import (
    BoundField,
    CheckboxInput,
    ClearableFileInput,
    RadioSelect,
    Textarea,
    Widget,
)
from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from tongqu.catalog.vocabulary import SharingType
from tongqu.kernel import clock
from tongqu.kernel.workdays import WorkingCalendar
from tongqu.policy.public import calendar
from tongqu.policy.public import clause as find_clause
from tongqu.portal import icons
from tongqu.portal.domain import limits, pages, words

register = template.Library()

SHARING = {
    SharingType.UNCONDITIONAL: ("ok", "lock-open"),
    SharingType.CONDITIONAL: ("warn", "shield-lock"),
    SharingType.WITHHELD: ("bad", "ban"),
}
CALLOUT_ICONS = {"": "info-circle", "info": "info-circle", "warn": "alert-triangle",
                 "bad": "circle-x", "ok": "circle-check"}  # fmt: skip


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """``{% icon "search" %}``: decoration only; put the meaning in words beside it."""
    return icons.svg(name, css)


@register.simple_tag
def tag(label: object, tone: str = "", icon: str = "") -> SafeString:
    """``{% tag "现行" "ok" "circle-check" %}``; tones: ok info warn busy bad past line quiet."""
    css = {"": "", "line": " tag-line", "solid": " t-solid-bad"}.get(tone, f" t-{tone}")
    shape = icons.svg(icon) if icon else ""
    return format_html('<span class="tag{}">{}{}</span>', css, shape, label)


@register.simple_tag
def state_tag(state: object, tone: str = "quiet", label: object = "") -> SafeString:
    """``{% state_tag version.state tone %}``: the word of a state, with a dot in its colour."""
    words_ = label or getattr(state, "label", "") or state
    return format_html(
        '<span class="tag t-{}"><span class="dot" aria-hidden="true"></span>{}</span>', tone, words_
    )


@register.simple_tag
def share_tag(sharing_type: str) -> SafeString:
    """``{% share_tag entry.sharing_type %}``: 共享类型 with its fixed icon."""
    try:
        found = SharingType(sharing_type)
    except ValueError:
        return tag("共享类型待定", "line")
    tone, name = SHARING[found]
    return tag(found.label, tone, name)


@register.simple_tag
def level(n: int | None) -> SafeString:
    """``{% level 3 %}``: 安全分级."""
    if not n:
        return SafeString("—")
    return format_html('<span class="lv" data-n="{}"><span class="sr">{} </span>级</span>', n, n)


@register.simple_tag
def route(domain: str, number: str = "", tone: str = "") -> SafeString:
    """``{% route "民航" "0001" %}``: a code as a road number; tones: blue brown."""
    css = f" route-{tone}" if tone else ""
    return format_html('<span class="route{}"><b>{}</b><i>{}</i></span>', css, domain, number)


def _calendar_of(context: template.Context) -> WorkingCalendar:
    """Return the calendar, asked for once a page: a list of cases shows it on every line."""
    request = context.get("request")
    if request is None:
        return calendar()
    if not hasattr(request, "working_calendar"):
        request.working_calendar = calendar()
    found: WorkingCalendar = request.working_calendar
    return found


@register.simple_tag(takes_context=True)
def due(
    context: template.Context,
    on: date | None,
    provisional: bool = False,
    done_on: date | None = None,
) -> SafeString:
    """``{% due item.due_on item.due_provisional %}``: what is left, in working days."""
    if on is None:
        return SafeString('<span class="due">未设期限</span>')
    days = _calendar_of(context)
    found = limits.remaining(on, done_on or clock.today(), days, is_done=bool(done_on))
    return format_html(
        '<span class="due{}" title="{}">{}{}{}</span>',
        f" due-{found.tone}" if found.tone else "",
        f"{words.long_date(on)} 24:00 截止",
        icons.svg(found.icon),
        found.text,
        "（暂定）" if provisional else "",
    )


@register.inclusion_tag("components/workdays.html")
def workdays(start: date | datetime, end: date, until: date | None = None) -> dict[str, object]:
    """``{% workdays received_on due_on %}``: every day from receipt to the limit, none hidden."""
    first = clock.legal_day(start) if isinstance(start, datetime) else start
    days = limits.days(first, end, clock.today(), calendar(), until=until)
    return {"days": days, "estimated": any(not day.is_known for day in days)}


@register.inclusion_tag("components/countdown.html")
def countdown(
    start: date | datetime, end: date, provisional: bool = False, title: str = "办理期限剩余"
) -> dict[str, object]:
    """``{% countdown received_at due_on provisional "审核期限剩余" %}``: number and days."""
    found = limits.remaining(end, clock.today(), calendar())
    return {"left": found, "start": start, "end": end, "end_words": words.long_date(end),
            "provisional": provisional, "title": title}  # fmt: skip


@register.simple_tag
def clause(code: str) -> SafeString:
    """``{% clause "mot-2021-sharing 第十二条" %}``: title and article, linked to its page."""
    found = find_clause(code)
    if found is None:
        return conditional_escape(code.replace("assumption ", "约定：", 1))
    url = reverse("policy:clause", args=[found.regulation.key, found.place])
    return format_html('<a class="clause" href="{}" title="{}">{}</a>', url, found.gist, found)


@register.filter
def serial(code: str) -> str:
    """Return the serial number inside a catalogue identifier, for the plate beside a name."""
    numbers = [part for part in code.split("-") if part.isdecimal()]
    return numbers[-1] if numbers else code


@register.filter
def wan(value: float | Decimal | None) -> str:
    """Return 万 or 亿 with three to four significant digits; 缺值 as a dash."""
    return words.wan(value)


@register.filter
def grouped(value: int | None) -> str:
    """Return a whole number in full with separators, for tables; 缺值 as a dash."""
    return f"{value:,}" if isinstance(value, int) else "—"


@register.filter
def moment(value: datetime | str | None) -> str:
    """Return 2026-10-13 09:00 in the hub's time; a text that is no time stays as it is."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return str(value)
    if value is None:
        return "—"
    return f"{localtime(value) if value.tzinfo else value:%Y-%m-%d %H:%M}"


@register.filter
def ago(hours: int | None) -> str:
    """Return how long ago: hours within two days, then days."""
    if hours is None:
        return "—"
    return f"{hours} 小时" if hours < 48 else f"{hours // 24:,} 日"


@register.filter
def lasting(seconds: float | None) -> str:
    """Return how long in Chinese units; 缺值 as a dash."""
    return words.lasting(seconds)


@register.filter
def type_of(name: str) -> str:
    """Return the word for a type of the lake."""
    return words.type_of(name)


@register.filter
def share(value: float | Decimal | None) -> str:
    """Return a share of one as a percentage with one decimal."""
    return "—" if value is None else f"{float(value) * 100:.1f}%"


@register.filter
def percent2(value: float | Decimal | None) -> str:
    """Return a share of one as a percentage with two decimals, cut and not rounded up to 100."""
    return "—" if value is None else f"{math.floor(float(value) * 10_000) / 100:.2f}%"


@register.filter
def long_date(value: date | datetime | None) -> str:
    """Return 2026 年 9 月 22 日."""
    if isinstance(value, datetime):
        value = clock.legal_day(value)
    return words.long_date(value) if value else "—"


@register.filter
def lookup(mapping: Any, key: object) -> Any:
    """Return ``mapping[key]``; empty when absent. For labels and tones by state."""
    return mapping.get(key, "") if hasattr(mapping, "get") else ""


@register.simple_block_tag
def callout(content: str, tone: str = "", title: str = "") -> SafeString:
    """``{% callout "warn" %}…{% endcallout %}``: a standing notice."""
    css = f" callout-{tone}" if tone and tone != "info" else ""
    heading = format_html("<b>{}</b> ", title) if title else ""
    return format_html(
        '<div class="callout{}">{}<div>{}{}</div></div>',
        css, icons.svg(CALLOUT_ICONS[tone]), heading, content,
    )  # fmt: skip


@register.inclusion_tag("components/empty.html")
def nothing(
    icon: str, title: str, text: str = "", url: str = "", action: str = ""
) -> dict[str, str]:
    """``{% nothing "inbox" "没有待办事项。" "…" url "去检索" %}``: empty, and what to do."""
    return {"icon": icon, "title": title, "text": text, "url": url, "action": action}


@register.inclusion_tag("components/pager.html", takes_context=True)
def pager(
    context: template.Context,
    page: Any = None,
    *,
    total: int = 0,
    limit: int = 20,
    offset: int = 0,
) -> dict[str, object]:
    """``{% pager page_obj %}`` for ``?page=``, ``{% pager total=… limit=… offset=… %}``."""
    request = context.get("request")
    lists = request.GET.lists() if request else ()
    query = [(name, value) for name, values in lists for value in values]
    if page is not None:
        found = pages.of(page.paginator.count, page.paginator.per_page, page.number)
        return {"pages": found, "links": pages.links(found, query, "page")}
    found = pages.of(total, limit, offset // limit + 1)
    return {"pages": found, "links": pages.links(found, query, "offset")}


@register.inclusion_tag("components/stations.html")
def stations(steps: Sequence[Any], layout: str = "v") -> dict[str, object]:
    """``{% stations steps %}``: steps have title, state (done|now|stop|""), who, when, note."""
    return {"steps": steps, "layout": layout}


def _css(widget: Widget) -> str:
    return " ".join(filter(None, ("input", str(widget.attrs.get("class", "")))))


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, label: str = "") -> dict[str, object]:
    """``{% field form.purpose %}``: label above, help, the error below and linked."""
    widget = bound.field.widget
    is_many = isinstance(widget, RadioSelect) or getattr(widget, "input_type", "") == "checkbox"
    is_single = isinstance(widget, CheckboxInput)
    described = [f"{bound.auto_id}_help"] if bound.help_text else []
    described += [f"{bound.auto_id}_err"] if bound.errors else []
    attributes: dict[str, str | bool] = {} if is_many else {"class": _css(widget)}
    if isinstance(widget, Textarea) and widget.attrs.get("rows") == "10":  # Django's default
        attributes["rows"] = "4"
    is_file = isinstance(widget, ClearableFileInput)
    if is_file:
        attributes = {"data-file": ""}
    if described:
        attributes["aria-describedby"] = " ".join(described)
    if bound.errors:
        attributes["aria-invalid"] = "true"
    return {
        "bound": bound,
        "label": label or bound.label,
        "control": bound.as_widget(attrs=attributes),
        "described": " ".join(described),
        "is_group": is_many and not is_single,
        "is_single": is_single,
        "is_file": is_file,
    }
