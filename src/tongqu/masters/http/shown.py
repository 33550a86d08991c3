"""What the pages of master data show, gathered."""

from collections.abc import Sequence
from typing import Any

from tongqu.masters import queries
from tongqu.masters.actions.proposals import proposed_value
from tongqu.masters.domain.schemes import SchemeRules
from tongqu.masters.models import Clash, Likeness, Proposal
from tongqu.masters.queries import records as held
from tongqu.masters.vocabulary import (
    CLASH_TONES,
    RECORD_TONES,
    ClashState,
    LikenessCommand,
    MasterRecord,
)

# One hand on the keyboard is enough to work through the list.
KEYS = {
    LikenessCommand.MERGE: "m", LikenessCommand.APART: "k", LikenessCommand.LATER: "l",
    LikenessCommand.SPLIT: "u", LikenessCommand.REOPEN: "r",
}  # fmt: skip
GONE = "—"


def reasons(pair: Likeness) -> list[tuple[str, str, float]]:
    """Return field, what was found, weight; a field is named by the scheme of the page."""
    return [(str(field), str(told), float(weight)) for field, told, weight in pair.reasons]


def pair(found: Likeness) -> dict[str, Any]:
    scheme, rules = queries.scheme_rules(found.scheme)
    masks = held.masks_of(rules)
    keys = (found.first_key, found.second_key)
    both = held.records(rules, keys, masks)
    differ = held.differing(rules, *keys)
    cells = [[both[k].values.get(c) if k in both else None for k in keys] for c in rules.columns]
    return {
        "pair": found, "scheme": scheme,
        "sides": [(key, both.get(key)) for key in keys],
        "fields": [
            (rules.title_of(c), first or GONE, second or GONE,
             c in differ and bool(first and second), bool(masks[c]),
             (first is None) != (second is None))
            for c, (first, second) in zip(rules.columns, cells, strict=True)
        ],
        "reasons": [(rules.title_of(field), told, weight)
                    for field, told, weight in reasons(found)],
        "sources": held.sources(rules, keys, {}),
        "history": list(found.redirects.all()),
    }  # fmt: skip


def clashes(rows: Sequence[Clash]) -> list[dict[str, Any]]:
    """Return clashes with what each source says, masked; one statement a scheme of the page."""
    found: dict[tuple[str, str], list[Any]] = {}
    known: dict[str, SchemeRules] = {}
    for code in sorted({row.scheme for row in rows}):
        _, rules = queries.scheme_rules(code)
        known[code] = rules
        masks = held.masks_of(rules)
        fields = {row.field for row in rows if row.scheme == code}
        fields |= set(rules.keys)
        keys = {row.key for row in rows if row.scheme == code}
        chosen = {name: mask for name, mask in masks.items() if name in fields}
        for record in held.sources(rules, keys, chosen, born=True):
            found.setdefault((code, record.born_key), []).append(record)
    return [
        {
            "row": row, "title": known[row.scheme].title,
            "field": known[row.scheme].title_of(row.field),
            "name": " ".join(
                str(held_[0].values.get(key) or "") for key in known[row.scheme].keys
            ) if (held_ := found.get((row.scheme, row.key), [])) else row.key,
            "said": [(r.source, r.values.get(row.field) or GONE, r.told_at) for r in held_],
            "state": ClashState(row.state), "tone": CLASH_TONES[ClashState(row.state)],
        }
        for row in rows
    ]  # fmt: skip


def record(code: str, key: str) -> dict[str, Any]:
    scheme, rules = queries.scheme_rules(code)
    masks = held.masks_of(rules)
    found = held.record(rules, key, masks)
    why: dict[str, list[dict[str, Any]]] = {}
    for row in held.decisions(rules, key):
        why.setdefault(row["field"], []).append(row)
    return {
        "scheme": scheme, "rules": rules, "record": found, "tone": RECORD_TONES[found.state],
        "fields": [_field(rules, found, name, why.get(name, []), is_masked=bool(masks[name]))
                   for name in rules.columns],
        "heads": [rules.title_of(name) for name in rules.columns],
        "sources": [(s, [s.values[name] or GONE for name in rules.columns])
                    for s in held.sources(rules, [key], masks)],
        "events": [(e, [rules.title_of(name) for name in e.fields])
                   for e in held.events_of(code, key)],
        "merges": queries.history(code, key),
    }  # fmt: skip


def _field(
    rules: SchemeRules, found: MasterRecord, name: str, why: list[dict[str, Any]], *,
    is_masked: bool,
) -> dict[str, Any]:  # fmt: skip
    return {
        "title": rules.title_of(name),
        "value": found.values.get(name) or GONE,
        "given_by": found.given_by.get(name, ""),
        "is_masked": is_masked,
        "is_torn": name in found.conflicts,
        "rule": why[0]["rule"] if why else "",
        "parts": [(row["source"], _outcome(row)) for row in why],
    }


def _outcome(row: dict[str, Any]) -> str:
    if row["is_taken"]:
        return "取用"
    if not row["has_value"]:
        return "无值"
    return "一致" if row["agrees"] else "不一致，未取用"


def proposals(
    rows: Sequence[tuple[Proposal, Any, str, Any]],
) -> list[dict[str, Any]]:
    """Return proposals with what is proposed, masked like the field."""
    values: dict[str, str | None] = {}
    known = {}
    for code in {row.scheme for row, *_ in rows}:
        _, rules = queries.scheme_rules(code)
        known[code] = rules
        own = [row for row, *_ in rows if row.scheme == code]
        listed = [(row.number, row.field, proposed_value(row)) for row in own]
        values |= held.masked(rules, listed)
    return [
        {
            "row": row, "state": state, "tone": tone, "steps": steps,
            "title": known[row.scheme].title, "field": known[row.scheme].title_of(row.field),
            "value": values.get(row.number) or GONE,
        }
        for row, state, tone, steps in rows
    ]  # fmt: skip
