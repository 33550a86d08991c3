"""Load a pack: standards, code tables, elements, then entries as drafts and their rules.

What stands there already and says the same is left alone; what says something else is
reported as a proposal and left alone, too: a pack never overwrites a department's work.
"""

import os
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from tongqu.audit.public import record
from tongqu.catalog import public as catalog
from tongqu.catalog.vocabulary import EntryView, ImportedRow
from tongqu.kernel.actor import PLATFORM, Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.kernel.words import Word
from tongqu.lake.public import install_models, model_texts, ref_of, save_topic_templates, store
from tongqu.masters.public import save_pack_schemes
from tongqu.project.packs.checking import Fault, faults
from tongqu.project.packs.reading import Document, Pack, PackEntry, read_pack
from tongqu.quality import public as quality
from tongqu.standards import public as standards


class Outcome(Word):
    MADE = "made", "新建"
    UNCHANGED = "unchanged", "未变"
    PROPOSED = "proposed", "有差异，待核定"


@dataclass(frozen=True, slots=True)
class Loading:
    """What became of one thing of the pack. ``differences``: where it says something else."""

    kind: str  # 标准, 代码集, 对照, 数据元, 单据格式, 目录条目
    name: str
    outcome: Outcome
    differences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Loaded:
    """``codes``: slug → identifier of the entry."""

    pack: str
    version: str
    codes: Mapping[str, str]
    things: tuple[Loading, ...] = field(repr=False)

    def count(self, outcome: Outcome) -> int:
        return sum(thing.outcome is outcome for thing in self.things)

    @property
    def proposals(self) -> tuple[Loading, ...]:
        return tuple(thing for thing in self.things if thing.outcome is Outcome.PROPOSED)

    def as_dict(self) -> dict[str, object]:
        return {
            "pack": self.pack,
            "version": self.version,
            "entries": dict(self.codes),
            **{outcome.value: self.count(outcome) for outcome in Outcome},
            "proposals": [
                {"kind": one.kind, "name": one.name, "differences": list(one.differences)}
                for one in self.proposals
            ],
        }


@transaction.atomic
def load_pack(
    source: str | os.PathLike[str] | Pack, *, by: Actor = PLATFORM, provider_id: int,
    is_example: bool = False,
) -> Loaded:  # fmt: skip
    """Load a pack for one department; all of it or nothing. Again: nothing changes.

    Raises: ``Rejected`` NO_SUCH_PACK, PACK_UNREADABLE, PACK_WRONG listing every fault.
    """
    pack = source if isinstance(source, Pack) else read_pack(source)
    if wrong := faults(pack):
        raise Rejected(_wrong(pack, wrong))
    things = [
        *_standards(pack, by),
        *_tables(pack, by),
        *_crosswalks(pack, by),
        *_elements(pack, by),
        *_messages(pack, by),
    ]
    codes, entries = _entries(pack, by=by, provider_id=provider_id, is_example=is_example)
    things += entries
    for slug in codes:
        bind_rules(pack, slug, codes, by=by)
    _models(pack)
    _masters(pack, codes)
    loaded = Loaded(pack.name, pack.version, codes, tuple(things))
    if loaded.count(Outcome.MADE):
        record(
            "project.pack.loaded", by=by, subject=f"{pack.name} {pack.version}",
            details={outcome.value: loaded.count(outcome) for outcome in Outcome},
        )  # fmt: skip
    return loaded


def _models(pack: Pack) -> None:
    """Install models, which from now on run after every load of what they read, and topics."""
    if texts := model_texts(pack.folder / "models"):
        install_models(pack.name, texts, by=PLATFORM)
    save_topic_templates(pack.name, pack.topics, by=PLATFORM)


def _masters(pack: Pack, codes: Mapping[str, str]) -> None:
    """Keep what master data there is; what a fusion of the pack declares is not told again."""
    named = {str(row["fusion"]) for row in pack.masters if "fusion" in row}
    models = pack.folder / "models"
    fusions = {name: tomllib.loads((models / f"{name}.toml").read_text("utf-8")) for name in named}
    save_pack_schemes(pack.masters, fusions, codes, by=PLATFORM)


def _wrong(pack: Pack, found: Sequence[Fault]) -> Problem:
    return Problem(
        code="PACK_WRONG",
        title=f"数据包 {pack.name} 有 {len(found)} 处错误，未装载。",
        next_step="请按所列位置改正后重新装载。",
        fields={f"{n:03} {fault.where}": fault.what for n, fault in enumerate(found, start=1)},
    )


def _standards(pack: Pack, by: Actor) -> Iterator[Loading]:
    for row in pack.standards:
        differences = _standing_standard(row)
        if differences is None:
            standards.save_standard(row, by=by)
        yield _loading("标准", str(row["code"]), differences)


def _tables(pack: Pack, by: Actor) -> Iterator[Loading]:
    for row in pack.tables:
        differences = _standing_table(row)
        if differences is None:
            standards.save_code_table(row, by=by)
        yield _loading("代码集", str(row["name"]), differences)


def _loading(kind: str, name: str, differences: tuple[str, ...] | None) -> Loading:
    if differences is None:
        return Loading(kind, name, Outcome.MADE)
    return Loading(kind, name, Outcome.PROPOSED if differences else Outcome.UNCHANGED, differences)


def _differ(pairs: Mapping[str, tuple[object, object]]) -> tuple[str, ...]:
    return tuple(name for name, (held, given) in pairs.items() if held != given)


def _standing_standard(row: Document) -> tuple[str, ...] | None:
    """Return in what the standard that is there differs; None where there is none."""
    held = standards.standard(str(row["code"]))
    if held is None:
        return None
    return _differ(
        {key: (str(getattr(held, key)), row[key]) for key in ("title", "version", "kind", "topic")}
    )


def _standing_table(row: Document) -> tuple[str, ...] | None:
    held = standards.code_table(str(row["name"]))
    if held is None:
        return None
    known = {(c.code, c.label, c.parent, c.valid_from, c.valid_to) for c in held.codes}
    given = {
        (c["code"], c["label"], c.get("parent", ""), c.get("valid_from"), c.get("valid_to"))
        for c in row["codes"]
    }
    changed = tuple(f"代码 {code}" for code in sorted({cells[0] for cells in known ^ given}))
    return changed + _differ(
        {
            "title": (held.title, row["title"]),
            "version": (held.version, row["version"]),
            "standard": (held.standard, row.get("standard", "")),
        }
    )


def _crosswalks(pack: Pack, by: Actor) -> Iterator[Loading]:
    for row in pack.crosswalks:
        source, target = str(row["source"]), str(row["target"])
        differences: tuple[str, ...] | None = None
        try:
            held = set(standards.crosswalk(source, target))
        except Rejected:  # there is none yet
            standards.save_crosswalk(row, by=by)
        else:
            given = {(str(pair["from"]), str(pair["to"])) for pair in row["pairs"]}
            differences = tuple(f"{a} → {b}" for a, b in sorted(held ^ given))
        yield _loading("对照", f"{source} → {target}", differences)


def _elements(pack: Pack, by: Actor) -> list[Loading]:
    codes = [str(row["code"]) for row in pack.elements]
    held = {element.code: element for element in standards.elements(codes)}
    standards.save_elements([row for row in pack.elements if row["code"] not in held], by=by)
    things = []
    for row in pack.elements:
        differences: tuple[str, ...] | None = None
        if (element := held.get(str(row["code"]))) is not None:
            keys = ("name_zh", "name_en", "data_type", "code_table", "standard", "definition")
            pairs = {key: (str(getattr(element, key)), row.get(key, "")) for key in keys}
            differences = _differ({**pairs, "length": (element.length, row.get("length"))})
            own = pack.element_checks[element.code]
            if own != tuple(check for check in element.checks if check in own):
                differences += ("checks",)
        things.append(_loading("数据元", str(row["code"]), differences))
    return things


def _messages(pack: Pack, by: Actor) -> Iterator[Loading]:
    for row in pack.messages:
        differences = standards.message_differences(row)
        if differences is None:
            standards.save_message_format(row, by=by)
        yield _loading("单据格式", str(row["code"]), differences)


def document_of(entry: PackEntry) -> dict[str, Any]:
    """Return what the catalogue imports: assumptions stand at the end of the summary."""
    notes = "".join(f"\n约定（待确认）：{said}。" for said in entry.assumptions)
    return {**entry.document, "summary": f"{entry.document.get('summary', '')}{notes}"}


def _entries(
    pack: Pack, *, by: Actor, provider_id: int, is_example: bool
) -> tuple[dict[str, str], list[Loading]]:
    documents = [document_of(entry) for entry in pack.entries]
    rows = catalog.import_documents(
        documents, by=by, provider_id=provider_id, is_example=is_example
    )
    if any(row.errors for row in rows):
        raise Rejected(_refused(pack, rows))
    codes, things = {}, []
    for entry, document, row in zip(pack.entries, documents, rows, strict=True):
        codes[entry.slug] = row.code
        differences: tuple[str, ...] | None = None
        if row.outcome == "existing":
            held = catalog.entry(row.code)
            differences = _changed(held, document) if held else ()
        things.append(_loading("目录条目", entry.name, differences))
    return codes, things


def _refused(pack: Pack, rows: Sequence[ImportedRow]) -> Problem:
    wrong = [
        Fault(f"{entry.file} {error.where}", error.message)
        for entry, row in zip(pack.entries, rows, strict=True)
        for error in row.errors
    ]
    return _wrong(pack, wrong)


def _changed(held: EntryView, document: Document) -> tuple[str, ...]:
    """Return the keys and items in which an entry differs from its document."""
    found = [
        key
        for key, given in document.items()
        if key not in {"items", "checks"} and _plain(getattr(held, key)) != _plain(given)
    ]
    items = {item.name_en: item for item in held.items}
    given_items = {str(item["name_en"]): item for item in document.get("items", [])}
    found += [f"信息项 {name}" for name in sorted(set(items) ^ set(given_items))]
    for name in sorted(set(items) & set(given_items)):
        if any(_plain(getattr(items[name], k)) != v for k, v in given_items[name].items()):
            found.append(f"信息项 {name}")
    parse = standards.parse_checks
    if parse(held.checks, where=held.code) != parse(document.get("checks", []), where=held.code):
        found.append("checks")
    return tuple(found)


def _plain(value: object) -> object:
    """Return a value as TOML would hold it, words and tuples as texts and lists."""
    if isinstance(value, tuple | list):
        return sorted(str(part) for part in value)
    return str(value).strip() if isinstance(value, str) else value


def bind_rules(
    pack: Pack, slug: str, codes: Mapping[str, str], *, by: Actor = PLATFORM
) -> tuple[str, ...]:
    """Keep the table rules of an entry; return those left out: their other table is not there.

    Call it again once more tables are connected: rules that refer to them come in then.
    """
    rules, waiting = [], []
    for rule in pack.by_slug[slug].rules:
        named = str(rule.get("table", ""))
        table = _table(named, codes)
        if named and not table:
            waiting.append(str(rule["code"]))
        else:
            rules.append({**rule, "table": table} if named else dict(rule))
    quality.save_pack(codes[slug], rules, by=by)
    return tuple(waiting)


def _table(named: str, codes: Mapping[str, str]) -> str:
    """Return the lake's name of a resource's table, or of a table of the lake; "" if not there."""
    if named.startswith("@"):
        held = catalog.entry(codes[named[1:]])
        return held.table if held else ""
    ref = ref_of(named)
    return named if ref and store().exists(ref) else ""


def publish_loaded(codes: Sequence[str], *, cataloguer: Actor, reviewer: Actor) -> int:
    """Send drafts through check and publication by their department; return how many.

    Publishing is the department's act: this is for demonstrations and tests. Raises:
    ``Rejected`` NOT_COMPLIANT naming what a check found.
    """
    published = 0
    for code in codes:
        entry = catalog.entry(code)
        if entry is None or entry.is_published:
            continue
        report = catalog.submit_for_check(code, by=cataloguer)
        if not report.passed:
            wrong = {f"{f.rule} {f.item or f.field}": f.message for f in report.blocking}
            raise Rejected(
                Problem(
                    code="NOT_COMPLIANT",
                    title=f"目录 {code} 未通过合规性检测，未发布。",
                    next_step="请按检测报告逐条改正。",
                    fields=wrong,
                )
            )
        catalog.publish(code, by=reviewer)
        published += 1
    return published
