"""Keep what a run found for people to decide; what they decided stays."""

from collections.abc import Mapping, Sequence
from typing import Any

from tongqu.kernel import clock
from tongqu.masters.actions.report import to_producer
from tongqu.masters.domain.schemes import SchemeRules
from tongqu.masters.models import Clash, Likeness, Redirect
from tongqu.masters.vocabulary import ClashState, LikenessState

Rows = Sequence[Mapping[str, Any]]


def keep_likenesses(rules: SchemeRules, rows: Rows) -> None:
    """Bring the open pairs in line: new ones in, scores renewed, those no longer alike out."""
    now = clock.now()
    found = {(row["first_key"], row["second_key"]): row for row in rows}
    of_scheme = Likeness.objects.select_for_update().filter(scheme=rules.code)
    known = {(pair.first_key, pair.second_key): pair for pair in of_scheme}
    tied = set(Redirect.objects.filter(scheme=rules.code).values_list("likeness_id", flat=True))
    gone = [pair.pk for key, pair in known.items()
            if key not in found and pair.state == LikenessState.OPEN
            and pair.pk not in tied]  # fmt: skip
    for start in range(0, len(gone), 500):
        Likeness.objects.filter(pk__in=gone[start : start + 500]).delete()
    Likeness.objects.bulk_create(
        [
            Likeness(
                scheme=rules.code, first_key=key[0], second_key=key[1], score=row["score"],
                reasons=_reasons(rules, row), found_at=now,
            )
            for key, row in found.items()
            if key not in known
        ],
        batch_size=500,
    )  # fmt: skip
    renewed = []
    for key, pair in known.items():
        if key in found and pair.state in {LikenessState.OPEN, LikenessState.LATER}:
            pair.score, pair.reasons = found[key]["score"], _reasons(rules, found[key])
            renewed.append(pair)
    Likeness.objects.bulk_update(renewed, ["score", "reasons"], batch_size=200)


def _reasons(rules: SchemeRules, row: Mapping[str, Any]) -> list[list[object]]:
    """Return why: field, what was found in words, weight; the heaviest first."""
    found: list[list[object]] = []
    for comparison in rules.likeness.compare:
        level = row[f"level_{comparison.field}"]
        if level is None:
            continue
        if level < 0:
            found.append([comparison.field, "不同", comparison.otherwise])
        else:
            hit = comparison.levels[level]
            found.append([comparison.field, hit.told, hit.weight])
    return sorted(found, key=lambda one: -float(str(one[2])))


def keep_clashes(rules: SchemeRules, rows: Rows) -> None:
    """Open a task for each new clash and tell the departments; close what agrees again."""
    now = clock.now()
    found = {(row["key"], row["field"]): row for row in rows}
    held = Clash.objects.select_for_update().filter(scheme=rules.code)
    known = {(c.key, c.field): c for c in held.exclude(state=ClashState.SETTLED)}
    is_capped = bool(rows) and int(rows[0]["total"]) > len(rows)
    gone = [] if is_capped else [c.pk for key, c in known.items() if key not in found]
    Clash.objects.filter(pk__in=gone).update(
        state=ClashState.SETTLED.value, ended_at=now, ended_by="platform"
    )
    fresh = {key: row for key, row in found.items() if key not in known}
    tickets = _tickets(rules, fresh)
    Clash.objects.bulk_create(
        [
            Clash(
                scheme=rules.code, key=key[0], field=key[1], found_at=now,
                sources=sorted(str(row["sources"]).split(",")),
                ticket=next(filter(None, (tickets[s] for s in str(row["sources"]).split(","))), ""),
            )
            for key, row in fresh.items()
        ],
        batch_size=500,
    )  # fmt: skip


def _tickets(
    rules: SchemeRules, fresh: Mapping[tuple[str, str], Mapping[str, Any]]
) -> dict[str, str]:
    """File one ticket with each entry that takes part in new clashes: source → number."""
    counts: dict[str, int] = {}
    for row in fresh.values():
        for source in str(row["sources"]).split(","):
            counts[source] = counts.get(source, 0) + 1
    fields = "、".join(dict.fromkeys(rules.title_of(field) for _, field in fresh))
    return {
        source: to_producer(
            rules.entries.get(source, ""),
            f"主数据标识冲突：{rules.title}主键相同而{fields}不同，{n} 处，请核实",
        )
        for source, n in counts.items()
    }
