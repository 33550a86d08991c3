"""Count what rules find in one snapshot: in few passes, each file once, each rule by itself.

Row rules go over the files that were not counted before, all in one statement; what was counted
is added. What needs all rows together is a statement of its own. A rule that cannot be carried
out, or does not come to an end, is reported alone: the others are counted.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings

from tongqu.kernel.problems import Rejected
from tongqu.lake.public import TableRef, compute, engine, ref_of, store
from tongqu.lake.vocabulary import Plan as Files
from tongqu.lake.vocabulary import QueryFailed, QueryTimeout
from tongqu.quality.actions import language
from tongqu.quality.domain import plan as plans
from tongqu.quality.domain.rules import BadRule, Rule
from tongqu.quality.domain.windows import gather
from tongqu.quality.vocabulary import RuleKind
from tongqu.standards.vocabulary import CheckDigit, CheckKind

if TYPE_CHECKING:
    import pyarrow as pa

SAMPLES = 50  # places of wrong rows kept for each rule
SECONDS = 300.0  # for one statement; LAKE["RULE_SECONDS"]
ALWAYS = datetime(2000, 1, 1, tzinfo=UTC)  # the moment of statements that tell no time
COMPARING = frozenset({RuleKind.RELATED, RuleKind.RECONCILE})  # with columns of another table
LOOKING = COMPARING | {RuleKind.REFERENCE}  # into another table
# Kinds that need all rows together: the counts of parts do not add up.
TOGETHER = frozenset(
    {
        RuleKind.UNIQUE, RuleKind.SPEED, RuleKind.SEQUENCE, RuleKind.PATH, RuleKind.RECONCILE,
        RuleKind.FRESH, RuleKind.VOLUME,
    }
)  # fmt: skip
# Kinds that are joins or sorts: none of them may hold up, or bring down, another.
HEAVY = frozenset(
    {
        RuleKind.UNIQUE, RuleKind.PATH, RuleKind.RECONCILE, RuleKind.RELATED, RuleKind.REFERENCE,
        RuleKind.INSIDE, RuleKind.NEAR,
    }
)  # fmt: skip
TIMES = ("now(", "current_")  # words of expressions whose answer changes with the day
WHY = {
    "binding": "规则所用的列或类型与数据不符",
    "conversion": "有的值不能按规则要求的类型比较",
    "memory": "所需内存超过上限",
}


@dataclass(slots=True)
class Count:
    """What was counted. ``bins``: rows by bin of a distribution, those in none of them last."""

    checked: int = 0
    wrong: int = 0
    places: list[list[Any]] = field(default_factory=list)
    bins: list[int] = field(default_factory=list)

    def add(self, other: "Count") -> None:
        self.checked += other.checked
        self.wrong += other.wrong
        places = [*self.places, *other.places]
        self.places = sorted(places, key=lambda place: (str(place[0]), place[1]))[:SAMPLES]
        own = self.bins or [0] * len(other.bins)
        self.bins = [a + b for a, b in zip(own, other.bins or [0] * len(own), strict=True)]


@dataclass(slots=True)
class Found:
    """What one rule found. ``error``: why it was not carried out; then nothing is counted."""

    rule: Rule
    count: Count = field(default_factory=Count)
    error: str = ""


@dataclass(slots=True)
class Part:
    """Files counted together (by ``mark_of``): what rules found in them, by fingerprint."""

    files: frozenset[str]
    rows: int = -1  # not counted yet
    counts: dict[str, Count] = field(default_factory=dict)
    number: int = 0  # of the record; 0: new


@dataclass(slots=True)
class Measured:
    rows: int = 0
    read_rows: int = 0
    found: list[Found] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)  # changed or new: to be kept


@dataclass(slots=True)
class Measuring:
    """One table at one snapshot."""

    ref: TableRef
    files: Files
    now: datetime
    has_places: bool
    sample: "pa.Table | None" = None  # rows to measure in the place of the files
    seconds: float = 0  # for one statement; 0: what the settings say
    rights: dict[str, str] = field(default_factory=dict)
    shapes: dict[str, plans.Shape] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)

    def run(self, rules: Sequence[Rule], before: Sequence[Part]) -> Measured:
        """Count every rule; ``before`` are the parts that were counted in earlier scans."""
        absent = {rule.code for rule in rules if not self._is_there(rule)}
        ready = self._prepared([rule for rule in rules if rule.code not in absent])
        done = {rule.code: Found(rule) for rule in rules}
        measured = Measured()
        adding = [rule for rule in ready if is_additive(rule)]
        self._add_up(adding, before, done, measured)
        for group in groups([rule for rule in ready if not is_additive(rule)]):
            _, found = self._count(group, self.files)
            for one in found:
                done[one.rule.code] = one
        measured.found = [
            Found(rule, error=self.failed[rule.code]) if rule.code in self.failed
            else done[rule.code]
            for rule in rules
        ]  # fmt: skip
        return measured

    def _add_up(
        self, rules: Sequence[Rule], before: Sequence[Part], done: Mapping[str, Found],
        measured: Measured,
    ) -> None:  # fmt: skip
        marks = {rule.code: self._fingerprint(rule) for rule in rules}
        parts, rest = standing(before, [mark_of(path) for path in self.files.files])
        if rest or not parts:
            parts.append(Part(frozenset(rest)))
        for part in parts:
            missing = [rule for rule in rules if marks[rule.code] not in part.counts]
            if not missing and part.rows >= 0:
                continue
            own = tuple(path for path in self.files.files if mark_of(path) in part.files)
            files = replace(self.files, files=own)
            for group in groups(missing) or [[]]:
                rows, found = self._count(group, files)
                part.rows = max(part.rows, rows)
                part.counts |= {marks[one.rule.code]: one.count for one in found if not one.error}
            if part.rows < 0:  # no rule could be counted here
                part.rows = self._count([], files)[0]
            measured.read_rows += part.rows
            part.counts = {m: c for m, c in part.counts.items() if m in set(marks.values())}
            measured.parts.append(part)
        measured.rows = sum(part.rows for part in parts)
        for rule in rules:
            for part in parts:
                if marks[rule.code] in part.counts:
                    done[rule.code].count.add(part.counts[marks[rule.code]])

    def _prepared(self, rules: Sequence[Rule]) -> list[Rule]:
        """Return the rules that can be written as SQL; the others are reported."""
        left = []
        for rule in rules:
            try:
                if rule.kind in {RuleKind.INSIDE, RuleKind.NEAR}:
                    self.shapes[rule.code] = self._shape(rule)
                left.append(rule)
            except (Rejected, QueryFailed, ValueError) as error:
                self.failed[rule.code] = worded(error)
        while True:
            try:
                self.rights = language.rights_of(left, store().schema(self.ref), schemas(left))
            except BadRule as wrong:
                self.failed[wrong.where] = wrong.what[:300]
                if len(fewer := [rule for rule in left if rule.code != wrong.where]) == len(left):
                    raise
                left = fewer
            else:
                return left

    def _is_there(self, rule: Rule) -> bool:
        """Say whether the other table is connected; a name of no layer is a mistake of the rule."""
        name = rule.limits.get("table")
        if name is None:
            return True
        ref = ref_of(str(name))
        if ref is None:
            self.failed[rule.code] = f"表名 {name} 不属于任何一层"
        return ref is not None and store().current(ref) is not None

    def _count(self, rules: Sequence[Rule], files: Files) -> tuple[int, list[Found]]:
        """Count a group; where it fails, each half by itself, until the one to blame is found."""
        try:
            return self._counted(rules, files)
        except (QueryFailed, QueryTimeout, Rejected) as error:
            if not rules:
                raise
            if len(rules) == 1:
                self.failed[rules[0].code] = worded(error)
                return -1, [Found(rules[0], error=worded(error))]
        half = len(rules) // 2
        first, second = self._count(rules[:half], files), self._count(rules[half:], files)
        return max(first[0], second[0]), first[1] + second[1]

    def _counted(self, rules: Sequence[Rule], files: Files) -> tuple[int, list[Found]]:
        plan = plans.compile_scan(
            rules, now=self.now, rights=self.rights, shapes=self.shapes,
            prunes=compute() is engine(),  # the embedded engine does; of another we do not know
        )  # fmt: skip
        (row,) = self.ask(plan, files)
        found = []
        for index, rule in enumerate(rules):
            count = Count(int(row[f"c{index}"]), int(row[f"w{index}"]))
            bins = [int(row[key]) for key in row if key.startswith(f"s{index}_")]
            count.bins = [*bins, int(row["n"]) - sum(bins)] if bins else []
            is_placed = self.has_places or rule.kind is RuleKind.RECONCILE
            if count.wrong and is_placed:
                count.places = self._places(rule, files)
            found.append(Found(rule, count))
        return int(row["n"]), found

    def _places(self, rule: Rule, files: Files) -> list[list[object]]:
        sample = plans.compile_samples(
            rule, limit=SAMPLES, rights=self.rights, shapes=self.shapes
        )  # fmt: skip
        if sample is None:
            return []
        return [list(place.values()) for place in self.ask(sample, files)]

    def ask(self, plan: plans.Plan, files: Files) -> list[dict[str, Any]]:
        """Run a plan. A service table keeps what has vanished as a tombstone: no row to measure."""
        import pyarrow as pa

        tables: dict[str, Any] = {"t": files if self.sample is None else self.sample}
        tables |= {view: ref_of(name) for view, name in plan.references.items()}
        schemas_of = {view: store().schema(self.ref if view == "t" else ref)
                      for view, ref in tables.items()}  # fmt: skip
        served = [view for view, schema in schemas_of.items() if plans.CHANGE in schema.names]
        shown = {plans.all_of(v) if v in served else v: source for v, source in tables.items()}
        shown |= {view: pa.table(dict(shape.columns)) for view, shape in plan.given.items()}
        seconds = self.seconds or float(str(settings.LAKE.get("RULE_SECONDS", SECONDS)))
        with compute().relation(
            plans.living(plan.sql, served), tables=shown, parameters=plan.parameters,
            seconds=seconds,
        ) as answer:  # fmt: skip
            rows: list[dict[str, Any]] = answer.arrow().to_pylist()
        return rows

    def _shape(self, rule: Rule) -> plans.Shape:
        """Return where things are: from the rule itself, or from rows of a table of the lake."""
        said = rule.limits
        metres = float(str(said["metres"])) if rule.kind is RuleKind.NEAR else None
        if "wkt" in said:
            return plans.drawn((str(said["wkt"]),), metres)
        ref = ref_of(str(said["table"]))
        if ref is None or "shape" not in said:
            raise BadRule(rule.code, "应指明表和存放图形的列 shape")
        where = f" WHERE CAST({_q(said['key'])} AS VARCHAR) = ?" if said.get("key") else ""
        sql = f"SELECT {_q(said['shape'])} AS wkt FROM s{where}"  # noqa: S608  # quoted names
        bound = [str(said.get("value", ""))] if where else []
        with compute().relation(sql, tables={"s": ref}, parameters=bound) as answer:
            texts = [str(text) for text in answer.arrow().column(0).to_pylist() if text]
        if not texts:
            raise BadRule(rule.code, "图形所在的表中没有相应的行")
        return plans.drawn(tuple(texts), metres)

    def _fingerprint(self, rule: Rule) -> str:
        """Return what the counts of a file depend on, beside the file: it never changes."""
        try:
            plan = plans.compile_scan(
                [rule], now=ALWAYS, rights=self.rights, shapes=self.shapes
            )  # fmt: skip
        except ValueError:
            return f"?{rule.code}"
        used = {column.name: (column.field_id, column.type) for column in self.files.columns}
        others = {str(name) for key, name in rule.limits.items() if key == "table"}
        stands = [(name, _snapshot(name)) for name in sorted(others)]
        said = (plan.sql, plan.parameters, sorted(rule.limits.items(), key=str), stands,
                [(name, used.get(name)) for name in rule.columns])  # fmt: skip
        return hashlib.sha256(repr(said).encode()).hexdigest()[:32]


def is_additive(rule: Rule) -> bool:
    """Say whether the counts of parts add up, today and tomorrow."""
    if rule.kind in TOGETHER:
        return False
    check = rule.check
    texts = [str(rule.limits.get(key, "")) for key in ("sql", "where")]
    if check is not None:
        if check.kind is CheckKind.NOT_FUTURE:
            return False
        if check.limits.get("algorithm") == CheckDigit.IDCARD:  # holds a day of birth
            return False
        texts.append(str(check.limits.get("sql", "")))
    return not any(word in text.lower() for text in texts for word in TIMES)


def groups(rules: Sequence[Rule]) -> list[list[Rule]]:
    """Return the rules of each statement: row rules together, those of one order together."""
    found = [[window.rules[i] for i in sorted(window.rules)] for window in gather(rules)]
    taken = {rule.code for group in found for rule in group}
    left = [rule for rule in rules if rule.code not in taken]
    light = [rule for rule in left if rule.kind not in HEAVY]
    return [*([light] if light else []), *([rule] for rule in left if rule.kind in HEAVY), *found]


def mark_of(path: str) -> str:
    """Return the name under which a data file is remembered: it never changes."""
    return hashlib.sha256(path.encode()).hexdigest()[:20]


def standing(before: Sequence[Part], files: Sequence[str]) -> tuple[list[Part], set[str]]:
    """Return the parts whose files are all there still, and the files that are in none of them."""
    left = set(files)
    found = []
    for part in before:
        if part.files and part.files <= left:
            found.append(part)
            left -= part.files
    return found, left


def schemas(rules: Sequence[Rule]) -> "dict[str, pa.Schema]":
    """Return the schemas of the tables that rules compare rows with."""
    names = {str(rule.limits["table"]) for rule in rules if rule.kind in COMPARING}
    return {name: store().schema(ref) for name in names if (ref := ref_of(name)) is not None}


def worded(error: Exception) -> str:
    """Return why a rule was not carried out, without a value from a row."""
    match error:
        case QueryTimeout():
            return "超过时限未完成，已停止"
        case QueryFailed():
            return WHY.get(error.kind, "规则不能执行")
        case Rejected():
            return error.problem.title[:300]
        case BadRule():
            return error.what[:300]
    return str(error)[:300]


def _snapshot(name: str) -> int:
    ref = ref_of(name)
    snapshot = store().current(ref) if ref else None
    return snapshot.id if snapshot else 0


def _q(name: object) -> str:
    from tongqu.kernel.statements import quoted

    return quoted(str(name))
