"""Cross-walks between code tables: pairs, their inverse, and their SQL."""

from collections import Counter

from tongqu.kernel.problems import Problem, Rejected

Pairs = tuple[tuple[str, str], ...]


def inverse(pairs: Pairs) -> Pairs:
    return tuple((target, source) for source, target in pairs)


def ambiguous(pairs: Pairs) -> tuple[str, ...]:
    """Return the codes that have more than one counterpart."""
    counts = Counter(source for source, _ in pairs)
    return tuple(sorted(code for code, count in counts.items() if count > 1))


def to_sql(pairs: Pairs, column: str) -> str:
    """Return a CASE that gives a code's counterpart, NULL where there is none."""
    if several := ambiguous(pairs):
        raise Rejected(
            Problem(
                code="AMBIGUOUS_CROSSWALK",
                title=f"代码 {'、'.join(several[:10])} 有多个对应代码，不能按此方向对照。",
                next_step="请改用另一方向对照，或登记此方向的对照关系。",
            )
        )
    if not pairs:
        return "CAST(NULL AS VARCHAR)"
    cases = " ".join(f"WHEN {_quoted(source)} THEN {_quoted(to)}" for source, to in pairs)
    return f"CASE CAST({column} AS VARCHAR) {cases} END"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
