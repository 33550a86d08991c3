"""Documents of the library: standards and units' rules, read strictly."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from tongqu.standards.domain.documents import Reader
from tongqu.standards.vocabulary import (
    BadDocument,
    RuleKind,
    RuleSubject,
    StandardKind,
    StandardState,
    Topic,
)

KEPT = (StandardState.RELEASED, StandardState.IN_FORCE, StandardState.ABOLISHED)
OWN_KINDS = (StandardKind.INDUSTRY, StandardKind.LOCAL, StandardKind.GROUP)
MOST_DRAFT = 100_000


@dataclass(frozen=True, slots=True)
class StandardDocument:
    code: str
    version: str
    title: str
    kind: StandardKind
    topic: Topic
    state: StandardState | None  # None: not said
    summary: str
    draft: str
    working_group: tuple[str, ...]
    replaces: tuple[str, ...]
    issued_on: date | None
    effective_on: date | None
    abolished_on: date | None
    organisation: str
    rule_kind: str
    rule_subject: str
    scope: str
    processes: tuple[dict[str, str], ...]
    is_example: bool


def parse_standard(document: object) -> StandardDocument:
    """Return a standard; raise ``BadDocument`` naming the standard and the key."""
    name = str(document.get("code") or "（无编号）") if isinstance(document, Mapping) else ""
    read = Reader(document, f"标准 {name[:80]}")
    found = StandardDocument(
        code=read.text("code", longest=120, must=True),
        version=read.text("version", longest=40, must=True),
        title=read.text("title", must=True),
        kind=read.word("kind", StandardKind),
        topic=read.word("topic", Topic),
        state=_state(read),
        summary=read.text("summary", longest=5_000),
        draft=read.text("draft", longest=MOST_DRAFT),
        working_group=read.texts("working_group"),
        replaces=read.texts("replaces", longest=120),
        issued_on=read.day("issued_on"),
        effective_on=read.day("effective_on"),
        abolished_on=read.day("abolished_on"),
        organisation=read.text("organisation", longest=60),
        rule_kind=_word_or_nothing(read, "rule_kind", RuleKind),
        rule_subject=_word_or_nothing(read, "rule_subject", RuleSubject),
        scope=read.text("scope", longest=300),
        processes=_processes(read),
        is_example=read.flag("is_example"),
    )
    read.end()
    _agree(found, read.where)
    return found


def _state(read: Reader) -> StandardState | None:
    given = read.text("state")
    if not given:
        return None
    for state in KEPT:
        if given in (state.value, state.label):
            return state
    known = "、".join(f"{state.value}（{state.label}）" for state in KEPT)
    raise BadDocument(read.where, f"state 不认识或须走制修订流程：{given}；可用：{known}")


def _word_or_nothing(read: Reader, key: str, words: type[RuleKind] | type[RuleSubject]) -> str:
    given = read.text(key)
    for word in words:
        if given in (word.value, word.label):
            return word.value
    if given:
        known = "、".join(f"{word.value}（{word.label}）" for word in words)
        raise BadDocument(read.where, f"{key} 不认识 {given}；可用：{known}")
    return ""


def _processes(read: Reader) -> tuple[dict[str, str], ...]:
    found = []
    for row in read.rows("processes", 50):
        one = Reader(row, f"{read.where} processes")
        found.append({"name": one.text("name", must=True), "url": one.text("url", longest=300)})
        one.end()
        url = found[-1]["url"]
        if url and not re.match(r"/(?!/)|https?://", url):
            raise BadDocument(one.where, "url 应以 / 或 https:// 开头")
    return tuple(found)


def _agree(found: StandardDocument, where: str) -> None:
    of_rule = (found.organisation, found.rule_kind, found.rule_subject)
    if found.kind is StandardKind.RULE and not all(of_rule):
        raise BadDocument(where, "管理制度应有 organisation、rule_kind、rule_subject")
    if found.kind is not StandardKind.RULE and any((*of_rule, found.scope, found.processes)):
        raise BadDocument(
            where, "organisation、rule_kind、rule_subject、scope、processes 只用于管理制度"
        )
    if found.code in found.replaces:
        raise BadDocument(where, "不能替代自身")
    days = [day for day in (found.issued_on, found.effective_on, found.abolished_on) if day]
    if days != sorted(days):
        raise BadDocument(where, "发布、实施、废止日期的先后不对")
    if found.state is StandardState.ABOLISHED and not found.abolished_on:
        raise BadDocument(where, "废止的标准应有 abolished_on")
    if found.code.strip("/") != found.code or "//" in found.code:
        raise BadDocument(where, "code 不能以 / 开头或结尾")
