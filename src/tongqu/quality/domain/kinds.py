"""What each kind of rule measures and needs."""

from tongqu.quality.vocabulary import Dimension, RuleKind
from tongqu.standards.vocabulary import CheckKind

# kind → dimension, indicator of GB/T 36344, keys it must have, keys it may have, basis
NEEDS: dict[RuleKind, tuple[Dimension, str, frozenset[str], frozenset[str]]] = {
    RuleKind.NOT_NULL: (Dimension.COMPLETENESS, "0201", frozenset(), frozenset()),
    RuleKind.UNIQUE: (Dimension.ACCURACY, "0304", frozenset(), frozenset({"columns"})),
    RuleKind.PATTERN: (Dimension.CONFORMITY, "0101", frozenset({"pattern"}), frozenset()),
    RuleKind.LENGTH: (Dimension.CONFORMITY, "0302", frozenset({"max"}), frozenset()),
    RuleKind.RANGE: (Dimension.ACCURACY, "0301", frozenset(), frozenset({"min", "max"})),
    RuleKind.CODES: (Dimension.CONFORMITY, "0105", frozenset({"codes"}), frozenset()),
    RuleKind.ORDER: (Dimension.CONSISTENCY, "0104", frozenset({"not_after"}), frozenset()),
    RuleKind.REFERENCE: (Dimension.CONSISTENCY, "0402", frozenset({"table", "key"}), frozenset()),
    RuleKind.FRESH: (Dimension.TIMELINESS, "0502", frozenset({"hours"}), frozenset()),
    RuleKind.RELATED: (
        Dimension.CONSISTENCY, "0402", frozenset({"table", "on", "sql"}),
        frozenset({"where", "sum", "crosswalk"}),
    ),
    RuleKind.RECONCILE: (
        Dimension.CONSISTENCY, "0402",
        frozenset({"table", "group", "sum", "other_sum", "day", "days", "within"}),
        frozenset({"where"}),
    ),
    RuleKind.PATH: (
        Dimension.CONSISTENCY, "0104", frozenset({"columns", "steps"}), frozenset(),
    ),
    RuleKind.PLATE: (Dimension.CONSISTENCY, "0104", frozenset({"color"}), frozenset()),
    RuleKind.VOLUME: (
        Dimension.COMPLETENESS, "0202", frozenset(), frozenset({"min", "max", "within", "scans"}),
    ),
    RuleKind.DRIFT: (
        Dimension.TIMELINESS, "0501", frozenset({"within"}), frozenset({"codes", "edges"}),
    ),
    RuleKind.SPEED: (
        Dimension.ACCURACY, "0301", frozenset({"columns", "time", "lon", "lat", "max"}),
        frozenset({"metres"}),
    ),
    RuleKind.SEQUENCE: (
        Dimension.TIMELINESS, "0503", frozenset({"columns", "time"}), frozenset(),
    ),
    RuleKind.INSIDE: (
        Dimension.ACCURACY, "0301", frozenset({"lon", "lat"}),
        frozenset({"wkt", "table", "shape", "key", "value"}),
    ),
    RuleKind.NEAR: (
        Dimension.ACCURACY, "0301", frozenset({"lon", "lat", "metres"}),
        frozenset({"wkt", "table", "shape", "key", "value"}),
    ),
}  # fmt: skip
# A check of the standards' language says what it needs itself; here: what it measures.
MEASURES: dict[CheckKind, tuple[Dimension, str]] = {
    CheckKind.REQUIRED: (Dimension.COMPLETENESS, "0201"),
    CheckKind.TYPE: (Dimension.CONFORMITY, "0101"),
    CheckKind.PATTERN: (Dimension.CONFORMITY, "0101"),
    CheckKind.LENGTH: (Dimension.CONFORMITY, "0302"),
    CheckKind.CODES: (Dimension.CONFORMITY, "0105"),
    CheckKind.DIVISION: (Dimension.CONFORMITY, "0105"),
    CheckKind.RANGE: (Dimension.ACCURACY, "0301"),
    CheckKind.CHECK_DIGIT: (Dimension.ACCURACY, "0301"),
    CheckKind.NOT_FUTURE: (Dimension.ACCURACY, "0301"),
    CheckKind.NOT_AFTER: (Dimension.CONSISTENCY, "0104"),
    CheckKind.EXPRESSION: (Dimension.CONSISTENCY, "0104"),
}
COMMON = frozenset(
    {"code", "title", "kind", "column", "tolerance", "remedy", "dimension", "indicator", "basis"}
)
MOST_VALUES = 5_000
LONGEST = {
    "code": 160,
    "column": 80,
    "not_after": 80,
    "table": 120,
    "key": 80,
    "sql": 1000,
    "where": 1000,
    "other_sum": 80,
    "day": 80,
    "time": 80,
    "lon": 80,
    "lat": 80,
    "color": 80,
    "shape": 80,
    "wkt": 2_000_000,
}  # else 200
NO_COLUMN = frozenset(
    {
        RuleKind.FRESH, RuleKind.UNIQUE, RuleKind.RELATED, RuleKind.RECONCILE, RuleKind.VOLUME,
        RuleKind.SPEED, RuleKind.SEQUENCE, RuleKind.INSIDE, RuleKind.NEAR,
    }
)  # fmt: skip
# Keys of which one at least must be there, for kinds that can be told in several ways.
ONE_OF: dict[RuleKind, tuple[frozenset[str], ...]] = {
    RuleKind.RANGE: (frozenset({"min", "max"}),),
    RuleKind.VOLUME: (frozenset({"min", "max", "within"}),),
    RuleKind.DRIFT: (frozenset({"codes", "edges"}),),
    RuleKind.INSIDE: (frozenset({"wkt", "table"}),),
    RuleKind.NEAR: (frozenset({"wkt", "table"}),),
}
